package evaluation

import (
	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/evidence"
	"persepsi/survey"
)

// harmless lets a file do nothing at all should a browser open it.
const harmless = "default-src 'none'; sandbox; frame-ancestors 'none'"

// evidenceFile is GET /lke/{unit}/eviden/{n}: the file of an entry, to be saved. Of one that
// was withdrawn evaluators alone have it, as long as it is kept.
func (s *evidencePages) evidenceFile(c *fiber.Ctx) error {
	o, list, err := s.openEvidence(c)
	if err != nil {
		return err
	}
	e, err := numbered(c, list)
	if err != nil {
		return err
	}
	if !e.HasFile(s.site.Now()) || !e.Holds() && !s.site.May(c, access.WriteLKE, o.on()) {
		return survey.Errorf(survey.NotFound, "there is no such file")
	}
	file, err := evidence.Open(c.UserContext(), s.entries.Store, e)
	if err != nil {
		return err
	}
	web.Attach(c, file.Name, evidence.MediaType(file.Type))
	c.Set(fiber.HeaderContentSecurityPolicy, harmless)
	c.Set("Cross-Origin-Resource-Policy", "same-origin")
	return web.SendFile(c, file, file.Bytes)
}

package citizen

import (
	"compress/flate"
	"encoding/hex"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/cache"
	"persepsi/survey"
)

// formKey is all that a citizen's page depends on but its id. Point and period
// belong to one version of the catalogue, which never changes.
type formKey struct {
	point      *survey.Point
	period     *survey.Period
	chosen     bool
	mode, lang string
}

const idLength = len("00000000-0000-0000-0000-000000000000")

// appendID appends an id as text.
func appendID(b []byte, id uuid.UUID) []byte {
	for i, part := range [...][]byte{id[:4], id[4:6], id[6:8], id[8:10], id[10:]} {
		if i > 0 {
			b = append(b, '-')
		}
		b = hex.AppendEncode(b, part)
	}
	return b
}

// sendForm sends a form with an id of its own.
func sendForm(c *fiber.Ctx, page *web.SplicedPage, id uuid.UUID) error {
	var text [idLength]byte
	return page.Send(c, appendID(text[:0], id))
}

// page returns the form of a key; fill fills it where it is not kept.
func (s *pages) page(key formKey, fill func(*view.Form)) (*web.SplicedPage, error) {
	return cache.Get(s.site.Cache, key, func() (*web.SplicedPage, int, error) {
		form := &view.Form{Frame: view.Frame{Lang: key.lang}, Mode: key.mode}
		if key.chosen {
			form.Chosen = key.period.Code
		}
		fill(form)
		before, after, err := s.site.Pages.Template(form)
		if err != nil {
			return nil, 0, err
		}
		page, err := web.Splice(before, after, idLength, flate.BestCompression)
		if err != nil {
			return nil, 0, err
		}
		return page, page.Size(), nil
	})
}

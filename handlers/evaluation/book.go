package evaluation

import (
	"bytes"
	"fmt"
	"mime"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/export"
	"persepsi/internal/report"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// xlsxType is what a workbook is sent as.
const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// workbook is GET /lke.xlsx: the LKE workbook of what /lke shows who asks.
func (s *sheets) workbook(c *fiber.Ctx) error {
	f := s.figures.Figures()
	d := f.Directory()
	data, err := s.newSheet(c, d)
	if err != nil {
		return err
	}
	if data.Period == nil {
		return survey.Errorf(survey.NotFound, "there is no such sheet")
	}
	on := bound(web.ActorOf(c), c.Query(part))
	scope := report.Scope{Audience: report.Managed, Period: data.Period.Code}
	scope.Agency, scope.Unit = on.Codes()
	if s.May(c, access.ReadLive, on) {
		scope.Audience = report.Live
	}
	results, err := f.Results(scope)
	if err != nil {
		return err
	}
	words, err := wording.Load()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := export.LKEXLSX(&out, results, d.UnitKey, d.Zone(), export.Spoken(words.In(data.Lang))); err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderContentType, xlsxType)
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": fmt.Sprintf("lke-%s.xlsx", data.Period.Code)}))
	return c.Send(out.Bytes())
}

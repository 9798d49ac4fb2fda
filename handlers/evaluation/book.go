package evaluation

import (
	"bytes"
	"fmt"
	"io"
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
	return s.book(c, "lke", false, func(w io.Writer, r *report.Results, d *survey.Directory, say export.Say) error {
		return export.LKEXLSX(w, r, d.UnitKey, d.Zone(), say)
	})
}

// results is GET /hasil.xlsx: the workbook of results of what /lke shows who asks.
func (s *sheets) results(c *fiber.Ctx) error {
	return s.book(c, "hasil", true, func(w io.Writer, r *report.Results, d *survey.Directory, say export.Say) error {
		return export.ResultsXLSX(w, r, d.Zone(), say)
	})
}

// book sends a workbook of the figures that /lke shows who asks; explain: with how they came about.
func (s *sheets) book(c *fiber.Ctx, name string, explain bool, write func(io.Writer, *report.Results, *survey.Directory, export.Say) error) error {
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
	scope := report.Scope{Audience: report.Managed, Period: data.Period.Code, Explain: explain}
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
	if err := write(&out, results, d, export.Spoken(words.In(data.Lang))); err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderContentType, xlsxType)
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": fmt.Sprintf("%s-%s.xlsx", name, data.Period.Code)}))
	return c.Send(out.Bytes())
}

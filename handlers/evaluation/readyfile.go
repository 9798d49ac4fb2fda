package evaluation

import (
	"bytes"
	"mime"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/export"
	"persepsi/internal/report"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// csvType is what a table of text is sent as.
const csvType = "text/csv; charset=utf-8"

// readinessCSV is GET /lke/kesiapan.csv: what the page shows, as a table.
func (s *sheets) readinessCSV(c *fiber.Ctx) error {
	return s.readinessFile(c, "csv", csvType, export.ReadinessCSV)
}

// readinessXLSX is GET /lke/kesiapan.xlsx: the same as a workbook.
func (s *sheets) readinessXLSX(c *fiber.Ctx) error {
	return s.readinessFile(c, "xlsx", xlsxType, export.ReadinessXLSX)
}

func (s *sheets) readinessFile(c *fiber.Ctx, ending, kind string, write export.ReadinessWriter) error {
	data, results, err := s.ready(c)
	if err != nil {
		return err
	}
	if results == nil {
		return survey.Errorf(survey.NotFound, "there is no such table")
	}
	words, err := wording.Load()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := write(&out, &export.Readiness{Results: results, Period: data.Period, Level: data.Level, Units: data.Units}, words.In(data.Lang)); err != nil {
		return err
	}
	return attachment(c, "kesiapan-"+data.Level+"-"+data.Period.Code+"."+ending, kind, out.Bytes())
}

// flatTable is GET /lke.csv: the flat table of what /lke shows who asks.
func (s *sheets) flatTable(c *fiber.Ctx) error {
	f := s.figures.Figures()
	data, err := s.newSheet(c, f.Directory())
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
	columns, err := export.ReadMapping(nil)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := export.FlatCSV(&out, results, data.Period.To.Time().Year(), columns); err != nil {
		return err
	}
	return attachment(c, "lke-"+data.Period.Code+".csv", csvType, out.Bytes())
}

// attachment sends a file that nobody keeps.
func attachment(c *fiber.Ctx, name, kind string, content []byte) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderContentType, kind)
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	return c.Send(content)
}

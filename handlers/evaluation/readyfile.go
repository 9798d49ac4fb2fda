package evaluation

import (
	"context"
	"io"

	"github.com/gofiber/fiber/v2"

	"persepsi/internal/export"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// readinessCSV is GET /lke/kesiapan.csv: what the page shows, as a table.
func (s *readinessPages) readinessCSV(c *fiber.Ctx) error {
	return s.readinessFile(c, "csv", csvType, export.ReadinessCSV)
}

// readinessXLSX is GET /lke/kesiapan.xlsx: the same as a workbook.
func (s *readinessPages) readinessXLSX(c *fiber.Ctx) error {
	return s.readinessFile(c, "xlsx", xlsxType, export.ReadinessXLSX)
}

func (s *readinessPages) readinessFile(c *fiber.Ctx, ending, kind string, write export.ReadinessWriter) error {
	o, err := s.ready(c)
	if err != nil {
		return err
	}
	if o.Period == nil {
		return survey.Errorf(survey.NotFound, "there is no such table")
	}
	return s.queue.Send(c, "kesiapan-"+o.Level+"-"+o.Period.Code+"."+ending, kind, func(_ context.Context, w io.Writer) error {
		results, err := s.judge(c, o)
		if err != nil {
			return err
		}
		words, err := wording.Load()
		if err != nil {
			return err
		}
		return write(w, &export.Readiness{Results: results, Period: o.Period, Level: o.Level, Units: o.Units}, words.In(o.Lang))
	})
}

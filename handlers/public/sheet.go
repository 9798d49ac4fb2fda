package public

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/internal/cache"
	"persepsi/internal/report"
	"persepsi/internal/sheet"
	"persepsi/survey"
)

// sheet returns the handler of GET /hasil/{unit}/lembar.FORMAT?period=&size=&lang=: the
// publication sheet of a unit's released figures. Without a period it is that of the unit's
// page. Where there are none the page stands in its place, which says why, with 404.
func (s *pages) sheet(format sheet.Format) fiber.Handler {
	return func(c *fiber.Ctx) error {
		f := s.figures.Figures()
		size := sheet.Size(c.Query("size", string(sheet.A4)))
		if !slices.Contains(sheet.Sizes(), size) {
			return survey.Faulty("the sheet cannot be made", []survey.Fault{{Field: "size", Code: "out_of_range", Message: "must be a4 or a3"}})
		}
		in, err := s.published(f, c.Params("unit"), c.Query("period"))
		if err == nil {
			err = in.Lacking()
		}
		if fault := (*survey.Error)(nil); errors.As(err, &fault) && fault.Code == survey.NotFound {
			c.Status(fiber.StatusNotFound)
			return s.result(c) // which says why there are no figures
		}
		if err != nil {
			return err
		}
		base, fixed, err := s.site.Address(c)
		if err != nil {
			return err
		}
		key := sheetKey{
			serial: in.Result.Serial, unit: in.Place.Unit.Code, period: in.Period.Code,
			order: sheet.Order{Size: size, Format: format, Lang: view.Language(c.Query("lang")), Base: base},
		}
		data, err := cache.Get(s.site.Cache, key, func() ([]byte, int, error) {
			var out bytes.Buffer
			err := s.drawing.Do(c.UserContext(), func(context.Context) error { return sheet.Write(&out, in, key.order) })
			return out.Bytes(), out.Len(), err
		})
		if err != nil {
			return err
		}
		c.Set(fiber.HeaderContentType, map[sheet.Format]string{sheet.PDF: "application/pdf", sheet.PNG: "image/png"}[format])
		c.Set(fiber.HeaderContentDisposition, `inline; filename="lembar-`+key.unit+"-"+key.period+"-"+string(size)+"."+string(format)+`"`)
		return send(c, data, fixed)
	}
}

// published returns what a unit publishes of a period, or where none is asked for, of that
// which its page shows. It may have no figures; NotFound: there is nothing to have any.
func (s *pages) published(f *report.Figures, unit, period string) (*sheet.Input, error) {
	d := f.Directory()
	place, ok := d.Unit(unit)
	if !ok {
		return nil, survey.Errorf(survey.NotFound, "there is no such unit")
	}
	p, err := d.Choose(report.Begun(d, place.Unit.Code, d.Today(s.site.Now())), period, func(p *survey.Period) bool {
		return f.Totals(p.Code, place.Unit.Code) != nil
	})
	if err != nil {
		return nil, err
	}
	if p == nil {
		return nil, survey.Errorf(survey.NotFound, "unit %s has no released figure to publish: none of its periods has begun", place.Unit.Code)
	}
	return sheet.Read(f, s.grades, p.Code, place.Unit.Code)
}

// sheetKey names a sheet by all that stands on it.
type sheetKey struct {
	serial       uint64 // of the unit's result, and so of the catalogue
	unit, period string
	order        sheet.Order
}

package public

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"persepsi/analytics"
	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/report"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// cardKey names a result card by all that stands on it.
type cardKey struct {
	serial             uint64 // of the unit's result
	unit, period, lang string
	over, zipped       bool
}

// card is GET /hasil/{unit}/kartu?period=&lang=: the released figures of a unit in a small
// page, to be framed by the sites of offices. It sets no cookie, reads none, and takes no input.
func (s *pages) card(c *fiber.Ctx) error {
	web.Framed(c)
	c.Set(fiber.HeaderCacheControl, "public, max-age=300")
	f := s.figures.Figures()
	d := f.Directory()
	data := &view.Card{Result: view.Result{Frame: s.site.Frame(c, "card.title")}}
	data.Embedded = true
	data.Place, _ = d.Unit(c.Params("unit"))
	in, err := s.published(f, c.Params("unit"), c.Query("period"))
	if fault := (*survey.Error)(nil); errors.As(err, &fault) && fault.Code == survey.NotFound {
		c.Status(fiber.StatusNotFound)
		c.Set(fiber.HeaderCacheControl, "no-store")
		return s.site.Page(c, "card", data)
	}
	if err != nil {
		return err
	}
	data.Title += " – " + in.Place.Unit.Name
	data.Period, data.Zone = in.Period, in.Zone
	data.Over = in.Period.To < d.Today(s.site.Now())
	data.Heading = s.heading(in.Form, data.Lang)
	key := cardKey{
		serial: in.Result.Serial, unit: in.Place.Unit.Code, period: in.Period.Code, lang: data.Lang,
		over: data.Over, zipped: web.TakesGzip(c),
	}
	return s.kept(c, key, "card", data, func() (bool, error) { return true, s.fillFigures(f, &data.Result) })
}

// fillFigures adds the figures of its period to a unit's page; there are none of a unit that
// takes no part in it.
func (s *pages) fillFigures(f *report.Figures, data *view.Result) error {
	results, err := f.Results(report.Scope{Period: data.Period.Code, Unit: data.Place.Unit.Code, Audience: report.Public, Explain: true})
	if err != nil || len(results.Units) == 0 {
		return err
	}
	data.Unit = results.Units[0]
	data.Least = f.Directory().City().LeastReleased()
	for i, code := range analytics.Order(results.Form) {
		x := data.Unit.Indexes[code]
		switch {
		case x == nil:
		case i == 0:
			data.Main = wording.NameIndex(f.Directory(), results.Form, code, data.Unit, s.grades, data.Over)
		default:
			data.Others = append(data.Others, wording.NameIndex(f.Directory(), results.Form, code, data.Unit, s.grades, data.Over))
		}
	}
	return nil
}

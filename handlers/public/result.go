package public

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"persepsi/analytics"
	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/cache"
	"persepsi/internal/report"
	"persepsi/survey"
)

// resultKey names a unit's result page: all that it depends on.
type resultKey struct {
	serial             uint64 // of the unit's result
	unit, period, lang string // as the address has them
	today              survey.Date
	zipped             bool
}

// result is GET /hasil/{unit}: a unit's public result.
func (s *pages) result(c *fiber.Ctx) error {
	f := s.figures.Figures()
	d := f.Directory()
	place, ok := d.Unit(c.Params("unit"))
	if !ok {
		return survey.Errorf(survey.NotFound, "there is no such unit")
	}
	data := &view.Result{Frame: s.Frame(c, "result.title"), Place: place}
	data.Index = true
	data.Title += " – " + place.Unit.Name
	today := d.Today(s.Now())
	for _, p := range d.PeriodsOf(place.Unit.Code) {
		if p.From <= today {
			data.Periods = append(data.Periods, p)
		}
	}
	var err error
	data.Period, err = web.ChoosePeriod(d, data.Periods, c.Query("period"), func(p *survey.Period) bool {
		return f.Totals(p.Code, place.Unit.Code) != nil
	})
	if err != nil {
		return err
	}
	if data.Period == nil {
		return s.Page(c, "result", data)
	}
	data.Over = data.Period.To < today
	if data.Running = data.Period.Contains(today); data.Running {
		data.Remote = place.Unit.Remote()
		data.AtPoint = slices.ContainsFunc(place.Unit.Points, func(p survey.Point) bool { return !p.Closed && !p.Remote })
	}
	results, err := f.Results(report.Scope{Period: data.Period.Code, Unit: place.Unit.Code, Audience: report.Public})
	if err != nil {
		return err
	}
	if len(results.Units) == 0 || !plainAddress(c) {
		if err := fill(f, data); err != nil {
			return err
		}
		return s.Page(c, "result", data)
	}
	key := resultKey{results.Units[0].Serial, c.Params("unit"), c.Query("period"), c.Query("lang"), today, web.TakesGzip(c)}
	page, err := cache.Get(s.Cache, key, func() ([]byte, int, error) {
		if err := fill(f, data); err != nil {
			return nil, 0, err
		}
		body, err := s.Pages.Render("result", data)
		if err == nil && key.zipped {
			body, err = web.Zip(body, web.ZipLevel)
		}
		return body, len(body), err
	})
	if err != nil {
		return err
	}
	return web.SendPage(c, page, key.zipped)
}

// plainAddress reports whether a request's address holds only what a resultKey
// does, in one of few spellings: a page repeats its own address.
func plainAddress(c *fiber.Ctx) bool {
	plain := true
	for name, value := range c.Context().QueryArgs().All() {
		switch string(name) {
		case "period": // it exists, or there is no page
		case "lang":
			plain = plain && (string(value) == "" || string(value) == view.Language(string(value)))
		default:
			plain = false
		}
	}
	return plain
}

// fill adds the figures and the respondents to a unit's page; there are none of
// a unit that takes no part in the period.
func fill(f *report.Figures, data *view.Result) error {
	results, err := f.Results(report.Scope{Period: data.Period.Code, Unit: data.Place.Unit.Code, Audience: report.Public, Explain: true})
	if err != nil || len(results.Units) == 0 {
		return err
	}
	data.Unit = results.Units[0]
	data.Least = f.Directory().City().LeastReleased()
	data.Zone = f.Directory().Zone()
	data.IKM = data.Unit.Indexes[analytics.IKM]
	for _, code := range []string{analytics.IPKP, analytics.IPAK} {
		if x := data.Unit.Indexes[code]; x != nil {
			data.Others = append(data.Others, view.NamedIndex{Code: code, Index: x})
		}
	}
	data.People = peopleOf(f.Directory().Form(data.Period.Code), data.Unit.Released)
	return nil
}

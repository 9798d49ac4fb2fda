package public

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/analytics"
	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/permalink"
	"persepsi/internal/report"
	"persepsi/internal/sheet"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// resultKey names a unit's result page: all that it depends on.
type resultKey struct {
	unit, period, lang string // as the address has them
	today              survey.Date
	zipped             bool
	figures            string // of all its periods that have begun
}

// unitPath is where a unit's result is.
var unitPath = permalink.Result(":unit")

// result is GET /hasil/{unit}: a unit's public result.
func (s *pages) result(c *fiber.Ctx) error {
	f := s.figures.Figures()
	d := f.Directory()
	place, ok := d.Unit(c.Params("unit"))
	if !ok {
		return survey.Errorf(survey.NotFound, "there is no such unit")
	}
	data := &view.Result{Frame: s.site.Frame(c, "result.title"), Place: place}
	data.Index = true
	today := d.Today(s.site.Now())
	data.Periods = report.Begun(d, place.Unit.Code, today)
	var err error
	data.Period, err = d.Choose(data.Periods, c.Query("period"), func(p *survey.Period) bool {
		return f.Totals(p.Code, place.Unit.Code) != nil
	})
	if err != nil {
		return err
	}
	data.Names = wording.AmendedNames(d, data.Period)
	if data.Heading = data.Title; data.Period != nil {
		data.Heading = s.heading(d.Form(data.Period.Code), data.Lang)
	}
	data.Title = data.Heading + " – " + place.Unit.Name
	if data.Period == nil {
		data.Next = d.Upcoming(place.Unit.Code, today)
		if _, err := s.history(f, data, today); err != nil && !errors.Is(err, report.ErrNotLoaded) {
			return err
		}
		return s.site.Page(c, "result", data)
	}
	data.Over = data.Period.To < today
	if data.Running = data.Period.Contains(today); data.Running && !place.Closed() {
		data.Remote = place.Unit.Remote()
		data.AtPoint = slices.ContainsFunc(place.Unit.Points, func(p survey.Point) bool { return !p.Closed && !p.Remote })
	}
	results, err := f.Results(report.Scope{Period: data.Period.Code, Unit: place.Unit.Code, Audience: report.Public})
	if err != nil {
		return err
	}
	if len(results.Units) > 0 {
		data.Age = sheet.AgeOf(c.Query("terbit"), data.Periods, data.Period, results.Units[0].Released)
	}
	if len(results.Units) == 0 || c.Route().Path != unitPath || !plainAddress(c) { // a page repeats its own address
		if _, err := s.fill(f, data, today); err != nil {
			return err
		}
		return s.site.Page(c, "result", data)
	}
	key := resultKey{
		c.Params("unit"), c.Query("period"), c.Query("lang"), today, web.TakesGzip(c),
		f.HistoryKey(place.Unit.Code, report.Public, today),
	}
	return s.kept(c, key, "result", data, func() (bool, error) { return s.fill(f, data, today) })
}

// heading returns what a form's first index is called: a survey of IPAK alone is
// not headed by an IKM that it doesn't have.
func (s *pages) heading(f *survey.Form, lang string) string {
	code := analytics.Order(f)[0]
	if name := f.Index(code).Name; name != nil {
		return name.In(lang)
	}
	return s.site.Pages.Say(lang, "result.title."+code)
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

// historyWithin is how long a page waits for releases that are being read.
const historyWithin = time.Second

// history adds what the unit was like over time. whole tells that nothing of it is
// missing: the page stands without what cannot be read.
func (s *pages) history(f *report.Figures, data *view.Result, today survey.Date) (whole bool, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), historyWithin) // for all who ask for it meanwhile
	defer cancel()
	data.Zone = f.Directory().Zone()
	data.History, err = s.figures.History(ctx, f, data.Place.Unit.Code, data.Period, report.Public, today)
	if err != nil && data.History != nil {
		if cause := errors.Unwrap(err); cause != nil { // it was tried just now
			s.site.Log.Warn("the releases of a unit could not be read", "error", cause)
		}
		data.Unread, err = true, nil
	}
	return !data.Unread, err
}

// fill adds the figures and the respondents to a unit's page; there are none of
// a unit that takes no part in the period. whole tells that nothing is missing.
func (s *pages) fill(f *report.Figures, data *view.Result, today survey.Date) (whole bool, err error) {
	if whole, err = s.history(f, data, today); err != nil {
		return false, err
	}
	if err := s.fillFigures(f, data); err != nil || data.Unit == nil {
		return whole, err
	}
	data.People = peopleOf(f.Directory().Form(data.Period.Code), data.Unit.Released)
	improved(f.Directory(), data)
	return whole, nil
}

// improved adds what the unit says that it did: about the results of the page's period
// or, where there is nothing yet, about the newest ones before. That it says nothing is
// told where there are results to act on: a final figure, or those of a period before.
func improved(d *survey.Directory, data *view.Result) {
	code := data.Place.Unit.Code
	data.Silent = data.Unit.Final
	for _, p := range data.Periods { // the newest first
		switch list := p.Improved[code]; {
		case p.From > data.Period.From:
		case len(list) > 0:
			data.Improved = &view.ImprovementList{}
			if p.Code != data.Period.Code {
				data.Improved.Period = p
			}
			for _, i := range list {
				about, _ := d.Form(p.Code).Aspect(i.Aspect)
				data.Improved.List = append(data.Improved.List, view.Improvement{Improvement: i, About: about})
			}
			return
		case p.Code != data.Period.Code:
			data.Silent = data.Silent || data.History != nil && data.History.Has(p.Code)
		}
	}
}

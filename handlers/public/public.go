package public

import (
	"compress/flate"
	"html/template"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"persepsi/analytics"
	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/report"
	"persepsi/qr"
	"persepsi/survey"
)

// pagesOfAll are the pages for everybody.
type pages struct {
	*web.Site
	board    *report.Board
	reporter *report.Reporter
	people   peopleCache
	results  resultCache
}

// Mount adds the pages for everybody, and the points' symbols.
func Mount(app *fiber.App, site *web.Site, board *report.Board, reporter *report.Reporter) {
	s := &pages{Site: site, board: board, reporter: reporter}
	area := site.Area(app, web.Anonymous)
	area.Get("/qr/:file", access.Browse, s.symbol)
	area.Get("/", access.Browse, s.home)
	area.Get("/s", access.Browse, s.code)
	area.Get("/hasil/:unit", access.ReadResults, s.result)
}

// home is GET /: it leads a citizen without a symbol to a unit's result, to
// its form where that takes remote answers or its code was typed, and shows a
// newcomer the demonstration.
func (s *pages) home(c *fiber.Ctx) error {
	d := s.Directories.Directory()
	search := typed(c.Query("q"))
	if place, ok := pointNamed(d, search); ok {
		return toForm(c, place)
	}
	data := &view.Home{Frame: s.Frame(c, "home.title"), Search: search}
	data.Index = true
	data.Empty = len(d.Catalogue().Agencies) == 0
	today := d.Today(s.Now())
	for a := range d.Catalogue().Agencies {
		agency := &d.Catalogue().Agencies[a]
		shown := view.HomeAgency{Name: agency.Name}
		for u := range agency.Units {
			unit := &agency.Units[u]
			open := len(d.Running(unit.Code, today)) > 0
			var remote []survey.Point
			if open {
				remote = unit.Remote()
			}
			if matches(search, agency, unit) {
				shown.Units = append(shown.Units, view.HomeUnit{Unit: *unit, Open: open, Remote: remote})
			}
			data.Units++
			if d.City().Demo && data.Symbol == "" && len(remote) > 0 && search == "" {
				data.Point = survey.Place{Agency: agency, Unit: unit, Point: &remote[0]}
				address, fixed, err := s.address(c)
				if err != nil {
					return err
				}
				if !fixed {
					c.Set(fiber.HeaderCacheControl, "no-store")
				}
				svg, err := qr.SVG(address + "/s/" + remote[0].Code)
				if err != nil {
					return err
				}
				data.Symbol = template.HTML(svg)
			}
		}
		if len(shown.Units) > 0 {
			data.Agencies = append(data.Agencies, shown)
		}
	}
	data.Counted = s.board.Loaded()
	for _, p := range d.Catalogue().Periods {
		for _, a := range d.Catalogue().Agencies {
			for _, u := range a.Units {
				if t := s.board.Totals(p.Code, u.Code); t != nil {
					data.Answers += t.N
				}
			}
		}
	}
	return s.Page(c, "home", data)
}

// matches reports whether every word of a search is in a unit's, its agency's
// or one of its services' names.
func matches(search string, a *survey.Agency, u *survey.Unit) bool {
	text := a.Name + " " + u.Name + " " + u.Code
	for _, s := range u.Services {
		text += " " + s.Name
	}
	text = strings.ToLower(text)
	for _, word := range strings.Fields(strings.ToLower(search)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// result is GET /hasil/{unit}: a unit's public result.
func (s *pages) result(c *fiber.Ctx) error {
	d := s.Directories.Directory()
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
	period, err := web.ChoosePeriod(d, data.Periods, c.Query("period"), func(p *survey.Period) bool {
		return s.board.Totals(p.Code, place.Unit.Code) != nil
	})
	if err != nil {
		return err
	}
	if period == nil {
		return s.Page(c, "result", data)
	}
	data.Period, data.Running = period, period.Contains(today)
	if data.Running {
		data.Remote = place.Unit.Remote()
		data.AtPoint = slices.ContainsFunc(place.Unit.Points, func(p survey.Point) bool { return !p.Closed && !p.Remote })
	}
	data.People = s.people.of(c, s, d, period, place.Unit.Code)
	now := resultState{catalogue: d.Catalogue(), tally: s.board.Totals(period.Code, place.Unit.Code), today: today}
	if len(data.People) > 0 {
		now.people = &data.People[0]
	}
	key, keeps := resultKeyOf(c)
	if !keeps {
		if err := s.fill(d, data); err != nil {
			return err
		}
		return s.Page(c, "result", data)
	}
	page, ok := s.results.find(key, now)
	if !ok {
		if err := s.fill(d, data); err != nil {
			return err
		}
		body, err := s.Pages.Render("result", data)
		if err != nil {
			return err
		}
		if page, err = web.NewPiece(body, nil, flate.DefaultCompression); err != nil {
			return err
		}
		s.results.keep(key, now, page)
	}
	return web.SendPage(c, page)
}

// fill adds the figures to a unit's page; there are none of a unit that takes
// no part in the period.
func (s *pages) fill(d *survey.Directory, data *view.Result) error {
	results, err := s.reporter.Results(d, s.board, report.Scope{Period: data.Period.Code, Unit: data.Place.Unit.Code, Public: true, Explain: true})
	if err != nil || len(results.Units) == 0 {
		return err
	}
	data.Unit = results.Units[0]
	data.IKM = data.Unit.Indexes[analytics.IKM]
	for _, code := range []string{analytics.IPKP, analytics.IPAK} {
		if x := data.Unit.Indexes[code]; x != nil {
			data.Others = append(data.Others, view.NamedIndex{Code: code, Index: x})
		}
	}
	return nil
}

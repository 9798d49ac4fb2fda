package public

import (
	"html/template"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/analytics"
	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/permalink"
	"persepsi/internal/report"
	"persepsi/internal/sheet"
	"persepsi/internal/wording"
	"persepsi/qr"
	"persepsi/survey"
)

// Deps is what the area needs.
type Deps struct{ Figures *report.Builder }

// pages are the pages for everybody.
type pages struct {
	site    *web.Site
	figures *report.Builder
	grades  *analytics.Grades
	words   *wording.Catalogue
	// drawing is the queue of publication sheets, of which one at a time is written: anybody may
	// ask for that of each unit and period, and pixels take a processor for one or two hundred
	// milliseconds and some 60 MB. What was drawn is kept, and isn't counted here.
	drawing *web.FileQueue
}

const (
	mostDrawn  = 8 // sheets that are drawn or wait to be
	drawWithin = 10 * time.Second
)

// Mount adds the pages for everybody, and the points' symbols.
func Mount(app *fiber.App, site *web.Site, of Deps) error {
	grades, err := analytics.LoadGrades()
	if err != nil {
		return err
	}
	words, err := wording.Load()
	if err != nil {
		return err
	}
	s := &pages{site, of.Figures, grades, words, site.NewFileQueue(mostDrawn, drawWithin)}
	area := site.Area(app, web.Anonymous)
	area.Get("/qr/:file", access.Browse, s.symbol)
	area.Get("/poster/:file", access.Browse, s.poster)
	area.Get("/", access.Browse, s.home)
	area.Get(permalink.Codes, access.Browse, s.code)
	area.Get("/hasil", access.ReadResults, s.city)
	area.Get("/hasil/opd/:agency", access.ReadResults, s.agency)
	area.Get(unitPath, access.ReadResults, s.result)
	area.Get(unitPath+"/lembar.pdf", access.ReadResults, s.sheet(sheet.PDF))
	area.Get(unitPath+"/lembar.png", access.ReadResults, s.sheet(sheet.PNG))
	area.Get(unitPath+"/lencana.svg", access.ReadResults, s.badge)
	area.Get(unitPath+"/kartu", access.ReadResults, s.card)
	area.Get("/privasi", access.Browse, s.privacy)
	return nil
}

// home is GET /: it leads a citizen without a symbol to a unit's result, to
// its form where that takes remote answers or its code was typed, and shows a
// newcomer the demonstration.
func (s *pages) home(c *fiber.Ctx) error {
	d := s.site.Directories.Directory()
	search := typed(c.Query("q"))
	if place, ok := pointNamed(d, search); ok {
		return toForm(c, place)
	}
	data := &view.Home{Frame: s.site.Frame(c, "home.title"), Search: search}
	data.Index = true
	data.Empty = len(d.Catalogue().Agencies) == 0
	today := d.Today(s.site.Now())
	for a := range d.Catalogue().Agencies {
		agency := &d.Catalogue().Agencies[a]
		shown := view.HomeAgency{Code: agency.Code, Name: agency.Name}
		for u := range agency.Units {
			unit := &agency.Units[u]
			open := len(d.Running(unit.Code, today)) > 0
			var remote []survey.Point
			if open {
				remote = unit.Remote()
			}
			if matches(search, agency, unit) {
				shown.Units = append(shown.Units, view.HomeUnit{Unit: *unit, Open: open, Shut: agency.Closed || unit.Closed, Remote: remote})
			}
			data.Units++
			if d.City().Demo && data.Symbol == "" && len(remote) > 0 && search == "" {
				data.Point = survey.Place{Agency: agency, Unit: unit, Point: &remote[0]}
				address, fixed, err := s.site.Address(c)
				if err != nil {
					return err
				}
				if !fixed {
					c.Set(fiber.HeaderCacheControl, "no-store")
				}
				svg, err := qr.SVG(address + permalink.Form(remote[0].Code))
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
	f := s.figures.Figures()
	data.Counted, data.Answers = f.Loaded(), f.Answers()
	return s.site.Page(c, "home", data)
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

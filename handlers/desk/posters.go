package desk

import (
	"context"
	"io"
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/analytics"
	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/poster"
	"persepsi/internal/report"
	"persepsi/internal/sheet"
	"persepsi/survey"
)

// The posters of a city take two seconds of a processor and are a file of some 3 MB. One file
// is made at a time.
const (
	mostPosters   = 4 // that are made or being sent at once
	postersWithin = time.Minute
)

// posters hands out the posters of a unit, an agency or the city in one file each.
type posters struct {
	layout  *layout
	site    *web.Site
	queue   *web.FileQueue
	figures *report.Builder
	grades  *analytics.Grades
}

func (s *posters) mount(area *web.Area) {
	area.Get(unitPath+view.PosterFile, access.ReadDesk, s.file((*posters).ofUnit))
	area.Get(agencyPath+":agency"+view.PosterFile, access.ReadDesk, s.file((*posters).ofAgency))
	area.Get(agencyPath+":agency"+view.PosterPage, access.ReadDesk, s.page((*posters).ofAgency))
	area.Get(cityPath+view.PosterFile, access.ReadDesk, s.file((*posters).ofCity))
	area.Get(cityPath+view.PosterPage, access.ReadDesk, s.page((*posters).ofCity))
}

// places are the points of what a request asks for.
type places struct {
	code, name   string // of what they are of; a city has no code
	part         string // of the bar
	open, closed []survey.Place
}

// ofUnit returns the places of a unit. A unit that who asks may not see is not found, as one
// that does not exist.
func (s *posters) ofUnit(c *fiber.Ctx) (*places, error) {
	d := s.site.Directories.Directory()
	place, ok := d.Unit(c.Params("unit"))
	if !ok || !access.Allow(web.ActorOf(c), access.ReadDesk, unitScope(place)) {
		return nil, errNoUnit
	}
	out := &places{code: place.Unit.Code, name: place.Unit.Name}
	out.open, out.closed = poster.Select(d, "", place.Unit.Code, "")
	return out, nil
}

// ofAgency returns the places of an agency.
func (s *posters) ofAgency(c *fiber.Ctx) (*places, error) {
	d := s.site.Directories.Directory()
	agency, ok := d.Agency(c.Params("agency"))
	if !ok || !access.Allow(web.ActorOf(c), access.ReadDesk, access.Agency(agency.Key())) {
		return nil, errNoAgency
	}
	out := &places{code: agency.Code, name: agency.Name, part: view.DeskAgencyPart}
	out.open, out.closed = poster.Select(d, agency.Code, "", "")
	return out, nil
}

// ofCity returns the places of the whole city.
func (s *posters) ofCity(c *fiber.Ctx) (*places, error) {
	if !access.Allow(web.ActorOf(c), access.ReadDesk, access.City()) {
		return nil, errNoAgency
	}
	d := s.site.Directories.Directory()
	out := &places{name: d.City().Name, part: view.DeskCity}
	out.open, out.closed = poster.Select(d, "", "", "")
	return out, nil
}

// page returns the handler of GET …/poster: what sheets there are, and the closed points that
// have none.
func (s *posters) page(of func(*posters, *fiber.Ctx) (*places, error)) fiber.Handler {
	return func(c *fiber.Ctx) error {
		in, err := of(s, c)
		if err != nil {
			return err
		}
		d, err := s.layout.deskOf(web.ActorOf(c), "")
		if err != nil {
			return err
		}
		return s.layout.sharedPage(c, d, "desk-posters", nil, func() (filledPage, error) {
			page := &view.PostersPage{
				Frame: s.layout.frame(c, d, "", "posters.title", in.part), Posters: view.Posters{Of: c.Path(), N: len(in.open), Shut: in.closed}, Agency: in.code, Name: in.name,
			}
			page.Desk.Live = "" // it is not about the desk's figures
			page.Title = s.site.Pages.Say(page.Lang, "posters.title") + " – " + in.name
			return filledPage{page: page}, nil
		})
	}
}

// file returns the handler of GET …/poster.pdf?size=&lang=: one sheet for each open point, with
// bookmarks. NotFound: every point is closed, as the page says.
func (s *posters) file(of func(*posters, *fiber.Ctx) (*places, error)) fiber.Handler {
	return func(c *fiber.Ctx) error {
		in, err := of(s, c)
		if err != nil {
			return err
		}
		size, err := poster.SizeOf(c.Query("size"))
		if err != nil {
			return err
		}
		d := s.site.Directories.Directory()
		if len(in.open) == 0 {
			return survey.Errorf(survey.NotFound, "every point is closed: there is no poster")
		}
		base, _, err := s.site.Address(c)
		if err != nil {
			return err
		}
		if err := s.site.LimitDemo(c, web.DeskPath); err != nil {
			return err
		}
		name := "poster-" + string(size) + ".pdf"
		if in.code != "" {
			name = "poster-" + in.code + "-" + string(size) + ".pdf"
		}
		order := poster.Order{Directory: d, Places: in.open, Address: base, Size: size, Lang: view.Language(c.Query("lang")), At: s.site.Now()}
		if size == poster.Tent {
			figures := s.figures.Figures()
			order.Results = func(unit string) (*sheet.Input, error) { return sheet.Last(figures, s.grades, unit) }
		}
		return s.queue.Send(c, name, "application/pdf", func(_ context.Context, w io.Writer) error { return poster.Write(w, order) })
	}
}

package desk

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"persepsi/analytics"
	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/desk"
	"persepsi/internal/wording"
)

// mostTyped is the longest search in bytes.
const mostTyped = 200

// groupPages are the pages of several units: the first one, an agency, the city, and two side
// by side.
type groupPages struct {
	layout      *layout
	directories web.Directories
	grades      *analytics.Grades
}

func (p *groupPages) mount(area *web.Area) {
	area.Get(Home, access.ReadDesk, p.morning)
	area.Get(cityPath, access.ReadDesk, p.city)
	area.Get(agencyPath+":agency", access.ReadDesk, p.agency)
	area.Get(comparePath, access.ReadDesk, p.compare)
}

// morning is GET /meja: what needs somebody today, then the units.
func (p *groupPages) morning(c *fiber.Ctx) error {
	period := c.Query(periodParam)
	d, err := p.layout.deskOf(web.ActorOf(c), period)
	if err != nil {
		return err
	}
	return p.layout.sharedPage(c, d, "desk-morning", nil, func() (filledPage, error) { return p.fillMorning(c, d, period) })
}

// fillMorning fills the first page.
func (p *groupPages) fillMorning(c *fiber.Ctx, d *desk.Desk, period string) (filledPage, error) {
	page := &view.Morning{Frame: p.layout.frame(c, d, period, "desk.title", view.DeskMorning), Asked: period, Periods: d.Periods}
	page.Search = strings.TrimSpace(c.Query(searchParam)[:min(len(c.Query(searchParam)), mostTyped)])
	page.AllItems = c.Query(allParam) != ""
	items, agencies := d.Attention, d.Agencies
	if code := c.Query(agencyParam); code != "" {
		agency, ok := d.Agency(code)
		if !ok {
			return filledPage{}, errNoAgency
		}
		page.Agency, page.Desk.Of = agency.Code, agency.Name
		items, agencies = agency.Attention, []*desk.Agency{agency}
	}
	page.Fill(items, agencies, p.ready, searched(page.Search))
	return filledPage{page: page, passing: page.Search != ""}, nil
}

// ready makes a unit ready for a page.
func (p *groupPages) ready(u *desk.Unit) *view.DeskUnit {
	return view.NewDeskUnit(u, p.directories.Directory().City().LeastReleased(), func(x *desk.Index) wording.DeskIndex {
		if x == nil {
			return wording.NewDeskIndex(nil, p.grades.At(u.Period.From))
		}
		return wording.NewDeskIndex(x, p.grades.ByRef(x.Figure.GradeTable))
	})
}

// searched returns what finds units by the words of their names and of their agency's; nil
// where nothing is searched for.
func searched(text string) func(*desk.Agency, *desk.Unit) bool {
	words := strings.Fields(strings.ToLower(text))
	if len(words) == 0 {
		return nil
	}
	return func(a *desk.Agency, u *desk.Unit) bool {
		in := strings.ToLower(a.Name + " " + u.Name + " " + u.Code)
		for _, word := range words {
			if !strings.Contains(in, word) {
				return false
			}
		}
		return true
	}
}

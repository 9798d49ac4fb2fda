package desk

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/desk"
	"persepsi/internal/wording"
)

// mostTyped is the longest search in bytes.
const mostTyped = 200

// morning is GET /meja: what needs somebody today, then the units.
func (p *pages) morning(c *fiber.Ctx) error {
	period := c.Query(periodParam)
	d, err := p.deskOf(web.ActorOf(c), period)
	if err != nil {
		return err
	}
	return p.sharedPage(c, d, "desk-morning", nil, func() (made, error) { return p.fillMorning(c, d, period) })
}

// fillMorning fills the first page.
func (p *pages) fillMorning(c *fiber.Ctx, d *desk.Desk, period string) (made, error) {
	page := &view.Morning{Frame: p.frame(c, d, period, "desk.title", view.DeskMorning), Asked: period, Periods: d.Periods}
	page.Search = strings.TrimSpace(c.Query(searchParam)[:min(len(c.Query(searchParam)), mostTyped)])
	page.AllItems = c.Query(allParam) != ""
	items, agencies := d.Attention, d.Agencies
	if code := c.Query(agencyParam); code != "" {
		agency, ok := d.Agency(code)
		if !ok {
			return made{}, errNoAgency
		}
		page.Agency, page.Desk.Of = agency.Code, agency.Name
		items, agencies = agency.Attention, []*desk.Agency{agency}
	}
	page.Fill(items, agencies, p.ready, searched(page.Search))
	return made{page: page, passing: page.Search != ""}, nil
}

// ready makes a unit ready for a page.
func (p *pages) ready(u *desk.Unit) *view.DeskUnit {
	return view.NewDeskUnit(u, p.Directories.Directory().City().LeastReleased(), func(x *desk.Index) wording.DeskIndex {
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

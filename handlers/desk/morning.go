package desk

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/internal/report"
	"persepsi/survey"
)

// morning is GET /meja: what needs somebody today, then the units.
func (p *pages) morning(c *fiber.Ctx) error {
	f := p.figures.Figures()
	d := f.Directory()
	r := reachOf(c, d)
	page := &view.Morning{Frame: p.frame(c, "desk.title", view.DeskMorning), Today: d.Today(p.Now())}
	var err error
	if r, err = p.narrowed(c, d, r); err != nil {
		return err
	}
	describe(&page.Frame, r)
	if page.Period, page.Periods, err = p.choosePeriod(c, d, r); err != nil {
		return err
	}
	if page.Period == nil {
		return p.Page(c, "desk-morning", page)
	}
	results, err := f.Results(report.Scope{Period: page.Period.Code, Audience: report.Managed})
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, place := range r.units {
		seen[place.Unit.Code] = true
	}
	for _, u := range results.Units {
		if seen[u.Unit] {
			page.Units = append(page.Units, view.NewDeskUnit(results.Form, u))
		}
	}
	return p.Page(c, "desk-morning", page)
}

// narrowed returns what of a desk a request asks for: one agency (opd) or unit, or all.
// Error: NotFound for what is not on it.
func (p *pages) narrowed(c *fiber.Ctx, d *survey.Directory, r reach) (reach, error) {
	if code := c.Query("unit"); code != "" {
		place, err := p.unit(c, d, code)
		return reach{place: place, units: []survey.Place{place}}, err
	}
	if code := c.Query("opd"); code != "" {
		agency, err := p.agency(c, d, code)
		if err != nil {
			return reach{}, err
		}
		r.units = slices.DeleteFunc(r.units, func(place survey.Place) bool { return place.Agency != agency })
		return reach{agency: agency, units: r.units}, nil
	}
	return r, nil
}

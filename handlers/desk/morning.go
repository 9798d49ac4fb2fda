package desk

import (
	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/desk"
)

// morning is GET /meja: what needs somebody today, then the units.
func (p *pages) morning(c *fiber.Ctx) error {
	period := c.Query(periodParam)
	d, err := p.deskOf(web.ActorOf(c), period)
	if err != nil {
		return err
	}
	page := &view.Morning{Frame: p.frame(c, d, period, "desk.title", view.DeskMorning), Asked: period, Periods: d.Periods, Agencies: d.Agencies}
	if code := c.Query(agencyParam); code != "" {
		agency, ok := d.Agency(code)
		if !ok {
			return errNoAgency
		}
		page.Agencies = []*desk.Agency{agency}
		page.Frame.Desk.Of = agency.Name
	}
	return p.Page(c, "desk-morning", page)
}

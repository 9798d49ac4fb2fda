package desk

import (
	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
)

// morning is GET /meja: what needs somebody today, then the units.
func (p *pages) morning(c *fiber.Ctx) error {
	asked := askedOf(c)
	shown, err := p.look(web.ActorOf(c), asked)
	if err != nil {
		return err
	}
	page := &view.Morning{
		Frame: p.frame(c, "desk.title", view.DeskMorning), Today: shown.today, Period: shown.period, Periods: shown.periods, Units: shown.units,
	}
	describe(&page.Frame, shown.reach)
	page.Desk.Live, page.Desk.Revision = asked.live(), shown.revision
	return p.Page(c, "desk-morning", page)
}

package desk

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
)

// relations is GET /meja/unit/{unit}/kaitan: how aspects go together with satisfaction, in a
// closed period, for evaluators. It is drawn for each of them and never kept: a page that is
// kept is one for all who see the same units.
func (p *unitPages) relations(c *fiber.Ctx) error {
	mine, err := p.layout.deskOf(web.ActorOf(c), "")
	if err != nil {
		return err
	}
	unit, ok := mine.Unit(c.Params("unit"), "")
	if !ok {
		return errNoUnit
	}
	place, _ := p.site.Directories.Directory().Unit(unit.Code)
	if err := p.site.Require(c, unitScope(place)); err != nil { // who sees the unit may know that it is there
		return err
	}
	if unit, ok = mine.Unit(unit.Code, c.Query(periodParam)); !ok {
		return errNoPeriod
	}
	ctx, cancel := context.WithTimeout(context.Background(), readWithin) // for all who ask for it meanwhile
	defer cancel()
	page, err := p.unitOf(ctx, c, mine, unit, view.UnitRelations)
	if err != nil {
		return err
	}
	of, err := p.details.Relations(mine, unit)
	if err != nil {
		return err
	}
	return p.site.Page(c, "desk-unit-relations", &view.RelationsPage{UnitPage: page, Of: of})
}

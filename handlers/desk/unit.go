package desk

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/desk"
	"persepsi/internal/poster"
	"persepsi/internal/wording"
)

// unitPath is where a unit's pages are.
const unitPath = Home + "/unit/:unit"

// againstParam is the period that a unit is compared with.
const againstParam = "banding"

// readWithin is how long a page waits for releases that are being read.
const readWithin = 2 * time.Second

// unitPages are the pages of one unit.
type unitPages struct {
	layout  *layout
	site    *web.Site
	details *desk.Details
}

func (p *unitPages) mount(area *web.Area) {
	area.Get(unitPath, access.ReadDesk, p.overview)
	area.Get(unitPath+"/rincian", access.ReadDesk, p.detail)
	area.Get(unitPath+"/sampel", access.ReadDesk, p.sample)
	area.Get(unitPath+"/kaitan", access.ReadLive, p.relations)
}

// overview is GET /meja/unit/{unit}: how a unit does, where that leads, and what to do.
func (p *unitPages) overview(c *fiber.Ctx) error {
	return p.unitPage(c, view.UnitOverview, "desk-unit")
}

// detail is GET /meja/unit/{unit}/rincian: every index, every group, every question.
func (p *unitPages) detail(c *fiber.Ctx) error {
	return p.unitPage(c, view.UnitDetails, "desk-unit-detail")
}

// sample is GET /meja/unit/{unit}/sampel: who answered when and where, and who is missing.
func (p *unitPages) sample(c *fiber.Ctx) error {
	return p.unitPage(c, view.UnitSample, "desk-unit-sample")
}

// unitPage draws one of the pages of a unit. What is not on the desk of who asks is refused
// as what isn't there.
func (p *unitPages) unitPage(c *fiber.Ctx, part, template string) error {
	period := c.Query(periodParam)
	mine, err := p.layout.deskOf(web.ActorOf(c), "")
	if err != nil {
		return err
	}
	unit, ok := mine.Unit(c.Params("unit"), "")
	if !ok {
		return errNoUnit
	}
	if period != "" {
		if unit, ok = mine.Unit(unit.Code, period); !ok {
			return errNoPeriod
		}
	}
	return p.layout.sharedPage(c, mine, template, p.details.Key(mine, unit, c.Query(againstParam)), func() (filledPage, error) {
		return p.fillUnit(c, mine, unit, part)
	})
}

// fillUnit fills one of the pages of a unit in one of its periods.
func (p *unitPages) fillUnit(c *fiber.Ctx, mine *desk.Desk, unit *desk.Unit, part string) (filledPage, error) {
	ctx, cancel := context.WithTimeout(context.Background(), readWithin) // for all who ask for it meanwhile
	defer cancel()
	page, err := p.unitOf(ctx, c, mine, unit, part)
	if err != nil {
		return filledPage{}, err
	}
	return filledPage{page: page, passing: page.Detail.Incomplete}, nil
}

// unitOf returns what every page of a unit on a desk has.
func (p *unitPages) unitOf(ctx context.Context, c *fiber.Ctx, mine *desk.Desk, unit *desk.Unit, part string) (*view.UnitPage, error) {
	period, against := c.Query(periodParam), c.Query(againstParam)
	detail, err := p.details.Of(ctx, mine, unit, against)
	if err != nil {
		return nil, err
	}
	directory := p.site.Directories.Directory()
	grade := func(x *desk.Index) wording.DeskIndex { return wording.NewDeskIndex(x, detail.Grades) }
	page := &view.UnitPage{
		Frame: p.layout.frame(c, mine, period, "desk.title", ""), Detail: detail, Part: part, Asked: period, Against: against, Periods: mine.PeriodsOf(unit.Code), Zone: directory.Zone(),
		Unit: view.NewDeskUnit(unit, directory.City().LeastReleased(), grade), Indexes: wording.UnitIndexes(detail),
	}
	page.Survey, _ = directory.Period(unit.Period.Code)
	page.Title = unit.Name
	open, closed := poster.Select(directory, "", unit.Code, "")
	for _, place := range open {
		page.Open = append(page.Open, *place.Point)
	}
	page.Shut = closed
	return page, nil
}

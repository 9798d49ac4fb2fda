package desk

import (
	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/desk"
)

// compare is GET /meja/banding: two units (unit=A&unit=B), or two agencies (opd=A&opd=B), in
// one period, side by side. What is not on the desk of who asks is refused as what isn't
// there; agencies are compared where all of their units are seen.
func (p *groupPages) compare(c *fiber.Ctx) error {
	asked := c.Query(periodParam)
	d, err := p.layout.deskOf(web.ActorOf(c), asked)
	if err != nil {
		return err
	}
	return p.layout.sharedPage(c, d, "desk-compare", nil, func() (filledPage, error) { return p.fillCompare(c, d, asked) })
}

// fillCompare fills the page of two that are put side by side.
func (p *groupPages) fillCompare(c *fiber.Ctx, d *desk.Desk, asked string) (filledPage, error) {
	page := &view.Compare{Frame: p.layout.frame(c, d, asked, "compare.title", ""), Asked: asked, Periods: d.Periods, Kind: "unit"}
	units, agencies := typedTwice(c, "unit"), typedTwice(c, agencyParam)
	var found []comparisonSide
	for _, code := range units {
		u, ok := d.Unit(code, asked)
		if !ok {
			return filledPage{}, errNoUnit
		}
		found = append(found, comparisonSide{u.Code, u.Name, u.Period, u.Indexes})
	}
	if len(units) == 0 {
		for _, code := range agencies {
			a, ok := d.Agency(code)
			if !ok || len(a.Groups) == 0 {
				return filledPage{}, errNoAgency
			}
			g := groupAt(a.Groups, d)
			found = append(found, comparisonSide{a.Code, a.Name, g.Period, g.Indexes})
			page.Kind = agencyParam
		}
	}
	for _, a := range d.Agencies {
		group := view.CompareGroup{Name: a.Name}
		for _, u := range a.Units {
			group.Options = append(group.Options, option(u.Code, u.Name, found, page.Kind == "unit"))
		}
		page.Units = append(page.Units, group)
		if len(a.Groups) > 0 {
			page.Agencies = append(page.Agencies, option(a.Code, a.Name, found, page.Kind == agencyParam))
		}
	}
	if len(found) != 2 {
		return filledPage{page: page}, nil
	}
	first, second := found[0], found[1]
	page.Same, page.Period = first.code == second.code, first.period
	if page.Same || first.period.Code != second.period.Code {
		return filledPage{page: page}, nil
	}
	page.First, page.Second = first.name, second.name
	for _, one := range desk.Differences(first.indexes, second.indexes) {
		page.Differences = append(page.Differences, view.NewDeskDifference(one))
	}
	return filledPage{page: page}, nil
}

// comparisonSide is one of two that are put side by side.
type comparisonSide struct {
	code, name string
	period     *desk.Period
	indexes    []desk.Index
}

func option(code, name string, found []comparisonSide, mine bool) view.CompareOption {
	out := view.CompareOption{Code: code, Name: name}
	for i, f := range found {
		if mine && f.code == code {
			out.First, out.Second = out.First || i == 0, out.Second || i == 1
		}
	}
	return out
}

// groupAt returns the newest roll-up whose period has begun, else the first to come.
func groupAt(groups []*desk.Group, d *desk.Desk) *desk.Group {
	for _, g := range groups {
		if g.Period.From <= d.Today {
			return g
		}
	}
	return groups[len(groups)-1]
}

// typedTwice returns the values of a parameter that stands in an address twice, without
// empty ones.
func typedTwice(c *fiber.Ctx, name string) []string {
	var out []string
	for _, v := range c.Context().QueryArgs().PeekMulti(name) {
		if len(v) > 0 && len(out) < 2 {
			out = append(out, string(v))
		}
	}
	return out
}

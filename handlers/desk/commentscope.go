package desk

import (
	"cmp"
	"slices"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/survey"
)

// unitScope returns a unit as grants name it.
func unitScope(place survey.Place) access.Scope {
	return access.Unit(place.Agency.Key(), place.Unit.Key())
}

// commentUnits returns the units whose comments a request's actor may read, in their
// declared order: of one agency where the request names one. Error: NotFound for an agency
// of which that is none.
func (p *commentPages) commentUnits(c *fiber.Ctx, d *survey.Directory) ([]survey.Place, error) {
	var only *survey.Agency
	if code := c.Query(agencyParam); code != "" {
		var ok bool
		if only, ok = d.Agency(code); !ok {
			return nil, errNoAgency
		}
	}
	var out []survey.Place
	for a := range d.Catalogue().Agencies {
		agency := &d.Catalogue().Agencies[a]
		if only != nil && only.Code != agency.Code {
			continue
		}
		for u := range agency.Units {
			place := survey.Place{Agency: agency, Unit: &agency.Units[u]}
			if p.site.May(c, access.ReadComments, unitScope(place)) {
				out = append(out, place)
			}
		}
	}
	if only != nil && len(out) == 0 {
		return nil, errNoAgency
	}
	return out, nil
}

// commentPeriod finds the period that a request asks for among those that units take part
// in, else the newest that has begun, else the first to come; and lists them, the newest
// first. Nil: there is none. Error: NotFound for one that is not among them.
func (p *commentPages) commentPeriod(c *fiber.Ctx, d *survey.Directory, units []survey.Place) (*survey.Period, []*survey.Period, error) {
	var list []*survey.Period
	for i := range d.Catalogue().Periods {
		period := &d.Catalogue().Periods[i]
		if slices.ContainsFunc(units, func(place survey.Place) bool { return period.Covers(place.Unit.Code) }) {
			list = append(list, period)
		}
	}
	slices.SortStableFunc(list, func(a, b *survey.Period) int { return cmp.Compare(b.From, a.From) })
	asked, today := c.Query(periodParam), d.Today(p.site.Now())
	for _, one := range list {
		if asked == one.Code || asked == "" && one.From <= today {
			return one, list, nil
		}
	}
	switch {
	case asked != "":
		return nil, nil, errNoPeriod
	case len(list) == 0:
		return nil, nil, nil
	default:
		return list[len(list)-1], list, nil
	}
}

// commentFrame is the frame of a page of comments, which is not shown anew by itself:
// somebody may be writing on it.
func (p *commentPages) commentFrame(c *fiber.Ctx, l *commentList, title string) view.Frame {
	out := p.layout.frame(c, p.layout.desks.Desk().For(web.ActorOf(c)), "", title, view.DeskComments)
	out.Desk.Live, out.Desk.Revision = "", ""
	if l.unit.Unit != nil {
		out.Desk.Of = l.unit.Unit.Name
	} else if agencies := len(l.units); agencies > 0 && c.Query(agencyParam) != "" {
		out.Desk.Of = l.units[0].Agency.Name
	}
	return out
}

package desk

import (
	"cmp"
	"slices"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/survey"
)

// errNoUnit is what is told of a unit that isn't there, and of one that is somebody
// else's: who asks learns nothing of what exists.
var errNoUnit = survey.Errorf(survey.NotFound, "there is no such unit on this desk")

// errNoAgency is the same for agencies.
var errNoAgency = survey.Errorf(survey.NotFound, "there is no such agency on this desk")

// unitScope returns a unit as grants name it.
func unitScope(place survey.Place) access.Scope {
	return access.Unit(place.Agency.Key(), place.Unit.Key())
}

// unit returns the unit of a code, if it is on the desk of who asks. Error: NotFound,
// the same for every other code.
func (p *pages) unit(c *fiber.Ctx, d *survey.Directory, code string) (survey.Place, error) {
	place, ok := d.Unit(code)
	if !ok || !p.May(c, access.ReadDesk, unitScope(place)) {
		return survey.Place{}, errNoUnit
	}
	return place, nil
}

// agency is unit for an agency, all of which must be on the desk of who asks.
func (p *pages) agency(c *fiber.Ctx, d *survey.Directory, code string) (*survey.Agency, error) {
	agency, ok := d.Agency(code)
	if !ok || !p.May(c, access.ReadDesk, access.Agency(agency.Key())) {
		return nil, errNoAgency
	}
	return agency, nil
}

// reach is what an actor's desk holds, in words: the city, one agency or one unit; of
// several that are no whole, how many units.
type reach struct {
	city   bool
	agency *survey.Agency
	place  survey.Place
	units  []survey.Place
}

// reachOf returns what a request's actor may see on the desk, units in their declared
// order.
func reachOf(c *fiber.Ctx, d *survey.Directory) reach {
	actor := web.ActorOf(c)
	out := reach{city: access.Allow(actor, access.ReadDesk, access.City())}
	agencies := 0
	for a := range d.Catalogue().Agencies {
		agency := &d.Catalogue().Agencies[a]
		whole := access.Allow(actor, access.ReadDesk, access.Agency(agency.Key()))
		if whole {
			out.agency = agency
			agencies++
		}
		for u := range agency.Units {
			place := survey.Place{Agency: agency, Unit: &agency.Units[u]}
			if whole || access.Allow(actor, access.ReadDesk, unitScope(place)) {
				out.units = append(out.units, place)
			}
		}
	}
	if agencies != 1 || len(out.units) != len(out.agency.Units) {
		out.agency = nil
	}
	if len(out.units) == 1 {
		out.place = out.units[0]
	}
	return out
}

// periodsOf returns the periods that units on a desk take part in, the newest first.
func periodsOf(d *survey.Directory, r reach) []*survey.Period {
	var out []*survey.Period
	for i := range d.Catalogue().Periods {
		period := &d.Catalogue().Periods[i]
		if slices.ContainsFunc(r.units, func(place survey.Place) bool { return period.Covers(place.Unit.Code) }) {
			out = append(out, period)
		}
	}
	slices.SortStableFunc(out, func(a, b *survey.Period) int { return cmp.Compare(b.From, a.From) })
	return out
}

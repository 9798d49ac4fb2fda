package desk

import (
	"cmp"
	"slices"

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

// unitOf returns the unit of a code, if it is on somebody's desk. Error: NotFound, the
// same for every other code.
func unitOf(d *survey.Directory, who access.Actor, code string) (survey.Place, error) {
	place, ok := d.Unit(code)
	if !ok || !access.Allow(who, access.ReadDesk, unitScope(place)) {
		return survey.Place{}, errNoUnit
	}
	return place, nil
}

// agencyOf is unitOf for an agency, all of which must be on the desk.
func agencyOf(d *survey.Directory, who access.Actor, code string) (*survey.Agency, error) {
	agency, ok := d.Agency(code)
	if !ok || !access.Allow(who, access.ReadDesk, access.Agency(agency.Key())) {
		return nil, errNoAgency
	}
	return agency, nil
}

// narrowed returns what of a desk is asked for: one agency or unit, or all. Error:
// NotFound for what is not on it.
func narrowed(d *survey.Directory, who access.Actor, a asked) (reach, error) {
	switch {
	case a.unit != "":
		place, err := unitOf(d, who, a.unit)
		return reach{place: place, units: []survey.Place{place}}, err
	case a.agency != "":
		agency, err := agencyOf(d, who, a.agency)
		if err != nil {
			return reach{}, err
		}
		out := reach{agency: agency}
		for u := range agency.Units {
			out.units = append(out.units, survey.Place{Agency: agency, Unit: &agency.Units[u]})
		}
		return out, nil
	}
	return reachOf(d, who), nil
}

// reach is what an actor's desk holds, in words: the city, one agency or one unit; of
// several that are no whole, how many units.
type reach struct {
	city   bool
	agency *survey.Agency
	place  survey.Place
	units  []survey.Place
}

// reachOf returns what somebody may see on the desk, units in their declared order.
func reachOf(d *survey.Directory, actor access.Actor) reach {
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

// choosePeriod returns the period that is asked for, else the newest that has begun,
// else the first to come; and those that there are, the newest first. Nil: none covers
// what is seen. Error: NotFound for one that is not among them.
func choosePeriod(d *survey.Directory, r reach, code string, today survey.Date) (*survey.Period, []*survey.Period, error) {
	list := periodsOf(d, r)
	if code != "" {
		if found, ok := d.Period(code); ok && slices.Contains(list, found) {
			return found, list, nil
		}
		return nil, nil, survey.Errorf(survey.NotFound, "there is no such period on this desk")
	}
	for _, one := range list {
		if one.From <= today {
			return one, list, nil
		}
	}
	if len(list) == 0 {
		return nil, nil, nil
	}
	return list[len(list)-1], list, nil
}

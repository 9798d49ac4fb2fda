package paper

import (
	"slices"
	"strings"

	"persepsi/survey"
)

// places finds units and services by what a row calls them. What is read once is
// kept: a file says the same thousands of times.
type places struct {
	units []survey.Place
	given survey.Place // of --unit; may be none
	found map[string]placeLookup
	names map[string]map[string]serviceLookup // by unit, then by what is written
}

type placeLookup struct {
	place survey.Place
	fault value
}

type serviceLookup struct {
	code  string
	fault value
}

func newPlaces(units []survey.Place, given survey.Place) *places {
	return &places{units: units, given: given, found: map[string]placeLookup{}, names: map[string]map[string]serviceLookup{}}
}

// maxKept bounds what is kept of what is written in a column.
const maxKept = 4096

// unit finds the unit that a row names: by its code, by its name, with its agency's
// before it, or by the agency's where that has only one unit in the period.
func (p *places) unit(text string) (survey.Place, value) {
	if known, ok := p.found[text]; ok {
		return known.place, known.fault
	}
	place, fault := p.findUnit(text)
	if len(p.found) < maxKept {
		p.found[text] = placeLookup{place, fault}
	}
	return place, fault
}

func (p *places) findUnit(text string) (survey.Place, value) {
	units := slices.Clone(p.units)
	if p.given.Unit != nil && !slices.ContainsFunc(units, func(u survey.Place) bool { return u.Unit.Code == p.given.Unit.Code }) {
		units = append(units, p.given)
	}
	k := key(text)
	var found []survey.Place
	for _, same := range []func(survey.Place) bool{
		func(u survey.Place) bool { return slices.Contains(u.Unit.Codes(), text) },
		func(u survey.Place) bool { return k != "" && (key(u.Unit.Code) == k || key(u.Unit.Name) == k) },
		func(u survey.Place) bool {
			return k != "" && u.Agency != nil && (key(u.Agency.Name+u.Unit.Name) == k || key(u.Unit.Name+u.Agency.Name) == k || key(u.Agency.Code+u.Unit.Name) == k)
		},
		func(u survey.Place) bool {
			return k != "" && u.Agency != nil && (key(u.Agency.Name) == k || key(u.Agency.Code) == k)
		},
	} {
		for _, u := range units {
			if same(u) {
				found = append(found, u)
			}
		}
		if len(found) > 0 {
			break
		}
	}
	switch {
	case len(found) > 1:
		return survey.Place{}, wrong("ambiguous_unit", "value", quoted(text), "choices", several(unitNames(found)))
	case len(found) == 0:
		return survey.Place{}, wrong("unknown_unit", "value", quoted(text), "known", several(unitNames(units)))
	case p.given.Unit != nil && p.given.Unit.Code != found[0].Unit.Code:
		return p.given, wrong("other_unit", "value", quoted(text), "unit", p.given.Unit.Code)
	}
	return found[0], value{}
}

func unitNames(units []survey.Place) []string {
	out := make([]string, len(units))
	for i, u := range units {
		out[i] = u.Unit.Code + " (" + u.Unit.Name
		if u.Agency != nil && u.Agency.Name != "" {
			out[i] += ", " + u.Agency.Name
		}
		out[i] += ")"
	}
	return out
}

// service finds a service of a unit by its code or name.
func (p *places) service(unit *survey.Unit, text string) (string, value) {
	kept := p.names[unit.Code]
	if kept == nil {
		kept = map[string]serviceLookup{}
		p.names[unit.Code] = kept
	}
	known, ok := kept[text]
	if !ok {
		known.code, known.fault = findService(unit, text)
		if len(kept) < maxKept {
			kept[text] = known
		}
	}
	return known.code, known.fault
}

func findService(unit *survey.Unit, text string) (string, value) {
	var found []*survey.Service
	k := key(text)
	for i := range unit.Services {
		v := &unit.Services[i]
		if v.Code == text || slices.Contains(v.Former, text) {
			return v.Code, value{}
		}
		if k != "" && (key(v.Code) == k || key(v.Name) == k) {
			found = append(found, v)
		}
	}
	var names []string
	for i := range unit.Services {
		names = append(names, serviceName(&unit.Services[i]))
	}
	switch {
	case len(found) == 1:
		return found[0].Code, value{note: found[0].Code}
	case len(found) > 1:
		names = names[:0]
		for _, v := range found {
			names = append(names, serviceName(v))
		}
		return "", wrong("ambiguous_service", "value", quoted(text), "choices", strings.Join(names, say("or")))
	case len(names) == 0:
		return "", wrong("no_services", "unit", unit.Code)
	}
	return "", wrong("unknown_service", "value", quoted(text), "unit", unit.Code, "known", several(names))
}

func serviceName(v *survey.Service) string {
	if v.Name == "" {
		return v.Code
	}
	return v.Code + " (" + v.Name + ")"
}

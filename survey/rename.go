package survey

import (
	"slices"
)

// registers find what is declared by its code, or by one that it had: looking through
// the whole city for each point takes minutes in a large one.
type registers struct {
	agencyOf map[string]string  // present codes of agencies
	unitOf   map[string]unitAt  // units and their agencies
	points   map[string]pointAt // by folded codes
	declared declaredCodes
	empty    bool // nothing was declared before
}

// unitAt is a unit's present code, and its agency's.
type unitAt struct{ agency, unit string }

// pointAt is a point's present code as it is written, and its unit's.
type pointAt struct{ code, unit string }

// declaredCodes are the places in the file by the codes that it says; of points by the
// folded ones.
type declaredCodes struct {
	agencies, units, points map[string]string
	services                map[string]map[string]string // by unit
}

// index notes what is declared already.
func (m *merger) index() {
	m.named = map[string]bool{}
	m.empty = m.out.Version == 0
	m.agencyOf, m.unitOf, m.points = map[string]string{}, map[string]unitAt{}, map[string]pointAt{}
	for i := range m.out.Agencies {
		a := &m.out.Agencies[i]
		for _, code := range a.Codes() {
			m.agencyOf[code] = a.Code
		}
		for j := range a.Units {
			u := &a.Units[j]
			for _, code := range u.Codes() {
				m.unitOf[code] = unitAt{a.Code, u.Code}
			}
			for _, p := range u.Points {
				for _, code := range allCodes(p.Code, p.Former) {
					m.points[foldCode(code)] = pointAt{p.Code, u.Code}
				}
			}
		}
	}
}

// declare notes the codes that the file says.
func (m *merger) declare(list []declaredAgency) {
	m.declared = declaredCodes{map[string]string{}, map[string]string{}, map[string]string{}, map[string]map[string]string{}}
	for i := range list {
		m.declared.agencies[list[i].code] = list[i].path
		for j := range list[i].units {
			u := &list[i].units[j]
			m.declared.units[u.code] = u.path
			services := map[string]string{}
			for _, s := range u.services {
				services[s.code] = s.path
			}
			m.declared.services[u.code] = services
			for _, p := range u.points {
				if p.code != "" {
					m.declared.points[foldCode(p.code)] = p.path
				}
			}
		}
	}
}

// agencyCode returns the present code of an agency, by it or one that it had.
func (m *merger) agencyCode(code string) (string, bool) {
	present, ok := m.agencyOf[code]
	return present, ok
}

// unitCode returns the present code of a unit, by it or one that it had.
func (m *merger) unitCode(code string) (string, bool) {
	at, ok := m.unitOf[code]
	return at.unit, ok
}

// pointCode returns the present code of a point, by it or one that it had.
func (m *merger) pointCode(code string) (string, bool) {
	at, ok := m.points[foldCode(code)]
	return at.code, ok
}

// agencyAt returns the place of an agency in the catalogue; -1: there is none.
func (m *merger) agencyAt(code string) int {
	return slices.IndexFunc(m.out.Agencies, func(a Agency) bool { return a.Code == code })
}

// unitNamed returns the unit of a present code, nil where there is none. It is valid
// until units are added or move.
func (m *merger) unitNamed(code string) *Unit {
	at, ok := m.unitOf[code]
	if !ok || at.unit != code {
		return nil
	}
	a := &m.out.Agencies[m.agencyAt(at.agency)]
	i := slices.IndexFunc(a.Units, func(u Unit) bool { return u.Code == code })
	return &a.Units[i]
}

// lookup finds agencies, units, services or points.
type lookup struct {
	kind     string
	find     func(code string) (present string, ok bool) // by a code that it has or had
	declared map[string]string                           // by code
	same     func(code string) string                    // nil: codes differ by any letter
	known    func() []string
}

// identify returns the present code of what the file says: its own where it is new, or
// has it already, or the one that it is renamed from. Not ok: that is a fault.
func (m *merger) identify(d *declaredItem, l *lookup) (code string, ok bool) {
	fold := l.same
	if fold == nil {
		fold = func(code string) string { return code }
	}
	holder, taken := l.find(d.code)
	was, ok := m.former(d, l)
	switch {
	case !ok: // what else the file says of it is read as if it were new
		d.wrong = true
		return d.code, !taken
	case holder == d.code:
		if was != "" && was != d.code {
			m.fault(d.path+".was", "duplicate_code", "%s %s is there beside %s %s: one cannot become the other", l.kind, was, l.kind, d.code)
			return "", false
		}
		return d.code, true
	case was == "" && fold(holder) == fold(d.code):
		m.fault(d.path+".code", "duplicate_code", "%s %s is there already as %s", l.kind, d.code, holder)
		return "", false
	case was == "" && taken:
		m.fault(d.path+".code", "renamed", "%s %s is called %s now; say `code: %s`, or `was: %s` to call it %s again", l.kind, d.code, holder, holder, holder, d.code)
		return "", false
	case was == "":
		return d.code, true
	case taken && holder != was:
		m.fault(d.path+".code", "duplicate_code", "is a code that %s %s had", l.kind, holder)
		return "", false
	}
	if other, ok := l.declared[fold(was)]; ok && fold(was) != fold(d.code) {
		m.fault(d.path+".was", "duplicate_code", "%s %s is declared at %s too", l.kind, was, other)
		return "", false
	}
	return was, true
}

// former returns the present code of what the file says that this was; empty where it
// says nothing, or nothing is declared yet. Not ok: that is a fault.
func (m *merger) former(d *declaredItem, l *lookup) (code string, ok bool) {
	for _, was := range d.was {
		present, known := l.find(was)
		switch {
		case !known && m.empty:
			continue
		case !known:
			m.fault(d.path+".was", "unknown_"+l.kind, "%s", unknownName(l.kind, was, l.known()))
			return "", false
		case code != "" && present != code:
			m.fault(d.path+".was", "duplicate_code", "%s %s and %s %s are two", l.kind, code, l.kind, present)
			return "", false
		}
		code = present
	}
	return code, true
}

// rename gives something the code that the file says, and reports whether it had
// another one. Its former codes stay its own.
func (m *merger) rename(code *string, former *[]string, d *declaredItem) bool {
	if m.empty {
		*former = slices.Clone(d.was) // of a city that was declared elsewhere
	}
	if *code == d.code {
		return false
	}
	if !slices.Contains(*former, *code) {
		*former = append(slices.Clone(*former), *code)
	}
	*code = d.code
	m.changed = true
	return true
}

// presentList returns units with the codes that these have now.
func (m *merger) presentList(units []string) []string {
	out := slices.Clone(units)
	for i, code := range out {
		out[i], _ = m.unitCode(code) // one that there is not is refused
	}
	return out
}

func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

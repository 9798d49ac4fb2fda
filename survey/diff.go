package survey

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ChangeKind says what sort of change one is.
type ChangeKind string

// The kinds. Every other change is one of a value.
const (
	ChangeRenamed  ChangeKind = "renamed"  // Before and After are codes
	ChangeMoved    ChangeKind = "moved"    // Before and After are the paths of its agency or unit
	ChangeClosed   ChangeKind = "closed"   // After is its name
	ChangeReopened ChangeKind = "reopened" // After is its name
)

// Change is one difference between two catalogues.
type Change struct {
	// Path names what changed as an apply file does, by codes:
	// `agencies.dukcapil.units.loket.name`, `periods.2026-s1.methods.ipak`. It is
	// the present one of what was renamed or moved.
	Path string
	Kind ChangeKind
	// Before and After are its values; empty where there was, or is, none.
	Before, After string
	// Period is the code of the period that it belongs to, Field what of the
	// period it is; empty elsewhere.
	Period, Field string

	whole bool // of an agency, unit, service, point or period that is new or has another name
}

// String returns the change as a line to read.
func (c Change) String() string {
	switch {
	case c.Kind == ChangeRenamed:
		return fmt.Sprintf("renamed %s: code %s → %s", c.Path, c.Before, c.After)
	case c.Kind == ChangeMoved:
		return fmt.Sprintf("moved %s: from %s", c.Path, c.Before)
	case c.Kind != "":
		return fmt.Sprintf("%s %s: %s", c.Kind, c.Path, c.After)
	case c.Before == "":
		return fmt.Sprintf("added %s: %s", c.Path, c.After)
	case c.After == "":
		return fmt.Sprintf("removed %s: %s", c.Path, c.Before)
	default:
		return fmt.Sprintf("changed %s: %s → %s", c.Path, c.Before, c.After)
	}
}

// Diff lists what differs between two catalogues: what was renamed or moved, then
// all else in the order of the later one, and then what it no longer has. What is
// new with all that it holds is one change. Versions and amendments are none.
func Diff(before, after *Catalogue) []Change {
	p := pathsOf(after)
	old, now := p.flatten(before), p.flatten(after)
	out := p.moves(before)
	was, is := old.byPath(), now.byPath()
	for _, l := range now {
		_, owner := was[l.owner]
		o, had := was[l.path]
		switch {
		case !had && !owner && l.owner != "": // it came with its owner
		case o.value == l.value:
		case l.closed:
			out = append(out, Change{Path: l.owner, Kind: ChangeClosed, After: is[l.owner].value})
		default:
			out = append(out, Change{Path: l.path, Before: o.value, After: l.value, Period: l.period, Field: l.field, whole: l.whole})
		}
	}
	for _, l := range old {
		_, owner := is[l.owner]
		switch _, ok := is[l.path]; {
		case ok || !owner && l.owner != "":
		case l.closed:
			out = append(out, Change{Path: l.owner, Kind: ChangeReopened, After: is[l.owner].value})
		default:
			out = append(out, Change{Path: l.path, Before: l.value, Period: l.period, Field: l.field})
		}
	}
	return out
}

// leaf is a value of a catalogue. That of an agency, unit, service, point or period
// itself is its name.
type leaf struct {
	path, value string
	owner       string // the path of what it belongs to; empty: the city
	period      string
	field       string
	whole       bool // it is the name
	closed      bool
}

type leaves []leaf

func (l leaves) byPath() map[string]leaf {
	out := make(map[string]leaf, len(l))
	for _, one := range l {
		out[one.path] = one
	}
	return out
}

// add notes a value, unless there is none.
func (l *leaves) add(owner, name, value string) {
	if value != "" {
		*l = append(*l, leaf{path: strings.TrimPrefix(owner+"."+name, "."), value: value, owner: owner})
	}
}

// whole notes something by its name.
func (l *leaves) whole(owner, path, name string, closed bool) {
	if name != "" {
		*l = append(*l, leaf{path: path, value: name, owner: owner, whole: true})
	}
	if closed {
		*l = append(*l, leaf{path: path + ".closed", value: "true", owner: path, closed: true})
	}
}

func (p *paths) flatten(c *Catalogue) leaves {
	var l leaves
	l.add("", "city.name", c.City.Name)
	l.add("", "city.time_zone", c.City.TimeZone)
	if c.City.Least != 0 {
		l.add("", "city.least", strconv.Itoa(c.City.Least))
	}
	l.notice(&c.City.Notice)
	l.hours("", "city", &c.City.Hours)
	l.holidays(c.City.Holidays)
	l.add("", "city.colour", c.City.Colour)
	l.add("", "city.arms", c.City.Arms.summary())
	codes := map[string]string{} // of units, and of services as UNIT.SERVICE, as they are later
	for i := range c.Agencies {
		a := &c.Agencies[i]
		l.whole("", p.agency(a), a.Name, a.Closed)
		l.hours(p.agency(a), p.agency(a), &a.Hours)
		l.add(p.agency(a), "logo", a.Logo.summary())
		for j := range a.Units {
			u := &a.Units[j]
			unit := p.unit(a, u)
			codes[u.Code] = lastOf(unit)
			l.whole(ownerOf(unit), unit, u.Name, u.Closed)
			l.hours(unit, unit, &u.Hours)
			for k := range u.Services {
				s := &u.Services[k]
				service := p.service(a, u, s)
				codes[u.Code+"."+s.Code] = lastOf(service)
				l.whole(unit, service, s.Name, s.Closed)
			}
			for k := range u.Points {
				point := p.point(a, u, &u.Points[k])
				l.whole(ownerOf(point), point, u.Points[k].Name, u.Points[k].Closed)
				if u.Points[k].Remote {
					l.add(point, "remote", "true")
				}
			}
		}
	}
	for i := range c.Instruments {
		in := &c.Instruments[i]
		l.whole("", "instruments."+in.Ref(), in.summary(), false)
	}
	for i := range c.Periods {
		l.period(&c.Periods[i], codes)
	}
	for i := range c.Earlier {
		l.earlier(c.Earlier[i], codes)
	}
	return l
}

// Fields of a period, as an apply file names them.
const (
	fieldFrom        = "from"
	fieldTo          = "to"
	fieldInstrument  = "instrument"
	fieldMethods     = "methods"
	fieldPopulation  = "population"
	fieldImproved    = "improved"
	fieldUnits       = "units"
	fieldOverlapping = "overlaps"
)

func (l *leaves) period(p *Period, codes map[string]string) {
	path := "periods." + p.Code
	l.whole("", path, p.Name, false)
	coded := func(unit string) string { return cmp.Or(codes[unit], unit) }
	of := func(field, name, value string) {
		*l = append(*l, leaf{path: path + "." + name, value: value, owner: path, period: p.Code, field: field})
	}
	of(fieldFrom, fieldFrom, p.From.String())
	of(fieldTo, fieldTo, p.To.String())
	of(fieldInstrument, fieldInstrument, joined(p.Instruments))
	for _, code := range sortedKeys(p.Methods) {
		of(fieldMethods, fieldMethods+"."+code, p.Methods[code])
	}
	for _, unit := range sortedKeys(p.Population) {
		of(fieldPopulation, fieldPopulation+"."+coded(unit), strconv.Itoa(p.Population[unit]))
		for _, service := range sortedKeys(p.Served[unit]) {
			of(fieldPopulation, fieldPopulation+"."+coded(unit)+"."+cmp.Or(codes[unit+"."+service], service), strconv.Itoa(p.Served[unit][service]))
		}
	}
	for _, unit := range sortedKeys(p.Improved) {
		for i := range p.Improved[unit] {
			of(fieldImproved, fmt.Sprintf("%s.%s.%d", fieldImproved, coded(unit), i+1), p.Improved[unit][i].summary())
		}
	}
	if len(p.Units) > 0 {
		var units []string
		for _, u := range p.Units {
			units = append(units, coded(u))
		}
		slices.Sort(units)
		of(fieldUnits, fieldUnits, strings.Join(units, ", "))
	}
	if len(p.Overlaps) > 0 {
		of(fieldOverlapping, fieldOverlapping, strings.Join(slices.Sorted(slices.Values(p.Overlaps)), ", "))
	}
}

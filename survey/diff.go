package survey

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Change is one difference between two catalogues.
type Change struct {
	// Path names what changed as an apply file does, by codes:
	// `agencies.dukcapil.units.loket.name`, `periods.2026-s1.methods.ipak`.
	Path string
	// Before and After are its values; empty where there was, or is, none.
	Before, After string
	// Period is the code of the period that it belongs to, Field what of the
	// period it is; empty elsewhere.
	Period, Field string
}

// String returns the change as a line to read.
func (c Change) String() string {
	switch {
	case c.Before == "":
		return fmt.Sprintf("added %s: %s", c.Path, c.After)
	case c.After == "":
		return fmt.Sprintf("removed %s: %s", c.Path, c.Before)
	default:
		return fmt.Sprintf("changed %s: %s → %s", c.Path, c.Before, c.After)
	}
}

// Diff lists what differs between two catalogues, in the order of the later one,
// and then what it no longer has. What is new with all that it holds is one
// change. Versions and amendments are none.
func Diff(before, after *Catalogue) []Change {
	var out []Change
	old, now := flatten(before), flatten(after)
	was, is := old.byPath(), now.byPath()
	for _, l := range now {
		if _, known := was[l.owner]; l.owner != "" && !known {
			continue // it came with its owner
		}
		if o := was[l.path]; o.value != l.value {
			out = append(out, Change{Path: l.path, Before: o.value, After: l.value, Period: l.period, Field: l.field})
		}
	}
	for _, l := range old {
		_, owner := is[l.owner]
		if _, ok := is[l.path]; !ok && (owner || l.owner == "") {
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

func (l *leaves) flag(owner, name string, on bool) {
	if on {
		l.add(owner, name, "true")
	}
}

func flatten(c *Catalogue) leaves {
	var l leaves
	l.add("", "city.name", c.City.Name)
	l.add("", "city.time_zone", c.City.TimeZone)
	if c.City.Least != 0 {
		l.add("", "city.least", strconv.Itoa(c.City.Least))
	}
	for i := range c.Agencies {
		a := &c.Agencies[i]
		agency := "agencies." + a.Code
		l.add("", agency, a.Name)
		for j := range a.Units {
			l.unit(agency, &a.Units[j])
		}
	}
	for i := range c.Periods {
		l.period(&c.Periods[i])
	}
	for i := range c.Earlier {
		l.earlier(&c.Earlier[i])
	}
	return l
}

func (l *leaves) unit(agency string, u *Unit) {
	unit := agency + ".units." + u.Code
	l.add(agency, "units."+u.Code, u.Name)
	for i := range u.Services {
		s := &u.Services[i]
		l.add(unit, "services."+s.Code, s.Name)
		l.flag(unit+".services."+s.Code, "closed", s.Closed)
	}
	for i := range u.Points {
		p := &u.Points[i]
		l.add(unit, "points."+p.Code, p.Name)
		l.flag(unit+".points."+p.Code, "closed", p.Closed)
		l.flag(unit+".points."+p.Code, "remote", p.Remote)
	}
}

// Fields of a period, as an apply file names them.
const (
	fieldFrom        = "from"
	fieldTo          = "to"
	fieldInstrument  = "instrument"
	fieldMethods     = "methods"
	fieldPopulation  = "population"
	fieldUnits       = "units"
	fieldOverlapping = "overlaps"
)

func (l *leaves) period(p *Period) {
	path := "periods." + p.Code
	l.add("", path, p.Name)
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
		of(fieldPopulation, fieldPopulation+"."+unit, strconv.Itoa(p.Population[unit]))
	}
	if len(p.Units) > 0 {
		units := slices.Clone(p.Units)
		slices.Sort(units)
		of(fieldUnits, fieldUnits, strings.Join(units, ", "))
	}
	if len(p.Overlaps) > 0 {
		of(fieldOverlapping, fieldOverlapping, strings.Join(p.Overlaps, ", "))
	}
}

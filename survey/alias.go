package survey

import (
	"slices"
	"time"
)

// Answers, tallies and releases name a unit, service or point by a code that is never
// changed: they are facts. What an officer renames gets another code to be shown and
// found by, and keeps its first one as the key under which all that is stored of it
// is, and will be, found. Only code that reads or writes the store needs keys.

// Key returns the code that the agency had first: keys of access are bound to it.
func (a *Agency) Key() string { return firstCode(a.Code, a.Former) }

// Key returns the code that the unit had first, under which its answers are stored.
func (u *Unit) Key() string { return firstCode(u.Code, u.Former) }

// Key returns the code that the service had first, which answers have.
func (s *Service) Key() string { return firstCode(s.Code, s.Former) }

// Key returns the code that the point had first, which answers have.
func (p *Point) Key() string { return firstCode(p.Code, p.Former) }

func firstCode(code string, former []string) string {
	if len(former) > 0 {
		return former[0]
	}
	return code
}

// Codes returns the code of the agency and those that it had.
func (a *Agency) Codes() []string { return allCodes(a.Code, a.Former) }

// Codes returns the code of the unit and those that it had.
func (u *Unit) Codes() []string { return allCodes(u.Code, u.Former) }

func allCodes(code string, former []string) []string {
	out := []string{code}
	for _, f := range former {
		if f != code {
			out = append(out, f)
		}
	}
	return out
}

// Service finds a service of the unit by its code, or one that it had.
func (u *Unit) Service(code string) (*Service, bool) {
	for i := range u.Services {
		if s := &u.Services[i]; s.Code == code || slices.Contains(s.Former, code) {
			return s, true
		}
	}
	return nil, false
}

// Closed reports whether no answer of a citizen is taken at the place any more: the
// point, its unit or its agency is closed.
func (p Place) Closed() bool {
	return p.Agency != nil && p.Agency.Closed || p.Unit != nil && p.Unit.Closed || p.Point != nil && p.Point.Closed
}

// ClosedBefore reports whether the place was closed before a period began: it takes no
// part in it then.
func (p Place) ClosedBefore(period *Period) bool {
	return p.Agency.Closed && p.Agency.ClosedOn < period.From || p.Unit.Closed && p.Unit.ClosedOn < period.From
}

// Present returns a stored response with the codes that its unit, service and point
// have now. Nothing else of it is another.
func (d *Directory) Present(r *Response) *Response {
	if !d.renamed {
		return r
	}
	out := *r
	if place, ok := d.units[r.Unit]; ok {
		out.Unit = place.Unit.Code
		if s, ok := place.Unit.Service(r.Service); ok {
			out.Service = s.Code
		}
	}
	if place, ok := d.points[foldCode(r.Point)]; ok {
		out.Point = place.Point.Code
	}
	return &out
}

// UnitKey returns the key of a unit's code; the code itself where there is no such
// unit.
func (d *Directory) UnitKey(code string) string {
	if place, ok := d.units[code]; ok {
		return place.Unit.Key()
	}
	return code
}

// placeAt returns the place that a point was when a form was opened there: one that
// was opened just before the point moved to another unit is about the unit before.
func (d *Directory) placeAt(opened, now time.Time, point Place) Place {
	m := point.Point.Moved
	if m == nil || !opened.Before(m.At) || now.After(m.At.Add(Grace)) {
		return point
	}
	before, ok := d.units[m.From]
	if !ok {
		return point
	}
	return Place{Agency: before.Agency, Unit: before.Unit, Point: point.Point}
}

// placeOf returns the place that a stored answer was given at: its point may have
// moved to another unit since.
func (d *Directory) placeOf(stored *Response, point Place) Place {
	unit, ok := d.units[stored.Unit]
	if !ok {
		return point
	}
	return Place{Agency: unit.Agency, Unit: unit.Unit, Point: point.Point}
}

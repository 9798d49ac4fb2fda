package survey

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Amendment is a change of what the figures of a period rest on that was made when
// it had answers already. It is kept with the period, and shown beside its figures.
type Amendment struct {
	At time.Time `json:"at"`
	// Day is the city's day of At.
	Day Date `json:"day"`
	// By is who made it: a person's or key's name, or `command line`.
	By     string `json:"by"`
	Reason string `json:"reason"`
	// Changes are what changed, as Change.String tells it.
	Changes []string `json:"changes"`
}

// amends reports whether a change moves, or may move, figures of a period that has
// answers: by another method, other days or units, or, once it is closed, another
// number of people served.
func (c *Change) amends(before *Period, today Date) bool {
	switch c.Field {
	case fieldMethods, fieldUnits, fieldFrom, fieldTo:
		return true
	case fieldPopulation:
		return today > before.To
	default:
		return false
	}
}

// AmendmentsOf returns the amendments of a period that move, or may move, figures of a unit,
// each with those of its changes that do: not that another unit was moved, left out, or served
// other people.
func (p *Period) AmendmentsOf(u *Unit) []Amendment {
	var out []Amendment
	for _, a := range p.Amendments {
		a.Changes = slices.DeleteFunc(slices.Clone(a.Changes), func(line string) bool { return !concerns(line, u.Codes()) })
		if len(a.Changes) > 0 {
			out = append(out, a)
		}
	}
	return out
}

// concerns reports whether a change, as Change.String tells it, may move figures of a unit
// with some codes. One that tells of nothing that is known does.
func concerns(line string, codes []string) bool {
	verb, rest, _ := strings.Cut(line, " ")
	path, values, _ := strings.Cut(rest, ": ")
	parts := strings.Split(path, ".")
	switch {
	case verb == string(ChangeMoved):
		return slices.Contains(codes, parts[len(parts)-1])
	case len(parts) > 3 && parts[2] == fieldPopulation:
		return slices.Contains(codes, parts[3])
	case len(parts) == 3 && parts[2] == fieldUnits: // without any it is of all units
		takesPart := func(units string) bool {
			return units == "" || slices.ContainsFunc(strings.Split(units, ", "), func(code string) bool { return slices.Contains(codes, code) })
		}
		before, after, _ := strings.Cut(values, " → ") // one of them alone where units are new, or gone
		return takesPart(before) != takesPart(after)
	}
	return true
}

// amended returns the changes that amend a period.
func amended(before *Catalogue, changes []Change, stored AnswerCounts, today Date) ([]Change, error) {
	if stored == nil {
		return nil, nil
	}
	var out []Change
	for _, c := range changes {
		for i := range before.Periods {
			p := &before.Periods[i]
			if p.Code != c.Period || !c.amends(p, today) {
				continue
			}
			has, err := stored.Answered(p.Code)
			if err != nil {
				return nil, fmt.Errorf("look for answers of period %s: %w", p.Code, err)
			}
			if has {
				out = append(out, c)
			}
		}
	}
	return out, nil
}

// movedAnswers returns the moves of units to other agencies that have answers, once
// for each period of them: figures of both agencies are others by it.
func (m *merger) movedAnswers(before *Catalogue) ([]Change, error) {
	var out []Change
	p := pathsOf(m.out)
	moved := map[string]Change{} // by key
	for i := range before.Agencies {
		a := &before.Agencies[i]
		for j := range a.Units {
			u := &a.Units[j]
			if path := p.unit(a, u); ownerOf(path) != p.agency(a) {
				moved[u.Key()] = Change{Path: path, Before: p.agency(a), After: ownerOf(path), Kind: ChangeMoved}
			}
		}
	}
	if len(moved) == 0 || m.stored == nil {
		return nil, nil
	}
	for i := range before.Periods {
		has := map[string]bool{}
		if err := m.stored.Counts(before.Periods[i].Code, func(unit string, _ Date, answers int64) {
			if answers > 0 {
				has[unit] = true
			}
		}); err != nil {
			return nil, fmt.Errorf("count answers of period %s: %w", before.Periods[i].Code, err)
		}
		for _, key := range sortedKeys(moved) {
			if c := moved[key]; has[key] {
				c.Period = before.Periods[i].Code
				out = append(out, c)
			}
		}
	}
	return out, nil
}

// Amend notes the amended changes with the periods that they belong to, and when
// points moved.
func (a *ApplyResult) Amend(at time.Time, by, reason string) {
	zone, err := time.LoadLocation(a.Catalogue.City.TimeZone)
	if err != nil { // Apply refuses such a city
		zone = time.UTC
	}
	for i := range a.Catalogue.Agencies {
		for j := range a.Catalogue.Agencies[i].Units {
			points := a.Catalogue.Agencies[i].Units[j].Points
			for k := range points {
				if slices.Contains(a.moved, points[k].Key()) {
					points[k].Moved = &Move{From: points[k].Moved.From, At: at.UTC().Truncate(time.Millisecond)}
				}
			}
		}
	}
	for i := range a.Catalogue.Periods {
		p := &a.Catalogue.Periods[i]
		made := Amendment{At: at.UTC().Truncate(time.Second), Day: DateOf(at, zone), By: by, Reason: reason}
		for _, c := range a.Amended {
			if c.Period == p.Code {
				made.Changes = append(made.Changes, c.String())
			}
		}
		if len(made.Changes) > 0 {
			p.Amendments = append(p.Amendments[:len(p.Amendments):len(p.Amendments)], made)
		}
	}
}

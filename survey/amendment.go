package survey

import (
	"fmt"
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

// Amend notes the amended changes with the periods that they belong to.
func (a *Applied) Amend(at time.Time, by, reason string) {
	zone, err := time.LoadLocation(a.Catalogue.City.TimeZone)
	if err != nil { // Apply refuses such a city
		zone = time.UTC
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

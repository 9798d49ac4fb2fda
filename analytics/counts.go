package analytics

import "persepsi/survey"

// DaysOf selects days of units: those from From on and before Before.
type DaysOf struct {
	Period, Form string
	Unit         string // empty: every unit
	From, Before survey.Date
}

// UnitDay is a day of a unit.
type UnitDay struct {
	Unit string
	Day  survey.Date
}

// Counts are the numbers of responses that a tally has by service, point and hour. They are
// no scores, and so live for everybody who may see the unit.
type Counts struct {
	N int64 // responses
	// Services and Points are by the keys that responses have, in the order of these; a
	// response without a point, as on paper, is in none.
	Services, Points []NamedCount
	// Hours are by weekday (Sunday 0) and hour, in that order, without those of none.
	// Responses on paper, which tell no hour, are in none.
	Hours []HourCount
}

// NamedCount is the number of responses about a service or at a point.
type NamedCount struct {
	Key string
	N   int64
}

// HourCount is the number of responses of an hour of a weekday.
type HourCount struct {
	Weekday, Hour int
	N             int64
}

// Counts returns the numbers of responses; of a tally that was read without its breakdown
// N alone.
func (t *Tally) Counts() Counts {
	out := Counts{N: t.N}
	c := t.cells
	if c == nil {
		return out
	}
	named := func(n *nameIndex) []NamedCount {
		list := make([]NamedCount, 0, len(n.names))
		for i, name := range n.names {
			if name != "" {
				list = append(list, NamedCount{name, c.cell(n.place[i]).responses()})
			}
		}
		return list
	}
	out.Services, out.Points = named(&c.service), named(&c.point)
	for slot, place := range c.slots() {
		if place > 0 {
			out.Hours = append(out.Hours, HourCount{slot / 24, slot % 24, c.cell(place).responses()})
		}
	}
	return out
}

package view

import (
	"time"

	"persepsi/internal/report"
	"persepsi/survey"
)

// Together is the public result of an agency or of the city.
type Together struct {
	Frame
	// Agency is empty for the city.
	Agency, Name string
	Periods      []*survey.Period
	Period       *survey.Period    // nil: none has begun
	Names        map[string]string // as Result.Names
	Over         bool              // its last day is past
	// Figures are the indexes of all units together. Main is the first that has a figure;
	// nil: none has.
	Figures []GroupIndex
	Main    *GroupIndex
	// Parts are the agencies with their units; one where it is of an agency.
	Parts []TogetherPart
	// Units take part, Answered of them have figures.
	Units, Answered int
	AsOf            *time.Time // up to when the newest figures hold answers
	Zone            *time.Location
}

// TogetherPart is an agency in the city's result.
type TogetherPart struct {
	Agency, Name string
	Figures      []GroupIndex
	Units        []TogetherUnit
}

// TogetherUnit is a unit with the figures that it has, in the order of the form.
type TogetherUnit struct {
	Unit    *report.UnitResult
	Figures []GroupIndex
	Over    bool
	Least   int // people that released figures hide a person among
}

// Unfolded reports whether every agency shows its units at once.
func (t *Together) Unfolded() bool { return t.Agency != "" || t.Units <= unfoldedUnits }

// Through returns the last day whose answers the figures may hold.
func (t *Together) Through() survey.Date {
	return survey.DateOf(t.AsOf.Add(-time.Nanosecond), t.Zone)
}

// Figured returns the indexes that there is a figure of.
func (p TogetherPart) Figured() []GroupIndex {
	var out []GroupIndex
	for _, x := range p.Figures {
		if x.Index != nil {
			out = append(out, x)
		}
	}
	return out
}

package view

import (
	"persepsi/analytics"
	"persepsi/internal/desk"
	"persepsi/survey"
)

// DeskDifference is a difference between two, with the names of both.
type DeskDifference struct {
	desk.Difference
	Title survey.Text // of an index of the city's own
	// Of names what differs where that is not First and Second: an agency or unit over time.
	Of string
}

// Range returns the interval of the difference: of two that are apart of how much the higher
// one is above the other, of one over time with its sign.
func (d DeskDifference) Range(over bool) [2]float64 {
	if !over && d.State == analytics.ChangeReal && d.Change.Difference < 0 {
		return [2]float64{-d.CI95[1], -d.CI95[0]}
	}
	return d.CI95
}

// NewDeskDifference makes a difference ready for a page.
func NewDeskDifference(d desk.Difference) DeskDifference {
	out := DeskDifference{Difference: d}
	for _, x := range []*desk.Index{d.First, d.Second} {
		if x != nil {
			out.Title = x.Figure.Name
		}
	}
	return out
}

// Compare is the desk's page that puts two units or two agencies side by side.
type Compare struct {
	Frame
	Asked   string // period
	Period  *desk.Period
	Periods []*desk.Period
	// Units and Agencies are those to choose from, in the catalogue's order.
	Units    []CompareGroup
	Agencies []CompareOption
	// First and Second are the names of what is compared; empty: nothing is chosen.
	First, Second string
	// Kind is "unit" or "opd", Same tells that one was chosen twice.
	Kind        string
	Same        bool
	Differences []DeskDifference
}

// CompareGroup are the units of an agency to choose from.
type CompareGroup struct {
	Name    string
	Options []CompareOption
}

// CompareOption is one to choose.
type CompareOption struct {
	Code, Name    string
	First, Second bool // it is chosen
}

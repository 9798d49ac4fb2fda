package view

import (
	"persepsi/analytics"
	"persepsi/internal/report"
)

// GroupFigures are the figures of an agency or of the city, in the order of the form.
type GroupFigures struct {
	Name    string
	Indexes []GroupIndex
}

// GroupIndex is one index of a group: by answers, by the people served and by units.
type GroupIndex struct {
	Code             string
	*analytics.Index // nil where no unit has a figure
	report.Makeup
	Title string // the name, already in the page's language; empty: the messages have it
}

// Hundred reports whether the index is told out of 100, not out of 4.
func (x GroupIndex) Hundred() bool { return x.Code == analytics.IKM }

// Absent is a number of units that the figure per citizen does not hold, and why.
type Absent struct {
	Why   string // one of report.LeftOut
	Units int
}

// Absent returns them in the order of report.LeftOut.
func (x GroupIndex) Absent() []Absent {
	var out []Absent
	for _, why := range report.LeftOut() {
		if n := x.Missing[why]; n > 0 {
			out = append(out, Absent{why, n})
		}
	}
	return out
}

package view

import (
	"persepsi/analytics"
	"persepsi/internal/report"
	"persepsi/survey"
)

// GroupFigures are the figures of an agency or of the city, in the order of the form.
type GroupFigures struct {
	Name    string
	Indexes []GroupIndex
}

// NewGroupFigures returns the figures of a group by a form, in a language.
func NewGroupFigures(form *survey.Form, g report.Group, lang string) GroupFigures {
	out := GroupFigures{Name: g.Name}
	for _, code := range analytics.Order(form) {
		x := GroupIndex{Code: code, Index: g.Indexes[code], Makeup: g.Makeup(code)}
		if name := form.Index(code).Name; name != nil {
			x.Title = name.In(lang)
		}
		out.Indexes = append(out.Indexes, x)
	}
	return out
}

// GroupIndex is one index of a group: by answers, by the people served and by units.
type GroupIndex struct {
	Code             string
	*analytics.Index // nil where no unit has a figure
	report.Makeup
	Title string // the name, already in the page's language; empty: the messages have it
}

// Means is a figure of a group by one of the ways to weigh its units.
type Means struct {
	Shown, Mutu string
	CI95        [2]float64
}

// Means returns the figure that a group is named by: that of the people served where it is
// known, for the pooled one leans to the units that collect more answers.
func (x GroupIndex) Means() Means {
	if s := x.Stratified; s != nil {
		return Means{s.Shown, s.Mutu, s.CI95}
	}
	return Means{x.Shown, x.Mutu, x.CI95}
}

// Hundred reports whether the index is told out of 100, not out of 4.
func (x GroupIndex) Hundred() bool { return x.Code == analytics.IKM }

// LeftOutUnits is a number of units that the figure per citizen does not hold, and why.
type LeftOutUnits struct {
	Why   string // one of report.LeftOut
	Units int
}

// Absent returns them in the order of report.LeftOut.
func (x GroupIndex) Absent() []LeftOutUnits {
	var out []LeftOutUnits
	for _, why := range report.LeftOut() {
		if n := x.Missing[why]; n > 0 {
			out = append(out, LeftOutUnits{why, n})
		}
	}
	return out
}

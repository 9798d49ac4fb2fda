package wording

import (
	"slices"
	"strings"

	"persepsi/analytics"
	"persepsi/internal/desk"
)

// UnitIndex is an index of a unit at a closer look.
type UnitIndex struct {
	DeskIndex
	Detail *desk.IndexDetail
	// How is the index as the part that tells how it came about takes it.
	How *NamedIndex
}

// UnitIndexes returns the indexes that a closer look at a unit has figures of.
func UnitIndexes(d *desk.Detail) []*UnitIndex {
	out := make([]*UnitIndex, len(d.Figures))
	for i := range d.Figures {
		x := &d.Figures[i]
		out[i] = &UnitIndex{
			DeskIndex: NewDeskIndex(&x.Index, d.Grades), Detail: x,
			How: &NamedIndex{
				Code: x.Code, Index: x.Figure, Weakest: x.Lowest, Grades: d.Grades.Limits(), Shipped: x.Shipped,
				Over: d.State == desk.Final || d.State == desk.Closing, Population: d.Population,
			},
		}
	}
	return out
}

// Printed returns what the old sheets' printed weights make of the same answers.
func (x *UnitIndex) Printed() []PrintedIndex {
	var out []PrintedIndex
	for _, r := range x.Figure.Reconciliation {
		if name, _, _ := strings.Cut(r.Method, "@"); strings.HasPrefix(name, "w0.") {
			out = append(out, PrintedIndex{r, name[1:]})
		}
	}
	return out
}

// PrintedIndex is an index by a weight as a sheet prints it: 0.111.
type PrintedIndex struct {
	analytics.Reconciliation
	Weight string
}

// Lowest returns the unsur that are not told apart from the lowest one, as the page names
// them.
func (x *UnitIndex) Lowest() []NamedAspect { return x.How.Lowest() }

// Usual returns what raising an unsur does to the index, of one that has room for all of the
// step; nil: none has.
func (x *UnitIndex) Usual() *analytics.Lever {
	for _, u := range x.Detail.Unsur {
		if u.Lever != nil && !u.Lever.Capped {
			return u.Lever
		}
	}
	return nil
}

// Capped returns the unsur that are too near the top of the scale for a whole step.
func (x *UnitIndex) Capped() []CappedUnsur {
	var out []CappedUnsur
	for _, u := range x.Detail.Unsur {
		if u.Lever != nil && u.Lever.Capped {
			out = append(out, CappedUnsur{x.How.Aspect(u.AspectResult), u.Lever})
		}
	}
	return out
}

// CappedUnsur is an unsur near the top of the scale.
type CappedUnsur struct {
	NamedAspect
	*analytics.Lever
}

// Chances returns how likely each grade is at the period's end: that of now, then the
// likeliest.
func (x *UnitIndex) Chances() []GradeChance {
	f := x.Detail.Forecast
	if f == nil {
		return nil
	}
	var out []GradeChance
	for grade, chance := range f.Chances {
		out = append(out, GradeChance{grade, chance, grade == f.Now})
	}
	slices.SortFunc(out, func(a, b GradeChance) int {
		switch {
		case a.Now != b.Now:
			return map[bool]int{true: -1, false: 1}[a.Now]
		case a.Chance != b.Chance:
			return map[bool]int{true: -1, false: 1}[a.Chance > b.Chance]
		case a.Grade < b.Grade:
			return -1
		}
		return 1
	})
	return out
}

// GradeChance is how likely a grade is. Now tells that it is that of the newest release.
type GradeChance struct {
	Grade  string
	Chance float64
	Now    bool
}

// Chance writes a chance in percent: a forecast is never certain.
func (s *Speaker) Chance(c GradeChance) (string, error) {
	switch shown := analytics.ShownFloat(100*c.Chance, 0); shown {
	case "100":
		return s.Say("desk.forecast.most")
	case "0":
		return s.Say("desk.forecast.least")
	default:
		return shown, nil
	}
}

// Trend returns what the newest months tell: the last part of a message's key, and the month
// that it is about.
func (x *UnitIndex) Trend() (out TrendFinding) {
	judged := false
	for _, s := range x.Detail.Spans {
		for i := range s.Months {
			m := &s.Months[i]
			if m.HistoryFigure != nil {
				out.Months++
			}
			switch m.Signal {
			case analytics.SignalBelow, analytics.SignalAbove:
				out.Month, out.Newest = m, false
				judged = true
			case analytics.SignalWithin:
				judged = true
			}
		}
	}
	if n := len(x.Detail.Spans); n > 0 && out.Month != nil {
		last := x.Detail.Spans[n-1].Months
		out.Newest = out.Month == &last[len(last)-1]
	}
	switch {
	case out.Newest:
		out.Key = "now"
	case out.Month != nil:
		out.Key = "was"
	case judged:
		out.Key = "within"
	default:
		out.Key = "early"
	}
	return out
}

// TrendFinding is the finding on a trend: its message and the figures in it.
type TrendFinding struct {
	Key    string // now, was, within or early
	Months int    // with a figure
	Month  *desk.Month
	Newest bool
}

package view

import (
	"html/template"
	"net/url"
	"slices"
	"strings"
	"time"

	"persepsi/analytics"
	"persepsi/internal/desk"
	"persepsi/internal/report"
	"persepsi/survey"
)

// UnitPage is a unit at a closer look: one of the pages of it.
type UnitPage struct {
	Frame
	Unit   *DeskUnit
	Detail *desk.Detail
	Part   string // one of UnitParts
	// Asked and Against are the periods that the address asks for; empty: none.
	Asked, Against string
	// Periods are those that the unit can be looked at in, the newest first.
	Periods []*desk.Period
	Indexes []*UnitIndex
	Survey  *survey.Period // that of Detail
	Zone    *time.Location
}

// The pages of a unit.
const (
	UnitOverview = "ringkasan"
	UnitDetails  = "rincian"
	UnitSample   = "sampel"
)

// UnitParts are all of them, in the order of their links.
func UnitParts() []string { return []string{UnitOverview, UnitDetails, UnitSample} }

// UnitIndex is an index on a unit's page.
type UnitIndex struct {
	DeskIndex
	Detail *desk.IndexDetail
	// How is the index as the part that tells how it came about takes it.
	How *NamedIndex
}

// Fill sets the indexes of a page, each made ready by shown.
func (p *UnitPage) Fill(shown func(*desk.Index) DeskIndex) {
	for i := range p.Detail.Figures {
		x := &p.Detail.Figures[i]
		p.Indexes = append(p.Indexes, &UnitIndex{
			DeskIndex: shown(&x.Index), Detail: x,
			How: &NamedIndex{
				Code: x.Code, Index: x.Figure, Weakest: x.Lowest, Grades: p.Detail.Grades.Limits(), Shipped: x.Shipped,
				Over: p.Unit.State == desk.Final || p.Unit.State == desk.Closing, Population: p.Detail.Population,
			},
		})
	}
}

// Main returns the index that the survey is of; nil where it has no figure.
func (p *UnitPage) Main() *UnitIndex {
	if len(p.Indexes) > 0 && p.Indexes[0].Code == p.Detail.Codes[0] {
		return p.Indexes[0]
	}
	return nil
}

// PartAddress returns the address of one of the unit's pages, without its language.
func (p *UnitPage) PartAddress(part string) string { return UnitAddress(p.Unit.Code, part) }

// UnitAddress returns the address of one of a unit's pages.
func UnitAddress(unit, part string) string {
	if part == UnitOverview {
		part = ""
	} else {
		part = "/" + part
	}
	return "/meja/unit/" + unit + part
}

// OfPeriod returns what the addresses of the unit's pages have of the period that was asked
// for, as the beginning of a query.
func (p *UnitPage) OfPeriod() template.URL {
	if p.Asked == "" {
		return ""
	}
	return template.URL("period=" + url.QueryEscape(p.Asked) + "&") //nolint:gosec // it is escaped
}

// Parts returns the pages of the unit.
func (p *UnitPage) Parts() []string { return UnitParts() }

// Histories returns the indexes over time, as the public page of results shows them.
func (p *UnitPage) Histories() []History {
	var out []History
	for _, x := range p.Detail.Past {
		x.Months, x.Steps = nil, nil // the trend has them
		if slices.ContainsFunc(x.Rows, func(r report.HistoryRow) bool { return r.HistoryFigure != nil }) {
			out = append(out, History{x, p.Unit.Code, p.Survey, p.Zone})
		}
	}
	return out
}

// Printed returns what the old sheets' printed weights make of the same answers.
func (x *UnitIndex) Printed() []Printed {
	var out []Printed
	for _, r := range x.Figure.Reconciliation {
		if name, _, _ := strings.Cut(r.Method, "@"); strings.HasPrefix(name, "w0.") {
			out = append(out, Printed{r, name[1:]})
		}
	}
	return out
}

// Printed is an index by a weight as a sheet prints it: 0.111.
type Printed struct {
	analytics.Reconciled
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

// Capped returns those with less room than that.
func (x *UnitIndex) Capped() []CappedUnsur {
	var out []CappedUnsur
	for _, u := range x.Detail.Unsur {
		if u.Lever != nil && u.Lever.Capped {
			out = append(out, CappedUnsur{x.How.aspect(u.AspectResult), u.Lever})
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

// OfHundred writes a chance in percent.
func (c GradeChance) OfHundred() string { return analytics.ShownFloat(100*c.Chance, 0) }

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

// TrendFinding is what a trend shows.
type TrendFinding struct {
	Key    string
	Months int // with a figure
	Month  *desk.Month
	Newest bool
}

// trendFindings are the keys that TrendFinding has.
func trendFindings() []string { return []string{"now", "was", "within", "early"} }

// Busiest returns the weekday (Sunday 0) and hour with the most answers, and how many these
// were; 0: there are none.
func (p *UnitPage) Busiest() (out BusyHour) {
	for day := range p.Unit.Hours {
		for hour, n := range p.Unit.Hours[day] {
			if n > out.N {
				out = BusyHour{day, hour, n}
			}
		}
	}
	return out
}

// BusyHour is an hour of a weekday.
type BusyHour struct {
	Day, Hour int
	N         int64
}

// Served reports whether it is known how many people each service had.
func (p *UnitPage) Served() bool {
	return slices.ContainsFunc(p.Unit.Services, func(s desk.ServiceCount) bool { return s.Served != nil })
}

// Missing returns the services that lack answers, the most first.
func (p *UnitPage) Missing() []desk.ServiceCount {
	var out []desk.ServiceCount
	for _, s := range p.Unit.Services {
		if s.Missing > 0 {
			out = append(out, s)
		}
	}
	slices.SortStableFunc(out, func(a, b desk.ServiceCount) int { return int(b.Missing - a.Missing) })
	return out
}

package view

import (
	"html/template"
	"net/url"
	"slices"
	"time"

	"persepsi/internal/desk"
	"persepsi/internal/report"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// UnitPage is a unit at a closer look: one of the pages of it.
type UnitPage struct {
	Frame
	Unit   *DeskUnit
	Detail *desk.Detail
	Part   string // one of UnitParts, or UnitRelations
	// Asked and Against are the periods that the address asks for; empty: none.
	Asked, Against string
	// Periods lists the periods of the unit, the newest first.
	Periods []*desk.Period
	Indexes []*wording.UnitIndex
	Survey  *survey.Period // the period of Detail
	Zone    *time.Location
	Open    []survey.Point // points that are open, for posters
	Shut    []survey.Place // the closed ones
}

// The pages of a unit.
const (
	UnitOverview = "ringkasan"
	UnitDetails  = "rincian"
	UnitSample   = "sampel"
	UnitReport   = "laporan"
	// UnitRelations is for evaluators, and in no list.
	UnitRelations = "kaitan"
)

// UnitParts lists the parts of a unit's page in the order of their links.
func UnitParts() []string { return []string{UnitOverview, UnitDetails, UnitSample, UnitReport} }

// Main returns the index that the survey is of; nil where it has no figure.
func (p *UnitPage) Main() *wording.UnitIndex {
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

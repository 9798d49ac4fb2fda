package desk

import (
	"context"
	"fmt"
	"slices"

	"persepsi/analytics"
	"persepsi/internal/report"
	"persepsi/survey"
)

// What answers are split by beside what respondents told of themselves.
const (
	ByService = "service"
	ByPoint   = "point"
	ByMode    = "mode"
)

// Split is a unit's answers by one dimension, as the API's breakdown tells them to who
// answers for units.
type Split struct {
	By    string
	Title survey.Text // of a respondent field; nil of others
	// Scores tells that the groups have scores: those of a closed period's tables.
	Scores bool
	// Removed is the day from which on they and the answers were removed; nil: they were not.
	Removed *survey.Date
	// Indexes are the codes of those that some group has a score of.
	Indexes []string
	Groups  []SplitGroup
	// Hidden is how many groups are.
	Hidden int
}

// SplitGroup is one group. Name is that of a service or point, Mode that of a way to answer,
// Label that of an answer; none of them where it was not told.
type SplitGroup struct {
	analytics.CellResult
	Name  string
	Mode  string
	Label survey.Text
}

// splits returns the splits of a unit: by service, point and mode in a closed period alone,
// as before that these are counts, which Unit has; by what respondents told always, as
// released.
func (m *detailMaker) splits(ctx context.Context) ([]Split, error) {
	if m.result == nil || m.result.Released == nil {
		return nil, nil
	}
	var list []string
	if m.result.Released.Tables {
		list = []string{ByService, ByPoint, ByMode}
	}
	for _, field := range m.form.Fields {
		list = append(list, field.Code)
	}
	var out []Split
	for _, by := range list {
		read, err := m.figures.Breakdown(ctx, m.f, m.period, m.unit.Code, by, report.Managed)
		if err != nil {
			return nil, fmt.Errorf("split unit %s by %s: %w", m.unit.Code, by, err)
		}
		if len(read.Cells) > 0 {
			out = append(out, m.split(read))
		}
	}
	return out, nil
}

func (m *detailMaker) split(read *report.Breakdown) Split {
	out := Split{By: read.By, Scores: read.State == "final", Removed: read.Removed}
	labels := map[string]survey.Text{}
	if at, ok := m.form.FieldPosition(read.By); ok {
		out.Title = m.form.Fields[at].Text
		for _, c := range m.form.Fields[at].Categories {
			labels[c.Code] = c.Label
		}
	}
	place, _ := m.d.Unit(m.unit.Code)
	at := map[string]int{} // where the catalogue has it
	for i := range place.Unit.Services {
		at[ByService+place.Unit.Services[i].Code] = i
	}
	for i := range place.Unit.Points {
		at[ByPoint+place.Unit.Points[i].Code] = i
	}
	told := map[string]bool{}
	for _, cell := range read.Cells {
		g := SplitGroup{CellResult: cell, Label: labels[cell.Code]}
		switch read.By {
		case ByMode:
			g.Mode = cell.Code
		case ByService:
			if s, ok := place.Unit.Service(cell.Code); ok {
				g.Name = s.Name
			}
		case ByPoint:
			if p, ok := m.d.Point(cell.Code); ok {
				g.Name = p.Point.Name
			}
		}
		if cell.Suppressed {
			out.Hidden++
		}
		for code := range cell.Means {
			told[code] = true
		}
		out.Groups = append(out.Groups, g)
	}
	slices.SortStableFunc(out.Groups, func(a, b SplitGroup) int { // who told nothing stands last
		switch {
		case (a.Code == "") == (b.Code == ""):
			return at[read.By+a.Code] - at[read.By+b.Code]
		case a.Code == "":
			return 1
		}
		return -1
	})
	for _, code := range analytics.Order(m.form) {
		if told[code] {
			out.Indexes = append(out.Indexes, code)
		}
	}
	return out
}

// Spread is how often each score of a question was given.
type Spread struct {
	analytics.Distribution
	Text    survey.Text
	Options []survey.Option // follow Counts
}

// spread returns the distributions of a closed period's questions: those of its tables.
func (m *detailMaker) spread(ctx context.Context) ([]Spread, error) {
	list, err := m.figures.Distributions(ctx, m.f, m.period, m.unit.Code)
	if err != nil {
		return nil, fmt.Errorf("spread scores of unit %s: %w", m.unit.Code, err)
	}
	var out []Spread
	for _, d := range list {
		at, _ := m.form.Position(d.Question)
		q := &m.form.Questions[at]
		out = append(out, Spread{Distribution: d, Text: q.Text, Options: q.Options})
	}
	return out, nil
}

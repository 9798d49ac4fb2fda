package view

import (
	"slices"
	"strconv"
	"strings"

	"persepsi/analytics"
	"persepsi/internal/chart"
	"persepsi/internal/desk"
	"persepsi/internal/wording"
)

// DeskGroup is the desk's page of an agency or of the city.
type DeskGroup struct {
	Frame
	// Agency is the code of the agency, empty for the city; Name that of either.
	Agency, Name string
	Dossier      bool // its evidence package is for who asks
	// Asked is the period that was asked for, Against the one to compare with; empty: none.
	Asked, Against string
	Code           string // of the index by which units are shown
	Least          int    // people that released figures hide a person among
	Periods        []*desk.Period
	Of             *desk.Group // nil: there is no period
	// Ranking is by that index; nil: no unit has a figure of it.
	Ranking *desk.Ranking
	// Pooled are the group's figures, Cards those of that index, on their axes.
	Pooled []wording.DeskIndex
	Cards  []MeansCard
	// Attention is empty on the page of a period that is over.
	Attention
	// Fallen are the agencies of the city whose index fell by more than the usual.
	Fallen []string
	Series []GroupSeries
	// Before is the group in the period of Against, Differences how it differs from it.
	Before      *desk.Group
	Differences []DeskDifference
}

// MeansCard is one of the figures by which a group is named.
type MeansCard struct {
	Kind  string // citizen, answer or unit, as in the messages
	Shown string
	// Drawn is the figure on its axis, with its range; nil: it has none.
	Drawn *wording.DeskIndex
}

// GroupSeries is an agency or unit over periods, the oldest first.
type GroupSeries struct {
	Name   string
	Points []*desk.Index // nil: none that is to be shown, or compared with what follows
}

// grades returns the limits of the grades of the shown index.
func (g *DeskGroup) grades() []analytics.Grade {
	for _, x := range g.Pooled {
		if x.Code == g.Code {
			return x.Grades
		}
	}
	return nil
}

// WithAll returns the address of the desk's first page with all that somebody has to look at
// in the city or agency.
func (g *DeskGroup) WithAll() string {
	query := "semua=1&lang=" + g.Lang
	if g.Agency != "" {
		query = "opd=" + g.Agency + "&" + query
	}
	return "/meja?" + query
}

// SetCards makes the cards of the shown index.
func (g *DeskGroup) SetCards() {
	for _, x := range g.Pooled {
		if x.Code != g.Code {
			continue
		}
		if s := x.Figure.Stratified; s != nil {
			drawn := wording.DeskIndex{Grades: x.Grades, Index: &desk.Index{Code: x.Code, Figure: &analytics.Index{Mean: s.Mean, Shown: s.Shown, Mutu: s.Mutu, CI95: s.CI95}}}
			g.Cards = append(g.Cards, MeansCard{"citizen", s.Shown, &drawn})
		}
		g.Cards = append(g.Cards, MeansCard{"answer", x.Figure.Shown, &x})
		if m := x.Figure.UnitMean; m != nil {
			g.Cards = append(g.Cards, MeansCard{"unit", analytics.ShownFloat(*m, 2), nil})
		}
	}
}

// Changed returns the change of the pooled figure that the cards tell of.
func (g *DeskGroup) Changed() *wording.DeskIndex {
	for i := range g.Pooled {
		if g.Pooled[i].Code == g.Code && g.Pooled[i].Change != nil {
			return &g.Pooled[i]
		}
	}
	return nil
}

// mostRanked is how many units of a long ranking are shown before the others are opened,
// longRanking up to how many all are.
const (
	mostRanked  = 8
	longRanking = 10
)

// Drawn reports whether an agency or unit has a figure in some period.
func (g *DeskGroup) Drawn() bool {
	return slices.ContainsFunc(g.Series, func(s GroupSeries) bool {
		return slices.ContainsFunc(s.Points, func(x *desk.Index) bool { return x != nil })
	})
}

// Earlier returns the periods that it can be compared with, the newest first.
func (g *DeskGroup) Earlier() []*desk.Period {
	var out []*desk.Period
	for _, p := range g.Periods {
		if p.From < g.Of.Period.From {
			out = append(out, p)
		}
	}
	return out
}

// rows returns the rows of the ranking that are shown at once, or the rest.
func (g *DeskGroup) rows(rest bool) []desk.RankedUnit {
	rows, n := g.Ranking.Rows, mostRanked
	if len(rows) <= longRanking {
		n = len(rows)
	}
	if rest {
		return rows[n:]
	}
	return rows[:n]
}

// At returns the address of the page with its units by another index.
func (g *DeskGroup) At(index string) string {
	out := g.Path + "?period=" + g.Of.Period.Code + "&indeks=" + index
	if g.Against != "" {
		out += "&banding=" + g.Against
	}
	return out + "&lang=" + g.Lang
}

// Left returns how many units are not shown at once.
func (g *DeskGroup) Left() int { return len(g.rows(true)) }

// scaleOf is 1 of an index's own scale on 0-100.
func scaleOf(code string) float64 {
	if code == analytics.IKM {
		return 1
	}
	return 1.0 / 25
}

func groupEstimate(s *wording.Speaker, x *analytics.Index) *chart.Estimate {
	end := func(i int) chart.Value {
		return chart.Value{At: x.CI95[i], Text: s.Fixed(2, x.CI95[i])}
	}
	return &chart.Estimate{Mean: chart.Value{At: x.Value, Text: s.Shown(x.Shown)}, Low: end(0), High: end(1)}
}

// groupLimits are the lowest values of grades on an index's scale, the lowest grade of the axis
// first.
func groupLimits(s *wording.Speaker, code string, grades []analytics.Grade) []chart.Limit {
	named := &wording.NamedIndex{Code: code}
	var out []chart.Limit
	for i := len(grades) - 1; i >= 0; i-- {
		text := s.Shown(named.Limit(grades[i]))
		at := grades[i].From.Float64() * scaleOf(code)
		out = append(out, chart.Limit{Value: chart.Value{At: at, Text: text}, Name: grades[i].Mutu, Brief: s.Fixed(2, at)})
	}
	return out
}

// ranks draws the ranking's rows that are shown at once, or the rest.
func ranks(s *wording.Speaker, g *DeskGroup, rest bool) (*chart.Chart, error) {
	title, err := s.Say("group.ranks.title")
	if err != nil {
		return nil, err
	}
	grades := groupLimits(s, g.Code, g.grades())
	in := chart.RanksInput{Head: s.Head(title, ""), To: chart.Value{At: 100 * scaleOf(g.Code)}, Grades: grades}
	if len(grades) > 0 {
		in.From = chart.Value{At: grades[0].At}
	}
	for _, row := range g.rows(rest) {
		one := chart.RankedUnit{Name: row.Unit.Name, Link: UnitAddress(row.Unit.Code, UnitOverview) + "?period=" + g.Of.Period.Code + "&lang=" + s.Lang(), N: s.Whole(row.Unit.Sample.SoFar)}
		if g.Agency == "" {
			one.Note = row.Unit.AgencyName
		}
		if needed := row.Unit.Sample.Needed; needed != nil {
			if one.N, err = s.Say("group.sofar", "N", one.N, "Needed", s.Whole(*needed)); err != nil {
				return nil, err
			}
		}
		if row.Index != nil {
			one.Index = groupEstimate(s, row.Index.Figure)
			one.Places, err = places(s, row)
		} else {
			one.Withheld, err = noFigure(s, row.Unit, g.Least)
		}
		if err != nil {
			return nil, err
		}
		in.Units = append(in.Units, one)
	}
	return chart.Ranks(in), nil
}

// places says which places a unit may have.
func places(s *wording.Speaker, row desk.RankedUnit) (string, error) {
	switch {
	case row.Best == 0:
		return s.Say("group.places.part")
	case row.Of == 1:
		return "", nil
	case row.Best == row.Worst:
		return s.Say("group.places.one", "N", row.Best, "Of", row.Of)
	}
	return s.Say("group.places", "Best", row.Best, "Worst", row.Worst, "Of", row.Of)
}

// noFigure says why a unit has no figure.
func noFigure(s *wording.Speaker, u *desk.Unit, least int) (string, error) {
	switch n := s.Whole(u.Answers); {
	case u.Answers == 0:
		return s.Say("group.unit.none")
	case strings.HasPrefix(u.Withheld, "fewer_than"):
		return s.Say("group.unit.few", "N", n, "Least", strconv.Itoa(least))
	default:
		return s.Say("group.unit.hidden", "N", n)
	}
}

// multiples draws agencies or units over the periods that they have in common.
func multiples(s *wording.Speaker, g *DeskGroup) (*chart.Chart, error) {
	title, err := s.Say("group.course")
	if err != nil {
		return nil, err
	}
	in := chart.MultiplesInput{Head: s.Head(title, "")}
	for i := len(g.Course()) - 1; i >= 0; i-- {
		in.Periods = append(in.Periods, g.Course()[i].Name)
	}
	for _, l := range groupLimits(s, g.Code, g.grades()) {
		l.Name, err = s.Say("group.limit", "Grade", l.Name)
		if err != nil {
			return nil, err
		}
		in.Limits = append(in.Limits, l)
	}
	for _, one := range g.Series {
		out := chart.Series{Name: one.Name}
		if out.Withheld, err = s.Say("group.point.none"); err != nil {
			return nil, err
		}
		for _, x := range one.Points {
			if x == nil {
				out.Points = append(out.Points, nil)
			} else {
				out.Points = append(out.Points, groupEstimate(s, x.Figure))
			}
		}
		if last := one.Points[len(one.Points)-1]; last != nil && last.Change != nil {
			out.Real, out.Fell = last.Change.State == analytics.ChangeReal, last.Change.Difference < 0
			key := "group.change." + string(last.Change.State)
			if out.Real && out.Fell {
				key = "group.change.fell"
			}
			if out.Change, err = s.Say(key); err != nil {
				return nil, err
			}
		}
		in.Series = append(in.Series, out)
	}
	return chart.Multiples(in), nil
}

// mostPeriods is how many periods small multiples show.
const mostPeriods = 4

// Course returns the periods of the small multiples, the newest first: that of the page and
// those before it.
func (g *DeskGroup) Course() []*desk.Period {
	var out []*desk.Period
	for _, p := range g.Periods {
		if p.From <= g.Of.Period.From && len(out) < mostPeriods {
			out = append(out, p)
		}
	}
	return out
}

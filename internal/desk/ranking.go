package desk

import (
	"slices"

	"persepsi/analytics"
	"persepsi/internal/report"
	"persepsi/survey"
)

// Ranking is how the units of a group stand among each other by one index in one period.
type Ranking struct {
	Code string // of the index
	// Rows are the units that take part in the period: those with a whole figure by its
	// value, the highest first; then those of which an aspect is missing; then those
	// without a figure. Units of one value, and those without, stand as the catalogue has
	// them. The order is no ranking: that are the Ranks.
	Rows []RankedUnit
	// Good counts the units that surely have grade B or better: their grade and all others
	// that their interval touches are. Low are surely below, Unsure those that may be either
	// or of which an aspect is missing, None those without a figure.
	Good, Unsure, Low, None int
	// Alike tells that some unit may have one of several places.
	Alike bool

	sets *rankSets
}

// RankedUnit is a unit in a Ranking. Its Ranks are 0 where it is not ranked: it has no figure,
// or an aspect is missing.
type RankedUnit struct {
	Unit  *Unit
	Index *Index // nil: it has no figure
	analytics.Ranks
}

// leastGrade is the grade that a service shall have at least.
const leastGrade = "B"

// rankSets are the sets of ranks of units, and what they were made of: they change with
// releases and the catalogue, not with every answer.
type rankSets struct {
	directory *survey.Directory
	releases  []rankedRelease
	ranks     []analytics.Ranks
}

type rankedRelease struct {
	unit     string
	released *analytics.ReleasedTally
	shown    bool // the index has a figure
}

// rankings ranks a group's units by every index of the period's form that one of them has.
func (m *deskInput) rankings(period string, units []*Unit, old *Group) []Ranking {
	var out []Ranking
	for _, code := range analytics.Order(m.directory.Form(period)) {
		var before *rankSets
		if old != nil {
			if i := slices.IndexFunc(old.Rankings, func(r Ranking) bool { return r.Code == code }); i >= 0 {
				before = old.Rankings[i].sets
			}
		}
		if r := m.ranking(code, period, units, before); r != nil {
			out = append(out, *r)
		}
	}
	return out
}

// ranking ranks units by one index; nil: none of them has it.
func (m *deskInput) ranking(code, period string, units []*Unit, before *rankSets) *Ranking {
	out := &Ranking{Code: code}
	figures := make([]*analytics.Figure, len(units))
	of := make([]rankedRelease, len(units))
	for i, u := range units {
		row := RankedUnit{Unit: u}
		if at := slices.IndexFunc(u.Indexes, func(x Index) bool { return x.Code == code }); at >= 0 {
			row.Index = &u.Indexes[at]
			figures[i] = row.Index.figure
		}
		of[i] = rankedRelease{u.Code, releaseOf(m.units[period][u.Code].UnitResult), row.Index != nil}
		out.Rows = append(out.Rows, row)
		out.count(row.Index)
	}
	if out.None == len(units) {
		return nil
	}
	if out.sets = before; before == nil || before.directory != m.directory || !slices.Equal(before.releases, of) {
		out.sets = &rankSets{m.directory, of, analytics.RanksOf(figures)}
	}
	for i := range out.Rows {
		out.Rows[i].Ranks = out.sets.ranks[i]
		out.Alike = out.Alike || out.Rows[i].Worst > out.Rows[i].Best
	}
	slices.SortStableFunc(out.Rows, func(a, b RankedUnit) int {
		if x, y := a.place(), b.place(); x != y {
			return x - y
		}
		if a.Index == nil {
			return 0
		}
		return b.Index.Figure.ExactValue.Cmp(a.Index.Figure.ExactValue)
	})
	return out
}

func releaseOf(u *report.UnitResult) *analytics.ReleasedTally {
	if u == nil {
		return nil
	}
	return u.Released
}

// place orders ranked units, then those that are not ranked, then those without a figure.
func (r RankedUnit) place() int {
	switch {
	case r.Index == nil:
		return 2
	case r.Best == 0:
		return 1
	}
	return 0
}

// count counts a unit by what is sure of its grade.
func (r *Ranking) count(x *Index) {
	switch {
	case x == nil:
		r.None++
		return
	case x.Figure.Partial():
		r.Unsure++
		return
	}
	good, low := x.Figure.Mutu <= leastGrade, x.Figure.Mutu > leastGrade
	for _, grade := range x.Could {
		good, low = good && grade <= leastGrade, low && grade > leastGrade
	}
	switch {
	case good:
		r.Good++
	case low:
		r.Low++
	default:
		r.Unsure++
	}
}

// Pace counts the units of a group by where their samples lead.
type Pace struct {
	// Known counts the units whose needed sample is known. Enough of them have it, Coming reach
	// it in time at their pace, Short do not; of the others it can't be told.
	Known, Enough, Coming, Short int
}

// Unsure is of how many it can't be told: some will be reached, others not, by luck.
func (p Pace) Unsure() int { return p.Known - p.Enough - p.Coming - p.Short }

func paceOf(units []*Unit) Pace {
	var out Pace
	for _, u := range units {
		if u.Sample.Needed == nil {
			continue
		}
		out.Known++
		switch p := u.Sample.Pace; {
		case u.Sample.Missing == 0:
			out.Enough++
		case p == nil:
		case p.State == analytics.PaceOnTime:
			out.Coming++
		case p.State == analytics.PaceNever:
			out.Short++
		}
	}
	return out
}

// rankDigest is what a ranking is told by beside the figures of its units.
type rankDigest struct {
	Code  string
	Units []string
	Ranks []analytics.Ranks
}

func rankDigests(list []Ranking) []rankDigest {
	out := make([]rankDigest, len(list))
	for i, r := range list {
		out[i].Code = r.Code
		for _, row := range r.Rows {
			out[i].Units, out[i].Ranks = append(out[i].Units, row.Unit.Code), append(out[i].Ranks, row.Ranks)
		}
	}
	return out
}

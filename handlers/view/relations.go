package view

import (
	"persepsi/analytics"
	"persepsi/internal/chart"
	"persepsi/internal/desk"
	"persepsi/internal/wording"
)

// RelationsPage tells evaluators how the aspects of a unit's indexes go together with the
// rest of each, beside their scores.
type RelationsPage struct {
	*UnitPage
	// Of are the relations by the index's code; nil before the final release.
	Of map[string][]analytics.Relation
}

// Relation is an aspect with both.
type Relation struct {
	*desk.Unsur
	With float64
}

// RelationsOf has the aspects of an index whose score and importance are both known, the lowest
// score first.
type RelationsOf struct {
	*wording.UnitIndex
	List []Relation
	// Score and With are the means of both.
	Score, With float64
	// First is the aspect with the strongest relation to the others, among those that can't be
	// told apart from the lowest; nil where no relation of these is above the mean.
	First *Relation
}

// Relations returns how the aspects of an index relate; nil: too few people answered it whole.
func (p *RelationsPage) Relations(x *wording.UnitIndex) *RelationsOf {
	out := &RelationsOf{UnitIndex: x}
	for i := range x.Detail.Unsur {
		u := &x.Detail.Unsur[i]
		for _, r := range p.Of[x.Code] {
			if r.Aspect == u.Code && !r.Undefined && u.Mean != nil {
				out.List = append(out.List, Relation{u, r.Relation})
				out.Score += *u.Mean
				out.With += r.Relation
			}
		}
	}
	if len(out.List) == 0 {
		return nil
	}
	n := float64(len(out.List))
	out.Score, out.With = out.Score/n, out.With/n
	for i := range out.List {
		r := &out.List[i]
		if r.Low && r.With > out.With && (out.First == nil || r.With > out.First.With) {
			out.First = r
		}
	}
	return out
}

// importance draws them.
func importance(s *wording.Speaker, of *RelationsOf, title string) (*chart.Chart, error) {
	in := chart.ImportanceInput{Head: s.Head(title, ""), MiddleScore: of.Score, MiddleLink: of.With}
	words := []*string{&in.Across, &in.Up, &in.Corners[0], &in.Corners[1], &in.Corners[2], &in.Corners[3]}
	for i, key := range []string{"desk.relation.across", "desk.relation.up", "desk.relation.first", "desk.relation.keep", "desk.relation.later", "desk.relation.enough"} {
		var err error
		if *words[i], err = s.Say(key); err != nil {
			return nil, err
		}
	}
	for i := range of.List {
		r := &of.List[i]
		name, err := s.OwnAspect(of.How.Aspect(r.AspectResult))
		if err != nil {
			return nil, err
		}
		end := func(v float64) chart.Value { return chart.Value{At: v, Text: s.Fixed(2, v)} }
		score := chart.Estimate{Mean: chart.Value{At: *r.Mean, Text: s.Shown(r.Shown)}, Low: end(r.CI95[0]), High: end(r.CI95[1])}
		in.Items = append(in.Items, chart.Important{Name: name, Score: score, Link: end(r.With), First: r == of.First})
	}
	return chart.Importance(in), nil
}

package main

import (
	"cmp"
	"context"
	"strconv"

	"persepsi/analytics"
	"persepsi/internal/cache"
	"persepsi/internal/report"
	"persepsi/survey"
)

// none stands for a value that there isn't.
const none = "none"

// move is a figure that an amendment moves.
type move struct {
	figure
	period        string
	before, after string
}

// figure names a figure of a period: of a unit, or of an agency where that is empty.
type figure struct{ unit, name string }

// moves returns the figures of all amended periods that are others by what is
// declared after than by what was declared before.
func (e *environment) moves(ctx context.Context, s *store, before, after *survey.Directory, a *survey.ApplyResult) ([]move, error) {
	if len(a.Amended) == 0 {
		return nil, nil
	}
	board := report.NewBoard(s)
	var figures [2]*report.Figures
	for i, d := range []*survey.Directory{before, after} {
		b, err := report.NewBuilder(board, func() *survey.Directory { return d }, cache.New(0), e.now)
		if err != nil {
			return nil, err
		}
		if err := b.Refresh(ctx); err != nil {
			return nil, err
		}
		figures[i] = b.Figures()
	}
	var out []move
	periods := map[string]bool{}
	for _, c := range a.Amended {
		if periods[c.Period] {
			continue
		}
		periods[c.Period] = true
		var shown [2]map[string]string
		var order []figure
		for i, f := range figures {
			r, err := f.Results(report.Scope{Audience: report.Live, Period: c.Period})
			if err != nil {
				return nil, err
			}
			shown[i] = figuresOf(r, after, &order)
		}
		seen := map[string]bool{}
		for _, f := range order {
			if was, is := shown[0][f.name], shown[1][f.name]; was != is && !seen[f.name] {
				seen[f.name] = true
				f.name = c.Period + " " + f.name
				out = append(out, move{f, c.Period, cmp.Or(was, none), cmp.Or(is, none)})
			}
		}
	}
	return out, nil
}

// figuresOf returns what is shown of each unit and agency, by a name that has the codes
// of after; order gets the figures.
func figuresOf(r *report.Results, after *survey.Directory, order *[]figure) map[string]string {
	out := map[string]string{}
	add := func(unit, name, value string) {
		out[name] = value
		*order = append(*order, figure{unit, name})
	}
	indexes := func(unit, of string, all map[string]*analytics.Index) {
		for _, code := range analytics.Order(r.Form) {
			if x := all[code]; x != nil {
				add(unit, of+" "+code, x.Shown)
			}
		}
	}
	for _, u := range r.Units {
		name := u.Unit
		if place, ok := after.Unit(name); ok {
			name = place.Unit.Code
		}
		indexes(name, name, u.Indexes)
		if u.Sample.Needed != nil {
			add(name, name+" sample needed", strconv.Itoa(*u.Sample.Needed))
		}
	}
	for _, g := range r.Agencies {
		name := g.Agency
		if agency, ok := after.Agency(name); ok {
			name = agency.Code
		}
		indexes("", "agency "+name, g.Indexes)
	}
	return out
}

package report

import (
	"maps"

	"persepsi/analytics"
)

// Audience says who reads, and so which view of the figures.
type Audience uint8

// The audiences.
const (
	Public  Audience = iota // everybody: released figures
	Managed                 // who answers for units: released figures, and what evaluators entered
	Live                    // evaluators, and the operator: every answer, what evaluators entered, and unscored questions
	audiences
)

// View holds the figures of a period as one audience may see them, which never change; their
// JSON texts are written when they are asked for, and let go.
type View struct {
	// Serial is another one for every view: what is made of it is kept by it.
	Serial uint64

	all      Results // of the whole city
	live     bool    // of every answer, not of releases
	calc     *analytics.Calculation
	units    []*unitEntry // follows all.Units
	position map[string]int
	agencies map[string]agencyView

	// The JSON text of the whole city: as one gzip stream (nil where nobody asks for it), as it
	// is, and with explanations.
	zipped           []byte
	demand           *demand // for zipped
	plain, explained *text
}

// agencyView is an agency's part of a view: units from..to of the city's.
type agencyView struct {
	from, to int
	groups   []*analytics.GroupResult
}

// Results returns the results of a scope that exists; see Figures.View.
func (v *View) Results(s Scope) *Results {
	out := v.all
	from, to := 0, len(v.all.Units)
	switch {
	case s.Unit != "":
		out.Agencies, out.City = nil, nil
		var ok bool
		if from, ok = v.position[s.Unit]; ok {
			to = from + 1
		} else {
			to = from // takes no part in the period
		}
	case s.Agency != "":
		a := v.agencies[s.Agency]
		from, to = a.from, a.to
		out.Agencies, out.City = a.groups, nil
	}
	out.Units = v.all.Units[from:to:to]
	if s.Explain {
		v.explain(&out)
	}
	return &out
}

// explain replaces every index by one that tells how it came about.
func (v *View) explain(r *Results) {
	units := make([]*UnitResult, len(r.Units))
	for i, u := range r.Units {
		explained := *u
		explained.Indexes = v.explanations(u.Indexes)
		units[i] = &explained
	}
	group := func(g *analytics.GroupResult) *analytics.GroupResult {
		explained := *g
		explained.Indexes = v.explanations(g.Indexes)
		return &explained
	}
	if r.Agencies != nil {
		agencies := make([]*analytics.GroupResult, len(r.Agencies))
		for i, g := range r.Agencies {
			agencies[i] = group(g)
		}
		r.Agencies = agencies
	}
	if r.City != nil {
		r.City = group(r.City)
	}
	r.Units = units
}

func (v *View) explanations(indexes map[string]*analytics.Index) map[string]*analytics.Index {
	out := maps.Clone(indexes)
	for i := range v.calc.Form.Indexes {
		code := v.calc.Form.Indexes[i].Code
		if x := out[code]; x != nil {
			explained := *x
			explained.Explanation = v.calc.Explanation(i, x)
			out[code] = &explained
		}
	}
	return out
}

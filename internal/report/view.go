package report

import (
	"maps"
	"sync/atomic"
	"time"

	"persepsi/analytics"
)

// Audience says who reads, and so which view of the figures.
type Audience uint8

// The audiences.
const (
	Full   Audience = iota // also what evaluators entered, and unscored questions
	Public                 // what everybody may see
	audiences
)

// View is what one audience sees of a period. It is immutable.
type View struct {
	// Serial is another one for every view: what is made of it is kept by it.
	Serial uint64

	all      Results // of the whole city
	calc     *analytics.Calculation
	units    []*unitEntry // follows all.Units
	position map[string]int
	agencies map[string]agencyView

	demand *demand
	city   []byte // JSON text of the whole city; nil where nobody asks for it
	spans  []span // of all.Units in city
	zipped []byte // city as one gzip stream
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
	if v.city != nil {
		out.texts = func(i int) []byte { return v.text(from + i) }
	}
	if s.Explain {
		v.explain(&out)
	}
	return &out
}

// text returns the text of the i-th unit within that of the city, which there is.
func (v *View) text(i int) []byte {
	at := v.spans[i]
	return v.city[at.from:at.to:at.to]
}

// explain replaces every index by one that tells how it came about.
func (v *View) explain(r *Results) {
	units := make([]*UnitResult, len(r.Units))
	for i, u := range r.Units {
		explained := *u
		explained.Indexes = v.explained(u.Indexes)
		units[i] = &explained
	}
	group := func(g *analytics.GroupResult) *analytics.GroupResult {
		explained := *g
		explained.Indexes = v.explained(g.Indexes)
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
	r.texts = nil
}

func (v *View) explained(indexes map[string]*analytics.Index) map[string]*analytics.Index {
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

// CityJSON returns the JSON text of the whole city and the same as one gzip
// stream, where they are there already: the builder makes them while somebody
// asks for them. Neither may be changed.
func (v *View) CityJSON() (text, zipped []byte, ok bool) {
	v.demand.note()
	return v.city, v.zipped, v.city != nil
}

// demand tells when the text of a whole city was asked for last, by whichever
// snapshot: the builder spends its time only on what is read.
type demand struct {
	now  func() time.Time
	last atomic.Int64 // Unix time in nanoseconds; 0: never
}

// wanted is how long after a request the texts that follow are made beforehand.
const wanted = time.Minute

func (d *demand) note() { d.last.Store(d.now().UnixNano()) }

func (d *demand) recent() bool {
	last := d.last.Load()
	return last != 0 && d.now().Sub(time.Unix(0, last)) < wanted
}

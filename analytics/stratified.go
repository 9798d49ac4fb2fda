package analytics

import (
	"math"
	"slices"
)

// StratifiedIndex is the index of a group as its citizens have it: each unit weighs by the
// people that it served, where the pooled index weighs by answers. Units of 500 and
// 20,000 people with IPAK 3.00 and 4.00 have (500·3 + 20000·4)/20500 = 3.975610.
type StratifiedIndex struct {
	Value      float64    `json:"value"` // on the index's own scale, as Index.Value
	Mean       float64    `json:"mean"`  // on 0..4
	Shown      string     `json:"shown"`
	Mutu       string     `json:"mutu"`
	CI95       [2]float64 `json:"ci95"` // on Value's scale
	Units      int        `json:"units"`
	LeftOut    int        `json:"left_out"`   // units without a figure, or whose population is unknown or can't be right
	Population int64      `json:"population"` // people served by Units
	// Methods are the methods of the indexes in Units, where they are more than one.
	Methods []string `json:"methods,omitempty"`

	Exact Ratio `json:"-"` // Value
}

// stratum is one unit of a group that has an index.
type stratum struct {
	evidence
	answered int64
	people   int64 // served; 0 where not known or not possible
	value    Ratio // no number where none is to be shown
	method   string
}

// strata are the units of a group that have an index.
type strata []stratum

// people returns how many people the units would have served if the share that was heard
// were everywhere as small as where it is smallest; 0 where that of some unit is not known.
func (s strata) people() int64 {
	most, answered := 0.0, int64(0)
	for _, u := range s {
		if u.people <= 0 {
			return 0
		}
		most = max(most, float64(u.people)/float64(u.answered))
		answered += u.answered
	}
	return int64(math.Ceil(most*float64(answered) - 1e-6))
}

// methods returns the methods of the units with a figure, in order; nil where all have the
// same.
func (s strata) methods() []string {
	var out []string
	for _, u := range s {
		if u.value.Known() {
			out = append(out, u.method)
		}
	}
	slices.Sort(out)
	if out = slices.Compact(out); len(out) < 2 {
		return nil
	}
	return out
}

// stratified returns the mean per citizen of a group of so many units; nil where no unit
// has both a figure and a sound population.
func (s strata) stratified(code string, units int, by conversion, table *GradeTable) *StratifiedIndex {
	out := &StratifiedIndex{}
	total := new(sum)
	var known []evidence
	var held strata
	var weights []float64
	for _, u := range s {
		if u.people <= 0 || !u.value.Known() {
			continue
		}
		out.Units++
		out.Population += u.people
		total.add(u.value.Mul(whole(u.people)))
		held = append(held, u)
		known, weights = append(known, u.evidence), append(weights, float64(u.people))
	}
	if out.Units == 0 {
		return nil
	}
	out.LeftOut, out.Methods = units-out.Units, held.methods()
	for h := range weights {
		weights[h] /= float64(out.Population)
	}
	out.Exact = total.ratio().Quo(whole(out.Population))
	at100, mean := out.Exact, out.Exact
	if code == IKM {
		mean = out.Exact.Quo(whole(hundred))
	} else {
		at100 = on100(out.Exact)
	}
	out.Value, out.Mean, out.Shown, out.Mutu = out.Exact.Float64(), mean.Float64(), Shown(out.Exact, 2), table.Grade(at100).Mutu
	// The value is made by each unit's own method, where one left out an aspect that a
	// printed weight counts; the interval's distances are those of the group's.
	e := pooledEvidence(known, weights)
	ends, _ := carried(e, code, by, mean, table)
	centre := by.at100(e.mean)
	if code != IKM {
		centre /= hundred
	}
	apart := out.Value - centre
	if math.Abs(apart) < 1e-9 {
		apart = 0
	}
	out.CI95 = moved(ends, apart, valueOf(code, whole(1), whole(hundred)).Float64())
	return out
}

// moved returns an interval shifted by what two figures are apart, its ends again rounded
// outwards to a step of grid, and no end above 4. unit is 1 of the 0-4 scale on that of the
// ends.
func moved(ends [2]float64, apart, unit float64) [2]float64 {
	if apart == 0 {
		return ends
	}
	steps := func(v float64) float64 { return (v + apart) / unit * grid }
	low, high := math.Floor(steps(ends[0])), math.Ceil(steps(ends[1]))
	return [2]float64{low * unit / grid, min(high, 4*grid) * unit / grid}
}

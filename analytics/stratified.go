package analytics

// Stratified is the index of a group as its citizens have it: each unit weighs by the
// people that it served, where the pooled index weighs by answers. Units of 500 and
// 20,000 people with IPAK 3.00 and 4.00 have (500·3 + 20000·4)/20500 = 3.975610.
type Stratified struct {
	Value      float64    `json:"value"` // on the index's own scale, as Index.Value
	Mean       float64    `json:"mean"`  // on 0..4
	Shown      string     `json:"shown"`
	Mutu       string     `json:"mutu"`
	CI95       [2]float64 `json:"ci95"` // on Value's scale
	Units      int        `json:"units"`
	LeftOut    int        `json:"left_out"`   // units without a figure, or whose population is unknown or can't be right
	Population int64      `json:"population"` // people served by Units

	Exact Ratio `json:"-"` // Value
}

// stratum is one unit of a group that has an index.
type stratum struct {
	evidence
	answered int64
	people   int64 // served; 0 where not known or not possible
	value    Ratio // no number where none is to be shown
}

// strata are the units of a group that have an index.
type strata []stratum

// pooled returns what the units tell of their mean per answer.
func (s strata) pooled() evidence {
	units, weights, all := make([]evidence, len(s)), make([]float64, len(s)), 0.0
	for h := range s {
		units[h], weights[h] = s[h].evidence, float64(s[h].answered)
		all += weights[h]
	}
	for h := range weights {
		weights[h] /= all
	}
	return pooledEvidence(units, weights)
}

// stratified returns the mean per citizen of a group of so many units; nil where no unit
// has both a figure and a sound population.
func (s strata) stratified(code string, units int, by conversion, table *GradeTable) *Stratified {
	out := &Stratified{}
	total := new(sum)
	var known []evidence
	var weights []float64
	for _, u := range s {
		if u.people <= 0 || !u.value.Known() {
			continue
		}
		out.Units++
		out.Population += u.people
		total.add(u.value.Mul(whole(u.people)))
		known, weights = append(known, u.evidence), append(weights, float64(u.people))
	}
	if out.Units == 0 {
		return nil
	}
	out.LeftOut = units - out.Units
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
	out.CI95, _ = carried(pooledEvidence(known, weights), code, by, mean, table)
	out.CI95[0], out.CI95[1] = min(out.CI95[0], out.Value), max(out.CI95[1], out.Value)
	return out
}

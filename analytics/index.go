package analytics

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"persepsi/survey"
)

// IKM is the code of the one index that is told on 25..100; IPKP and IPAK are
// told on 0..4.
const (
	IKM  = "ikm"
	IPKP = "ipkp"
	IPAK = "ipak"
)

// hundred is the factor from the 0-4 scale to 0-100: 100/4 (PermenPANRB
// 14/2017).
const hundred = 25

// Index is one index of a unit, an agency or the city, with all that is needed
// to defend it.
type Index struct {
	// Value is the index on its own scale: 25..100 for IKM, 0..4 otherwise.
	Value float64 `json:"value"`
	// Mean is the index on 0..4, whichever it is.
	Mean float64 `json:"mean"`
	// Shown is Value rounded half up to two decimals, for display.
	Shown   string `json:"shown"`
	Mutu    string `json:"mutu"`
	Kinerja string `json:"kinerja"`
	// CI95 is the 95 % interval on Value's scale.
	CI95 [2]float64 `json:"ci95"`
	// N is the number of respondents who answered any of the index's questions.
	N           int64          `json:"n"`
	Method      string         `json:"method"`
	GradeTable  string         `json:"grade_table"`
	Stability   Stability      `json:"stability"`
	Aspects     []AspectResult `json:"aspects"`
	Reliability Reliability    `json:"reliability"`
	// Reconciliation tells what other methods in use give for the same
	// answers.
	Reconciliation []Reconciled `json:"reconciliation"`
	// UnitMean is the unweighted mean of the units' indexes, beside the pooled
	// Value of an agency or city.
	UnitMean    *float64     `json:"unit_mean,omitempty"`
	Explanation *Explanation `json:"explanation,omitempty"`

	// ExactMean and ExactValue are Mean and Value as exact rationals.
	ExactMean  *big.Rat `json:"-"`
	ExactValue *big.Rat `json:"-"`
}

// Lowest returns the code of the aspect with the lowest mean: what to improve
// first. Empty where all are equal.
func (x *Index) Lowest() string {
	var least, most *AspectResult
	for i := range x.Aspects {
		a := &x.Aspects[i]
		if a.Exact == nil {
			continue
		}
		if least == nil || a.Exact.Cmp(least.Exact) < 0 {
			least = a
		}
		if most == nil || a.Exact.Cmp(most.Exact) > 0 {
			most = a
		}
	}
	if least == nil || least.Exact.Cmp(most.Exact) == 0 {
		return ""
	}
	return least.Code
}

// AspectResult is one unsur or aspect of an index.
type AspectResult struct {
	Code string `json:"code"`
	// Sum and N are the scores' sum and the number of answers.
	Sum int64 `json:"sum"`
	N   int64 `json:"n"`
	// Mean is the aspect on 0..4 (NRR for an unsur); Weighted is its share of
	// the index's mean; Value100 is the mean × 25; Mutu grades that.
	Mean     float64 `json:"mean"`
	Weighted float64 `json:"weighted"`
	Value100 float64 `json:"value100"`
	Mutu     string  `json:"mutu"`

	Name  survey.Text `json:"name"`
	Exact *big.Rat    `json:"-"` // Mean
}

// Reconciled is one index by another method: what an officer's old sheet may
// show.
type Reconciled struct {
	Method string  `json:"method"`
	Value  float64 `json:"value"`
	Shown  string  `json:"shown"`
	// Difference is this value less the index's own.
	Difference float64 `json:"difference"`
	Mutu       string  `json:"mutu"`
}

// Explanation tells how an index came about: in steps for those who read the
// API, and as the numbers between the aspects and the index for pages, which
// say them in their own language.
type Explanation struct {
	Formula  string   `json:"formula"`
	Steps    []string `json:"steps"`
	Rounding string   `json:"rounding"`
	Source   string   `json:"source"`

	Basis    survey.Text `json:"-"` // Source, in every language
	Weight   string      `json:"-"` // of one aspect, such as 1/9
	Slope    string      `json:"-"` // of the conversion to 0..4, empty where there is none
	Offset   string      `json:"-"`
	Averages []string    `json:"-"` // follows Aspects: on 0..4, six decimals; empty where nobody answered
	Mean     string      `json:"-"` // six decimals
	Factor   string      `json:"-"` // from Mean to the value, empty where it is 1
	Value    string      `json:"-"` // six decimals
	At100    string      `json:"-"` // what is graded, two decimals
}

// indexOf computes the i-th index of a tally's form by a method; nil where it
// has no answers. population is the number of people served, 0 where unknown.
func indexOf(t *Tally, i int, method *survey.Method, methods *survey.Methods, table *GradeTable, population int64) *Index {
	x := &t.form.Indexes[i]
	aspects, raw := aspectMeans(t, x)
	if raw == nil {
		return nil
	}
	k := answered(aspects)
	mean := combine(aspects, k, method)
	out := &Index{
		ExactMean: mean, ExactValue: valueOf(x.Code, mean), N: t.moments[i].n,
		Method: method.Ref(), GradeTable: fmt.Sprintf("%s@%d", table.Name, table.Version),
		Reliability: t.Reliability(i), Reconciliation: []Reconciled{},
	}
	out.Mean, out.Value, out.Shown = float(mean), float(out.ExactValue), Shown(out.ExactValue, 2)
	grade := table.Grade(on100(mean))
	out.Mutu, out.Kinerja = grade.Mutu, grade.Kinerja
	out.CI95, out.Stability = interval(t, i, raw, mean, method, k, population, x.Code, table)
	weight := weightOf(method, k)
	for n := range aspects {
		a := &aspects[n]
		if a.Exact == nil {
			continue
		}
		a.Exact = convert(a.Exact, method)
		a.Mean, a.Weighted = float(a.Exact), float(new(big.Rat).Mul(a.Exact, weight))
		at100 := on100(a.Exact)
		a.Value100, a.Mutu = float(at100), table.Grade(at100).Mutu
	}
	out.Aspects = aspects
	for _, m := range methods.Alternatives(&x.Index, method) {
		rawAspects, _ := aspectMeans(t, x)
		other := combine(rawAspects, k, m)
		value := valueOf(x.Code, other)
		out.Reconciliation = append(out.Reconciliation, Reconciled{
			Method: m.Ref(), Value: float(value), Shown: Shown(value, 2),
			Difference: float(new(big.Rat).Sub(value, out.ExactValue)), Mutu: table.Grade(on100(other)).Mutu,
		})
	}
	return out
}

// aspectMeans returns each aspect's mean on the answers' scale (nil where nobody
// answered it), and the mean of these means (nil where there is none). An
// aspect of several questions is the mean of the questions' means.
func aspectMeans(t counts, x *survey.FormIndex) ([]AspectResult, *big.Rat) {
	out := make([]AspectResult, len(x.Aspects))
	total, k := new(big.Rat), int64(0)
	for a := range x.Aspects {
		out[a].Code, out[a].Name = x.Aspects[a].Code, x.Aspects[a].Name
		mean, questions := new(big.Rat), int64(0)
		for _, p := range x.Positions[a] {
			s, n := t.Question(p)
			out[a].Sum += s
			out[a].N += n
			if n > 0 {
				mean.Add(mean, big.NewRat(s, n))
				questions++
			}
		}
		if questions == 0 {
			continue
		}
		if questions > 1 {
			mean.Quo(mean, new(big.Rat).SetInt64(questions))
		}
		out[a].Exact = mean
		total.Add(total, mean)
		k++
	}
	if k == 0 {
		return out, nil
	}
	return out, total.Quo(total, new(big.Rat).SetInt64(k))
}

// weightOf returns the weight of one of k aspects: the printed one, or exactly
// 1/k.
func weightOf(m *survey.Method, k int) *big.Rat {
	if m.Weight != nil {
		return m.Weight
	}
	return big.NewRat(1, int64(k))
}

// combine returns an index's mean on 0..4: Σ converted aspect means × weight.
// An aspect that nobody answered is left out, as where law makes a service
// free.
func combine(aspects []AspectResult, k int, m *survey.Method) *big.Rat {
	sum := new(big.Rat)
	for i := range aspects {
		if aspects[i].Exact != nil {
			sum.Add(sum, convert(aspects[i].Exact, m))
		}
	}
	return sum.Mul(sum, weightOf(m, k))
}

func convert(x *big.Rat, m *survey.Method) *big.Rat {
	y := new(big.Rat).Mul(x, m.Slope)
	return y.Add(y, m.Offset)
}

func valueOf(code string, mean *big.Rat) *big.Rat {
	if code == IKM {
		return on100(mean)
	}
	return mean
}

// on100 carries a mean from 0-4 to 0-100.
func on100(x *big.Rat) *big.Rat { return new(big.Rat).Mul(x, new(big.Rat).SetInt64(hundred)) }

func float(x *big.Rat) float64 {
	f, _ := x.Float64()
	return f
}

// interval carries the interval of the respondents' own means over to the
// index's value: conversion and weight are linear.
func interval(t *Tally, i int, raw, mean *big.Rat, m *survey.Method, k int, population int64, code string, table *GradeTable) ([2]float64, Stability) {
	x := &t.form.Indexes[i]
	lo, hi := Interval95(IntervalInput{
		Mean: float(raw), Variance: t.moments[i].variance(), Lo: 1, Hi: float64(x.Scale), N: t.moments[i].n, Population: population,
	})
	slope, offset := float(m.Slope), float(m.Offset)
	share := float(weightOf(m, k)) * float64(k)
	carried := func(v float64) float64 { return (slope*v + offset) * share * hundred }
	stability := table.Stability(on100(mean), carried(lo), carried(hi))
	if code == IKM {
		return [2]float64{carried(lo), carried(hi)}, stability
	}
	return [2]float64{carried(lo) / hundred, carried(hi) / hundred}, stability
}

// explain writes how an index came about.
func explain(x *survey.FormIndex, out *Index, m *survey.Method) *Explanation {
	name := strings.ToUpper(x.Code)
	weight := "1/k"
	if m.Weight != nil {
		weight = m.Weight.FloatString(4)
	}
	e := &Explanation{
		Source: m.Source.In("en"), Rounding: "half up, 2 decimals, for display and for the grade only", Basis: m.Source,
		Averages: make([]string, len(out.Aspects)), Mean: Shown(out.ExactMean, 6), Value: Shown(out.ExactValue, 6), At100: Shown(on100(out.ExactMean), 2),
	}
	conversion := "NRR"
	if m.Slope.Cmp(big.NewRat(1, 1)) != 0 || m.Offset.Sign() != 0 {
		e.Slope, e.Offset = m.Slope.RatString(), m.Offset.RatString()
		conversion = fmt.Sprintf("(%s × NRR + %s)", e.Slope, e.Offset)
	}
	e.Formula = fmt.Sprintf("NRR = Σ/n; mean = Σ %s × %s", conversion, weight)
	if x.Code == IKM {
		e.Formula += fmt.Sprintf("; %s = mean × %d", name, hundred)
	} else {
		e.Formula += fmt.Sprintf("; %s = mean", name)
	}
	k := 0
	for i, a := range out.Aspects {
		if a.Exact == nil {
			e.Steps = append(e.Steps, fmt.Sprintf("%s: n = 0, left out", a.Code))
			continue
		}
		k++
		e.Averages[i] = Shown(a.Exact, 6)
		e.Steps = append(e.Steps, fmt.Sprintf("%s: %d / %d → %s", a.Code, a.Sum, a.N, e.Averages[i]))
	}
	e.Weight = weightOf(m, k).RatString()
	if m.Weight != nil {
		e.Weight = weight
	}
	e.Steps = append(e.Steps,
		fmt.Sprintf("k = %d, weight = %s", k, weightOf(m, k).RatString()),
		fmt.Sprintf("mean = %s = %s", out.ExactMean.RatString(), e.Mean))
	if x.Code == IKM {
		e.Factor = strconv.Itoa(hundred)
		e.Steps = append(e.Steps, fmt.Sprintf("%s = %s × %s = %s", name, e.Mean, e.Factor, e.Value))
	}
	e.Steps = append(e.Steps,
		fmt.Sprintf("%s → %s", e.Value, out.Shown),
		fmt.Sprintf("mutu: %s → %s (%s)", e.At100, out.Mutu, out.GradeTable))
	return e
}

package analytics

import (
	"slices"

	"persepsi/survey"
)

// IKM is the code of the one index that is reported on 25..100; IPKP and
// IPAK are reported on 0..4.
const (
	IKM  = "ikm"
	IPKP = "ipkp"
	IPAK = "ipak"
)

// Regulated returns the indexes that regulations name.
func Regulated() []string { return []string{IKM, IPKP, IPAK} }

// Order returns the codes of a form's indexes in the order in which they are shown:
// first that which the survey is of, the IKM of the form's first instrument or, where
// this has none, its first index; then the others as the instruments have them.
func Order(f *survey.Form) []string {
	first := f.Indexes[0].Code
	if slices.ContainsFunc(f.Instruments[0].Indexes, func(x survey.Index) bool { return x.Code == IKM }) {
		first = IKM
	}
	out := []string{first}
	for i := range f.Indexes {
		if code := f.Indexes[i].Code; code != first {
			out = append(out, code)
		}
	}
	return out
}

// Own returns the codes of the city's own indexes that a form has.
func Own(f *survey.Form) []string {
	var out []string
	for i := range f.Indexes {
		if code := f.Indexes[i].Code; !slices.Contains(Regulated(), code) {
			out = append(out, code)
		}
	}
	return out
}

// hundred is the factor from the 0-4 scale to 0-100: 100/4 (PermenPANRB
// 14/2017).
const hundred = 25

// Index is one index of a unit, an agency or the city, with all that is needed
// to defend it.
type Index struct {
	// Name is what a city calls an index of its own; nil for those that regulations
	// name.
	Name survey.Text `json:"name,omitempty"`
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
	// CI95Method names how CI95 was computed, NAME@VERSION.
	CI95Method string `json:"ci95_method"`
	// N is the number of respondents who answered all aspects of the index that
	// anybody answered: one question of each at least. It is what adequacy goes by.
	N int64 `json:"n"`
	// Answered is the number of respondents who answered any of the index's questions.
	Answered int64 `json:"answered"`
	// Needed is the sample that the people served need by Krejcie and Morgan; nil
	// where their number is not known or can't be right.
	Needed *int `json:"needed"`
	// Adequate tells that N is at least Needed and that no aspect is missing; never where
	// there is a SampleFault.
	Adequate bool `json:"adequate"`
	// SampleFault tells what is wrong with the number of people served:
	// PopulationUnknown, PopulationZero or PopulationBelowN. Empty where nothing is.
	SampleFault string `json:"sample_fault,omitempty"`
	// AspectsAnswered of AspectsAll aspects have answers; the index is of these.
	AspectsAnswered int `json:"aspects_answered"`
	AspectsAll      int `json:"aspects_all"`
	// Method is the index's method of computation. Chosen is the period's, where
	// its printed weight is meant for another number of aspects than have answers.
	Method string `json:"method"`
	Chosen string `json:"method_chosen,omitempty"`
	// Basis is the regulation that the index rests on, or what the method of a city's
	// own says; Regulation is its text in Bahasa Indonesia.
	Basis       survey.Text    `json:"-"`
	Regulation  string         `json:"basis,omitempty"`
	GradeTable  string         `json:"grade_table"`
	Stability   Stability      `json:"stability"`
	Aspects     []AspectResult `json:"aspects"`
	Reliability Reliability    `json:"reliability,omitzero"`
	// Reconciliation has the index of the same answers by the other methods
	// in use.
	Reconciliation []Reconciliation `json:"reconciliation"`
	// UnitMean is the unweighted mean of the units' indexes, beside the pooled
	// Value of an agency or city.
	UnitMean *float64 `json:"unit_mean,omitempty"`
	// Methods are the methods of the units' own indexes, whose mean is UnitMean, where they
	// are more than one: a printed weight counts only at units whose aspects all
	// have answers.
	Methods []string `json:"methods,omitempty"`
	// Stratified weighs the units of an agency or city by the people that they served.
	Stratified  *StratifiedIndex `json:"stratified,omitempty"`
	Chances     *Chances         `json:"chances,omitempty"`
	Explanation *Explanation     `json:"explanation,omitempty"`

	// ExactMean and ExactValue are Mean and Value as exact rationals.
	ExactMean  Ratio `json:"-"`
	ExactValue Ratio `json:"-"`

	evidence evidence   // what the answers tell of the mean
	by       conversion // from the answers' scale, as it was computed
}

// Partial reports whether aspects of the index have no answers, or too few to be shown:
// then it is an index of the others alone. People who don't answer a question may be those
// who have most to say of it, so that neither its interval nor a grade tells of the whole.
func (x *Index) Partial() bool { return x.AspectsAnswered < x.AspectsAll }

// Enough reports whether as many people answered as the people served need.
func (x *Index) Enough() bool {
	return x.SampleFault == "" && x.Needed != nil && x.N >= int64(*x.Needed)
}

// Lowest returns the code of the aspect with the lowest mean: what to improve
// first. Empty where all are equal.
func (x *Index) Lowest() string {
	var least, most *AspectResult
	for i := range x.Aspects {
		a := &x.Aspects[i]
		if !a.Exact.Known() {
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
	// Sum and N are the scores' sum and the number of answers. A released aspect
	// has no sum.
	Sum int64 `json:"sum,omitempty"`
	N   int64 `json:"n"`
	// Declined is how many answers were "don't know / prefer not to say", where a
	// question of the aspect may be declined: in neither Sum nor N. Evaluators alone
	// see it.
	Declined *int64 `json:"declined,omitempty"`
	// Withheld tells that a release has no answers to the aspect: there are none, or too
	// few to be released. Which of both is not told.
	Withheld bool `json:"withheld,omitempty"`
	// Mean is the aspect on 0..4 (NRR for an unsur), Shown the same rounded half up
	// to two decimals; Weighted is its share of the index's mean; Value100 is the
	// mean × 25; Mutu grades that. Where nobody answered there is no number (nil) and no
	// text: a mean of nothing is not 0.
	Mean     *float64 `json:"mean"`
	Shown    string   `json:"shown,omitempty"`
	Weighted *float64 `json:"weighted"`
	Value100 *float64 `json:"value100"`
	Mutu     string   `json:"mutu"`

	Name  survey.Text `json:"name"`
	Exact Ratio       `json:"-"` // Mean; no number where nobody answered
	// Questions are what Sum and N are made of, where several questions ask for the aspect:
	// Mean is the mean of their means, not Sum/N. None where there is one, or no sum.
	Questions []QuestionSum `json:"-"`
}

// QuestionSum is what was answered to one question of an aspect.
type QuestionSum struct{ Sum, N int64 }

// Reconciliation is one index by another method: what an officer's old sheet may
// show.
type Reconciliation struct {
	Method string  `json:"method"`
	Value  float64 `json:"value"`
	Shown  string  `json:"shown"`
	// Difference is this value less the index's own.
	Difference      float64 `json:"difference"`
	ShownDifference string  `json:"shown_difference"`
	Mutu            string  `json:"mutu"`
}

// indexOf computes the i-th index of a tally's form by a method; nil where it
// has no answers. e is what the answers tell of its mean.
func indexOf(t *Tally, i int, method *survey.Method, methods *survey.Methods, table *GradeTable, e evidence) *Index {
	x := &t.form.Indexes[i]
	out, means := figures(t, x, method, methods, table)
	if out == nil {
		return nil
	}
	out.Answered, out.N = t.Respondents(i)
	out.Reliability = t.Reliability(i)
	out.evidence = e
	out.CI95Method = intervalMethod
	out.CI95, out.Stability = carried(e, x.Code, newConversion(method, means.k), out.ExactMean, table)
	return out
}

// figures computes what an index is made of without an assumption on its
// respondents: all but interval and reliability.
func figures(t counts, x *survey.FormIndex, method *survey.Method, methods *survey.Methods, table *GradeTable) (*Index, aspectMeans) {
	out := &Index{Name: x.Name, GradeTable: table.Ref(), Aspects: make([]AspectResult, len(x.Aspects)), Reconciliation: []Reconciliation{}}
	means := meansOf(t, x, out.Aspects)
	if means.k == 0 {
		return nil, means
	}
	out.AspectsAnswered, out.AspectsAll = int(means.k), len(x.Aspects)
	used := methods.Used(method, int(means.k))
	if out.Method = used.Ref(); used != method {
		out.Chosen = method.Ref()
	}
	by := newConversion(method, means.k)
	out.by = by
	out.ExactMean = by.index(means)
	at100 := on100(out.ExactMean)
	out.ExactValue = valueOf(x.Code, out.ExactMean, at100)
	out.Mean, out.Value, out.Shown = out.ExactMean.Float64(), out.ExactValue.Float64(), Shown(out.ExactValue, 2)
	grade := table.Grade(at100)
	out.Mutu, out.Kinerja = grade.Mutu, grade.Kinerja
	for n := range out.Aspects {
		a := &out.Aspects[n]
		if !a.Exact.Known() {
			continue
		}
		a.Exact = by.aspect(a.Exact)
		a.Shown = Shown(a.Exact, 2)
		at100 := on100(a.Exact)
		told := [...]float64{a.Exact.Float64(), a.Exact.Mul(by.weight).Float64(), at100.Float64()}
		a.Mean, a.Weighted, a.Value100 = &told[0], &told[1], &told[2]
		a.Mutu = table.Grade(at100).Mutu
	}
	for _, m := range methods.Alternatives(&x.Index, int(means.k), used) {
		other := newConversion(m, means.k).index(means)
		at100 := on100(other)
		value := valueOf(x.Code, other, at100)
		difference := value.Sub(out.ExactValue)
		out.Reconciliation = append(out.Reconciliation, Reconciliation{
			Method: m.Ref(), Value: value.Float64(), Shown: Shown(value, 2),
			Difference: difference.Float64(), ShownDifference: Shown(difference, 2), Mutu: table.Grade(at100).Mutu,
		})
	}
	return out, means
}

// aspectMeans are the means of an index's aspects on the answers' scale: their
// sum over the k aspects that somebody answered.
type aspectMeans struct {
	sum Ratio
	k   int64
}

// meansOf computes the means of an index's aspects and fills in each aspect's
// own: no number where nobody answered it. An aspect of several questions is
// the mean of the questions' means.
func meansOf(t counts, x *survey.FormIndex, aspects []AspectResult) aspectMeans {
	var total sum
	for i := range aspects {
		a := &aspects[i]
		a.Code, a.Name = x.Aspects[i].Code, x.Aspects[i].Name
		mean, questions := whole(0), int64(0)
		for _, p := range x.Positions[i] {
			s, n := t.Question(p)
			a.Sum += s
			a.N += n
			if len(x.Positions[i]) > 1 {
				a.Questions = append(a.Questions, QuestionSum{s, n})
			}
			if n > 0 {
				mean = mean.Add(NewRatio(s, n))
				questions++
			}
		}
		if questions > 0 {
			a.Exact = mean.Quo(whole(questions))
			total.add(a.Exact)
		}
	}
	return aspectMeans{sum: total.ratio(), k: total.n}
}

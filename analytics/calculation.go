package analytics

import (
	"fmt"

	"persepsi/survey"
)

// Calculation is what all units of one period are computed with.
type Calculation struct {
	Form    *survey.Form
	Period  *survey.Period
	Chosen  []*survey.Method // follows Form.Indexes
	Methods *survey.Methods
	Grades  *GradeTable
	Samples *Samples
	Bases   *Bases
	LKE     *LKETable // whose minima Chances tell of; nil: none
}

// ChooseMethods returns each index's method: the period's, else the instrument's.
func ChooseMethods(d *survey.Directory, p *survey.Period, form *survey.Form) ([]*survey.Method, error) {
	out := make([]*survey.Method, len(form.Indexes))
	for i := range form.Indexes {
		x := &form.Indexes[i]
		name := x.Method
		if n, ok := p.Methods[x.Code]; ok {
			name = n
		}
		m, err := d.Methods().For(&x.Index, name)
		if err != nil {
			return nil, fmt.Errorf("period %s: %w", p.Code, err)
		}
		out[i] = m
	}
	return out, nil
}

// Index returns one index of a tally by its place in the form; nil where there
// is no answer to it.
func (c *Calculation) Index(t *Tally, i int, served Population) *Index {
	if t == nil {
		return nil
	}
	people := served.People
	if served.fault(t.N) != "" {
		people = 0
	}
	return c.index(t, i, served, t.evidence(i, people), true)
}

// index computes an index of which the answers tell e: with the chances of the sheet's
// minima, where these are asked for.
func (c *Calculation) index(t *Tally, i int, served Population, e evidence, minima bool) *Index {
	out := indexOf(t, i, c.Chosen[i], c.Methods, c.Grades, e)
	if out == nil {
		return nil
	}
	if out.SampleFault = served.fault(t.N); out.SampleFault == "" {
		needed := c.Samples.KrejcieMorgan(int(served.People))
		out.Needed = &needed
		out.Adequate = out.Enough() && !out.Partial()
	}
	if !out.Partial() { // what is missing could move it anywhere
		out.Chances = c.chances(c.Form.Indexes[i].Code, e, c.conversion(i, out), minima)
	}
	out.Basis = c.basis(i, out)
	out.Regulation = out.Basis.In("id")
	return out
}

// conversion returns how the answers' scale is carried to an index, as it was computed.
func (c *Calculation) conversion(i int, x *Index) conversion {
	return newConversion(c.Chosen[i], int64(x.AspectsAnswered))
}

// basis returns what the i-th index of the form rests on: a regulation or, for one
// of a city's own, what its method says.
func (c *Calculation) basis(i int, x *Index) survey.Text {
	if text := c.Bases.Of(&c.Form.Indexes[i].Index); text != nil {
		return text
	}
	return c.Methods.Used(c.Chosen[i], x.AspectsAnswered).Source
}

// Explanation tells how an index came about: x is the i-th of the form, as
// Index returned it.
func (c *Calculation) Explanation(i int, x *Index) *Explanation {
	return explain(&c.Form.Indexes[i], x, c.Chosen[i], c.Methods)
}

// Group pools the units of an agency or of the city.
type Group struct {
	calc       *Calculation
	code, name string
	Units      int // that take part
	answered   int
	pooled     *Tally
	served     Population      // by all units together
	values     map[string]*sum // of the units' values, by index
	strata     []strata        // follows Form.Indexes
}

// NewGroup makes an empty group.
func (c *Calculation) NewGroup(code, name string) *Group {
	return &Group{calc: c, code: code, name: name, values: map[string]*sum{}, strata: make([]strata, len(c.Form.Indexes))}
}

// Add pools a unit: its tally, nil where it has no answers, and its indexes by code, as
// Calculation.Index computed them of that tally; those that are withheld are missing.
func (g *Group) Add(unit string, t *Tally, indexes map[string]*Index) error {
	g.Units++
	g.serve(PopulationOf(g.calc.Period, unit), t)
	if t == nil {
		return nil
	}
	g.answered++
	if g.pooled == nil {
		g.pooled = NewTotals(g.calc.Form)
	}
	if err := g.pooled.Merge(t); err != nil {
		return fmt.Errorf("pool unit %s: %w", unit, err)
	}
	g.stratify(PopulationOf(g.calc.Period, unit), t, indexes)
	for code, x := range indexes {
		if x == nil {
			continue
		}
		if g.values[code] == nil {
			g.values[code] = new(sum)
		}
		g.values[code].add(x.ExactValue)
	}
	return nil
}

// stratify keeps what a unit tells of each index.
func (g *Group) stratify(served Population, t *Tally, indexes map[string]*Index) {
	people := served.People
	if served.fault(t.N) != "" {
		people = 0
	}
	for i := range g.strata {
		n, _ := t.Respondents(i)
		if n == 0 {
			continue
		}
		u := stratum{answered: n, people: people}
		if x := indexes[g.calc.Form.Indexes[i].Code]; x != nil {
			u.evidence, u.value, u.method = x.evidence, x.ExactValue, x.Method
		}
		g.strata[i] = append(g.strata[i], u)
	}
}

// serve adds the people that a unit served. What is wrong with a unit's number is
// wrong with the sum; a unit that served nobody and has no answers adds nothing.
func (g *Group) serve(p Population, t *Tally) {
	fault := PopulationUnknown
	switch {
	case t != nil:
		fault = p.fault(t.N)
	case p.Fault == PopulationZero || p.People > 0:
		fault = ""
	}
	g.served.People += p.People
	if g.served.Fault == "" || fault == PopulationUnknown {
		g.served.Fault = fault
	}
}

// Result returns the pooled indexes, each with the unweighted mean of the units and with
// that which weighs them by the people served. The interval of the pooled index of several
// units is that of all their answers as one sample: what units differ by widens it, and the
// smallest share that was heard of a unit's people narrows it.
func (g *Group) Result() *GroupResult {
	out := &GroupResult{
		Agency: g.code, Name: g.name, Units: g.Units, Answered: g.answered,
		Responses: CountResponses(g.pooled), Indexes: map[string]*Index{},
	}
	for i := range g.calc.Form.Indexes {
		code := g.calc.Form.Indexes[i].Code
		out.Indexes[code] = nil
		if len(g.strata[i]) == 0 {
			continue
		}
		x := g.calc.index(g.pooled, i, g.served, g.pooled.evidence(i, g.strata[i].people()), false)
		if values := g.values[code]; values != nil {
			mean := values.mean()
			x.UnitMean, x.Methods = &mean, g.strata[i].methods()
		}
		x.Stratified = g.strata[i].stratified(code, g.Units, g.calc.conversion(i, x), g.calc.Grades)
		out.Indexes[code] = x
	}
	return out
}

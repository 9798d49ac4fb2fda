package analytics

import (
	"fmt"
	"math/big"

	"persepsi/survey"
)

// calculation is what all units of one period are computed with.
type calculation struct {
	form    *survey.Form
	period  *survey.Period
	chosen  []*survey.Method // follows form.Indexes
	methods *survey.Methods
	table   *GradeTable
	explain bool
}

// chooseMethods gives each index's method: the period's, else the instrument's.
func chooseMethods(d *survey.Directory, p *survey.Period, form *survey.Form) ([]*survey.Method, error) {
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

func (c *calculation) index(t *Tally, i int, population int64) *Index {
	if t == nil {
		return nil
	}
	out := indexOf(t, i, c.chosen[i], c.methods, c.table, population)
	if out != nil && c.explain {
		out.Explanation = explain(&c.form.Indexes[i], out, c.chosen[i])
	}
	return out
}

// group pools the units of an agency or of the city.
type group struct {
	calc       *calculation
	code, name string
	units      int
	answered   int
	pooled     *Tally
	population int64
	unknown    bool                // some unit's population was not declared
	means      map[string]*big.Rat // sum of the units' values, by index
	counted    map[string]int64
}

func (c *calculation) newGroup(code, name string) *group {
	return &group{calc: c, code: code, name: name, means: map[string]*big.Rat{}, counted: map[string]int64{}}
}

func (g *group) add(unit string, t *Tally, values map[string]*big.Rat) error {
	g.units++
	population, known := g.calc.period.Population[unit]
	g.population += int64(population)
	g.unknown = g.unknown || !known
	if t == nil {
		return nil
	}
	g.answered++
	if g.pooled == nil {
		g.pooled = NewTotals(g.calc.form)
	}
	if err := g.pooled.Merge(t); err != nil {
		return fmt.Errorf("pool unit %s: %w", unit, err)
	}
	for code, x := range values {
		if g.means[code] == nil {
			g.means[code] = new(big.Rat)
		}
		g.means[code].Add(g.means[code], x)
		g.counted[code]++
	}
	return nil
}

func (g *group) result() *GroupResult {
	out := &GroupResult{
		Agency: g.code, Name: g.name, Units: g.units, Answered: g.answered,
		Responses: countResponses(g.pooled), Indexes: map[string]*Index{},
	}
	population := g.population
	if g.unknown {
		population = 0
	}
	for i := range g.calc.form.Indexes {
		code := g.calc.form.Indexes[i].Code
		x := g.calc.index(g.pooled, i, population)
		if x != nil && g.counted[code] > 0 {
			mean := float(new(big.Rat).Quo(g.means[code], new(big.Rat).SetInt64(g.counted[code])))
			x.UnitMean = &mean
		}
		out.Indexes[code] = x
	}
	return out
}

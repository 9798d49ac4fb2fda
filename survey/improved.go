package survey

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Improvement is what a unit did about the results of a period, in its own words. It
// is shown beside them and moves no figure.
type Improvement struct {
	// Aspect is the code of the aspect (unsur) that it is about; empty: of none alone.
	Aspect string `json:"aspect,omitempty"`
	Text   Text   `json:"text"`
	Done   Date   `json:"done"` // the day on which it was done
}

// MostImproved is how many improvements a unit may declare of one period: those that
// matter most to citizens.
const MostImproved = 5

// mostImprovedText bounds an improvement's text, in bytes.
const mostImprovedText = 200

// same reports whether two improvements say the same.
func (i *Improvement) same(o *Improvement) bool {
	return i.Aspect == o.Aspect && i.Done == o.Done && maps.Equal(i.Text, o.Text)
}

// summary is the improvement in a line, as a Change tells it.
func (i *Improvement) summary() string {
	parts := []string{i.Done.String()}
	if i.Aspect != "" {
		parts = append(parts, i.Aspect)
	}
	out := strings.Join(parts, " ") + ": " + i.Text["id"]
	if en := i.Text["en"]; en != "" {
		out += " / " + en
	}
	return out
}

// Aspect returns the name of an aspect of the form, of the first index that has it.
// Not ok: none has.
func (f *Form) Aspect(code string) (name Text, ok bool) {
	for i := range f.Indexes {
		for _, a := range f.Indexes[i].Aspects {
			if a.Code == code {
				return a.Name, true
			}
		}
	}
	return nil, false
}

// aspectCodes returns the codes of all aspects of a form, each once.
func (f *Form) aspectCodes() []string {
	var out []string
	for i := range f.Indexes {
		for _, a := range f.Indexes[i].Aspects {
			if !slices.Contains(out, a.Code) {
				out = append(out, a.Code)
			}
		}
	}
	return out
}

// improved reads what units did, by unit.
func (p *declarationParser) improved(to *map[string][]Improvement) func(string, *yaml.Node) {
	return func(path string, n *yaml.Node) {
		*to = map[string][]Improvement{}
		p.pairs(path, n, func(path, unit string, n *yaml.Node) {
			if of := resolved(n); of.Kind == yaml.SequenceNode && len(of.Content) > MostImproved {
				p.fault(path, n, "wrong_number", "must have at most %d entries, it has %d", MostImproved, len(of.Content))
				return
			}
			list := []Improvement{}
			p.list(func(path string, n *yaml.Node) { list = append(list, p.improvement(path, n)) })(path, n)
			(*to)[unit] = list
		})
	}
}

func (p *declarationParser) improvement(path string, n *yaml.Node) Improvement {
	var i Improvement
	var done *Date
	p.mapping(path, n, fields{
		"aspect": p.codeLike(&i.Aspect, itemPattern, itemRule),
		"text":   p.texts(&i.Text, mostImprovedText),
		"done":   p.date(&done),
	})
	p.requiredKeys(path, n, "text", "done")
	if done != nil {
		i.Done = *done
	}
	return i
}

// improved takes over what a file says that units did: a unit's list replaces the one
// that it had, and an empty one takes it away.
func (m *merger) improved(p *Period, d declaredPeriod) {
	for _, code := range sortedKeys(d.improved) {
		list := d.improved[code]
		unit, _ := m.unitCode(code) // checkImproved tells of one that there is not
		if slices.EqualFunc(p.Improved[unit], list, func(a, b Improvement) bool { return a.same(&b) }) {
			continue
		}
		m.changed = true
		if p.Improved == nil {
			p.Improved = map[string][]Improvement{}
		}
		p.Improved[unit] = list
		if len(list) == 0 {
			delete(p.Improved, unit) // a copy: see clone
		}
	}
}

// checkImproved checks what a file says that units did.
func (m *merger) checkImproved(d declaredPeriod, unknown func(path, code string)) {
	p := &m.out.Periods[slices.IndexFunc(m.out.Periods, func(p Period) bool { return p.Code == d.code })]
	form, _ := m.lib.Form(p.Instruments...)
	if len(p.Instruments) == 0 {
		form = nil // its fault is told
	}
	once := map[string]string{}
	for _, unit := range sortedKeys(d.improved) {
		path := d.path + ".improved." + Printable(unit)
		now, ok := m.unitCode(unit)
		if !ok {
			unknown(path, unit)
			continue
		}
		if first, twice := once[now]; twice {
			m.fault(path, "duplicate_code", "%s is a code of this unit too", first)
		}
		once[now] = unit
		for n, i := range d.improved[unit] {
			at := fmt.Sprintf("%s[%d]", path, n)
			if form != nil && i.Aspect != "" {
				if _, ok := form.Aspect(i.Aspect); !ok {
					m.fault(at+".aspect", "unknown_aspect", "%s", unknownName("aspect", i.Aspect, form.aspectCodes()))
				}
			}
			switch {
			case i.Done == 0: // its fault is told
			case i.Done < p.From:
				m.fault(at+".done", "too_early", "must not be before the period's first day, %s: it is what was done about its results", p.From)
			case m.today > 0 && i.Done > m.today:
				m.fault(at+".done", "not_done", "must not be after today, %s: what is only planned is not told as done", m.today)
			}
		}
	}
}

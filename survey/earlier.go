package survey

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// Earlier is an index of a unit that is known from an older report alone: none of
// the answers behind it are stored. It stands in the unit's history beside the
// figures of its periods, marked as what it is, and is part of no sum. Unit, Index
// and Period together name it.
type Earlier struct {
	Unit  string `json:"unit"`
	Index string `json:"index"`
	// Period is what the report calls the time, such as `Tahun 2023`; From and To
	// are its first and last day.
	Period string `json:"period"`
	From   Date   `json:"from"`
	To     Date   `json:"to"`
	// Value is the figure on the index's scale with the digits that are printed,
	// after a dot: 81.20 is not 81.2.
	Value string `json:"value"`
	// N is the number of respondents, Mutu the grade; 0 and empty where the report
	// has none.
	N    int    `json:"n,omitempty"`
	Mutu string `json:"mutu,omitempty"`
	// Instrument (CODE@VERSION) and Method say how it came about, where that is
	// known: without both it is compared with nothing.
	Instrument string `json:"instrument,omitempty"`
	Method     string `json:"method,omitempty"`
	Note       string `json:"note,omitempty"`
	// Source names the report.
	Source string `json:"source"`
}

// Path names it as a Change does: `earlier.loket.ikm."Tahun 2023"`.
func (e *Earlier) Path() string { return fmt.Sprintf("earlier.%s.%s.%q", e.Unit, e.Index, e.Period) }

func (e *Earlier) same(o *Earlier) bool {
	return e.Unit == o.Unit && e.Index == o.Index && e.Period == o.Period
}

// ChangedEarlier returns what a later catalogue has of earlier results that an
// older one doesn't have, or has otherwise.
func ChangedEarlier(before, after *Catalogue) []Earlier {
	known := map[Earlier]bool{}
	for _, e := range before.Earlier {
		known[e] = true
	}
	var out []Earlier
	for _, e := range after.Earlier {
		if !known[e] {
			out = append(out, e)
		}
	}
	return out
}

// indexEarlier returns the earlier results by unit, in the order of their days.
func indexEarlier(list []Earlier) map[string][]Earlier {
	out := map[string][]Earlier{}
	for _, e := range list {
		out[e.Unit] = append(out[e.Unit], e)
	}
	for _, of := range out {
		slices.SortStableFunc(of, func(a, b Earlier) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	}
	return out
}

// Earlier returns a unit's earlier results in the order of their days.
func (d *Directory) Earlier(unit string) []Earlier {
	if place, ok := d.units[unit]; ok {
		unit = place.Unit.Code
	}
	return d.earlier[unit]
}

// The lowest and highest figures that a sheet can print. The IKM is 25 to 100, and
// nine answers of 1 by the printed weight 0.11 are 24.75. All other indexes are
// told from 0 to 4.
var (
	lowestIKM  = big.NewRat(2475, 100)
	highestIKM = big.NewRat(100, 1)
	highest4   = big.NewRat(4, 1)
)

// ikm is the only index on a scale of 100.
const ikm = "ikm"

// offScale says why a figure is none of an index; empty where it is one.
func offScale(index, value string) string {
	x, ok := new(big.Rat).SetString(value)
	switch {
	case !ok: // it is missing, or its fault is told
	case index == ikm && (x.Cmp(lowestIKM) < 0 || x.Cmp(highestIKM) > 0):
		return "must be 25 to 100: that is the scale of the IKM (of which the printed weight 0.11 leaves 24.75)"
	case index != ikm && x.Cmp(highest4) > 0:
		return "must be 0 to 4: that is the scale of index " + index + ", and a figure out of 100 is 25 times as high"
	}
	return ""
}

func (m *merger) earlierFault(d *declaredEarlier, field, code, format string, args ...any) {
	m.fault(d.path+"."+field, code, format+" (line %d)", append(args, d.line)...)
}

// earlier adds, changes or takes away an earlier result.
func (m *merger) earlier(d *declaredEarlier) {
	if !d.named() {
		return // its fault is told
	}
	e := Earlier{Unit: d.unit, Index: d.index, Period: *d.period}
	if now, ok := m.unitCode(d.unit); ok {
		e.Unit = now
	}
	at := slices.IndexFunc(m.out.Earlier, func(o Earlier) bool { return e.same(&o) })
	if d.removed != nil && *d.removed {
		if at >= 0 {
			m.out.Earlier = slices.Delete(m.out.Earlier, at, at+1)
			m.changed = true
		}
		return
	}
	if at >= 0 {
		e = m.out.Earlier[at]
	}
	m.fill(&e, d)
	switch {
	case at < 0:
		m.out.Earlier = append(m.out.Earlier, e)
		m.changed = true
		m.added++
	case m.out.Earlier[at] != e:
		m.out.Earlier[at] = e
		m.changed = true
	}
}

// fill writes what the file names of an earlier result, and checks the whole.
func (m *merger) fill(e *Earlier, d *declaredEarlier) {
	keep(&e.From, d.from)
	keep(&e.To, d.to)
	keep(&e.Value, d.value)
	keep(&e.N, d.n)
	keep(&e.Mutu, d.mutu)
	keep(&e.Method, d.method)
	keep(&e.Note, d.note)
	keep(&e.Source, d.source)
	for _, one := range []struct {
		field string
		lacks bool
	}{{"from", e.From == 0}, {"to", e.To == 0}, {"value", e.Value == ""}, {"source", e.Source == ""}} {
		if one.lacks {
			m.earlierFault(d, one.field, "required", "is required")
		}
	}
	switch {
	case e.To == 0:
	case e.From > e.To:
		m.earlierFault(d, "to", "ends_before_start", "it ends (%s) before it starts (%s)", e.To, e.From)
	case e.To >= m.today:
		m.earlierFault(d, "to", "not_over", "it ends on %s, which is not over yet: a report tells of what is past", e.To)
	}
	m.provenance(e, d)
}

// keep writes a value where the file names one.
func keep[T any](to, v *T) {
	if v != nil {
		*to = *v
	}
}

// provenance checks index, instrument and method of an earlier result.
func (m *merger) provenance(e *Earlier, d *declaredEarlier) {
	if known := m.lib.indexes(); !slices.Contains(known, e.Index) {
		m.earlierFault(d, "index", "unknown_index", "no instrument has an index %q (known: %s)", e.Index, strings.Join(known, ", "))
		return
	}
	if why := offScale(e.Index, e.Value); why != "" {
		m.earlierFault(d, "value", "out_of_range", "%s", why)
	}
	// CODE alone keeps the version that it has already, as a period does.
	if code, _, _ := strings.Cut(e.Instrument, "@"); d.instrument != nil && *d.instrument != code {
		ref, err := m.lib.Resolve(*d.instrument)
		if err != nil {
			m.earlierFault(d, "instrument", "unknown_instrument", "%s", err.Error())
			return
		}
		e.Instrument = ref
	}
	if e.Instrument == "" {
		if e.Method != "" {
			m.earlierFault(d, "method", "required", "needs the instrument too: a method belongs to its scale and aspects")
		}
		return
	}
	form, err := m.lib.Form(e.Instrument)
	if err != nil {
		m.earlierFault(d, "instrument", "unknown_instrument", "%s", err.Error())
		return
	}
	x := form.Index(e.Index)
	if x == nil {
		m.earlierFault(d, "instrument", "unknown_index", "instrument %s has no index %q", e.Instrument, e.Index)
		return
	}
	if e.Method == "" {
		return
	}
	if _, err := m.methods.For(&x.Index, e.Method); err != nil {
		m.earlierFault(d, "method", "unknown_method", "%s", err.Error())
	}
}

// indexes returns the codes of all indexes that an instrument has.
func (l *Library) indexes() []string {
	l.mu.RLock()
	defer l.mu.RUnlock()
	codes := map[string]bool{}
	for _, in := range l.byRef {
		for _, x := range in.Indexes {
			codes[x.Code] = true
		}
	}
	return sortedKeys(codes)
}

// checkEarlier checks that the units of earlier results are declared.
func (m *merger) checkEarlier(list []declaredEarlier, units []string) {
	for i := range list {
		d := &list[i]
		if _, known := m.unitCode(d.unit); !known && (d.removed == nil || !*d.removed) {
			m.earlierFault(d, "unit", "unknown_unit", "%s", unknownName("unit", d.unit, units))
		}
	}
}

// earlier adds what a catalogue has of an earlier result.
func (l *leaves) earlier(e Earlier, codes map[string]string) {
	e.Unit = cmp.Or(codes[e.Unit], e.Unit)
	path := e.Path()
	l.whole("", path, e.Value, false)
	l.add(path, fieldFrom, e.From.String())
	l.add(path, fieldTo, e.To.String())
	if e.N > 0 {
		l.add(path, "n", fmt.Sprint(e.N))
	}
	l.add(path, "mutu", e.Mutu)
	l.add(path, fieldInstrument, e.Instrument)
	l.add(path, "method", e.Method)
	l.add(path, "note", e.Note)
	l.add(path, "source", e.Source)
}

// dumpedEarlier is an earlier result in a written apply file.
type dumpedEarlier struct {
	Unit       string `yaml:"unit"`
	Index      string `yaml:"index"`
	Period     string `yaml:"period"`
	From       string `yaml:"from"`
	To         string `yaml:"to"`
	Value      string `yaml:"value"`
	N          int    `yaml:"n,omitempty"`
	Mutu       string `yaml:"mutu,omitempty"`
	Instrument string `yaml:"instrument,omitempty"`
	Method     string `yaml:"method,omitempty"`
	Note       string `yaml:"note,omitempty"`
	Source     string `yaml:"source"`
}

func dumpEarlier(e *Earlier) dumpedEarlier {
	return dumpedEarlier{
		Unit: e.Unit, Index: e.Index, Period: e.Period, From: e.From.String(), To: e.To.String(), Value: e.Value, N: e.N, Mutu: e.Mutu,
		Instrument: e.Instrument, Method: e.Method, Note: e.Note, Source: e.Source,
	}
}

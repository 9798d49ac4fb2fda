package survey

import (
	"fmt"
	"slices"
	"strings"
)

// period adds or updates a period.
func (m *merger) period(d declaredPeriod) error {
	if d.code == "" {
		return nil // its fault is told
	}
	p := find(m, &m.out.Periods, func(p *Period) *string { return &p.Code }, d.code, &declaredItem{code: d.code})
	before := *p
	set(m, &p.Name, d.name)
	set(m, &p.From, d.from)
	set(m, &p.To, d.to)
	if p.Name == "" {
		p.Name = p.Code
	}
	noFrom, noTo := before.From == 0 && d.from == nil, before.To == 0 && d.to == nil
	if noFrom {
		m.fault(d.path+".from", "required", "is required")
	}
	if noTo {
		m.fault(d.path+".to", "required", "is required")
	}
	if p.From > p.To && !noFrom && !noTo {
		m.fault(d.path+".to", "ends_before_start", "the period ends (%s) before it starts (%s)", p.To, p.From)
	}
	m.instruments(p, d)
	for code, name := range d.methods {
		if p.Methods[code] != name {
			if p.Methods == nil {
				p.Methods = map[string]string{}
			}
			p.Methods[code] = name
			m.changed = true
		}
	}
	m.served(p, d)
	m.improved(p, d)
	if units := m.presentList(d.units); d.units != nil && !sameSet(p.Units, units) {
		p.Units = units
		m.changed = true
	}
	if d.overlaps != nil && !sameSet(p.Overlaps, d.overlaps) {
		p.Overlaps = d.overlaps
		m.changed = true
	}
	return m.fixed(&before, p, d)
}

func (m *merger) instruments(p *Period, d declaredPeriod) {
	if len(d.instruments) == 0 {
		if len(p.Instruments) == 0 {
			m.fault(d.path+".instrument", "required", "is required")
		}
		return
	}
	refs := make([]string, 0, len(d.instruments))
	for i, name := range d.instruments {
		path := d.path + ".instrument"
		if len(d.instruments) > 1 {
			path = fmt.Sprintf("%s[%d]", path, i)
		}
		// CODE alone keeps the version that the period has already: a newer
		// version of the program must not change a declared period.
		if old := slices.IndexFunc(p.Instruments, func(ref string) bool {
			code, _, _ := strings.Cut(ref, "@")
			return code == name
		}); old >= 0 {
			refs = append(refs, p.Instruments[old])
			continue
		}
		ref, err := m.lib.Resolve(name)
		if code, _, _ := strings.Cut(name, "@"); err != nil && m.faulty[code] {
			return // why there is none is told
		}
		if err != nil {
			m.fault(path, "unknown_instrument", "%s", err.Error())
			return
		}
		refs = append(refs, ref)
	}
	if _, err := m.lib.Form(refs...); err != nil {
		m.fault(d.path+".instrument", "cannot_combine", "%s", err.Error())
		return
	}
	if !slices.Equal(p.Instruments, refs) {
		p.Instruments = refs
		m.changed = true
	}
}

// fixed refuses to change what the stored answers of a period can't do without: its
// form, and the days and units that they were given on and at.
func (m *merger) fixed(before, after *Period, d declaredPeriod) error {
	if len(before.Instruments) == 0 || m.stored == nil {
		return nil
	}
	if joined(before.Instruments) != joined(after.Instruments) {
		has, err := m.stored.Answered(after.Code)
		if err != nil {
			return fmt.Errorf("look for answers of period %s: %w", after.Code, err)
		}
		if has {
			m.fault(d.path+".instrument", "has_answers", "the period has answers to %s: its instrument can no longer change", joined(before.Instruments))
		}
	}
	if after.To > before.To && m.today > before.To {
		has, err := m.stored.Answered(after.Code)
		if err != nil {
			return fmt.Errorf("look for answers of period %s: %w", after.Code, err)
		}
		if has {
			m.fault(d.path+".to", "closed", "the period ended on %s and has answers: its figures are final, and new days belong to a new period", before.To)
		}
	}
	days := after.From > before.From || after.To < before.To
	units := len(after.Units) > 0 && !slices.Equal(before.Units, after.Units)
	if !days && !units {
		return nil
	}
	n := int64(0)
	err := m.stored.Counts(after.Code, func(key string, day Date, answers int64) {
		unit, _ := m.unitCode(key)
		if !after.Contains(day) || !after.Covers(unit) {
			n += answers
		}
	})
	if err != nil {
		return fmt.Errorf("count answers of period %s: %w", after.Code, err)
	}
	if n == 0 {
		return nil
	}
	if days {
		m.fault(d.path+".from", "has_answers", "%d answers of the period (%s to %s) would be in none", n, before.From, before.To)
	} else {
		m.fault(d.path+".units", "has_answers", "%d answers of the period would be at units that take no part in it", n)
	}
	return nil
}

// keepsTime refuses another time zone once there are answers: it decided the days
// and hours that they were counted on.
func (m *merger) keepsTime(before *Catalogue) error {
	if m.stored == nil || before.City.TimeZone == m.out.City.TimeZone {
		return nil
	}
	for i := range before.Periods {
		has, err := m.stored.Answered(before.Periods[i].Code)
		if err != nil {
			return fmt.Errorf("look for answers of period %s: %w", before.Periods[i].Code, err)
		}
		if has {
			m.fault("city.time_zone", "has_answers", "period %s has answers, whose days and hours are those of %s", before.Periods[i].Code, before.City.TimeZone)
			return nil
		}
	}
	return nil
}

// checkWhole checks what only the merged catalogue shows: references between
// periods, units and methods.
func (m *merger) checkWhole(f *declaration) {
	units := map[string]bool{}
	for i := range m.out.Agencies {
		for j := range m.out.Agencies[i].Units {
			units[m.out.Agencies[i].Units[j].Code] = true
		}
	}
	order := sortedKeys(units)
	unknown := func(path, code string) { m.fault(path, "unknown_unit", "%s", unknownName("unit", code, order)) }
	m.checkEarlier(f.earlier, order)
	for _, d := range f.periods {
		if d.code == "" {
			continue
		}
		once := map[string]string{}
		for _, code := range sortedKeys(d.population) {
			now, ok := m.unitCode(code)
			if first, twice := once[now]; ok && twice {
				m.fault(d.path+".population."+code, "duplicate_code", "%s is a code of this unit too", first)
			}
			once[now] = code
			if !ok {
				unknown(d.path+".population."+Printable(code), code)
			}
		}
		for i, code := range d.units {
			if _, ok := m.unitCode(code); !ok {
				unknown(fmt.Sprintf("%s.units[%d]", d.path, i), code)
			}
		}
		m.checkImproved(d, unknown)
		m.checkMethods(d)
		for i, code := range d.overlaps {
			if !slices.ContainsFunc(m.out.Periods, func(p Period) bool { return p.Code == code }) || code == d.code {
				m.fault(fmt.Sprintf("%s.overlaps[%d]", d.path, i), "unknown_period", "%s", unknownName("other period", code, m.otherPeriods(d.code)))
			}
		}
		m.checkOverlap(d, order)
	}
}

func (m *merger) checkMethods(d declaredPeriod) {
	i := slices.IndexFunc(m.out.Periods, func(p Period) bool { return p.Code == d.code })
	form, err := m.lib.Form(m.out.Periods[i].Instruments...)
	if err != nil || len(m.out.Periods[i].Instruments) == 0 {
		return // named already
	}
	for _, code := range sortedKeys(m.out.Periods[i].Methods) {
		x := form.Index(code)
		if x == nil {
			m.fault(d.path+".methods."+code, "unknown_index", "form %s has no index %q (known: %s)", form.ID, code, strings.Join(form.indexCodes(), ", "))
			continue
		}
		if _, err := m.methods.For(&x.Index, m.out.Periods[i].Methods[code]); err != nil {
			m.fault(d.path+".methods."+code, "unknown_method", "%s", err.Error())
		}
	}
}

// checkOverlap: two periods of one unit may share days only where one names
// the other, and then only with other instruments: otherwise nobody could tell
// which period an answer belongs to.
func (m *merger) checkOverlap(d declaredPeriod, units []string) {
	i := slices.IndexFunc(m.out.Periods, func(p Period) bool { return p.Code == d.code })
	p := &m.out.Periods[i]
	for j := range m.out.Periods {
		o := &m.out.Periods[j]
		if j == i || p.From > o.To || o.From > p.To || p.From > p.To || o.From > o.To {
			continue
		}
		shared := ""
		for _, u := range units {
			if p.Covers(u) && o.Covers(u) {
				shared = u
				break
			}
		}
		if shared == "" {
			continue
		}
		if slices.ContainsFunc(p.Instruments, func(ref string) bool { return slices.Contains(o.Instruments, ref) }) {
			m.fault(d.path+".from", "overlap", "overlaps period %s at unit %s with the same instrument", o.Code, shared)
		} else if !slices.Contains(p.Overlaps, o.Code) && !slices.Contains(o.Overlaps, p.Code) {
			m.fault(d.path+".from", "overlap", "overlaps period %s at unit %s; if that is meant, say `overlaps: [%s]`", o.Code, shared, o.Code)
		}
	}
}

// otherPeriods returns the codes of the periods beside one.
func (m *merger) otherPeriods(code string) (out []string) {
	for i := range m.out.Periods {
		if p := &m.out.Periods[i]; p.Code != code {
			out = append(out, p.Code)
		}
	}
	return out
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

package survey

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Applied says what an apply changed.
type Applied struct {
	Catalogue *Catalogue
	Changed   bool
	// Added and Updated count agencies, units, services, points, periods and earlier
	// results.
	Added, Updated int
	// Changes are the differences, one by one.
	Changes []Change
	// Amended are those of them that change what the figures of a period rest on
	// which has answers: see Amend.
	Amended []Change
	// Made are the points whose code was made here, because the file left it
	// out.
	Made []Place
}

// CodeMaker makes a new point code: short, readable aloud, not guessable.
type CodeMaker func() (string, error)

// AnswerCounts tells of what is stored, as far as a declaration must respect it.
type AnswerCounts interface {
	// Answered reports whether a period has answers.
	Answered(period string) (bool, error)
	// Outside counts the answers of a period that were given on days or at units
	// which a changed declaration of it doesn't hold.
	Outside(p *Period) (int64, error)
}

// Apply merges a declaration (the YAML text of an apply file) into a catalogue
// and returns the next version of it: all of it or, with every fault named by
// its path in the file, nothing. What the file doesn't name stays as it is.
// Applying the same file again changes nothing. today tells which periods are
// closed. stored may be nil where nothing is.
func Apply(now *Catalogue, text []byte, lib *Library, methods *Methods, newCode CodeMaker, stored AnswerCounts, today Date) (*Applied, error) {
	const refusal = "the file cannot be applied"
	file, faults := parseDeclaration(text)
	if file == nil {
		return nil, Faulty(refusal, capFaults(faults))
	}
	m := &merger{lib: lib, methods: methods, newCode: newCode, stored: stored, today: today, out: clone(now)}
	m.index()
	err := m.merge(file)
	if err == nil {
		err = m.keepsTime(now)
	}
	if err != nil {
		return nil, err
	}
	m.checkWhole(file)
	if err := Faulty(refusal, capFaults(withoutConsequences(faults, m.faults))); err != nil {
		return nil, err
	}
	if m.changed {
		m.out.Version = now.Version + 1
	}
	a := &Applied{Catalogue: m.out, Changed: m.changed, Added: m.added, Updated: m.updated, Changes: Diff(now, m.out)}
	if a.Amended, err = amended(now, a.Changes, stored, today); err != nil {
		return nil, err
	}
	for _, made := range m.made {
		for i := range m.out.Agencies {
			for j := range m.out.Agencies[i].Units {
				u := &m.out.Agencies[i].Units[j]
				for k := range u.Points {
					if u.Points[k].Code == made {
						a.Made = append(a.Made, Place{Agency: &m.out.Agencies[i], Unit: u, Point: &u.Points[k]})
					}
				}
			}
		}
	}
	return a, nil
}

type merger struct {
	today   Date
	lib     *Library
	methods *Methods
	newCode CodeMaker
	stored  AnswerCounts
	out     *Catalogue
	owners  map[string]string  // agencies by the units' codes
	points  map[string]pointAt // by folded codes
	faults  []Fault
	made    []string
	changed bool
	added   int
	updated int
}

// pointAt is a point's code as it is written, and its unit's.
type pointAt struct{ code, unit string }

// index notes what is declared already: looking through the whole city for
// each point takes minutes in a large one.
func (m *merger) index() {
	m.owners, m.points = map[string]string{}, map[string]pointAt{}
	for _, a := range m.out.Agencies {
		for _, u := range a.Units {
			m.owners[u.Code] = a.Code
			for _, p := range u.Points {
				m.points[foldCode(p.Code)] = pointAt{p.Code, u.Code}
			}
		}
	}
}

func (m *merger) fault(path, code, format string, args ...any) {
	m.faults = appendFault(m.faults, path, code, format, args...)
}

// set writes a value where the file names one, and notes the change.
func set[T comparable](m *merger, to *T, v *T) {
	if v != nil && *to != *v {
		*to = *v
		m.changed = true
		m.updated++
	}
}

func (m *merger) merge(f *declaration) error {
	set(m, &m.out.City.Name, f.city.name)
	set(m, &m.out.City.TimeZone, f.city.timeZone)
	set(m, &m.out.City.Least, f.city.least)
	if m.out.City.TimeZone == "" {
		m.out.City.TimeZone = DefaultTimeZone
	}
	if _, err := time.LoadLocation(m.out.City.TimeZone); err != nil {
		m.fault("city.time_zone", "unknown_time_zone", "unknown time zone %q", m.out.City.TimeZone)
	}
	if m.out.City.Name == "" {
		m.fault("city.name", "required", "is required")
	}
	for _, a := range f.agencies {
		if err := m.agency(a); err != nil {
			return err
		}
	}
	for _, p := range f.periods {
		if err := m.period(p); err != nil {
			return err
		}
	}
	for i := range f.earlier {
		m.earlier(&f.earlier[i])
	}
	return nil
}

// find returns the element with a code, adding one where there is none.
func find[T any](m *merger, list *[]T, code func(*T) *string, want string) *T {
	for i := range *list {
		if *code(&(*list)[i]) == want {
			return &(*list)[i]
		}
	}
	var fresh T
	*code(&fresh) = want
	*list = append(*list, fresh)
	m.changed = true
	m.added++
	return &(*list)[len(*list)-1]
}

func (m *merger) agency(d declaredAgency) error {
	if d.code == "" {
		return nil // its fault is told
	}
	a := find(m, &m.out.Agencies, func(a *Agency) *string { return &a.Code }, d.code)
	set(m, &a.Name, d.name)
	if a.Name == "" {
		m.fault(d.path+".name", "required", "is required")
	}
	for _, du := range d.units {
		if du.code == "" {
			continue
		}
		if owner, ok := m.owners[du.code]; !ok {
			m.owners[du.code] = d.code
		} else if owner != d.code {
			m.fault(du.path+".code", "duplicate_code", "unit %s belongs to agency %s already", du.code, owner)
		}
		u := find(m, &a.Units, func(u *Unit) *string { return &u.Code }, du.code)
		set(m, &u.Name, du.name)
		if u.Name == "" {
			m.fault(du.path+".name", "required", "is required")
		}
		for _, ds := range du.services {
			if ds.code == "" {
				continue
			}
			s := find(m, &u.Services, func(s *Service) *string { return &s.Code }, ds.code)
			set(m, &s.Name, ds.name)
			set(m, &s.Closed, ds.closed)
			if s.Name == "" {
				m.fault(ds.path+".name", "required", "is required")
			}
		}
		for _, dp := range du.points {
			if err := m.point(u, dp); err != nil {
				return err
			}
		}
	}
	return nil
}

// point adds or updates a point. A point without a code is the one of that
// name at its unit; a new one gets a code that can't be guessed.
func (m *merger) point(u *Unit, d declaredItem) error {
	code := d.code
	if code == "" {
		if d.name == nil {
			m.fault(d.path+".name", "required", "is required")
			return nil
		}
		for i := range u.Points {
			if u.Points[i].Name == *d.name {
				code = u.Points[i].Code
			}
		}
	}
	if code == "" {
		for tries := 0; ; tries++ {
			c, err := m.newCode()
			if err != nil {
				return fmt.Errorf("make a point code: %w", err)
			}
			if _, taken := m.points[foldCode(c)]; !taken {
				code = c
				break
			}
			if tries == 100 {
				return fmt.Errorf("make a point code: every try was taken")
			}
		}
		m.made = append(m.made, code)
	}
	// Nor may another spelling of a code stand beside it at its own unit.
	here := pointAt{code, u.Code}
	if at, ok := m.points[foldCode(code)]; ok && at != here {
		m.fault(d.path+".code", "duplicate_code", "point %s belongs to another unit already", code)
		return nil
	}
	m.points[foldCode(code)] = here
	p := find(m, &u.Points, func(p *Point) *string { return &p.Code }, code)
	set(m, &p.Name, d.name)
	set(m, &p.Closed, d.closed)
	set(m, &p.Remote, d.remote)
	if p.Name == "" {
		m.fault(d.path+".name", "required", "is required")
	}
	return nil
}

func clone(c *Catalogue) *Catalogue {
	out := *c
	out.Agencies = slices.Clone(c.Agencies)
	for i := range out.Agencies {
		a := &out.Agencies[i]
		a.Units = slices.Clone(a.Units)
		for j := range a.Units {
			a.Units[j].Services = slices.Clone(a.Units[j].Services)
			a.Units[j].Points = slices.Clone(a.Units[j].Points)
		}
	}
	out.Periods = slices.Clone(c.Periods)
	for i := range out.Periods {
		p := &out.Periods[i]
		p.Methods = cloneMap(p.Methods)
		p.Population = cloneMap(p.Population)
	}
	out.Earlier = slices.Clone(c.Earlier)
	return &out
}

func cloneMap[V any](m map[string]V) map[string]V {
	out := make(map[string]V, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}

func joined(refs []string) string { return strings.Join(refs, formSeparator) }

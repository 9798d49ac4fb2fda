package survey

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// ApplyResult says what an apply changed.
type ApplyResult struct {
	Catalogue *Catalogue
	Changed   bool
	// Added counts agencies, units, services, points, periods, instruments and
	// earlier results that are new, Updated the changes of what was there.
	Added, Updated int
	// Changes are the differences, one by one.
	Changes []Change
	// Omitted are the declared open things that the file does not name, the outermost of
	// each alone: they stay as they are. Periods stay also where others are closed.
	Omitted []Omission
	// Amended are the changes to what a period's figures rest on, of periods that have
	// answers: see Amend.
	Amended []Change
	// Made are the points whose code was made here, because the file left it
	// out.
	Made []Place

	moved []string // codes of points
}

// ApplyOption says how a file is applied: Prune, or what Files returns.
type ApplyOption func(*applyOptions)

type applyOptions struct {
	prune bool
	read  FileReader
}

// Prune closes what the file no longer names: agencies, units, services and points.
func Prune(a *applyOptions) { a.prune = true }

// Files has pictures that the file names by a path read. Without it no path is taken.
func Files(read FileReader) ApplyOption { return func(a *applyOptions) { a.read = read } }

// CodeMaker makes a new point code: short, readable aloud, not guessable.
type CodeMaker func() (string, error)

// AnswerCounts tells of what is stored, as far as a declaration must respect it.
type AnswerCounts interface {
	// Answered reports whether a period has answers.
	Answered(period string) (bool, error)
	// Counts tells how many answers of a period were given at a unit, by its key,
	// on a day.
	Counts(period string, fn func(unit string, day Date, answers int64)) error
}

// Apply merges a declaration (the YAML text of an apply file) into a catalogue
// and returns the next version of it: all of it or, with every fault named by
// its path in the file, nothing. What the file doesn't name stays as it is.
// Applying the same file again changes nothing. today tells which periods are
// closed. stored may be nil where nothing is.
//
// A unit that stands in the file under another agency than it did moves there, and
// so does a point to another unit; what has another code, and `was:` its former one,
// is renamed. What was answered stays with what it was answered about.
func Apply(now *Catalogue, text []byte, lib *Library, methods *Methods, newCode CodeMaker, stored AnswerCounts, today Date, options ...ApplyOption) (*ApplyResult, error) {
	const refusal = "the file cannot be applied"
	var how applyOptions
	for _, option := range options {
		option(&how)
	}
	file, faults := parseDeclaration(text, how.read)
	if file == nil {
		return nil, Faulty(refusal, capFaults(faults))
	}
	lib, err := lib.with(now)
	if err != nil {
		return nil, err
	}
	m := &merger{lib: lib, methods: methods, newCode: newCode, stored: stored, today: today, out: clone(now)}
	m.index()
	err = m.merge(file)
	m.unnamed(file, how.prune)
	if err == nil {
		err = m.keepsTime(now)
	}
	if err != nil {
		return nil, err
	}
	m.checkWhole(file)
	m.checkPictures(file)
	if err := Faulty(refusal, capFaults(withoutConsequences(faults, m.faults))); err != nil {
		return nil, err
	}
	if m.changed {
		m.out.Version = now.Version + 1
	}
	a := &ApplyResult{Catalogue: m.out, Changed: m.changed, Added: m.added, Changes: Diff(now, m.out), Omitted: m.omitted, moved: m.moved}
	for _, c := range a.Changes {
		if !c.whole || c.Before != "" {
			a.Updated++
		}
	}
	if a.Amended, err = amended(now, a.Changes, stored, today); err != nil {
		return nil, err
	}
	moving, err := m.movedAnswers(now)
	if err != nil {
		return nil, err
	}
	a.Amended = append(a.Amended, moving...)
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
	registers
	named   map[string]bool // what the file names, by its path in a change
	faults  []Fault
	made    []string
	moved   []string // keys of points that came from another unit
	omitted []Omission
	changed bool
	added   int
	faulty  map[string]bool // codes of instruments of the file that can't be declared
}

func (m *merger) fault(path, code, format string, args ...any) {
	m.faults = appendFault(m.faults, path, code, format, args...)
}

// set writes a value where the file names one, and notes the change.
func set[T comparable](m *merger, to *T, v *T) {
	if v != nil && *to != *v {
		*to = *v
		m.changed = true
	}
}

func (m *merger) merge(f *declaration) error {
	set(m, &m.out.City.Name, f.city.name)
	set(m, &m.out.City.TimeZone, f.city.timeZone)
	set(m, &m.out.City.Least, f.city.least)
	m.notice(&f.city.notice)
	m.hours(&m.out.City.Hours, f.city.hours)
	m.holidays(f.city.holidays)
	set(m, &m.out.City.Colour, f.city.colour)
	m.picture(&m.out.City.Arms, f.city.arms)
	if m.out.City.TimeZone == "" {
		m.out.City.TimeZone = DefaultTimeZone
	}
	if _, err := time.LoadLocation(m.out.City.TimeZone); err != nil {
		m.fault("city.time_zone", "unknown_time_zone", "unknown time zone %q", m.out.City.TimeZone)
	}
	if m.out.City.Name == "" {
		m.fault("city.name", "required", "is required")
	}
	if err := m.agencies(f.agencies); err != nil {
		return err
	}
	m.publishNew(f.instruments)
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

// find returns the element with a code, adding one where there is none with that
// which the file says.
func find[T any](m *merger, list *[]T, code func(*T) *string, want string, d *declaredItem) *T {
	for i := range *list {
		if *code(&(*list)[i]) == want {
			return &(*list)[i]
		}
	}
	var fresh T
	*code(&fresh) = d.code
	*list = append(*list, fresh)
	m.changed = true
	m.added++
	return &(*list)[len(*list)-1]
}

func clone(c *Catalogue) *Catalogue {
	out := *c
	out.City.Holidays = slices.Clone(c.City.Holidays)
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
		p.Served = cloneServed(p.Served)
		p.Improved = maps.Clone(p.Improved)
	}
	out.Instruments = slices.Clone(c.Instruments) // each is never changed
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

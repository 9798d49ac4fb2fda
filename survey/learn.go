package survey

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Learn adds the instruments that a catalogue declares; those that it knows
// already stay as they are. It fails, and adds none, where one is not what it was:
// a published version never changes. A program that comes to ship an instrument
// under a code that a city took before leaves the city its own.
func (l *Library) Learn(c *Catalogue) error {
	if len(c.Instruments) == 0 {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	var fresh []*Instrument
	for i := range c.Instruments {
		in := &c.Instruments[i]
		if l.declared[in.Ref()] {
			if other := l.byRef[in.Ref()].differences(in); len(other) > 0 {
				return fmt.Errorf("instrument %s is another one than it was: %s", in.Ref(), other[0])
			}
			continue
		}
		if err := in.check(); err != nil {
			return fmt.Errorf("instrument %s: %w", in.Ref(), err)
		}
		fresh = append(fresh, in)
	}
	for _, in := range fresh {
		if _, shipped := l.byRef[in.Ref()]; shipped {
			clear(l.forms)
		}
		l.declared[in.Ref()] = true
		l.add(in)
	}
	return nil
}

// with returns a library that knows what this one does and what a catalogue
// declares; this one doesn't learn it.
func (l *Library) with(c *Catalogue) (*Library, error) {
	l.mu.RLock()
	out := &Library{shipped: l.shipped, byRef: maps.Clone(l.byRef), latest: maps.Clone(l.latest), declared: maps.Clone(l.declared), forms: map[string]*Form{}}
	l.mu.RUnlock()
	return out, out.Learn(c)
}

// ships reports whether an instrument of a code comes with the program.
func (l *Library) ships(code string) bool {
	return slices.ContainsFunc(l.shipped, func(in *Instrument) bool { return in.Code == code })
}

// common returns the respondent field, or the unscored question, of a code that
// instruments of the program share, as their newest versions have it; nil where
// there is none.
func (l *Library) common(code string) (*Field, *Question) {
	for n, in := range l.shipped {
		if n+1 < len(l.shipped) && l.shipped[n+1].Code == in.Code {
			continue // an older version
		}
		for i := range in.Respondent {
			if in.Respondent[i].Code == code {
				return &in.Respondent[i], nil
			}
		}
		for i := range in.Questions {
			if q := &in.Questions[i]; q.Code == code && !q.Scored {
				return nil, q
			}
		}
	}
	return nil, nil
}

// summary says in a line what an instrument is.
func (i *Instrument) summary() string {
	codes := make([]string, 0, len(i.Indexes))
	for _, x := range i.Indexes {
		codes = append(codes, x.Code)
	}
	return fmt.Sprintf("%s (%d questions, index %s)", i.Title["id"], len(i.Questions), strings.Join(codes, ", "))
}

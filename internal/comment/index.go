package comment

import (
	"cmp"
	"maps"
	"slices"
	"sort"
	"time"

	"github.com/google/uuid"

	"persepsi/survey"
)

// entry is a comment in the index in memory, some forty bytes; its text stays in the store.
type entry struct {
	id      uuid.UUID
	step    int32 // its place among the unit's steps
	place   int32 // in the step
	label   int32 // its place among the unit's labels
	version int32 // of its mark; 0: there is none
	topics  Topics
	state   uint8 // its place among States
	checked bool  // the topics were said by a person
	out     bool  // the answer was taken out, or too few are left of its label: it is shown to nobody
}

// indexedStep is the row of a release step in an index.
type indexedStep struct {
	serial int
	salt   string
	day    time.Time
	first  int // of its entries
	n      int
}

// index holds the entries of a unit's comments in a period. A published index never changes.
type index struct {
	unit    string
	steps   []indexedStep // the newest first, and so their entries
	labels  []Label
	entries []entry
	marked  int64 // what Store.Marked told when the marks were read
	counts  Counts
}

// Counts tells how many comments there are.
type Counts struct {
	All      int
	States   map[State]int
	Topics   []int               // by place among Classifier.Topics
	New      []int               // likewise, of those that are unread
	Services map[string]int      // of those whose service is told
	Weeks    map[survey.Date]int // by Monday, of those of which no more than one week is told
}

func newCounts(topics int) Counts {
	return Counts{States: map[State]int{}, Topics: make([]int, topics), New: make([]int, topics), Services: map[string]int{}, Weeks: map[survey.Date]int{}}
}

func (c *Counts) add(o *Counts) {
	c.All += o.All
	for s, n := range o.States {
		c.States[s] += n
	}
	for i, n := range o.Topics {
		c.Topics[i] += n
		c.New[i] += o.New[i]
	}
	for s, n := range o.Services {
		c.Services[s] += n
	}
	for w, n := range o.Weeks {
		c.Weeks[w] += n
	}
}

// newest returns the serial of the newest step that is known.
func (s *index) newest() int {
	if s == nil {
		return 0
	}
	return s.steps[0].serial
}

// with returns the index with more steps, which are newer and in their order.
func (s *index) with(list []Step) *index {
	out := &index{unit: s.unit, labels: slices.Clone(s.labels), marked: s.marked}
	for _, x := range slices.Backward(list) {
		of := indexedStep{serial: x.Serial, salt: x.Salt, day: x.Day, first: len(out.entries), n: len(x.Comments)}
		for place, c := range x.Comments {
			label := slices.Index(out.labels, x.Labels[c.Label])
			if label < 0 {
				label, out.labels = len(out.labels), append(out.labels, x.Labels[c.Label])
			}
			out.entries = append(out.entries, entry{id: c.ID, step: int32(len(out.steps)), place: int32(place), label: int32(label), topics: c.Topics})
		}
		out.steps = append(out.steps, of)
	}
	steps, entries := int32(len(out.steps)), len(out.entries)
	for _, of := range s.steps {
		of.first += entries
		out.steps = append(out.steps, of)
	}
	for _, e := range s.entries {
		e.step += steps
		out.entries = append(out.entries, e)
	}
	return out
}

// changed returns a copy of the index whose entries fn may change.
func (s *index) changed(c *Classifier, fn func(*entry)) *index {
	out := *s
	out.entries = slices.Clone(s.entries)
	for i := range out.entries {
		fn(&out.entries[i])
	}
	out.count(len(c.codes))
	return &out
}

// mark applies a mark to an entry.
func (e *entry) mark(m *Mark, c *Classifier) {
	e.version, e.state = int32(m.Version), uint8(max(slices.Index(States(), m.State), 0))
	if !m.Corrected {
		return
	}
	e.checked, e.topics = true, 0
	for _, t := range m.Topics {
		if i := c.Index(t); i >= 0 {
			e.topics |= 1 << i
		}
	}
}

func (s *index) count(topics int) {
	s.counts = newCounts(topics)
	for i := range s.entries {
		e := &s.entries[i]
		if e.out {
			continue
		}
		s.counts.All++
		s.counts.States[States()[e.state]]++
		for t := range topics {
			if e.topics.Has(t) {
				s.counts.Topics[t]++
				if e.state == 0 {
					s.counts.New[t]++
				}
			}
		}
		l := s.labels[e.label]
		if l.Service != "" {
			s.counts.Services[l.Service]++
		}
		if monday := week(l.From).From; l.To <= monday+6 {
			s.counts.Weeks[monday]++
		}
	}
}

// find returns the place of a comment among the entries, -1 where there is none.
func (s *index) find(k Key) int {
	if s == nil {
		return -1
	}
	at, there := slices.BinarySearchFunc(s.steps, k.Serial, func(of indexedStep, serial int) int { return cmp.Compare(serial, of.serial) })
	if !there || s.steps[at].salt != k.Salt || k.Place >= s.steps[at].n {
		return -1
	}
	i := s.steps[at].first + k.Place
	if s.entries[i].out {
		return -1
	}
	return i
}

func (s *index) key(e *entry) Key {
	of := &s.steps[e.step]
	return Key{Serial: of.serial, Place: int(e.place), Salt: of.salt}
}

// after returns the place of the first entry that follows a position in the order of
// lists: newer releases first, units in the order of their codes.
func (s *index) after(p *position) int {
	if p == nil {
		return 0
	}
	if s.unit == p.unit {
		return sort.Search(len(s.entries), func(i int) bool {
			e := &s.entries[i]
			serial := s.steps[e.step].serial
			return serial < p.serial || serial == p.serial && int(e.place) > p.place
		})
	}
	return sort.Search(len(s.entries), func(i int) bool {
		day := s.steps[s.entries[i].step].day
		return day.Before(p.day) || day.Equal(p.day) && s.unit > p.unit
	})
}

// position is where a list goes on.
type position struct {
	day    time.Time
	unit   string
	serial int
	place  int
}

// sortedKeys returns the keys of a map in their order.
func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

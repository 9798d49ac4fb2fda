package comment

import (
	"container/heap"
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"persepsi/survey"
)

const (
	// pageSize is how many comments a page has.
	pageSize = 20
	// searchAtOnce is how many texts a search reads at once, mostSearched how many for one
	// page, and mostRead how many bytes of them: masking takes a microsecond for one or two, and
	// people may write comments of thousands. A search goes on where it stopped.
	searchAtOnce = 200
	mostSearched = 1000
	mostRead     = 100_000
	// mostWalked bounds how many comments a page passes over.
	mostWalked = 100_000
	// mostTerms and longestTerm bound what is searched for.
	mostTerms   = 5
	longestTerm = 40
)

// Query selects comments; an empty field selects all.
type Query struct {
	Period  string
	Units   []string // all that the reader may see, and no other
	State   State
	Topic   Topic
	Service string
	Week    survey.Date // a Monday: those that may be of that week, by what is told
	Search  string      // words, each of which has to be in what may be read
	// After is the comment after which the page begins, of the unit AfterUnit: one of Units,
	// as what follows tells when a comment came.
	After     Key
	AfterUnit string
}

// Item is a comment as it may be shown.
type Item struct {
	Period, Unit string
	Key          Key
	Text         []Segment
	Label        Label
	Released     time.Time
	State        State
	Version      int // of its mark; 0: there is none
	Topics       Topics
	Checked      bool // the topics were said by a person
	By           string
	At           time.Time // when it was marked
}

// Masked reports whether something of a comment is masked.
func (i *Item) Masked() bool {
	for _, s := range i.Text {
		if s.Mask != "" {
			return true
		}
	}
	return false
}

// Page is a part of a list.
type Page struct {
	Items  []Item
	Counts Counts // of all comments of the period and units, whatever else is asked for
	// More tells that the list goes on after LastKey of LastUnit; Searched how many comments
	// a search has read, 0 where nothing was searched for.
	More     bool
	LastKey  Key
	LastUnit string
	Searched int
	read     int // bytes
}

// List returns a page of comments, those of the newest releases first; within a release in
// an order that was drawn and tells nothing. The cost of a page grows with what it shows
// and, up to a bound, with what it passes over. Error: NotFound for an After that is no
// comment of Units.
func (r *Reader) List(ctx context.Context, q Query) (*Page, error) {
	out := &Page{Counts: newCounts(len(r.Topics()))}
	indexes := *r.indexes.Load()
	var from *position
	if q.AfterUnit != "" {
		s := indexes[Place{q.Period, q.AfterUnit}]
		at := s.find(q.After)
		if at < 0 || !slices.Contains(q.Units, q.AfterUnit) {
			return nil, survey.Errorf(survey.NotFound, "there is no such comment")
		}
		from = &position{s.steps[s.entries[at].step].day, q.AfterUnit, q.After.Serial, q.After.Place}
	}
	var walk merge
	for _, unit := range q.Units {
		s := indexes[Place{q.Period, unit}]
		if s == nil {
			continue
		}
		out.Counts.add(&s.counts)
		if at := s.after(from); at < len(s.entries) {
			walk = append(walk, cursor{s, at})
		}
	}
	heap.Init(&walk)
	return out, r.fill(ctx, q, &walk, out)
}

// fill fills a page.
func (r *Reader) fill(ctx context.Context, q Query, walk *merge, out *Page) error {
	topic, terms := r.classifier.Index(q.Topic), searched(q.Search)
	var last found // that was passed over
	for passed := 0; ; {
		var batch []found
		size := pageSize + 1 - len(out.Items)
		if len(terms) > 0 {
			size = searchAtOnce
		}
		for len(batch) < size && walk.Len() > 0 && passed < mostWalked {
			s, e := walk.next()
			last, passed = found{s, e}, passed+1
			if q.matches(s, e, topic) {
				batch = append(batch, found{s, e})
			}
		}
		seen, err := r.show(ctx, q, batch, terms, out)
		if err != nil {
			return err
		}
		full := len(out.Items) > pageSize
		if full {
			out.Items = out.Items[:pageSize]
			end := &out.Items[pageSize-1]
			out.LastKey, out.LastUnit = end.Key, end.Unit
		}
		if seen < len(batch) && !full {
			last = batch[seen-1]
			out.More, out.LastKey, out.LastUnit = true, last.index.key(last.entry), last.index.unit
			return nil
		}
		if full || walk.Len() == 0 {
			out.More = full
			return nil
		}
		if passed >= mostWalked || out.Searched >= mostSearched {
			out.More, out.LastKey, out.LastUnit = true, last.index.key(last.entry), last.index.unit
			return nil
		}
	}
}

// found is a comment that a page may show.
type found struct {
	index *index
	entry *entry
}

// show reads the texts of comments, masks them, and adds to a page those that have what is
// searched for. It returns how many it looked at: a search ends where it read enough.
func (r *Reader) show(ctx context.Context, q Query, batch []found, terms [][]string, out *Page) (int, error) {
	if len(batch) == 0 {
		return 0, nil
	}
	ids := make([]uuid.UUID, len(batch))
	for i := range batch {
		ids[i] = batch[i].entry.id
	}
	texts, err := r.store.Comments(ctx, ids)
	if err != nil {
		return 0, err
	}
	for i, f := range batch {
		text, there := texts[f.entry.id]
		if len(terms) > 0 {
			if out.read >= mostRead {
				return i, nil
			}
			out.Searched, out.read = out.Searched+1, out.read+len(text)
		}
		if !there || len(out.Items) > pageSize { // taken out or erased a moment ago
			continue
		}
		item := r.item(q.Period, f, text)
		if !contains(Plain(item.Text), terms) {
			continue
		}
		out.Items = append(out.Items, item)
	}
	return len(batch), nil
}

func (r *Reader) item(period string, f found, text string) Item {
	of := &f.index.steps[f.entry.step]
	return Item{
		Period: period, Unit: f.index.unit, Key: f.index.key(f.entry), Text: r.masker.Mask(text), Label: f.index.labels[f.entry.label], Released: of.day,
		State: States()[f.entry.state], Version: int(f.entry.version), Topics: f.entry.topics, Checked: f.entry.checked,
	}
}

// matches reports whether a comment is one of those that a query selects, but for its text.
func (q *Query) matches(s *index, e *entry, topic int) bool {
	l := &s.labels[e.label]
	return !e.out && (q.State == "" || States()[e.state] == q.State) && (q.Topic == "" || e.topics.Has(topic)) &&
		(q.Service == "" || l.Service == q.Service) && (q.Week == 0 || l.From <= q.Week+6 && q.Week <= l.To)
}

// searched returns the stems of each word that is searched for.
func searched(text string) (out [][]string) {
	for _, w := range words(fold(text).text) {
		if n := utf8.RuneCountInString(w.low); n > 1 && n <= longestTerm && len(out) < mostTerms {
			out = append(out, Stems(w.low))
		}
	}
	return out
}

// contains reports whether each term is in a text: as a word, another form of it, or the
// beginning of one.
func contains(text string, terms [][]string) bool {
	if len(terms) == 0 {
		return true
	}
	list := words(text)
	for _, term := range terms {
		there := false
		for i := range list {
			there = there || strings.HasPrefix(list[i].low, term[0]) || shares(Stems(list[i].low), term)
		}
		if !there {
			return false
		}
	}
	return true
}

// shares reports whether two words may be forms of one; what may be left of one in three
// letters says too little.
func shares(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y && (len(x) > shortest || x == a[0] && y == b[0]) {
				return true
			}
		}
	}
	return false
}

// cursor is a place in the entries of a unit.
type cursor struct {
	*index
	at int
}

// merge is the entries of several units in the order of lists, as a heap.
type merge []cursor

func (m merge) Len() int { return len(m) }

func (m merge) Less(i, j int) bool {
	a, b := m[i].steps[m[i].entries[m[i].at].step].day, m[j].steps[m[j].entries[m[j].at].step].day
	if !a.Equal(b) {
		return a.After(b)
	}
	return m[i].unit < m[j].unit
}

func (m merge) Swap(i, j int) { m[i], m[j] = m[j], m[i] }

// Push is for heap.Interface; nothing is pushed.
func (m *merge) Push(any) {}

// Pop removes the last unit; see heap.Interface.
func (m *merge) Pop() any {
	last := (*m)[len(*m)-1]
	*m = (*m)[:len(*m)-1]
	return last
}

// next returns the next entry.
func (m *merge) next() (*index, *entry) {
	first := &(*m)[0]
	s, e := first.index, &first.entries[first.at]
	if first.at++; first.at == len(first.entries) {
		heap.Pop(m)
	} else {
		heap.Fix(m, 0)
	}
	return s, e
}

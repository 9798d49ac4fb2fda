package comment

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/internal/audit"
	"persepsi/survey"
)

// city is a store in memory, and the releases of its units.
type city struct {
	released map[string][]Release
	answers  map[uuid.UUID]*survey.Response
	out      map[uuid.UUID]bool
	gone     map[uuid.UUID]bool // texts that went while an index still has them
	put      map[Place][]Step
	marks    []Mark
	erased   []survey.Erasure
	audited  []audit.Entry
	revision int64
	read     int              // how often releases were read
	texts    int              // how many texts were read
	fails    map[string]error // by the call
	before   func(Step)       // a step is stored
	now      time.Time
}

func newCity() *city {
	return &city{
		released: map[string][]Release{}, answers: map[uuid.UUID]*survey.Response{}, out: map[uuid.UUID]bool{}, gone: map[uuid.UUID]bool{},
		put: map[Place][]Step{}, fails: map[string]error{}, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC),
	}
}

// release lets a release of a unit hide among ten and add answers, so many of each, and returns their ids.
func (c *city) release(unit string, of ...survey.Response) (ids []uuid.UUID) {
	for i := range of {
		a := of[i]
		a.ID, a.Unit = uuid.New(), unit
		c.answers[a.ID], ids = &a, append(ids, a.ID)
	}
	c.revision++
	c.released[unit] = append(c.released[unit], Release{Serial: len(c.released[unit]) + 1, Least: 10, At: c.now, Added: ids})
	return ids
}

// takeOut undoes answers.
func (c *city) takeOut(ids ...uuid.UUID) {
	for _, id := range ids {
		c.out[id] = true
	}
	c.revision++
}

// some returns so many answers alike.
func some(n int, like survey.Response) []survey.Response {
	return slices.Repeat([]survey.Response{like}, n)
}

func (c *city) Additions(_ context.Context, _, unit string, from int, fn func(int, int, time.Time, []uuid.UUID) error) error {
	c.read++
	for _, r := range c.released[unit][from-1:] {
		if err := fn(r.Serial, r.Least, r.At, r.Added); err != nil {
			return err
		}
	}
	return c.fails["Additions"]
}

func (c *city) Find(_ context.Context, ids []uuid.UUID) (out []*survey.Response, _ error) {
	for _, id := range ids {
		if a := c.answers[id]; a != nil {
			out = append(out, a)
		}
	}
	return out, c.fails["Find"]
}

func (c *city) PutCommentStep(_ context.Context, s Step) error {
	if c.before != nil {
		c.before(s)
	}
	at := Place{s.Period, s.Unit}
	if err := c.fails["PutCommentStep"]; err != nil {
		return err
	}
	if slices.ContainsFunc(c.put[at], func(o Step) bool { return o.Serial == s.Serial }) {
		return s.Conflict()
	}
	c.put[at] = append(c.put[at], s)
	return nil
}

func (c *city) CommentSteps(_ context.Context, at Place, from int, fn func(Step) error) error {
	for _, s := range c.put[at] {
		if s.Serial >= from {
			if err := fn(s); err != nil {
				return err
			}
		}
	}
	return c.fails["CommentSteps"]
}

func (c *city) PutMark(_ context.Context, m Mark) error {
	if err := c.fails["PutMark"]; err != nil {
		return err
	}
	c.marks = append(c.marks, m)
	return nil
}

func (c *city) Marks(_ context.Context, at Place, ids ...uuid.UUID) ([]Mark, error) {
	newest := map[uuid.UUID]Mark{}
	for _, m := range c.marks {
		if m.Period == at.Period && m.Unit == at.Unit && (len(ids) == 0 || slices.Contains(ids, m.ID)) {
			newest[m.ID] = m
		}
	}
	return slices.Collect(maps.Values(newest)), c.fails["Marks"]
}

func (c *city) Marked(context.Context) (map[Place]int64, error) {
	out := map[Place]int64{}
	for _, m := range c.marks {
		out[Place{m.Period, m.Unit}]++
	}
	return out, c.fails["Marked"]
}

func (c *city) Comments(_ context.Context, ids []uuid.UUID) (map[uuid.UUID]string, error) {
	out := map[uuid.UUID]string{}
	c.texts += len(ids)
	for _, id := range ids {
		if !c.out[id] && !c.gone[id] {
			out[id] = c.answers[id].Comment
		}
	}
	return out, c.fails["Comments"]
}

func (c *city) TakenOut(_ context.Context, _ string, fn func(int, *survey.Response) error) error {
	for id := range c.out {
		if err := fn(1, c.answers[id]); err != nil {
			return err
		}
	}
	return c.fails["TakenOut"]
}

func (c *city) Erasures(context.Context) ([]survey.Erasure, error) {
	return c.erased, c.fails["Erasures"]
}

func (c *city) Revisions(context.Context) (map[string]int64, error) {
	return map[string]int64{"": c.revision}, c.fails["Revisions"]
}

func (c *city) NewestReleases(context.Context, string) (map[string]int, error) {
	out := map[string]int{}
	for unit, list := range c.released {
		out[unit] = len(list)
	}
	return out, c.fails["NewestReleases"]
}

func (c *city) Audit(_ context.Context, entries ...audit.Entry) error {
	c.audited = append(c.audited, entries...)
	return c.fails["Audit"]
}

func (c *city) reader(t *testing.T) *Reader {
	t.Helper()
	d := onePeriod(t)
	r, err := NewReader(c, c, func() *survey.Directory { return d }, func() time.Time { return c.now })
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func refresh(t *testing.T, r *Reader) {
	t.Helper()
	if err := r.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// pages reads a list to its end.
func pages(t *testing.T, r *Reader, q Query) (out []Page) {
	t.Helper()
	for q.Period = "p"; ; {
		p, err := r.List(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if out = append(out, *p); !p.More {
			return out
		}
		if q.After, q.AfterUnit = p.LastKey, p.LastUnit; len(out) > 30 {
			t.Fatal("a list has no end")
		}
	}
}

// shown counts the comments of a list by their service.
func shown(t *testing.T, r *Reader, q Query) map[string]int {
	t.Helper()
	out, seen := map[string]int{}, map[string]bool{}
	for _, p := range pages(t, r, q) {
		for _, i := range p.Items {
			if key := fmt.Sprint(i.Unit, i.Key); seen[key] {
				t.Fatalf("%s is shown twice", key)
			} else {
				seen[key] = true
			}
			out[i.Label.Service]++
		}
	}
	return out
}

package storetest

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"persepsi/analytics"
	"persepsi/internal/projection"
	"persepsi/survey"
)

// hookedStore is a store in which something happens before each step of a
// projection.
type hookedStore struct {
	Store
	step func(name string)
	// saves sees what is saved.
	saves func([]projection.Put)
	// dies lets a save end, as the process would, after the buckets.
	dies bool
}

var errDied = errors.New("the process died")

func (s *hookedStore) Take(ctx context.Context, b *projection.Batch) (bool, error) {
	s.step("take")
	return s.Store.Take(ctx, b)
}

func (s *hookedStore) Count(ctx context.Context, keys []analytics.Key, b *projection.Batch, to projection.Sink) error {
	s.step("count")
	return s.Store.Count(ctx, keys, b, to)
}

func (s *hookedStore) Load(ctx context.Context, keys []analytics.Key) (map[analytics.Key]projection.Doc, error) {
	s.step("load")
	return s.Store.Load(ctx, keys)
}

func (s *hookedStore) Docs(ctx context.Context, f projection.Selection, fn func(analytics.Key, projection.Doc) error) error {
	s.step("docs")
	return s.Store.Docs(ctx, f, fn)
}

func (s *hookedStore) Save(ctx context.Context, b *projection.Batch, puts []projection.Put) ([]analytics.Key, error) {
	s.step("save")
	if s.saves != nil {
		s.saves(puts)
	}
	if s.dies {
		buckets := slices.DeleteFunc(slices.Clone(puts), func(p projection.Put) bool { return p.Level != analytics.LevelDay })
		_, err := s.Store.Save(ctx, &projection.Batch{}, buckets)
		return nil, errors.Join(err, errDied)
	}
	return s.Store.Save(ctx, b, puts)
}

// ordered saves documents in one order, whatever order they were counted in: two
// processes that lock the same ones in different orders stand in each other's way.
func ordered(t *testing.T, e Engine) {
	s := fresh(t, e)
	m := NewMaker(t, 21)
	saved := 0
	s.Projector = projection.New(&hookedStore{Store: s.Store, step: func(string) {}, saves: func(puts []projection.Put) {
		saved += len(puts)
		if !slices.IsSortedFunc(puts, func(a, b projection.Put) int {
			return cmp.Or(cmp.Compare(a.Level, b.Level), a.Compare(b.Key))
		}) {
			t.Error("documents are not saved in the order of their levels and keys")
		}
	}}, Library(t))
	mustAppend(t, s, m.Batch(300))
	mustSettle(t, s)
	if saved < 60 {
		t.Errorf("%d documents are saved", saved)
	}
}

// interleaved lets another process store, settle and recount between any two
// steps of a settling one.
func interleaved(t *testing.T, e Engine) {
	open := e.New(t)
	a, b := handle(t, open), handle(t, open)
	m := NewMaker(t, 21)
	rng := rand.New(rand.NewPCG(21, 1))
	var list []*survey.Response
	add := func(s *OpenStore, n int) {
		batch := m.Batch(n)
		for _, r := range batch { // few buckets, so that they meet
			r.Unit, r.Day = "unit-0", First()+10+survey.Date(rng.IntN(3))
		}
		mustAppend(t, s, batch)
		list = append(list, batch...)
	}
	other := &hookedStore{Store: b.Store, step: func(string) {}}
	b.Projector = projection.New(other, Library(t))
	hooked := &hookedStore{Store: a.Store, step: func(string) {}}
	a.Projector = projection.New(hooked, Library(t))
	for range 60 {
		add(a, 1+rng.IntN(3))
		left := 2
		hooked.step = func(string) {
			if left == 0 || rng.IntN(3) > 0 {
				return
			}
			left--
			if rng.IntN(3) > 0 {
				add(b, 1)
			}
			other.dies = !e.Alone && rng.IntN(3) == 0
			defer func() { other.dies = false }()
			switch {
			case other.dies:
				if _, err := b.Settle(t.Context()); err != nil && !errors.Is(err, errDied) {
					t.Fatal(err)
				}
			case rng.IntN(6) == 0:
				if _, err := b.Recount(t.Context(), ""); err != nil {
					t.Fatal(err)
				}
			default:
				mustSettle(t, b)
			}
		}
		mustSettle(t, a)
		hooked.step = func(string) {}
		mustSettle(t, b)
		mustSettle(t, a)
		CheckTallies(t, a, Count(t, m.form, list))
	}
}

// growing stores answers of one bucket again and again: what is known to lack is
// added, and nothing is read twice.
func growing(t *testing.T, e Engine) {
	s := fresh(t, e)
	m := NewMaker(t, 22)
	counted := 0
	s.Projector = projection.New(&hookedStore{Store: s.Store, step: func(name string) {
		if name == "count" {
			counted++
		}
	}}, Library(t))
	var list []*survey.Response
	for i := range 5 {
		batch := m.Batch(3)
		for _, r := range batch {
			r.Unit, r.Day = "unit-0", First()
		}
		mustAppend(t, s, batch)
		list = append(list, batch...)
		if mustSettle(t, s); i == 0 && !e.Alone {
			counted = 0 // others may have answers of a bucket that is new here
		}
	}
	if counted > 0 {
		t.Errorf("the bucket was counted anew %d times", counted)
	}
	CheckTallies(t, s, Count(t, m.form, list))
}

// sparing refreshes again and again within the time that a process may keep what
// it counted.
func sparing(t *testing.T, e Engine) {
	if !e.Alone {
		t.Skip("others read this store: what is counted is saved at once")
	}
	s := fresh(t, e)
	m := NewMaker(t, 23)
	saves := 0
	now := time.Unix(0, 0)
	s.Projector = projection.NewLive(&hookedStore{Store: s.Store, step: func(name string) {
		if name == "save" {
			saves++
		}
	}}, Library(t), time.Minute, func() time.Time { return now })
	for second := range 150 {
		now = now.Add(time.Second)
		mustAppend(t, s, m.Batch(1))
		if err := s.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		// At once, because there may be much to save at the start, and then each
		// minute.
		if want := 1 + second/60; saves != want {
			t.Fatalf("saved %d times within %d seconds, want %d", saves, second+1, want)
		}
	}
	now = now.Add(-time.Hour) // the clock is set right
	mustAppend(t, s, m.Batch(1))
	if before := saves; s.Refresh(t.Context()) != nil || saves != before+1 {
		t.Errorf("saved %d times since the clock was set back, want once", saves-before)
	}
}

// mendedMeanwhile lets another process mend a bucket that was read wrong.
func mendedMeanwhile(t *testing.T, e Engine) {
	open := e.New(t)
	a, b := handle(t, open), handle(t, open)
	m := NewMaker(t, 24)
	list := m.Batch(20)
	for _, r := range list {
		r.Unit, r.Day = "unit-0", First()
	}
	mustAppend(t, a, list[:10])
	mustSettle(t, a)
	k := analytics.KeyOf(list[0])
	e.Spoil(t, a.Store, k, Count(t, m.form, list[:3])[k].Encode())
	mustAppend(t, a, list[10:])
	mended := false
	a.Projector = projection.New(&hookedStore{Store: a.Store, step: func(name string) {
		if name == "save" && !mended {
			mended = true
			docs, err := b.Load(t.Context(), []analytics.Key{k})
			if err != nil {
				t.Fatal(err)
			}
			right := Count(t, m.form, list[:10])[k]
			if left, err := b.Save(t.Context(), &projection.Batch{}, []projection.Put{{Key: k, Old: docs[k], Tally: right.Encode()}}); err != nil || len(left) > 0 {
				t.Fatal(left, err)
			}
		}
	}}, Library(t))
	mustSettle(t, a)
	CheckTallies(t, a, Count(t, m.form, list))
}

// movedBucket saves a unit whose bucket another process replaced: its rollups
// must not be written either, or they would hold what the bucket doesn't.
func movedBucket(t *testing.T, e Engine) {
	open := e.New(t)
	a, b := handle(t, open), handle(t, open)
	m := NewMaker(t, 25)
	list := m.Batch(10)
	for _, r := range list {
		r.Unit, r.Day = "unit-0", First()
	}
	mustAppend(t, a, list)
	mustSettle(t, a)
	day := analytics.KeyOf(list[0])
	keys := append([]analytics.Key{day}, day.Rollups()...)
	read, err := a.Load(t.Context(), keys)
	if err != nil {
		t.Fatal(err)
	}
	theirs := Count(t, m.form, list[:9])[day].Encode()
	if left, err := b.Save(t.Context(), &projection.Batch{}, []projection.Put{{Key: day, Old: read[day], Tally: theirs}}); err != nil || len(left) > 0 {
		t.Fatal(left, err)
	}
	var puts []projection.Put
	for _, k := range keys {
		puts = append(puts, projection.Put{Key: k, Old: read[k], Tally: Count(t, m.form, list[:8])[k].Encode()})
	}
	left, err := a.Save(t.Context(), &projection.Batch{}, puts)
	if !errors.Is(err, projection.ErrMoved) && (err != nil || !slices.Equal(left, keys)) {
		t.Errorf("left %v, err = %v, want all left", left, err)
	}
	now, err := b.Load(t.Context(), keys)
	if err != nil || string(now[day].Tally) != string(theirs) {
		t.Errorf("the bucket was overwritten, err = %v", err)
	}
	for _, k := range day.Rollups() {
		if string(now[k].Tally) != string(read[k].Tally) {
			t.Errorf("%+v was written, though its bucket was not", k)
		}
	}
}

// unwaited has figures read while somebody refreshes: where others read the
// store too, all that is counted is in it, and nobody waits.
func unwaited(t *testing.T, e Engine) {
	if e.Alone {
		t.Skip("what is counted in memory is read by who holds it")
	}
	s := fresh(t, e)
	m := NewMaker(t, 28)
	list := m.Batch(20)
	mustAppend(t, s, list)
	mustSettle(t, s)
	mustAppend(t, s, m.Batch(1))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	s.Projector = projection.New(&hookedStore{Store: s.Store, step: func(name string) {
		if name == "save" {
			checkRead(ctx, t, s, Count(t, m.form, list))
		}
	}}, Library(t))
	mustSettle(t, s)
}

package report

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"persepsi/analytics"
	"persepsi/internal/cache"
	"persepsi/survey"
)

// blocked is a store whose Refresh waits until it is let go.
type blocked struct {
	*tallies
	release chan struct{}
}

func (s blocked) Refresh(ctx context.Context) error {
	<-s.release
	return s.tallies.Refresh(ctx)
}

func TestWhoReadsWaitsForNoStore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "skm-9", "{}")
		w.answer(t, "u1", "444444444")
		release := make(chan struct{})
		w.board.store = blocked{w.store, release}
		done := make(chan error)
		go func() { done <- w.builder.Refresh(t.Context()) }()
		synctest.Wait() // it hangs in the store
		if got := w.results(t, Scope{Audience: Live, Unit: "u1"}).Units[0].Responses.Valid; got != 1 {
			t.Errorf("%d answers, want 1", got)
		}
		// Another catalogue is shown meanwhile too.
		w.apply(t, "Unit satu", "Unit pertama")
		if got := w.results(t, Scope{Audience: Live, Unit: "u1"}).Units[0].UnitName; got != "Unit pertama" {
			t.Errorf("the unit is called %q", got)
		}
		close(release)
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestFiguresAreNotDatedByARefreshThatFailed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "skm-9", "{}")
		broken := errors.New("the store is away")
		source := &failing{Source: w.board, err: broken}
		w.builder.source = source
		if err := w.builder.Refresh(t.Context()); !errors.Is(err, broken) {
			t.Errorf("err = %v", err)
		}
		if _, err := w.builder.Figures().Results(Scope{Audience: Live, Period: "p"}); !errors.Is(err, ErrNotLoaded) {
			t.Errorf("err = %v, want ErrNotLoaded", err)
		}
		source.err = nil
		w.refresh(t)
		at := w.builder.Figures().At()
		time.Sleep(time.Minute)
		source.err = broken
		w.store.stored[analytics.Key{Period: "p", Unit: "u1", Form: w.directory.Form("p").ID, Level: analytics.LevelPeriod}] = w.tally(t, "444444444")
		w.store.revision++
		if err := w.builder.Refresh(t.Context()); !errors.Is(err, broken) {
			t.Errorf("err = %v", err)
		}
		if got := w.builder.Figures().At(); !got.Equal(at) {
			t.Errorf("dated %s later", got.Sub(at))
		}
		if got := w.results(t, Scope{Audience: Live}).City.Responses.Valid; got != 1 {
			t.Errorf("%d answers, want the one that could be read", got)
		}
		if age, loaded := w.builder.Age(); age != time.Minute || !loaded {
			t.Errorf("age %s, %v; want a minute", age, loaded)
		}
	})
}

// By the clock that dates them, whatever the machine's says.
func TestTheAgeOfFiguresIsToldByTheClockThatDatesThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	now := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	b, err := NewBuilder(w.board, func() *survey.Directory { return w.directory }, cache.New(0), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	now = now.Add(90 * time.Second)
	if age, loaded := b.Age(); age != 90*time.Second || !loaded {
		t.Errorf("age %s, %v; want 1m30s", age, loaded)
	}
}

type failing struct {
	Source
	err error
}

func (f *failing) Refresh(ctx context.Context) error {
	return errors.Join(f.Source.Refresh(ctx), f.err)
}

// However many answers come in, snapshots leave most of a processor to others.
func TestDearSnapshotsComeSeldom(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "skm-9", "{}")
		const dear = 200 * time.Millisecond
		d := w.directory
		w.builder.directory = func() *survey.Directory {
			time.Sleep(dear)
			return d
		}
		begun := time.Now()
		for range 3 {
			if err := w.builder.Keep(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if took, want := time.Since(begun), 3*dear+2*idleFor*dear; took != want {
			t.Errorf("three took %s, want %s", took, want)
		}
		away := errors.New("away")
		w.builder.source = &failing{Source: w.board, err: away}
		if err := w.builder.Keep(t.Context()); !errors.Is(err, away) {
			t.Errorf("err = %v, want the store's", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := w.builder.Keep(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("err = %v", err)
		}
	})
}

// Whoever sends an answer while a whole city's figures are made waits for a piece of that, unless
// somebody waits for the figures.
func TestSnapshotsAreMadeInPiecesUnlessSomebodyWaitsForThem(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		waiting int64
		first   bool
		rests   time.Duration
	}{"nobody waits": {rests: idleFor}, "somebody waits": {waiting: 1}, "all wait for the first figures": {first: true}} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, "skm-9", "{}")
			worked := time.Duration(0)
			w.builder.now = func() time.Time { // whoever looks at the clock has worked
				time.Sleep(piece)
				worked += piece
				return time.Now()
			}
			w.builder.waiting.Store(tt.waiting)
			if !tt.first {
				w.builder.current.Store(&Figures{})
			}
			begun := time.Now()
			if err := w.builder.Keep(t.Context()); err != nil {
				t.Fatal(err)
			}
			units := int64(audiences) * int64(len(w.directory.Catalogue().Agencies[0].Units))
			least := time.Duration(units) * tt.rests * piece
			if rested := time.Since(begun) - worked; rested < least || tt.rests == 0 && rested > 0 {
				t.Errorf("%s: it rested %s while it worked %s for %d units, want %s", name, rested, worked, units, least)
			}
			if ahead := time.Until(w.builder.idle); ahead > idleFor*worked-(time.Since(begun)-worked) {
				t.Errorf("what it rested it rests again: %s", ahead)
			}
		})
	}
}

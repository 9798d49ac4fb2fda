package jobs

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"persepsi/survey"
)

// Of what there may be, the last byte may be used, and no other.
func TestAPartMayFillWhatIsLeft(t *testing.T) {
	t.Parallel()
	away := survey.Errorf(survey.Unavailable, "away")
	free := func(n int64, err error) func(context.Context) (int64, error) {
		return func(context.Context) (int64, error) { return n, err }
	}
	for _, tc := range []struct {
		name  string
		had   int64 // by the job
		other int64 // by another job
		free  func(context.Context) (int64, error)
		part  int
		want  error
	}{
		{name: "nothing yet", part: 5},
		{name: "all that one may have", had: MostBytes - 5, part: 5},
		{name: "a byte more than one may have", had: MostBytes - 5, part: 6, want: ErrTooLarge},
		{name: "all that there may be", had: 10, other: MostBytesOfAll - 15, part: 5},
		{name: "a byte more than there may be", had: 10, other: MostBytesOfAll - 15, part: 6, want: errFull},
		{name: "all that answers leave", free: free(LeastFree+5, nil), part: 5},
		{name: "a byte more than answers leave", free: free(LeastFree+5, nil), part: 6, want: errFull},
		{name: "nothing is free", free: free(0, nil), part: 5, want: errFull},
		{name: "nobody knows what is free", free: free(-1, nil), part: 5},
		{name: "it cannot be asked what is free", free: free(LeastFree+5, away), part: 5, want: away},
	} {
		b := newBench()
		b.jobs["j"], b.jobs["k"] = Job{ID: "j", Size: tc.had}, Job{ID: "k", Size: tc.other}
		w := b.worker(nil)
		w.Free = tc.free
		j := b.jobs["j"]
		if err := w.room(t.Context(), &j, &Part{Data: make([]byte, tc.part)}); !errors.Is(err, tc.want) || j.Size != tc.had+int64(tc.part) {
			t.Errorf("%s: err = %v and %d bytes, want %v", tc.name, err, j.Size, tc.want)
		}
		var broken *storeError
		b.away = true
		if err := w.room(t.Context(), new(Job), new(Part)); !errors.As(err, &broken) {
			t.Errorf("%s, and the store away: %v", tc.name, err)
		}
	}
}

// Whoever finds that another took the job goes on to the next.
func TestAServerThatComesTooLateTakesTheNextJob(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		first := b.ask(t, "siti", `1`)
		time.Sleep(time.Second)
		second := b.ask(t, "siti", `2`)
		other := b.worker(nil)
		b.puts = func() {
			b.puts = nil
			if j, err := other.next(t.Context()); err != nil || j.ID != first.ID {
				t.Errorf("the other takes %+v, err = %v", j, err)
			}
		}
		if j, err := b.worker(nil).next(t.Context()); err != nil || j == nil || j.ID != second.ID {
			t.Errorf("it takes %+v, err = %v, want the second", j, err)
		}
		b.ask(t, "siti", `3`)
		b.puts = func() { b.away = true }
		if j, err := b.worker(nil).next(t.Context()); survey.CodeOf(err) != survey.Unavailable {
			t.Errorf("where the store goes away it takes %+v, err = %v", j, err)
		}
	})
}

// What a store does not do while a job fails, is cancelled or waits, is tried again: it is no end
// of the job, and nothing is said to be done.
func TestAStoreThatGoesAwayIsToldToWhoWorks(t *testing.T) {
	t.Parallel()
	// second has the store go away with the second call from now on.
	second := func(b *bench) func() {
		n := 0
		return func() {
			if n++; n == 2 {
				b.away = true
			}
		}
	}
	for name, tc := range map[string]struct {
		before func(b *bench, j Job) error // the second step is made
		busy   bool                        // from then on
		left   JobState
	}{
		"before the failure is stored": {before: func(b *bench, _ Job) error { b.away = true; return errors.New("broken") }, left: Running},
		"before its parts are removed": {before: func(b *bench, _ Job) error { b.dropless = true; return errors.New("broken") }, left: Failed},
		"after it was cancelled": {before: func(b *bench, j Job) error {
			err := b.desk.Cancel(context.Background(), "siti", j.ID)
			b.reads = second(b)
			return err
		}, left: Cancelled},
		"while it waits": {before: func(b *bench, _ Job) error { b.puts = second(b); return nil }, busy: true, left: Running},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench()
			j := b.ask(t, "siti", `1`)
			b.before = func(key string) error {
				if key != "u1" {
					return nil
				}
				return tc.before(b, j)
			}
			begun := time.Now()
			w := b.worker(func() bool { return tc.busy && len(b.made) > 1 && time.Since(begun) < time.Hour })
			if err := w.Work(t.Context()); survey.CodeOf(err) != survey.Unavailable {
				t.Errorf("%s: err = %v", name, err)
			}
			if got := b.job(t, j.ID); got.State != tc.left {
				t.Errorf("%s: it is %s, want %s", name, got.State, tc.left)
			}
			b.away, b.dropless, b.before, b.puts, b.reads, begun = false, false, nil, nil, nil, time.Time{}
			if err := w.Work(t.Context()); err != nil {
				t.Errorf("%s: later: %v", name, err)
			}
			if got := b.job(t, j.ID); got.Open() {
				t.Errorf("%s: later it is %s", name, got.State)
			}
		})
	}
}

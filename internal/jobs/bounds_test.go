package jobs

import (
	"context"
	"errors"
	"log/slog"
	"strings"
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

// A job that fails, is cancelled or waits meets a store that breaks off one call: it is told, and
// the next Work goes on from there.
func TestACallThatBreaksOffIsToldToWhoWorks(t *testing.T) {
	t.Parallel()
	broken := func(*bench, Job) error { return errors.New("broken") }
	cancel := func(b *bench, j Job) error { return b.queue.Cancel(context.Background(), "siti", j.ID) }
	nothing := func(*bench, Job) error { return nil }
	for name, tc := range map[string]struct {
		second func(b *bench, j Job) error // while the second step is made
		call   string                      // which breaks off then
		nth    int
		busy   bool // from then on
		left   JobState
		later  JobState
	}{
		"the parts cannot be listed":          {nothing, "Parts", 0, false, Running, Ready},
		"what others have cannot be added up": {nothing, "Jobs", 1, false, Running, Ready},
		"a step cannot be stored":             {nothing, "PutJob", 1, false, Running, Ready},
		"a beat cannot be stored":             {nothing, "PutJob", 2, true, Running, Ready},
		"the failure cannot be stored":        {broken, "PutJob", 1, false, Running, Ready},
		"the parts cannot be removed":         {broken, "DropParts", 1, false, Failed, Failed},
		"after it was cancelled":              {cancel, "Jobs", 2, false, Cancelled, Cancelled},
		"what was made of it since":           {cancel, "DropParts", 1, false, Cancelled, Cancelled},
		"it failed after it was cancelled":    {func(b *bench, j Job) error { return errors.Join(cancel(b, j), errors.New("broken")) }, "DropParts", 1, false, Cancelled, Cancelled},
	} {
		synctest.Test(t, func(t *testing.T) {
			b, begun, calls := newBench(), time.Now(), 0
			j := b.ask(t, "siti", `1`)
			b.fails = func(call string) bool { return call == tc.call && tc.nth == 0 }
			b.before = func(key string) error {
				if key != "u1" {
					return nil
				}
				err := tc.second(b, j)
				b.before, b.fails = nil, func(call string) bool {
					if call == tc.call {
						calls++
					}
					return call == tc.call && calls == tc.nth
				}
				return err
			}
			w := b.worker(func() bool { return tc.busy && b.before == nil && time.Since(begun) < time.Minute })
			if err := w.Work(t.Context()); survey.CodeOf(err) != survey.Unavailable {
				t.Errorf("%s: err = %v", name, err)
			}
			if got := b.job(t, j.ID).State; got != tc.left {
				t.Errorf("%s: it is %s, want %s", name, got, tc.left)
			}
			b.fails = nil
			if err := w.Work(t.Context()); err != nil {
				t.Errorf("%s: later: %v", name, err)
			}
			if got := b.job(t, j.ID).State; got != tc.later {
				t.Errorf("%s: later it is %s, want %s", name, got, tc.later)
			}
		})
	}
}

// Who stops a server waits for no rest, and nothing more is made.
func TestTheEndIsNotWaitedForWhileAJobRests(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		after time.Duration // the end comes
		busy  bool
		made  int
	}{"before the first step": {0, false, 0}, "while a step is made": {50 * time.Millisecond, false, 1}, "while it rests": {200 * time.Millisecond, false, 1}, "while the server is busy": {time.Minute, true, 0}} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench()
			j := b.ask(t, "siti", `1`)
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			b.puts = func() { // it is taken up
				b.puts = nil
				if tc.after == 0 {
					stop()
				}
				time.AfterFunc(tc.after, stop)
			}
			begun := time.Now()
			err := b.worker(func() bool { return tc.busy }).Work(ctx)
			if took := time.Since(begun); !errors.Is(err, context.Canceled) || len(b.made) != tc.made || took > max(tc.after, b.took) {
				t.Errorf("%s: err = %v after %s, made are %v", name, err, took, b.made)
			}
			if got := b.job(t, j.ID).State; got != Running {
				t.Errorf("%s: it is %s", name, got)
			}
		})
	}
	// Also where the last of all jobs was done just then.
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		b.ask(t, "siti", `1`)
		ctx, stop := context.WithCancel(t.Context())
		kind := b.kind()
		kind.Last = func(context.Context, Job, []Part) (Part, error) { stop(); return Part{}, nil }
		w := NewWorker(b.memory, func() bool { return false }, slog.New(slog.DiscardHandler), time.Now, kind)
		if err := w.Work(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("after the last job: err = %v", err)
		}
	})
}

func TestAJobIsTakenUpAsSoonAsItMayBe(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		server string // who does it; empty: nobody
		beat   time.Duration
		held   time.Duration // so long ago it lacked something; 0: it is not held
		taken  bool
	}{
		"it waits":                          {"", 0, 0, true},
		"another tells of it":               {"other", lease - 1, 0, false},
		"another told of it long ago":       {"other", lease, 0, true},
		"it lacked something":               {"", 0, heldFor - 1, false},
		"it lacked something long ago":      {"", 0, heldFor, true},
		"this server was doing it just now": {"self", 1, 0, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench()
			w := b.worker(nil)
			j := Job{ID: "j", Version: 1, State: Waiting}
			if tc.server != "" {
				j.State, j.Server, j.Beat = Running, tc.server, time.Now().Add(-tc.beat)
			}
			if tc.server == "self" {
				j.Server = w.name
			}
			if tc.held > 0 {
				w.held["j"] = time.Now().Add(-tc.held)
			}
			b.jobs["j"] = j
			if got, err := w.next(t.Context()); err != nil || (got != nil) != tc.taken {
				t.Errorf("%s: it takes %+v, err = %v", name, got, err)
			}
		})
	}
}

// The log tells of what failed and of what waits, and not of what somebody cancelled or forgot.
func TestTheLogTellsOfJobsThatFail(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		step func(b *bench, j Job) error
		says string
	}{
		"it fails":        {func(*bench, Job) error { return errors.New("broken") }, "long work failed"},
		"it lacks a part": {func(*bench, Job) error { return survey.Errorf(survey.Unavailable, "away") }, "long work waits for what is away"},
		"it is cancelled": {func(b *bench, j Job) error { return b.queue.Cancel(context.Background(), "siti", j.ID) }, ""},
		"it is forgotten": {func(b *bench, j Job) error {
			return errors.Join(b.queue.Cancel(context.Background(), "siti", j.ID), b.queue.Cancel(context.Background(), "siti", j.ID))
		}, ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench()
			b.partsFirst = true
			j := b.ask(t, "siti", `1`)
			b.before = func(key string) error {
				if key == "u1" {
					return tc.step(b, j)
				}
				return nil
			}
			var said strings.Builder
			w := b.worker(nil)
			w.log = slog.New(slog.NewTextHandler(&said, nil))
			if err := w.Work(t.Context()); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if got := said.String(); (got == "") != (tc.says == "") || !strings.Contains(got, tc.says) || tc.says != "" && !strings.Contains(got, j.ID) {
				t.Errorf("%s: the log says %q", name, got)
			}
			if b.job(t, j.ID).State != Running && len(b.parts[j.ID]) != 0 {
				t.Errorf("%s: parts are left: %v", name, b.parts[j.ID])
			}
		})
	}
}

package jobs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestATaskRunsAtItsIntervalAndNeverTwiceAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var starts []time.Duration
		begin, busy := time.Now(), false
		table := New(slog.New(slog.DiscardHandler), time.Now, Task{Name: "slow", Every: time.Second, Run: func(context.Context) error {
			if busy {
				t.Error("a second run began during the first one")
			}
			busy = true
			starts = append(starts, time.Since(begin))
			if len(starts) == 2 {
				time.Sleep(2500 * time.Millisecond) // longer than the interval
			}
			busy = false
			return nil
		}})
		ctx, cancel := context.WithTimeout(t.Context(), 6100*time.Millisecond)
		defer cancel()
		table.Run(ctx)
		want := []time.Duration{time.Second, 2 * time.Second, 4500 * time.Millisecond, 5 * time.Second, 6 * time.Second}
		if len(starts) != len(want) {
			t.Fatalf("it ran at %v, want %v", starts, want)
		}
		for i := range want {
			if starts[i] != want[i] {
				t.Errorf("run %d at %v, want %v", i, starts[i], want[i])
			}
		}
	})
}

func TestATaskThatIsWokenRunsAtOnceAndAtItsInterval(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var runs []time.Duration
		begin, wake := time.Now(), make(chan struct{}, 1)
		ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
		defer cancel()
		time.AfterFunc(1300*time.Millisecond, func() { wake <- struct{}{} })
		New(slog.New(slog.DiscardHandler), time.Now, Task{Name: "woken", Every: time.Second, Wake: wake, Run: func(context.Context) error {
			runs = append(runs, time.Since(begin))
			return nil
		}}).Run(ctx)
		if want := []time.Duration{time.Second, 1300 * time.Millisecond, 2 * time.Second}; !slices.Equal(runs, want) {
			t.Errorf("it ran at %v, want %v", runs, want)
		}
	})
}

func TestASeldomTaskRunsSoonAfterTheStart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var runs []time.Duration
		begin := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 150*time.Minute)
		defer cancel()
		New(slog.New(slog.DiscardHandler), time.Now, Task{Name: "seldom", Every: time.Hour, First: time.Minute, Run: func(context.Context) error {
			runs = append(runs, time.Since(begin))
			return nil
		}}).Run(ctx)
		if want := []time.Duration{time.Minute, 61 * time.Minute, 121 * time.Minute}; !slices.Equal(runs, want) {
			t.Errorf("it ran at %v, want %v", runs, want)
		}
	})
}

func TestOneSlowTaskHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		runs := 0
		ctx, cancel := context.WithTimeout(t.Context(), 10500*time.Millisecond)
		defer cancel()
		New(
			slog.New(slog.DiscardHandler), time.Now,
			Task{Name: "stuck", Every: time.Second, Run: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }},
			Task{Name: "quick", Every: time.Second, Run: func(context.Context) error { runs++; return nil }},
		).Run(ctx)
		if runs != 10 {
			t.Errorf("the quick one ran %d times in 10 s, want 10", runs)
		}
	})
}

func TestAFailureIsLoggedOnceUntilTheTaskWorksAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		runs := 0
		table := New(slog.New(slog.NewTextHandler(&out, nil)), time.Now, Task{Name: "refresh", Description: "reads anew", Every: time.Second, Run: func(context.Context) error {
			fmt.Fprintf(&out, "run %d\n", runs+1)
			if runs++; runs == 2 || runs == 3 || runs == 5 {
				return errors.New("the store is away")
			}
			return nil
		}})
		ctx, cancel := context.WithTimeout(t.Context(), 5500*time.Millisecond)
		defer cancel()
		table.Run(ctx)
		var got []string
		for line := range strings.Lines(out.String()) {
			switch {
			case strings.Contains(line, "a recurring task fails"):
				line = "fails"
			case strings.Contains(line, "works again"):
				line = "well"
			}
			got = append(got, strings.TrimSpace(line))
		}
		if want := []string{"run 1", "run 2", "fails", "run 3", "run 4", "well", "run 5", "fails"}; !slices.Equal(got, want) {
			t.Errorf("runs and messages %q, want %q", got, want)
		}
		table.States()
		s := table.States()[0] // whoever asked before holds up nobody
		if s.Name != "refresh" || s.Description != "reads anew" || s.Every != time.Second || s.Err == nil || s.Age != 500*time.Millisecond {
			t.Errorf("state = %+v", s)
		}
	})
}

func TestWhatTheEndBreaksOffIsNoFailure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		New(slog.New(slog.NewTextHandler(&out, nil)), time.Now, Task{Name: "long", Every: time.Second, Run: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }}).Run(ctx)
		if out.Len() > 0 {
			t.Errorf("logged: %s", out.String())
		}
	})
}

// A task that panics ends neither the others nor itself, and the log says where.
func TestATaskThatPanicsIsAFailureAndNoEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		wrong, right := 0, 0
		table := New(slog.New(slog.NewTextHandler(&log, nil)), time.Now,
			Task{Name: "wrong", Every: time.Second, Run: func(context.Context) error {
				wrong++
				return []error{nil}[wrong] // beyond its end
			}},
			Task{Name: "right", Every: time.Second, Run: func(context.Context) error {
				right++
				return nil
			}})
		ctx, cancel := context.WithTimeout(t.Context(), 3500*time.Millisecond)
		defer cancel()
		table.Run(ctx)
		if wrong != 3 || right != 3 {
			t.Errorf("they ran %d and %d times, want 3 each", wrong, right)
		}
		if err := table.States()[0].Err; err == nil || !strings.Contains(err.Error(), "out of range") {
			t.Errorf("the state tells of %v", err)
		}
		if said := log.String(); strings.Count(said, "a recurring task fails") != 1 || !strings.Contains(said, "jobs_test.go") {
			t.Errorf("the log says %s", said)
		}
	})
}

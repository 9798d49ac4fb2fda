package jobs

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"persepsi/survey"
)

// What one job lacks for a while, others need not.
func TestAJobThatLacksSomethingWaitsAndHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		tries := 0
		b.before = func(string) error {
			if tries++; tries == 1 {
				return survey.Errorf(survey.Unavailable, "the tables of the period are being made")
			}
			return nil
		}
		first := b.ask(t, "siti", `1`)
		time.Sleep(time.Second)
		second := b.ask(t, "budi", `2`)
		w := b.worker(nil)
		work := func() {
			if err := w.Work(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		work()
		if got := b.job(t, second.ID).State; got != Ready {
			t.Errorf("the other job is %s", got)
		}
		before := tries
		work()
		if got := b.job(t, first.ID).State; got != Running || tries != before {
			t.Errorf("the first is %s after %d tries, want it to wait", got, tries)
		}
		time.Sleep(heldFor)
		work()
		if got := b.job(t, first.ID).State; got != Ready {
			t.Errorf("the first is %s once what it lacked is there", got)
		}
		b.before = func(string) error { return survey.Errorf(survey.Unavailable, "they are never made") }
		third := b.ask(t, "siti", `3`)
		work()
		time.Sleep(heldMost)
		work()
		if got := b.job(t, third.ID); got.State != Failed || got.Fault != "broken" {
			t.Errorf("what lacks something for a day is %s (%q)", got.State, got.Fault)
		}
	})
}

// What long work makes does not take the room that answers need.
func TestLongWorkLeavesRoomOnTheDisk(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		name string
		free int64
		want JobState
	}{{"nobody knows", -1, Ready}, {"enough", LeastFree + 40, Ready}, {"too little", LeastFree + 1, Failed}} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench()
			j := b.ask(t, "siti", `1`)
			w := b.worker(nil)
			w.Free = func(context.Context) (int64, error) { return one.free, nil }
			if err := w.Work(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := b.job(t, j.ID); got.State != one.want || one.want == Failed && (got.Fault != "full" || len(b.parts[j.ID]) > 0) {
				t.Errorf("%s: it is %s (%q) with %d parts", one.name, got.State, got.Fault, len(b.parts[j.ID]))
			}
		})
	}
}

// What could not be done once and is a step no more does not count when the job goes on: what a
// package is of changes with each release.
func TestWhatCouldNotBeDoneIsCountedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		b.instead = "none"
		b.before = func(key string) error {
			if key == "u2" {
				return errors.New("u2 is broken")
			}
			return nil
		}
		j := b.ask(t, "siti", `1`)
		b.mu.Lock()
		begun := b.jobs[j.ID]
		begun.State, begun.Lacking, begun.Broken = Running, 5, []string{"u2", "of a release before", "u1@1", "u3@1", "u4@1"}
		b.jobs[j.ID] = begun
		b.parts[j.ID] = map[string]Part{"u2": {Key: "u2", Note: "none"}}
		b.mu.Unlock()
		time.Sleep(lease)
		if err := b.worker(nil).Work(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := b.job(t, j.ID); got.State != Ready || got.Lacking != 1 {
			t.Errorf("it is %s, and %d of its steps could not be done, want 1", got.State, got.Lacking)
		}
	})
}

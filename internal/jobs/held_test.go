package jobs

import (
	"context"
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

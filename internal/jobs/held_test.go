package jobs

import (
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

package jobs

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"persepsi/survey"
)

func TestLongWorkIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		first := b.ask(t, "siti", `1`)
		if again := b.ask(t, "siti", `1`); again.ID != first.ID || len(b.jobs) != 1 {
			t.Error("who asks twice gets two")
		}
		refused := func(person, what, code string) {
			t.Helper()
			_, err := b.desk.Ask(t.Context(), Job{Kind: "k", Person: person, What: json.RawMessage(what)})
			var fault *survey.Error
			if !errors.As(err, &fault) || fault.Code != survey.Conflict || fault.Faults[0].Code != code {
				t.Errorf("%s asks for %s: %v, want %s", person, what, err, code)
			}
		}
		b.ask(t, "siti", `2`)
		b.ask(t, "siti", `3`)
		refused("siti", `4`, "open")
		for i := range MostOpenOfAll - MostOpen {
			b.ask(t, fmt.Sprint("p", i), `1`)
		}
		refused("new", `1`, "all")
		if err := b.worker(nil).Work(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.ask(t, "siti", `4`)
		b.ask(t, "siti", `5`)
		refused("siti", `6`, "kept")
		large := b.job(t, first.ID)
		large.Size = MostBytesOfAll
		b.jobs[first.ID] = large
		refused("new", `1`, "bytes")

		// In time all of it goes.
		time.Sleep(Kept)
		sweep := func() {
			if err := b.desk.Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		sweep()
		if got := b.job(t, first.ID); got.State != Expired || got.Size != 0 || len(b.parts) != 0 {
			t.Errorf("after a week: %+v, %d parts", got, len(b.parts))
		}
		time.Sleep(Kept)
		sweep()
		if len(b.jobs) != 2 { // those that wait
			t.Errorf("after two weeks there are %d", len(b.jobs))
		}
		// Nothing is kept beyond the day that was said, whether it was made or not.
		soon, err := b.desk.Ask(t.Context(), Job{Kind: "k", Person: "ani", What: json.RawMessage(`1`), Until: time.Now().Add(time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		late, err := b.desk.Ask(t.Context(), Job{Kind: "k", Person: "ani", What: json.RawMessage(`2`), Until: time.Now()})
		if err != nil {
			t.Fatal(err)
		}
		sweep()
		if err := b.worker(nil).Work(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := b.job(t, late.ID); got.State != Failed || got.Fault != "late" {
			t.Errorf("what may not be kept any more: %+v", got)
		}
		if got := b.job(t, soon.ID); got.State != Ready || !got.Until.Equal(soon.Until) {
			t.Errorf("what is kept for an hour: %+v", got)
		}
	})
}

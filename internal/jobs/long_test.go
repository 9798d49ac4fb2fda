package jobs

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
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
			_, err := b.queue.Ask(t.Context(), Job{Kind: "k", Person: person, What: json.RawMessage(what)})
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
			if err := b.queue.Sweep(t.Context()); err != nil {
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
		soon, err := b.queue.Ask(t.Context(), Job{Kind: "k", Person: "ani", What: json.RawMessage(`1`), Until: time.Now().Add(time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		late, err := b.queue.Ask(t.Context(), Job{Kind: "k", Person: "ani", What: json.RawMessage(`2`), Until: time.Now()})
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

// Whoever asks twice at once, by two clicks, is counted once for each.
func TestOneAsksAtATime(t *testing.T) {
	t.Parallel()
	b := newBench()
	var counting atomic.Int32
	b.reads = func() {
		if counting.Add(1) > 1 {
			t.Error("two count at once what there is")
		}
		for range 1000 {
			runtime.Gosched()
		}
	}
	b.puts = func() { counting.Add(-1) }
	var all sync.WaitGroup
	for i := range MostOpen {
		all.Go(func() { b.ask(t, "siti", fmt.Sprint(i)) })
	}
	all.Wait()
}

func TestWhatIsMadeIsBoundedAsItIsMade(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		size  int
		other int64
		fault string
	}{
		"one job that fits":          {1 << 10, 0, ""},
		"one that is too large":      {MostBytes / 4, 0, "large"},
		"the place of all is full":   {1 << 10, MostBytesOfAll - 4<<10, "full"},
		"the place of all just fits": {1 << 10, MostBytesOfAll - 5<<10 - int64(len("u0.pdf u1.pdf u2.pdf u3.pdf u4.pdf")), ""},
		"the list of parts does not": {1 << 10, MostBytesOfAll - 5<<10, "full"},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench()
			b.size = x.size
			j := b.ask(t, "siti", `1`)
			b.jobs["other"] = Job{ID: "other", Version: 1, Person: "budi", State: Ready, Size: x.other}
			if err := b.worker(nil).Work(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := b.job(t, j.ID); got.Fault != x.fault || (got.State == Ready) != (x.fault == "") {
				t.Errorf("%s: %+v", name, got)
			}
		})
	}
}

func TestWhatADeadServerLeftIsSwept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		failed := b.ask(t, "siti", `1`)
		b.before = func(key string) error {
			if key == "u3" {
				b.dropless = true
				return errors.New("broken")
			}
			return nil
		}
		if err := b.worker(nil).Work(t.Context()); err == nil {
			t.Fatal("the server did not die")
		}
		b.before, b.dropless = nil, false
		ready := b.ask(t, "siti", `2`)
		time.Sleep(lease)
		if err := b.worker(nil).Work(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.parts["gone"] = map[string]Part{"u1": {Key: "u1"}}
		begun := b.ask(t, "siti", `3`)
		b.parts[begun.ID] = map[string]Part{"u1": {Key: "u1"}}
		if err := b.queue.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := b.job(t, failed.ID); got.State != Failed || len(b.parts[failed.ID]) != 0 || len(b.parts["gone"]) != 0 {
			t.Errorf("after a sweep %+v has %d parts, a job that is gone %d", got, len(b.parts[failed.ID]), len(b.parts["gone"]))
		}
		if len(b.parts[ready.ID]) != 6 || len(b.parts[begun.ID]) != 1 {
			t.Errorf("a result has %d parts, what is being made %d", len(b.parts[ready.ID]), len(b.parts[begun.ID]))
		}
		// Who forgets a result is offered no half of it where the server dies meanwhile.
		b.dropless = true
		if err := b.queue.Cancel(t.Context(), "siti", ready.ID); err == nil || b.job(t, ready.ID).State == Ready {
			t.Errorf("while it is removed it is %+v, err = %v", b.job(t, ready.ID), err)
		}
		b.dropless = false
		if err := b.queue.Cancel(t.Context(), "siti", ready.ID); err != nil || b.job(t, ready.ID).ID != "" || len(b.parts[ready.ID]) != 0 {
			t.Errorf("then it is %+v, err = %v", b.job(t, ready.ID), err)
		}
	})
}

// A sweep that comes too late touches nothing of what it found otherwise.
func TestASweepLeavesAJobThatWasDoneMeanwhile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		j, err := b.queue.Ask(t.Context(), Job{Kind: "k", Person: "siti", What: json.RawMessage(`1`), Until: time.Now()})
		if err != nil {
			t.Fatal(err)
		}
		b.puts = func() {
			b.puts = nil
			if err := b.worker(nil).Work(t.Context()); err != nil {
				t.Error(err)
			}
		}
		if err := b.queue.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := b.job(t, j.ID); got.State != Ready || len(b.parts[j.ID]) != 6 {
			t.Errorf("it is %+v with %d parts", got, len(b.parts[j.ID]))
		}
	})
}

func TestTheLinesThatTellOfNoResultAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		kept := b.ask(t, "siti", `kept`)
		other := b.ask(t, "budi", `1`)
		if err := b.worker(nil).Work(t.Context()); err != nil {
			t.Fatal(err)
		}
		var last Job
		for i := range 2 * MostLines {
			time.Sleep(time.Second)
			last = b.ask(t, "siti", fmt.Sprint(i))
			if err := b.queue.Cancel(t.Context(), "siti", last.ID); err != nil {
				t.Fatal(err)
			}
		}
		mine, err := b.queue.Of(t.Context(), "siti")
		if err != nil || len(mine) != MostLines+1 || mine[0].ID != last.ID || b.job(t, kept.ID).State != Ready || b.job(t, other.ID).State != Ready {
			t.Errorf("there are %d, the newest %+v, err = %v", len(mine), mine[0], err)
		}
	})
}

package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"persepsi/survey"
)

// Who asks for more and more forgets nobody else's lines, no result and nothing that waits.
func TestOnlyOwnLinesThatTellOfNoResultAreForgotten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		cancelled := func(person, what string) Job {
			t.Helper()
			j := b.ask(t, person, what)
			if err := b.queue.Cancel(t.Context(), person, j.ID); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
			return j
		}
		oldest, other := cancelled("siti", `oldest`), cancelled("budi", `1`)
		waits := b.ask(t, "siti", `waits`)
		time.Sleep(time.Second)
		second := cancelled("siti", `second`)
		for i := range MostLines {
			cancelled("siti", fmt.Sprint(i))
		}
		b.ask(t, "siti", `last`)
		if b.job(t, oldest.ID).ID != "" || b.job(t, second.ID).ID != "" {
			t.Error("the oldest lines are there")
		}
		if b.job(t, other.ID).State != Cancelled || b.job(t, waits.ID).State != Waiting {
			t.Errorf("another's line: %+v, what waits: %+v", b.job(t, other.ID), b.job(t, waits.ID))
		}
		if len(b.jobs) != MostLines-1+3 { // room for one more line, that of budi, and two that wait
			t.Errorf("%d are left", len(b.jobs))
		}
	})
}

func TestWhatAStoreDoesNotDropIsToldToWhoWantedIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		j := b.ask(t, "siti", `1`)
		b.dropless = true
		if err := b.queue.Cancel(t.Context(), "siti", j.ID); survey.CodeOf(err) != survey.Unavailable || b.job(t, j.ID).State != Cancelled {
			t.Errorf("cancelled: %v, %+v", err, b.job(t, j.ID))
		}
		if err := b.queue.Cancel(t.Context(), "siti", j.ID); survey.CodeOf(err) != survey.Unavailable || b.job(t, j.ID).ID == "" {
			t.Errorf("forgotten: %v, %+v", err, b.job(t, j.ID))
		}
		time.Sleep(Kept)
		if err := b.queue.Sweep(t.Context()); survey.CodeOf(err) != survey.Unavailable {
			t.Errorf("swept: %v", err)
		}
		b.dropless = false
		for i := range MostLines - 1 {
			of := b.ask(t, "siti", fmt.Sprint(i))
			if err := b.queue.Cancel(t.Context(), "siti", of.ID); err != nil {
				t.Fatal(err)
			}
		}
		b.dropless = true
		if _, err := b.queue.Ask(t.Context(), Job{Kind: "k", Person: "siti", What: json.RawMessage(`new`)}); survey.CodeOf(err) != survey.Unavailable {
			t.Errorf("one line too many: %v", err)
		}
		b.away = true
		_, asked := b.queue.Ask(t.Context(), Job{Kind: "k", Person: "budi", What: json.RawMessage(`1`)})
		_, listed := b.queue.Of(t.Context(), "siti")
		for what, err := range map[string]error{
			"asked": asked, "listed": listed, "cancelled": b.queue.Cancel(t.Context(), "siti", j.ID), "swept": b.queue.Sweep(t.Context()), "worked": b.worker(nil).Work(t.Context()),
		} {
			if survey.CodeOf(err) != survey.Unavailable {
				t.Errorf("%s without a store: %v", what, err)
			}
		}
	})
}

// A job whose steps nobody can tell is no job without steps.
func TestAJobWhoseStepsCannotBeToldFails(t *testing.T) {
	t.Parallel()
	for fault, cause := range map[string]error{"broken": errors.New("broken"), "gone": survey.Errorf(survey.NotFound, "the period is gone"), "right": survey.Errorf(survey.Forbidden, "no")} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench()
			j := b.ask(t, "siti", `1`)
			kind := b.kind()
			kind.Steps = func(context.Context, Job) ([]Step, error) { return nil, cause }
			w := NewWorker(b.memory, func() bool { return false }, slog.New(slog.DiscardHandler), time.Now, kind)
			if err := w.Work(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := b.job(t, j.ID); got.State != Failed || got.Fault != fault || len(b.parts[j.ID]) != 0 {
				t.Errorf("%v: %+v with %d parts, want %s", cause, got, len(b.parts[j.ID]), fault)
			}
		})
	}
}

// What the whole job may not or cannot have any more is no step that is told as lacking.
func TestWhatIsGoneForAJobIsNotToldInTheStepsPlace(t *testing.T) {
	t.Parallel()
	for fault, cause := range map[string]error{"gone": survey.Errorf(survey.NotFound, "the period is gone"), "right": survey.Errorf(survey.Forbidden, "no")} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench()
			b.instead = "none"
			b.before = func(key string) error {
				if key == "u3" {
					return cause
				}
				return nil
			}
			j := b.ask(t, "siti", `1`)
			if err := b.worker(nil).Work(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := b.job(t, j.ID); got.State != Failed || got.Fault != fault || len(b.parts[j.ID]) != 0 {
				t.Errorf("%v: %+v with %d parts, want %s", cause, got, len(b.parts[j.ID]), fault)
			}
		})
	}
}

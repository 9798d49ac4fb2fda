package report

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"persepsi/analytics"
)

// evaluated stores an entry of unit u1.
func (w *world) evaluated(version int) analytics.Evaluation {
	e := analytics.Evaluation{Period: "p", Unit: "u1", Version: version, Achievement: "B"}
	w.store.evaluations = []analytics.Evaluation{e}
	w.store.revision++
	return e
}

// What is stored is shown at once, and whoever stored it makes no figure.
func TestWhoStoredAnEntryGetsFiguresThatHoldItFromTheBackground(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "skm-9", "{}")
		w.refresh(t)
		e := w.evaluated(1)
		begun := time.Now()
		if f, held := w.builder.Await(t.Context(), e); held || f != w.builder.Figures() || time.Since(begun) != awaitWithin {
			t.Errorf("with nobody in the background: held = %v after %s; it made them itself, or waits otherwise than for %s", held, time.Since(begun), awaitWithin)
		}
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		go func() {
			for {
				select {
				case <-w.builder.Woken():
					_ = w.builder.Keep(ctx)
				case <-ctx.Done():
					return
				}
			}
		}()
		for version := 1; version < 4; version++ {
			synctest.Wait() // until nobody reads the world that is changed now
			e, begun = w.evaluated(version), time.Now()
			f, held := w.builder.Await(t.Context(), e)
			if got, _ := f.Evaluation("p", "u1"); !held || got.Version != version || time.Since(begun) != 0 {
				t.Errorf("held = %v with version %d after %s, want version %d at once", held, got.Version, time.Since(begun), version)
			}
		}
	})
}

// Figures that were begun before an entry was stored do not hold it: who stored it waits for
// the next ones.
func TestFiguresThatAreBeingMadeWhenAnEntryIsStoredAreNotTakenForIts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "skm-9", "{}")
		w.refresh(t)
		e := w.evaluated(2)
		w.store.evaluations[0].Version = 1 // as it was read a moment before
		answered := time.Duration(-1)
		begun := time.Now()
		go func() {
			if _, held := w.builder.Await(t.Context(), e); held {
				answered = time.Since(begun)
			}
		}()
		synctest.Wait()
		<-w.builder.Woken()
		w.refresh(t)
		synctest.Wait()
		if answered >= 0 {
			t.Error("figures without the entry were taken for some with it")
		}
		select {
		case <-w.builder.Woken():
			t.Error("the background is woken once more for one who waits already")
		default:
		}
		time.Sleep(time.Second)
		w.evaluated(2)
		w.refresh(t)
		synctest.Wait()
		if answered != time.Second {
			t.Errorf("it had its figures after %s", answered)
		}
	})
}

// A store that hangs holds up the making of figures, and nobody who asks for longer than told.
func TestNobodyWaitsForTheBuildersLocks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "skm-9", "{}")
		w.refresh(t)
		for _, lock := range []interface{ Lock() }{&w.builder.refreshing, &w.builder.building} {
			lock.Lock()
		}
		begun := time.Now()
		if _, held := w.builder.Await(t.Context(), w.evaluated(1)); held || time.Since(begun) != awaitWithin {
			t.Errorf("held = %v after %s", held, time.Since(begun))
		}
		if r := w.results(t, Scope{Audience: Live}); len(r.Units) != 2 {
			t.Errorf("%d units", len(r.Units))
		}
		w.builder.building.Unlock()
		w.builder.refreshing.Unlock()
		elsewhere := analytics.Evaluation{Period: "x", Unit: "u1", Version: 1}
		if _, held := w.builder.Await(t.Context(), elsewhere); held {
			t.Error("an entry of a period that there is not is held")
		}
	})
}

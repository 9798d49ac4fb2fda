package report

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// slow refreshes for a second of the test's own clock.
type slow struct{ *tallies }

func (s slow) Refresh(ctx context.Context) error {
	time.Sleep(time.Second)
	return s.tallies.Refresh(ctx)
}

// An answer that is acknowledged while the board settles may be missing from
// its figures, so they may not be dated later than that.
func TestFiguresAreDatedFromBeforeTheySettled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "skm-9", "{}")
		w.board.store = slow{w.store}
		for range 2 { // the first time, and when there is something to replace
			time.Sleep(time.Hour)
			began := time.Now()
			w.answer(t, "u1", "222222222")
			if !time.Now().After(began) {
				t.Fatal("settling took no time")
			}
			if at := w.builder.Figures().At(); !at.Equal(began) {
				t.Errorf("dated %s after the refresh began, want 0s", at.Sub(began))
			}
			if at := w.results(t, Scope{Audience: Live}).GeneratedAt; !at.Equal(began) {
				t.Errorf("the results are dated %s after the refresh began, want 0s", at.Sub(began))
			}
		}
	})
}

package report

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"persepsi/analytics"
	"persepsi/survey"
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

// What cannot be read is told, and what could be read before stays.
func TestABoardTellsWhatItsStoreCannotRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	w.enter(t, "u1", "A", "40")
	away := errors.New("away")
	for what, of := range map[string]string{"totals": "away", "entries": "load evaluations of period p: away"} {
		w.store.away = map[string]error{what: away}
		w.store.revision++
		if err := w.board.Refresh(t.Context()); !errors.Is(err, away) || err.Error() != of {
			t.Errorf("%s: err = %v, want %s", what, err, of)
		}
		if e := w.board.Period("p").Evaluations["u1"]; e.Pengungkit != "40" {
			t.Errorf("%s: the entry that was read is gone: %+v", what, e)
		}
	}
}

// An entry is checked as it will be scored.
func TestAnEntryIsCheckedBeforeItIsStored(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	for fault, e := range map[string]analytics.Evaluation{
		"":                {Achievement: "A", Pengungkit: "40"},
		"pengungkit":      {Pengungkit: "many"},
		"pengungkit.A":    {Areas: map[string]string{"A": "1e9"}},
		"capaian_kinerja": {Achievement: "?"},
	} {
		err := w.builder.Check(e)
		var of *survey.Error
		if fault == "" && err != nil || fault != "" && (!errors.As(err, &of) || len(of.Faults) != 1 || of.Faults[0].Field != fault) {
			t.Errorf("%+v: %v, want a fault of %q", e, err, fault)
		}
	}
}

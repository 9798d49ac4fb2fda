package report

import (
	"testing"
	"testing/synctest"
	"time"

	"persepsi/analytics"
)

func TestTheTextsOfACityAreWrittenWhileTheyAreAskedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "skm-9", "{}")
		rows := []string{}
		next := func(want bool) {
			t.Helper()
			rows = append(rows, "444444444")
			w.answer(t, "u1", rows...)
			for _, a := range []Audience{Live, Public} {
				v, err := w.builder.Figures().View(Scope{Period: "p", Audience: a})
				if err != nil {
					t.Fatal(err)
				}
				if got := v.kept.Load() > 0; got != (want && a == Live) {
					t.Errorf("after %s audience %d has a text that is not compressed: %v", time.Since(time.Time{}), a, got)
				}
				if got := v.zipped != nil; got != (want && a == Public) {
					t.Errorf("after %s audience %d has a text: %v", time.Since(time.Time{}), a, got)
				}
			}
		}
		ask := func() {
			v, err := w.builder.Figures().View(Scope{Period: "p", Audience: Public})
			if err != nil {
				t.Fatal(err)
			}
			v.CityJSON()
			if v, err = w.builder.Figures().View(Scope{Period: "p", Audience: Live}); err != nil {
				t.Fatal(err)
			}
			if _, err := v.CityText(); err != nil {
				t.Fatal(err)
			}
		}
		next(false)
		next(false) // nobody asked
		ask()
		next(true)
		time.Sleep(wanted - time.Second)
		next(true)
		time.Sleep(time.Second)
		next(false) // nobody asks any more
		ask()
		next(true)
	})
}

func TestBothTextsOfAViewAreWrittenWhereBothAreAskedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	w.answer(t, "u1", "444444444")
	view := func() *View {
		t.Helper()
		v, err := w.builder.Figures().View(Scope{Period: "p"})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	view().CityJSON()
	if _, err := view().CityText(); err != nil {
		t.Fatal(err)
	}
	before := w.builder.Figures().TextBytes()
	w.answer(t, "u1", "444444444", "444444444")
	v := view()
	if v.zipped == nil || v.kept.Load() == 0 {
		t.Fatalf("compressed: %d bytes, as it is: %d", len(v.zipped), v.kept.Load())
	}
	if got := w.builder.Figures().TextBytes(); before == 0 || got != int64(len(v.zipped))+v.kept.Load() {
		t.Errorf("%d bytes of texts are told, and %d before", got, before)
	}
	w.store.evaluations = []analytics.Evaluation{{Period: "p", Unit: "u1", Version: 1, Achievement: "?"}}
	w.store.revision++
	if err := w.builder.Refresh(t.Context()); err == nil {
		t.Error("an entry that cannot be read is no fault")
	}
	if v = view(); w.builder.Figures().TextBytes() != int64(len(v.zipped))+v.kept.Load() {
		t.Error("a view that cannot be made takes room, or the others none")
	}
}

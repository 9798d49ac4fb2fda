package report

import (
	"testing"
	"testing/synctest"
	"time"
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

package report

import (
	"bytes"
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
				if got := v.plain.bytes() > 0; got != (want && a == Live) {
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
			if _, err := v.CityText(false); err != nil {
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
	if _, err := view().CityText(false); err != nil {
		t.Fatal(err)
	}
	before := w.builder.Figures().TextBytes()
	w.answer(t, "u1", "444444444", "444444444")
	v := view()
	if v.zipped == nil || v.plain.bytes() == 0 {
		t.Fatalf("compressed: %d bytes, as it is: %d", len(v.zipped), v.plain.bytes())
	}
	if got := w.builder.Figures().TextBytes(); before == 0 || got != int64(len(v.zipped))+v.plain.bytes() {
		t.Errorf("%d bytes of texts are told, and %d before", got, before)
	}
	w.store.evaluations = []analytics.Evaluation{{Period: "p", Unit: "u1", Version: 1, Achievement: "?"}}
	w.store.revision++
	if err := w.builder.Refresh(t.Context()); err == nil {
		t.Error("an entry that cannot be read is no fault")
	}
	if v = view(); w.builder.Figures().TextBytes() != int64(len(v.zipped))+v.plain.bytes() {
		t.Error("a view that cannot be made takes room, or the others none")
	}
}

// A city's text is written once for all who ask of a view: whoever asks again and again costs
// no more than the figures do that change in between.
func TestATextOfACityIsWrittenOnceAndLetGo(t *testing.T) {
	t.Parallel()
	for _, explained := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, "skm-9", "{}")
			w.answer(t, "u1", "444444444")
			view := func() *View {
				v, err := w.builder.Figures().View(Scope{Period: "p", Audience: Live})
				if err != nil {
					t.Fatal(err)
				}
				return v
			}
			ask := func() []byte {
				text, err := view().CityText(explained)
				if err != nil {
					t.Fatal(err)
				}
				return text
			}
			first := ask()
			if told := bytes.Contains(first, []byte(`"explanation":`)); told != explained {
				t.Errorf("explanations are told: %v", told)
			}
			if &ask()[0] != &first[0] {
				t.Error("it is written for each who asks")
			}
			bytesKept := func() int64 {
				w.refresh(t)
				return w.builder.Figures().TextBytes()
			}
			time.Sleep(wanted - time.Second)
			if bytesKept() != int64(len(first)) {
				t.Error("it is let go while somebody asks")
			}
			time.Sleep(time.Second)
			if n := bytesKept(); n != 0 {
				t.Errorf("%d bytes are kept of what nobody asks for", n)
			}
			if again := ask(); !bytes.Equal(again, first) {
				t.Error("it is another text afterwards")
			}
			if w.answer(t, "u1", "444444444", "444444444"); bytes.Equal(ask(), first) {
				t.Error("it stays as it was when figures change")
			}
		})
	}
}

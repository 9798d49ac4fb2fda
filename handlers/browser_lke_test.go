package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"persepsi/internal/access"
)

// 125 units are 125 times the same keys: from the sheet to the first unit that lacks
// entries, through its form, and by Enter alone to the next. No script is needed.
func TestAnEvaluatorFillsInOneUnitAfterTheOtherByTheKeyboardAlone(t *testing.T) {
	t.Parallel()
	p := newBrowser(t).open(t, desk(), serve(t, newDemo(t))).withoutScripts()
	p.visit("/lke")
	p.enter("evaluator")
	p.loads(p.on("a[href$='#capaian_kinerja']"))
	focused := func() string {
		return ask[string](p, `document.activeElement.id || document.activeElement.innerText`)
	}
	seen := map[string]bool{}
	for range 2 {
		unit := p.text("h1")
		p.until("the first field to have the focus", `document.activeElement.id === "capaian_kinerja"`)
		if seen[unit] {
			t.Fatalf("at %q (before: %v) the focus is at %q", unit, seen, focused())
		}
		seen[unit] = true
		p.do(chromedp.KeyEvent("B\t6,5\t5\t8\t9\t10\t8.25\tBerita acara 12"))
		if status := p.loads(chromedp.KeyEvent("\r")); status != http.StatusOK || !strings.Contains(p.text(".saved"), "Tersimpan.") || p.text("h1") != unit {
			t.Fatalf("%s: %d, %q", unit, status, p.text("main"))
		}
		if got := p.text(".entrysteps li"); !strings.Contains(got, "Berita acara 12") || !strings.Contains(got, "Pelayanan publik: kosong → 8,25") {
			t.Errorf("%s: the history begins with %q", unit, got)
		}
		p.until("another place to have the focus", `document.activeElement !== document.body`)
		if got := focused(); !strings.HasPrefix(got, "Berikutnya yang belum terisi: ") {
			t.Fatalf("%s: after it was stored the focus is at %q", unit, got)
		}
		p.loads(chromedp.KeyEvent("\r"))
	}
}

func TestWhatWasTypedOutlivesASessionThatEndedBeforeItWasStored(t *testing.T) {
	t.Parallel()
	b, k := newBrowser(t), newDemo(t)
	p := b.open(t, desk(), serve(t, k))
	typed := func() string {
		return ask[string](p, `[...document.querySelectorAll(".entries [id]")].map(e => e.value || "").join(" ").trim()`)
	}
	fill := func() {
		p.do(chromedp.KeyEvent("B\t6,5\t5\t8\t9\t10\t8.25\tBerita acara 12"))
	}
	// end sends the form after the session is over, which leads to the door.
	end := func(role access.Role) {
		if err := k.Store.EndSessions(t.Context(), access.DemoID(role), access.Digest{}); err != nil {
			t.Fatal(err)
		}
		p.loads(p.on(".entries button"))
	}
	p.visit("/lke")
	p.enter("evaluator")
	p.loads(p.on("a[href$='#capaian_kinerja']"))
	p.until("the first field to have the focus", `document.activeElement.id === "capaian_kinerja"`)
	unit, empty := p.text("h1"), typed()
	fill()
	want := typed()
	if want == empty {
		t.Fatal("nothing was typed")
	}
	end(access.Evaluator)
	p.enter("admin") // who shares the computer
	if got := typed(); p.text("h1") != unit || got != empty || p.sees(".restored") {
		t.Errorf("somebody else finds %q", got)
	}
	end(access.Admin)
	p.enter("evaluator")
	if got := typed(); p.text("h1") != unit || got != want || !p.sees(".restored") {
		t.Fatalf("at %q after signing in again stand %q, want %q", p.text("h1"), got, want)
	}
	if status := p.loads(p.on(".entries button")); status != http.StatusOK || !strings.Contains(p.text(".saved"), "Tersimpan.") || p.sees(".restored") {
		t.Fatalf("sent again: %d, %q", status, p.text("main"))
	}
	p.reload()
	if p.sees(".restored") {
		t.Error("what is stored is put back again")
	}
}

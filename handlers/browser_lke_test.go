package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
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

package handlers_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"persepsi/internal/testkit"
)

// withLetters starts a browser whose owner chose letters of that size (16 is
// the default).
func withLetters(pixels int) chromedp.ExecAllocatorOption {
	return chromedp.Flag("blink-settings", fmt.Sprintf("defaultFontSize=%d", pixels))
}

func TestTheBrowsersLetterSizeIsRespected(t *testing.T) {
	t.Parallel()
	browsers := map[int]*browser{16: newBrowser(t, withLetters(16)), 24: newBrowser(t, withLetters(24))}
	base := serve(t, testkit.New(t, testkit.City))
	sizes := func(pixels int) map[string]float64 {
		p := browsers[pixels].open(t, desk(), base)
		p.visit("/s/KUPARI47")
		return ask[map[string]float64](p, `Object.fromEntries(["body", "h1", "legend", ".help", ".rows span", "select", "textarea", "main button", ".lang"].map(s => [s, parseFloat(getComputedStyle(document.querySelector(s)).fontSize)]))`)
	}
	usual, large := sizes(16), sizes(24)
	if usual["body"] != 17 {
		t.Errorf("letters have %v pixels where nothing is chosen, want 17", usual["body"])
	}
	for what, size := range usual {
		if got := large[what] / size; got < 1.49 || got > 1.51 {
			t.Errorf("%s: letters of %v pixels become %v, want one and a half times", what, size, large[what])
		}
	}
}

// Twice the letters on a small phone, by zoom or by the browser's setting:
// nothing leaves its card or the screen.
func TestNothingLeavesItsCardAtTwiceTheSize(t *testing.T) {
	t.Parallel()
	overflow, err := os.ReadFile("testdata/overflow.js")
	if err != nil {
		t.Fatal(err)
	}
	usual, large := newBrowser(t), newBrowser(t, withLetters(32))
	own, demo := serve(t, testkit.New(t, testkit.City)), serve(t, newDemo(t))
	zoomed := screen{width: 180, height: 400, scale: 2, touch: true}
	for name, how := range map[string]struct {
		screen  screen
		browser *browser
	}{"zoom": {zoomed, usual}, "letters": {phone(), large}, "no change": {phone(), usual}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tabs := map[bool]*tab{true: how.browser.open(t, how.screen, demo), false: how.browser.open(t, how.screen, own)}
			for _, lang := range []string{"id", "en"} {
				for _, v := range views() {
					if strings.HasPrefix(v.name, "sheet") && v.demo {
						continue // a table of its own width, in its own region
					}
					p := tabs[v.demo]
					if strings.HasPrefix(v.name, "unit's sheet") || strings.HasPrefix(v.path, "/meja") { // a session stays in its tab
						p = how.browser.open(t, how.screen, demo)
					}
					p.visit(v.in(lang))
					if v.then != nil {
						v.then(p)
					}
					if faults := ask[[]string](p, string(overflow)); len(faults) > 0 {
						t.Errorf("%s in %s, %d places: %s", v.name, lang, len(faults), strings.Join(faults[:min(len(faults), 5)], "; "))
					}
					if p != tabs[v.demo] {
						p.close()
					}
				}
			}
		})
	}
}

func TestAnswersStandInOneColumnFromWorstToBestAndLookAlike(t *testing.T) {
	t.Parallel()
	p := newBrowser(t).open(t, phone(), serve(t, testkit.New(t, testkit.City)))
	p.visit("/s/KUPARI47")
	for _, s := range []screen{phone(), desk(), phone().inDark()} {
		p.show(s)
		for _, f := range ask[[]string](p, `Array.from(document.querySelectorAll("fieldset.q")).flatMap(q => {
			const rows = Array.from(q.querySelectorAll("label")), looks = l => {
				const s = getComputedStyle(l.querySelector("span")), b = l.getBoundingClientRect()
				return [b.left, b.width, s.backgroundColor, s.backgroundImage, s.borderColor, s.color, s.fontWeight].join(" ")
			}
			const faults = [], values = rows.map(l => l.querySelector("input").value)
			// To have been told what to answer is the worst, and stored as 2.
			const order = q.id == "arahan" ? [2, 1] : values.map((_, i) => i + 1)
			if (q.id != "service" && values.some((v, i) => v != order[i] && !(v == "null" && i == values.length - 1))) faults.push(q.id + " runs " + values)
			rows.slice(1).forEach((l, i) => {
				if (l.getBoundingClientRect().top < rows[i].getBoundingClientRect().bottom) faults.push(q.id + ": answer " + (i + 2) + " is not below the one before")
				if (looks(l) != looks(rows[0])) faults.push(q.id + ": answer " + (i + 2) + " looks like " + looks(l) + ", the first like " + looks(rows[0]))
			})
			return faults
		})`) {
			t.Errorf("%s: %s", s.name(), f)
		}
	}
}

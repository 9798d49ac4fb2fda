package handlers_test

import (
	"os"
	"strings"
	"testing"

	"persepsi/internal/testkit"
)

func TestTheBrowsersLetterSizeIsRespected(t *testing.T) {
	t.Parallel()
	base := serve(t, testkit.New(t, testkit.City))
	sizes := func(b *browser) map[string]float64 {
		p := b.open(t, desk(), base)
		p.visit("/s/KUPARI47")
		return ask[map[string]float64](p, `Object.fromEntries(["body", "h1", "legend", ".help", ".rows span", "select", "textarea", "main button", ".lang"].map(s => [s, parseFloat(getComputedStyle(document.querySelector(s)).fontSize)]))`)
	}
	usual, large := sizes(newBrowser(t)), sizes(browserWithLargeLetters(t))
	if usual["body"] != 17 {
		t.Errorf("letters have %v pixels where nothing is chosen, want 17", usual["body"])
	}
	for what, size := range usual {
		if got := large[what] / size; got < 1.99 || got > 2.01 {
			t.Errorf("%s: letters of %v pixels become %v, want twice as many", what, size, large[what])
		}
	}
}

// overflowing returns the script that lists what leaves its card or the screen, and
// whether a view is one to ask it of.
func overflowing(t *testing.T) (script string, asked func(view) bool) {
	t.Helper()
	source, err := os.ReadFile("testdata/overflow.js")
	if err != nil {
		t.Fatal(err)
	}
	return string(source), func(v view) bool {
		return !strings.HasPrefix(v.name, "sheet") || !v.demo // a table of its own width, in its own region
	}
}

// Twice the letters on a small phone, by the browser's setting: nothing leaves its card or
// the screen, and all that is done there can be done. How that is by zoom,
// TestEveryPageCanBeUsedByEverybody sees.
func TestNothingLeavesItsCardAtTwiceTheSize(t *testing.T) {
	t.Parallel()
	overflow, asked := overflowing(t)
	b := browserWithLargeLetters(t)
	own, demo := serve(t, testkit.New(t, testkit.City)), serve(t, newDemo(t))
	for _, lang := range []string{"id", "en"} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			tabs := map[bool]*tab{true: b.open(t, phone(), demo), false: b.open(t, phone(), own)}
			for _, v := range views() {
				if !asked(v) {
					continue
				}
				p := tabs[v.demo]
				p.forget()
				p.visit(v.in(lang))
				v.reach(p)
				if faults := ask[[]string](p, overflow); len(faults) > 0 {
					t.Errorf("%s, %d places: %s", v.name, len(faults), strings.Join(faults[:min(len(faults), 5)], "; "))
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

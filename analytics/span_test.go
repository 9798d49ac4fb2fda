package analytics

import (
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"persepsi/survey"
)

func spanCalculation(t testing.TB, form *survey.Form) *Calculation {
	t.Helper()
	c := &Calculation{Form: form, Methods: testMethods(t), Grades: testTable(t)}
	for i := range form.Indexes {
		m, err := c.Methods.For(&form.Indexes[i].Index, form.Indexes[i].Method)
		if err != nil {
			t.Fatal(err)
		}
		c.Chosen = append(c.Chosen, m)
	}
	return c
}

func many(n int, marks string) []string { return strings.Fields(strings.Repeat(marks+" ", n)) }

func TestASpanIsWhatALaterTallyHasAndAnEarlierHasNot(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	calc := spanCalculation(t, form)
	fours, threes := many(12, "444444444"), many(10, "333333333")
	earlier := answersOf(t, form, fours...)
	later := answersOf(t, form, append(fours, threes...)...)
	if x := calc.Point(later, 0); x.Shown != "88.64" || x.N != 22 || x.Mutu != "A" {
		t.Errorf("the later tally's: %s of %d", x.Shown, x.N)
	}
	if x := calc.Span(earlier, later, 0, 10); x == nil || x.Shown != "75.00" || x.N != 10 || x.Mutu != "C" {
		t.Errorf("the span's: %+v", x)
	}
	if x := calc.Span(nil, later, 0, 10); x == nil || x.Shown != "88.64" || x.N != 22 {
		t.Errorf("all: %+v", x)
	}
	other := testForm(t, "spak-5@1")
	for name, x := range map[string]*Index{
		"too few":               calc.Span(earlier, later, 0, 11),
		"nobody":                calc.Span(later, later, 0, 1),
		"some were taken out":   calc.Span(answersOf(t, form, append(many(2, "222222222"), fours...)...), answersOf(t, form, append(fours, many(14, "333333333")...)...), 0, 10),
		"nobody is new":         calc.Span(answersOf(t, form, append(many(10, "4--------"), many(10, "-44444444")...)...), answersOf(t, form, many(20, "444444444")...), 0, 10),
		"fewer than before":     calc.Span(later, earlier, 0, 1),
		"another form":          calc.Span(answersOf(t, other, many(10, "44444")...), later, 0, 1),
		"no later tally":        calc.Span(nil, nil, 0, 1),
		"a question was waited": calc.Span(earlier, answersOf(t, form, append(append(fours, many(9, "333333333")...), many(6, "33333333-")...)...), 0, 10),
	} {
		if x != nil {
			t.Errorf("%s: %s of %d", name, x.Shown, x.N)
		}
	}
	if calc.Point(NewTotals(form), 0) != nil || calc.Point(nil, 0) != nil {
		t.Error("nobody has an index")
	}
	// What waited for more answers is counted in the span in which enough came.
	if x := calc.Span(answersOf(t, form, many(12, "44444444-")...), answersOf(t, form, many(24, "444444444")...), 0, 10); x == nil || x.N != 12 || x.Aspects[8].N != 24 {
		t.Errorf("a question that waited: %+v", x)
	}
	// A question that nobody answers at all, such as where law makes a service free,
	// is left out of the span as it is of the whole.
	free := answersOf(t, form, append(many(12, "444-44444"), many(10, "333-33333")...)...)
	if x := calc.Span(answersOf(t, form, many(12, "444-44444")...), free, 0, 10); x == nil || x.Shown != "75.00" {
		t.Errorf("without a question: %+v", x)
	}
}

// Whatever is answered, a span is the tally of the answers that came in it.
func TestASpanIsTheTallyOfItsAnswers(t *testing.T) {
	t.Parallel()
	form := testForm(t, "terpadu-16@1")
	calc := spanCalculation(t, form)
	rapid.Check(t, func(r *rapid.T) {
		before, between := NewTally(form), NewTally(form)
		all := NewTally(form)
		for range rapid.IntRange(0, 5).Draw(r, "before") {
			x := drawn(form).Draw(r, "answer")
			_, _ = before.Add(x), all.Add(x)
		}
		for range rapid.IntRange(0, 5).Draw(r, "between") {
			x := drawn(form).Draw(r, "answer")
			_, _ = between.Add(x), all.Add(x)
		}
		for i := range form.Indexes {
			got, want := calc.Span(before, all, i, 1), calc.Point(between, i)
			if got == nil { // some question has no answer in it
				continue
			}
			if want == nil || got.ExactValue.Cmp(want.ExactValue) != 0 || got.N != want.N {
				r.Fatalf("index %d: %+v, want %+v", i, got, want)
			}
		}
	})
}

// TestCoverageOfTheIntervalOfASpanIsHighEnough draws two releases, the answers between which
// are of other people than those of the first, and looks whether the span's interval holds
// the mean of these.
func TestCoverageOfTheIntervalOfASpanIsHighEnough(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	calc := spanCalculation(t, form)
	for _, pair := range [][2]string{
		{"mostly 3 and 4", "mostly 3 and 4"},
		{"at the ceiling", "mostly 3 and 4"},
		{"one in ten unhappy", "at the ceiling"},
		{"straight-liners", "one in ten unhappy"},
		{"mostly 3 and 4", "straight-liners"},
		{"at the ceiling", "3 % all 1, rest mostly 4"},
	} {
		t.Run(strings.Join(pair[:], ", then "), func(t *testing.T) {
			t.Parallel()
			each, noise := samples()
			was, is := kinds()[pair[0]].served(20_000), kinds()[pair[1]].served(20_000)
			for _, n := range []int{12, 29, 100} {
				r := rand.New(rand.NewPCG(uint64(n), 6))
				hit, width, own := 0, 0.0, 0.0
				var seen [][]float64
				count := func(t *Tally, rows [][]float64) {
					for _, row := range rows {
						marks := make([]byte, len(row))
						for q, x := range row {
							marks[q] = byte('0' + int(x))
						}
						if err := t.Add(response(form, string(marks))); err != nil {
							panic(err)
						}
					}
				}
				for range each {
					earlier, later := NewTotals(form), NewTotals(form)
					seen = was.sample(r, 60, none, seen)
					count(earlier, seen)
					count(later, seen)
					seen = is.sample(r, n, none, seen)
					count(later, seen)
					x := calc.Span(earlier, later, 0, 10)
					if x.CI95[0] <= 25*is.truth+1e-9 && 25*is.truth <= x.CI95[1]+1e-9 {
						hit++
					}
					width += x.CI95[1] - x.CI95[0]
					lo, hi := observed(seen, 4, 0).interval()
					own += 25 * (hi - lo)
				}
				got := float64(hit) / float64(each)
				t.Logf("n = %d: %.1f %%, %.2f times as wide as were the people known one by one", n, 100*got, width/own)
				if got < covered-noise || width/own > 1.6 || width/own < 0.8 {
					t.Errorf("n = %d: the interval holds the truth in %.1f %% of the samples, %.2f times as wide", n, 100*got, width/own)
				}
			}
		})
	}
}

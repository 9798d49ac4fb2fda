package analytics

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"persepsi/survey"
)

func TestTheIntervalOfAnAspectIsThatOfAnIndexOfItAlone(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	r := rand.New(rand.NewPCG(1, 2))
	for _, name := range []string{"mostly 3 and 4", "at the ceiling", "all 4", "one in ten unhappy"} {
		k := kinds()[name]
		rows, columns := make([]string, 40), make([][][]float64, 9)
		seen := make([]float64, k.items)
		for i := range rows {
			k.draw(r, seen)
			marks := []byte("444444444")
			for q := range seen {
				if i > 25 && q == 2 {
					marks[q] = '-'
					continue
				}
				marks[q] = byte('0' + int(seen[q]))
			}
			for q := range marks {
				if marks[q] != '-' {
					columns[q] = append(columns[q], []float64{float64(marks[q] - '0')})
				}
			}
			rows[i] = string(marks)
		}
		tally := answersOf(t, form, rows...)
		x := by(t, tally, "exact")
		for a, got := range AspectIntervals(tally, &form.Indexes[0], x) {
			lo, hi := observed(columns[a], 4, 0).interval()
			if math.Abs(got[0]-lo) > 1e-9 || math.Abs(got[1]-hi) > 1e-9 {
				t.Errorf("%s, %s: %v, want %v..%v", name, x.Aspects[a].Code, got, lo, hi)
			}
		}
	}
}

func documentedAspectInterval(t *testing.T, d *documented) {
	t.Helper()
	tally := answersOf(t, testForm(t, "skm-9@1"), many(10, "44444444-")...)
	x := by(t, tally, "exact")
	got := AspectIntervals(tally, &tally.form.Indexes[0], x)
	d.says("ten answers of 4 to an unsur: %.4f..%.4f; no answer: %.0f..%.0f.", got[0][0], got[0][1], got[8][0], got[8][1])
}

func TestTheIntervalOfAnAspectOfSeveralQuestionsIsOnItsOwnScale(t *testing.T) {
	t.Parallel()
	tally := answersOf(t, testForm(t, "spak-5-s6@1"), append(many(20, "65555"), many(20, "45556")...)...)
	x := by(t, tally, "ratio")
	got := AspectIntervals(tally, &tally.form.Indexes[0], x)
	mean := *x.Aspects[0].Mean // 10/3
	if got[0][0] > mean-0.2 || got[0][0] < mean-0.6 || got[0][1] < mean+0.15 || got[0][1] > 4 {
		t.Errorf("%v around %v", got[0], mean)
	}
	alike := together([]part{{weight: 0.5, n: 10, sum: 30, square: 100}, {weight: 0.5, n: 10, sum: 30, square: 100}}, func(float64) bool { return true })
	if math.Abs(alike-0.1) > 1e-12 { // (2·0.5·√10/10)²
		t.Errorf("two questions that rise and fall as one: %v", alike)
	}
}

// TestTheLowestAspectIsAmongThoseThatAreNamed draws samples of people whose answers to the
// aspects have equal means in truth, but for some, and looks how often the aspect that is
// in truth the lowest is named.
func TestTheLowestAspectIsAmongThoseThatAreNamed(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	for name, odds := range map[string][9][4]float64{
		"all alike":      {{0, .02, .38, .6}, {0, .02, .38, .6}, {0, .02, .38, .6}, {0, .02, .38, .6}, {0, .02, .38, .6}, {0, .02, .38, .6}, {0, .02, .38, .6}, {0, .02, .38, .6}, {0, .03, .38, .59}},
		"near the top":   {{0, 0, .05, .95}, {0, 0, .05, .95}, {0, 0, .05, .95}, {0, 0, .05, .95}, {0, 0, .05, .95}, {0, 0, .05, .95}, {0, 0, .05, .95}, {0, 0, .05, .95}, {.02, .0, .01, .97}},
		"three the same": {{0, .1, .6, .3}, {0, .1, .6, .3}, {0, .02, .38, .6}, {0, .02, .38, .6}, {0, .02, .38, .6}, {0, .02, .38, .6}, {0, .02, .38, .6}, {0, .02, .38, .6}, {0, .11, .6, .29}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var row strings.Builder
			each, noise := samples()
			for _, n := range []int{29, 100, 300} {
				r := rand.New(rand.NewPCG(uint64(n), 5))
				named, many := 0, 0
				for range each {
					tally := NewTotals(form)
					for range n {
						marks := []byte("444444444")
						mood := r.Float64()
						for q := range marks {
							u := mood
							if r.Float64() < 0.5 {
								u = r.Float64()
							}
							score := 0
							for score < 3 && u >= odds[q][score] {
								u -= odds[q][score]
								score++
							}
							marks[q] = byte('1' + score)
						}
						if err := tally.Add(response(form, string(marks))); err != nil {
							t.Fatal(err)
						}
					}
					x := by(t, tally, "exact")
					list := Weakest(tally, &form.Indexes[0], x)
					many += len(list)
					if list == nil || slices.ContainsFunc(list, func(a *AspectResult) bool { return a.Code == x.Aspects[8].Code }) {
						named++
					}
				}
				share := float64(named) / float64(each)
				fmt.Fprintf(&row, " | %.1f (%.1f)", 100*share, float64(many)/float64(each))
				if share < 0.95-noise-0.02 {
					t.Errorf("n = %d: the lowest aspect is named in %.1f %%", n, 100*share)
				}
			}
			t.Logf("| %s%s |", name, row.String())
		})
	}
}

func TestTheOrderOfAnAspectsQuestionsDoesNotMatter(t *testing.T) {
	t.Parallel()
	ends := func(positions ...int) [2]float64 {
		form := *testForm(t, "skm-9@1")
		form.Indexes = []survey.FormIndex{{
			Index: survey.Index{Code: IPKP, Scale: 4, Aspects: []survey.Aspect{{Code: "a"}}}, Positions: [][]int{positions},
		}}
		tally := answersOf(t, &form, append(many(25, "43-------"), many(20, "3--------")...)...)
		x := by(t, tally, "exact")
		return AspectIntervals(tally, &form.Indexes[0], x)[0]
	}
	if a, b := ends(0, 1), ends(1, 0); a != b {
		t.Errorf("%v and %v", a, b)
	}
}

// Of an index that was not computed nothing is known.
func TestAnAspectOfNoIndexIsAnywhereOnTheScale(t *testing.T) {
	t.Parallel()
	tally := answersOf(t, testForm(t, "skm-9@1"), many(10, "444444444")...)
	for _, got := range AspectIntervals(tally, &tally.form.Indexes[0], &Index{Aspects: make([]AspectResult, 9)}) {
		if got != [2]float64{0, 4} {
			t.Errorf("%v, want 0..4", got)
		}
	}
}

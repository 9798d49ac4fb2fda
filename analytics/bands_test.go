package analytics

import (
	"math"
	"testing"
)

func near(got, want float64) bool { return math.Abs(got-want) < 1e-9 }

// Two questions, four people, of whom one left the second out: by hand.
func TestWhoLeavesAQuestionOutWidensWhatIsTold(t *testing.T) {
	t.Parallel()
	e := observed([][]float64{{4, 3}, {3, 3}, {3, 3}, {2, 0}}, 4, 10)
	// Without the gap 16/3 · 2/64 of a respondent and a quarter of that of the mean: 1/24. The
	// second question has p̃ = 9/5 and ω = 54/25: ω/3 · 1/4/3 · 1/4 = 0.015 is added. Size: by
	// Kish, 4 / (3/4 + 1/4 · 4/3).
	if !near(e.mean, 3) || !near(e.variance, 1./24+0.015) || !near(e.size, 48./13) || !near(e.heard, 4.8/13) {
		t.Errorf("%+v", e)
	}
	if len(e.bands) != 0 || e.step != 0 || e.least != 1 || e.most != 4 {
		t.Errorf("%+v: want one band, no grid, and nothing known of who was not heard", e)
	}
	if first := observed([][]float64{{3, 4}, {3, 3}, {3, 3}, {0, 2}}, 4, 10); first.step != 0 || !near(first.variance, e.variance) || first.size != e.size {
		t.Errorf("with the gap in the first question: %+v", first)
	}
	whole := observed([][]float64{{4, 3}, {3, 3}, {3, 3}, {2, 3}}, 4, 10)
	if !near(whole.variance, 1./24) || whole.size != 4 || !near(whole.step, 1./8) || !near(whole.least, 1+0.4*2) || !near(whole.most, 4-0.4) {
		t.Errorf("without a gap: %+v", whole)
	}
}

// A mean of one question each moves by steps of one answer; where questions weigh otherwise
// there are none.
func TestAMeanMovesByStepsWhereQuestionsWeighAlike(t *testing.T) {
	t.Parallel()
	for weights, step := range map[[3]float64]float64{{1, 1, 1}: 1. / 12, {2, 1, 1}: 0, {1, 1, 2}: 0, {1, 2, 1}: 0} {
		parts := make([]part, 3)
		for i, w := range weights {
			parts[i] = part{weight: w, n: 4, sum: 12, square: 36}
		}
		e := answers{parts: parts, n: 4, lo: 1, hi: 4, squares: func(func(float64) bool) float64 { return 0 }}.evidence()
		if !near(e.step, step) || e.mean != 3 {
			t.Errorf("weights %v: steps of %v, want %v", weights, e.step, step)
		}
	}
}

func TestOneRespondentOrNoneHasNoSpread(t *testing.T) {
	t.Parallel()
	one := observed([][]float64{{4, 3}}, 4, 0)
	if one.mean != 3.5 || one.variance != 0 {
		t.Errorf("of one: %+v", one)
	}
	if none := NewTally(testForm(t, "skm-9@1")).evidence(0, 0); none.variance != 0 || none.step != 0 || len(none.bands) != 0 {
		t.Errorf("of none: %+v", none)
	}
}

func TestAQuestionThatFarFewerAnsweredStandsForItself(t *testing.T) {
	t.Parallel()
	rows := [][]float64{{4, 4}, {4, 2}, {3, 0}, {3, 0}, {2, 0}, {2, 0}}
	e := observed(rows, 4, 0)
	if len(e.bands) != 2 {
		t.Fatalf("%d bands, want 2", len(e.bands))
	}
	for i, want := range []band{
		{evidence{mean: 3, variance: 0.8 / 6, size: 6, step: 1. / 6}, 0.5, 6},
		{evidence{mean: 3, variance: 2. / 2, size: 2, step: 1. / 2}, 0.5, 2},
	} {
		b := e.bands[i]
		if !near(b.mean, want.mean) || !near(b.variance, want.variance) || b.size != want.size || !near(b.step, want.step) || b.weight != want.weight || b.people != want.people {
			t.Errorf("band %d: %+v, want %+v", i, b, want)
		}
	}
	// The second one's people are among the first one's: r = √(2/6).
	const z = 1.5
	low, high := [2]float64{}, [2]float64{}
	for i, b := range e.bands {
		lo, hi := b.within(z)
		low[i], high[i] = (3-lo)/2, (hi-3)/2
	}
	distance := func(d [2]float64) float64 {
		return math.Sqrt(d[0]*d[0] + d[1]*d[1] + 2*math.Sqrt(1./3)*d[0]*d[1])
	}
	lo, hi := e.joined(z)
	if wantLo, wantHi := e.outwards(3-distance(low), 3+distance(high)); !near(lo, wantLo) || !near(hi, wantHi) {
		t.Errorf("%v..%v, want %v..%v", lo, hi, wantLo, wantHi)
	}
	for answered, bands := range map[int]int{2: 2, 3: 2, 4: 0, 6: 0} { // by half of them it is a band of its own
		for i := range rows {
			if rows[i][1] = 0; i < answered {
				rows[i][1] = 3
			}
		}
		if e := observed(rows, 4, 0); len(e.bands) != bands {
			t.Errorf("%d of 6 answered it: %d bands, want %d", answered, len(e.bands), bands)
		}
	}
}

// Of 50 people ten more can be heard, of 45 five: a value near its grade's limit is certain
// once all were.
func TestNoMoreAnswersAreToldThanThereArePeopleLeft(t *testing.T) {
	t.Parallel()
	table := testTable(t)
	for people, want := range map[int64]int64{41: 1, 45: 5, 50: 10, 405: 365} {
		f := steady(88.2, 12, 40)
		f.evidence = evidenceOf(intervalInput{Mean: 88.2 / 25, Variance: 144. / 625, Lo: 1, Hi: 4, N: 40, Population: people})
		if got := table.certain(f, "B"); got == nil || *got != want {
			t.Errorf("of %d people: %v, want %d", people, got, want)
		}
	}
}

func TestAPartOfAnIndexIsNoAdequateSampleOfIt(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	c := calculation(t, form, nil)
	for row, want := range map[string]bool{"444444444": true, "44444444-": false} {
		x := c.Index(answersOf(t, form, many(10, row)...), 0, Population{People: 10})
		if x == nil || x.Adequate != want || x.Partial() == want || (x.Chances != nil) != want || x.Needed == nil || *x.Needed != 10 {
			t.Errorf("%s: %+v", row, x)
		}
	}
}

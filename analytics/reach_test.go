package analytics

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// nearMinimum draws an office whose truth is anywhere around the minima of the sheet: a share of
// its people is treated well, the rest badly, and all are of one of these sorts.
func nearMinimum(r *rand.Rand) func(share float64) kind {
	well := []people{{0, 4, [4]float64{}}, {0, 0, [4]float64{0, .02, .18, .8}}}[r.IntN(2)]
	badly := []people{{0, 0, [4]float64{.1, .4, .4, .1}}, {0, 3, [4]float64{}}, {0, 1, [4]float64{}}}[r.IntN(3)]
	return func(share float64) kind {
		good, bad := well, badly
		good.share, bad.share = share, 1-share
		return kind{items: 5, groups: []people{good, bad}}
	}
}

// meanOfOffice is what a kind's people answer on average.
func meanOfOffice(k kind) float64 {
	mean := 0.0
	for _, g := range k.groups {
		if g.all > 0 {
			mean += g.share * g.all
			continue
		}
		for i, p := range g.odds {
			mean += g.share * p * float64(i+1)
		}
	}
	return mean
}

// ended is a simulated period: what was foretold of a minimum, and whether it was reached.
// step is by how much the truth changes after the forecast.
func ended(r *rand.Rand, n, further int, step float64) (chance float64, reached bool) {
	of := nearMinimum(r)
	best, worst := meanOfOffice(of(1)), meanOfOffice(of(0))
	bound := []float64{3.6, 3.2}[r.IntN(2)]
	truth := min(max(bound-0.2+0.4*r.Float64(), worst), best)
	share := func(truth float64) float64 { return min(max((truth-worst)/(best-worst), 0), 1) }
	rows, before, after := emptyRows(n+further, 5), of(share(truth)), of(share(truth+step))
	for i := range rows {
		if i < n {
			before.draw(r, rows[i])
		} else {
			after.draw(r, rows[i])
		}
	}
	e := learnt(rows[:n], 0)
	return e.ends(bound, float64(further)/float64(n)), meanOf(rows) >= bound-1e-9
}

// TestAMinimumIsReachedAsOftenAsIsForetold simulates periods of offices whose truth lies
// within 0.2 of a minimum: PERSEPSI_WHOLE=1 go test -v -run TestAMinimumIsReached ./analytics
// prints the table of docs/method.md.
func TestAMinimumIsReachedAsOftenAsIsForetold(t *testing.T) {
	t.Parallel()
	periods := 1000
	if wholeRun() {
		periods = 40_000
	}
	for _, c := range []struct {
		n, further int
		step       float64
		within     float64
	}{
		{30, 15, 0, 0.05},
		{30, 100, 0, 0.08},
		{40, 100, 0, 0.05},
		{120, 30, 0, 0.05},
		{120, 100, 0, 0.05},
		{300, 100, 0, 0.05},
		{300, 300, 0, 0.05},
		{120, 100, -0.05, 0.3},
		{120, 100, 0.05, 0.3},
		{120, 100, -0.1, 0.6},
		{120, 100, 0.1, 0.6},
	} {
		t.Run(fmt.Sprintf("%d heard, %d to come, changed by %v", c.n, c.further, c.step), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(uint64(c.n), uint64(c.further)))
			var seen classes
			for range periods {
				seen.count(ended(r, c.n, c.further, c.step))
			}
			for k, n := range seen.n {
				if off := math.Abs(seen.said[k]-seen.came[k]) / n; off > c.within+1.5/math.Sqrt(n) {
					t.Errorf("chances are off by %.3f, want %.3f and the noise of %v at most: %s", off, c.within, n, &seen)
				}
			}
			t.Logf("| %d | %d | %v%s", c.n, c.further, c.step, &seen)
		})
	}
}

func TestWhatCannotBeReachedHasNoChance(t *testing.T) {
	t.Parallel()
	e := evidence{lo: 1, hi: 4, mean: 3.0, variance: 0.25 / 100, size: 100}
	// 100 of 3.0 and 150 of 4 make 3.6, 149 of 4 don't.
	if got := e.ends(3.6, 1.49); got != 0 {
		t.Errorf("149 more: %v, want 0", got)
	}
	if got := e.ends(1.6, 0.2); got != 1 { // even 20 answers of 1 leave 2.67
		t.Errorf("a bound that all answers of 1 leave: %v, want 1", got)
	}
	if got := e.ends(3.0, 1); math.Abs(got-0.5) > 0.02 {
		t.Errorf("at its own mean: %v, want about a half", got)
	}
}

func TestNothingIsForetoldOfAnIndexThatIsNotWholeOrDoesNotGrow(t *testing.T) {
	t.Parallel()
	form := testForm(t, "spak-5@1")
	c := calculation(t, form, nil)
	bound := NewRatio(36, 10)
	whole := c.Index(answersOf(t, form, append(many(18, "44444"), many(12, "33333")...)...), 0, Population{})
	if p, ok := whole.Reaches(bound, 30); !ok || p <= 0 || p >= 1 {
		t.Errorf("30 people and 30 more: %v %v", p, ok)
	}
	if _, ok := c.Index(answersOf(t, form, append(many(17, "44444"), many(12, "33333")...)...), 0, Population{}).Reaches(bound, 30); ok {
		t.Error("a chance of 29 people")
	}
	if _, ok := whole.Reaches(bound, 0); ok {
		t.Error("a chance although nobody more answers")
	}
	if _, ok := c.Index(answersOf(t, form, many(40, "4-444")...), 0, Population{}).Reaches(bound, 30); ok {
		t.Error("a chance of an index of which an aspect is missing")
	}
	if _, ok := (*Index)(nil).Reaches(bound, 30); ok {
		t.Error("a chance without an index")
	}
}

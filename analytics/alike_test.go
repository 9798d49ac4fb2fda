package analytics

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestTheSampleOfTwoValuesHasTheMeanAndTheVariance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := possible(t)
		in.N = max(in.N, 2)
		e := evidenceOf(in)
		h := e.alike()
		n, mean, squares := 0.0, 0.0, 0.0
		for j, x := range h.values {
			if x < in.Lo-1e-9 || x > in.Hi+1e-9 {
				t.Fatalf("%+v: %v is off the scale", in, x)
			}
			n, mean = n+h.counts[j], mean+h.counts[j]*x
			squares += h.counts[j] * (x - in.Mean) * (x - in.Mean)
		}
		want := min(e.variance*(e.size-1), (in.Mean-in.Lo)*(in.Hi-in.Mean))
		if math.Abs(n-e.size) > 1e-6 || math.Abs(mean/n-in.Mean) > 1e-6 || math.Abs(squares/n-want) > 1e-6 {
			t.Fatalf("%+v: %v people, mean %v, spread %v; want %v, %v, %v", in, n, mean/n, squares/n, e.size, in.Mean, want)
		}
	})
}

// Who left gaps was not heard of everything: no end is certain, and as many people count
// as heard as tell as much without gaps.
func TestGapsLeaveMorePeopleUnheard(t *testing.T) {
	t.Parallel()
	in := IntervalInput{Mean: 3, Variance: 0.3, Lo: 1, Hi: 4, N: 50, Population: 100}
	whole := evidenceOf(in)
	in.Size = 20
	gaps := evidenceOf(in)
	if whole.heard != 0.5 || whole.least != 2 || whole.most != 3.5 {
		t.Errorf("50 of 100 without gaps: %+v", whole)
	}
	if gaps.heard != 0.2 || gaps.least != 1 || gaps.most != 4 {
		t.Errorf("50 of 100 with gaps, as much as 20: %+v", gaps)
	}
}

// fullWidth is the width of the interval that Gaffke's bounds of the respondents' own
// indexes make.
func fullWidth(answers [][]float64) float64 {
	counts := map[float64]float64{}
	for _, row := range answers {
		sum := 0.0
		for _, x := range row {
			sum += x
		}
		counts[sum/float64(len(row))]++
	}
	var h histogram
	for _, x := range slices.Sorted(maps.Keys(counts)) {
		h.values, h.counts = append(h.values, x), append(h.counts, counts[x])
	}
	return 5 - h.mirrored(1, 4).gaffke(1) - h.gaffke(1)
}

func TestTheIntervalIsNearlyAsWideAsTheOneOfOwnIndexes(t *testing.T) {
	t.Parallel()
	for _, name := range slices.Sorted(maps.Keys(kinds())) {
		people := kinds()[name].served(20_000)
		r := rand.New(rand.NewPCG(2, 9))
		for _, n := range []int{29, 100, 300} {
			least, most, mean := 2.0, 0.0, 0.0
			const each = 20
			for range each {
				seen := people.sample(r, n, none, nil)
				lo, hi := Interval95(observed(seen, 4, 0))
				ratio := (hi - lo) / fullWidth(seen)
				least, most, mean = min(least, ratio), max(most, ratio), mean+ratio/each
			}
			t.Logf("%s, n = %d: %.3f..%.3f, mean %.3f", name, n, least, most, mean)
			if math.Abs(mean-1) > 0.03 || least < 0.94 || most > 1.06 {
				t.Errorf("%s, n = %d: %.3f of the full width on average, %.3f to %.3f", name, n, mean, least, most)
			}
		}
	}
}

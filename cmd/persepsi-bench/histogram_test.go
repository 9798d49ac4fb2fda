package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

func TestPercentilesAreThoseOfTheSortedSample(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for _, tc := range []struct {
		name string
		n    int
		next func() time.Duration
	}{
		{"one", 1, func() time.Duration { return 1234567 }},
		{"all the same", 1000, func() time.Duration { return 5 * time.Millisecond }},
		{"nanoseconds", 1000, func() time.Duration { return time.Duration(random.IntN(200)) }},
		{"even", 5000, func() time.Duration { return time.Duration(random.Int64N(int64(time.Second))) }},
		{"long tail", 5000, func() time.Duration { return time.Duration(math.Exp(8 + 3*random.NormFloat64())) }},
		{"huge", 100, func() time.Duration { return time.Duration(random.Int64N(math.MaxInt64)) }},
	} {
		t.Run(tc.name, func(t *testing.T) { // one after the other: they draw from one source
			var h, other histogram
			list := make([]time.Duration, tc.n)
			for i := range list {
				list[i] = tc.next()
				if i%3 == 0 {
					other.add(list[i])
				} else {
					h.add(list[i])
				}
			}
			h.merge(&other)
			slices.Sort(list)
			for _, p := range []float64{0.1, 50, 95, 99, 99.9, 100} {
				want := list[int(math.Ceil(p/100*float64(tc.n)))-1]
				got := h.percentile(p)
				if off := math.Abs(float64(got - want)); off > float64(want)/128 {
					t.Errorf("p%v = %d, want %d", p, got, want)
				}
			}
		})
	}
}

func TestAPercentileOfNothingIsZero(t *testing.T) {
	t.Parallel()
	if got := new(histogram).percentile(95); got != 0 {
		t.Errorf("p95 = %d, want 0", got)
	}
}

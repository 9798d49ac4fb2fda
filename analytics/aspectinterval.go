package analytics

import (
	"math"

	"persepsi/survey"
)

// AspectIntervals returns the 95 % interval of the mean of each aspect of an index of a
// tally's form, on 0..4, in the order of x.Aspects; 0..4 where an aspect has no answers.
// x is the index of these answers.
//
// It is the interval of an index (Calculation.Index) of that aspect alone, without a
// correction for the people served: Gaffke's bounds for the mean and the spread of its
// answers. An aspect of several questions has the widest that their spreads allow, as the
// same people answer them.
//
// Ten answers of 4 to an unsur have 3.0699..4.
func AspectIntervals(t *Tally, of *survey.FormIndex, x *Index) [][2]float64 {
	out := make([][2]float64, len(x.Aspects))
	for a := range x.Aspects {
		out[a] = [2]float64{0, 4}
		parts := partsOf(of.Positions[a:a+1], t.counts)
		if len(parts) == 0 || x.by.k == 0 {
			continue
		}
		people := 0.0
		for _, q := range parts {
			people = max(people, q.n)
		}
		lo, hi := answers{
			parts: parts, n: people, lo: 1, hi: float64(of.Scale),
			squares: func(among func(float64) bool) float64 { return together(parts, among) },
		}.evidence().interval()
		for end, v := range [2]float64{lo, hi} {
			out[a][end] = x.by.aspect(NewRatio(int64(math.Round(v*grid)), grid)).Float64()
		}
	}
	return out
}

package main

import (
	"iter"
	"math/bits"

	"persepsi/survey"
)

// cell is the answers of one unit on one day.
type cell struct {
	unit int
	day  survey.Date
	n    int64
}

// cells spreads the city's answers over its units and days, day by day and
// unit by unit, the order in which a store takes them cheapest. Few units get
// many answers and many get few, Sundays get none, and the sum is exact.
func (c City) cells() iter.Seq[cell] {
	return func(yield func(cell) bool) {
		var total uint64
		c.weigh(func(_ int, _ survey.Date, w uint64) bool {
			total += w
			return true
		})
		var sum, given uint64
		c.weigh(func(u int, day survey.Date, w uint64) bool {
			sum += w
			hi, lo := bits.Mul64(uint64(c.Answers), sum)
			due, _ := bits.Div64(hi, lo, total)
			n := due - given
			given = due
			return n == 0 || yield(cell{u, day, int64(n)})
		})
	}
}

// weigh calls fn with the weight of every unit on every day.
func (c City) weigh(fn func(u int, day survey.Date, w uint64) bool) {
	weights := make([]uint64, c.Units)
	for u := range weights {
		weights[u] = unitWeight(c.Seed, u)
	}
	for day := c.first(); day < c.Today; day++ {
		busy := weekdayWeights[day.Weekday()]
		if busy == 0 {
			continue
		}
		for u, w := range weights {
			if !fn(u, day, w*busy*(50+mix(c.Seed, uint64(u), uint64(day))%100)) {
				return
			}
		}
	}
}

var weekdayWeights = [7]uint64{0, 24, 22, 20, 20, 16, 3} // from Sunday

// unitWeight is how busy a unit is: the busiest has 40 times the visitors of
// the quietest.
func unitWeight(seed uint64, u int) uint64 {
	x := mix(seed, uint64(u), 0x756e6974) % 1000
	return 5 + 195*x*x*x/1_000_000_000
}

// mix returns a number that looks random and depends on all of its parts
// (SplitMix64's finaliser, once per part).
func mix(parts ...uint64) uint64 {
	h := uint64(0x9e3779b97f4a7c15)
	for _, p := range parts {
		h += p + 0x9e3779b97f4a7c15
		h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
		h = (h ^ h>>27) * 0x94d049bb133111eb
		h ^= h >> 31
	}
	return h
}

package analytics

import (
	"math"
	"slices"
	"sort"
)

// Ranks are the ranks that a unit may have among others: 1 is the highest value.
type Ranks struct {
	// Best and Worst are the ends of the set; 0 and 0 for a unit that is not ranked: one
	// without a figure, or of which an aspect is missing.
	Best, Worst int
	// Of is the number of units that are ranked.
	Of int
}

// RanksOf returns sets of ranks of units that hold all true ranks at once in 95 of 100
// cities, in the order of the units. A figure is of one index, period and method; nil where
// it is withheld. Any number of units, in O(m log m) beside their intervals.
//
// It is the joint confidence set of Klein, Wright and Wieczorek (A joint confidence region
// for an overall ranking of populations, 2020): each unit has an interval such that all m
// hold the truth at once in 95 of 100 cities. Above a unit are then surely those whose
// intervals lie wholly above its own, below it those wholly below: its rank is from 1 + the
// number of the former to m − that of the latter. As the people of different units are
// others, each interval has the level 0.95^(1/m) (Šidák 1967), by Gaffke's bounds at that
// level: of 600 units 99.9915 %, which a normal number has within ±3.93.
//
// Three units with the intervals 3.1..3.3, 3.2..3.5 and 3.4..3.6 have the ranks 2..3, 1..3
// and 1..2.
func RanksOf(units []*Figure) []Ranks {
	var places []int
	for i, f := range units {
		if f.sure() && !f.partial {
			places = append(places, i)
		}
	}
	ends, z := make([][2]float64, len(places)), jointly(len(places))
	for j, i := range places {
		lo, hi := units[i].evidence.within(z)
		ends[j] = [2]float64{units[i].value(lo), units[i].value(hi)}
	}
	out := make([]Ranks, len(units))
	for i := range out {
		out[i].Of = len(places)
	}
	for j, r := range ranked(ends) {
		out[places[j]].Best, out[places[j]].Worst = r[0], r[1]
	}
	return out
}

// ranked returns the first and last rank that intervals leave open.
func ranked(ends [][2]float64) [][2]int {
	lows, highs := make([]float64, len(ends)), make([]float64, len(ends))
	for j, e := range ends {
		lows[j], highs[j] = e[0], e[1]
	}
	slices.Sort(lows)
	slices.Sort(highs)
	out := make([][2]int, len(ends))
	for j, e := range ends {
		notAbove := sort.Search(len(lows), func(k int) bool { return lows[k] > e[1] })
		below := sort.SearchFloat64s(highs, e[0])
		out[j] = [2]int{1 + len(ends) - notAbove, len(ends) - below}
	}
	return out
}

// jointly returns within what ± of a normal deviate each of m independent intervals must
// be, that all hold the truth in 95 of 100 cases.
func jointly(m int) float64 {
	return math.Sqrt2 * math.Erfinv(math.Pow(0.95, 1/float64(max(m, 1))))
}

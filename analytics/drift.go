package analytics

import (
	"math"
	"slices"
)

// forecastMonth is how many days drift is measured in.
const forecastMonth = 30

// drifts are the standard deviations that a unit's level may change by in thirty days, on
// 0..100.
var drifts = [...]float64{0, 0.5, 1, 2, 3, 5}

// Drift tells how likely the units of a city are to drift little or much. The zero Drift
// knows nothing: all of the list are as likely.
type Drift struct {
	weights [len(drifts)]float64
	units   int // with several months that it was learned of
}

// simulatedUnits is how many units the cities had that forecasts were tried on.
const simulatedUnits = 20

// driftUnits is how many units' months an unknown drift counts as.
const driftUnits = 3

// DriftOf learns from the months of many units how much units drift: of one unit alone a few
// months tell little of it. Each course is of one unit and the same index.
//
// It is the share of each drift that makes all these months the likeliest (empirical Bayes,
// by the EM algorithm of Dempster, Laird and Rubin 1977), as if three units more had been
// seen of which nothing is known.
func DriftOf(courses []Course) Drift {
	var seen [][len(drifts)]float64
	for _, c := range courses {
		if !c.Now.sure() {
			continue
		}
		var likely [len(drifts)]float64
		for k := range drifts {
			_, _, likely[k] = c.follow(drifts[k])
		}
		seen = append(seen, weighted(likely, [len(drifts)]float64{}))
	}
	var out Drift
	for _, c := range courses {
		known := 0
		for _, m := range c.Months {
			if m.Figure != nil {
				known++
			}
		}
		if c.Now.sure() && known > 1 {
			out.units++
		}
	}
	for range driftSteps {
		var next [len(drifts)]float64
		for k := range next {
			next[k] = driftUnits / float64(len(drifts))
		}
		for _, likely := range seen {
			all := 0.0
			for k := range likely {
				all += likely[k] * out.of(k)
			}
			for k := range likely {
				next[k] += likely[k] * out.of(k) / all
			}
		}
		for k := range next {
			out.weights[k] = next[k] / (driftUnits + float64(len(seen)))
		}
	}
	return out
}

// driftSteps is how often shares are improved.
const driftSteps = 50

// of returns the weight of a drift.
func (d Drift) of(k int) float64 {
	if d.weights == [len(drifts)]float64{} {
		return 1 / float64(len(drifts))
	}
	return d.weights[k]
}

// level is the estimate of a unit's level on 0..100, with its variance.
type level struct{ mean, variance float64 }

// followed returns for each drift what is known of the mean level of the days to come, and
// how much each drift weighs.
func (c Course) followed(ahead Ahead, drift Drift) (paths [len(drifts)]level, weights [len(drifts)]float64) {
	coming := max(float64(ahead.To-ahead.AsOf)/forecastMonth, 0)
	var likely [len(drifts)]float64
	for k, d := range drifts {
		at, last, l := c.follow(d)
		if last == 0 {
			at, last = level{c.Now.at100(), c.Now.spread() / c.Now.evidence.size}, float64(ahead.AsOf)
		}
		middle := float64(ahead.AsOf+ahead.To+1) / 2
		at.variance += d * d * (max((middle-last)/forecastMonth, 0) + coming/12)
		paths[k], likely[k] = at, l
	}
	return paths, weighted(likely, drift.weights)
}

// follow follows a unit's level through months, for one drift: what is known of it in the
// middle of the last one, when that was (0: no month has a figure), and the logarithm of how
// likely the months are. How much people differ is taken from all of the period: of a month
// of a dozen it isn't known well.
func (c Course) follow(drift float64) (at level, last, likely float64) {
	spread := c.Now.spread()
	for _, s := range c.Months {
		if s.Figure.apart(c.Now) != "" {
			continue
		}
		middle, length := float64(s.From+s.To+1)/2, float64(s.To+1-s.From)/forecastMonth
		value, noise := s.Figure.at100(), spread/s.Figure.evidence.size+drift*drift*length/12
		if last == 0 {
			at, last = level{value, noise}, middle
			continue
		}
		at.variance += drift * drift * (middle - last) / forecastMonth
		total, off := at.variance+noise, value-at.mean
		likely -= (math.Log(total) + off*off/total) / 2
		at.mean += off * at.variance / total
		at.variance *= noise / total
		last = middle
	}
	return at, last, likely
}

// weighted returns the shares of drifts: their weights beforehand, 0 where all have the same,
// times how likely they make what was seen.
func weighted(likely, before [len(drifts)]float64) (out [len(drifts)]float64) {
	most, all := slices.Max(likely[:]), 0.0
	for k := range out {
		out[k] = math.Exp(likely[k]-most) * Drift{weights: before}.of(k)
		all += out[k]
	}
	for k := range out {
		out[k] /= all
	}
	return out
}

package analytics

import (
	"math"

	"persepsi/survey"
)

// conversion converts means of answers to 0..4 by a method.
type conversion struct {
	slope, offset Ratio
	weight        Ratio // of one of the aspects: the printed one where it is meant for k of them, or exactly 1/k
	k             int64 // aspects that somebody answered
}

func newConversion(m *survey.Method, k int64) conversion {
	c := conversion{slope: RatioOf(m.Slope), offset: RatioOf(m.Offset), weight: RatioOf(m.Weight), k: k}
	if !c.weight.Known() || !m.Fits(int(k)) {
		c.weight = NewRatio(1, k)
	}
	return c
}

// aspect returns an aspect's mean on 0..4.
func (c conversion) aspect(mean Ratio) Ratio { return mean.Mul(c.slope).Add(c.offset) }

// index returns an index's mean on 0..4: Σ converted aspect means × weight. An
// aspect that nobody answered is left out, as where law makes a service free.
func (c conversion) index(means aspectMeans) Ratio {
	return means.sum.Mul(c.slope).Add(c.offset.Mul(whole(c.k))).Mul(c.weight)
}

// valueOf returns the figure that an index is reported by: that on 0-100 for IKM,
// else that on 0-4.
func valueOf(code string, mean, at100 Ratio) Ratio {
	if code == IKM {
		return at100
	}
	return mean
}

// on100 converts a mean from 0-4 to 0-100.
func on100(x Ratio) Ratio { return x.Mul(whole(hundred)) }

// carried returns the interval of an index on the scale of its value, to which the
// conversion carries that of the answers (both are linear), and how sure that makes the
// grade. mean is the index on 0-4.
func carried(e evidence, code string, by conversion, mean Ratio, table *GradeTable) ([2]float64, Stability) {
	lo, hi := e.interval()
	ends := [2]Ratio{by.end(lo), by.end(hi)}
	stability := table.Stability(on100(mean), on100(ends[0]).Float64(), on100(ends[1]).Float64())
	return [2]float64{valueOf(code, ends[0], on100(ends[0])).Float64(), valueOf(code, ends[1], on100(ends[1])).Float64()}, stability
}

// end converts an end of an interval, which is a whole number of grid's steps on the
// answers' scale, to 0-4: exactly, so that what is told of it is the number nearest to it
// and not one with the rounding errors of a computation behind it.
func (c conversion) end(v float64) Ratio {
	return c.index(aspectMeans{sum: NewRatio(int64(math.Round(v*grid)), grid).Mul(whole(c.k)), k: c.k})
}

// at100 converts a mean on the answers' scale to 0-100, answersOf one back.
func (c conversion) at100(v float64) float64 {
	return (c.slope.Float64()*v + c.offset.Float64()) * c.share() * hundred
}

func (c conversion) answersOf(at100 float64) float64 {
	return (at100/(c.share()*hundred) - c.offset.Float64()) / c.slope.Float64()
}

// line returns slope and offset of at100.
func (c conversion) line() (slope, offset float64) {
	return c.slope.Float64() * c.share() * hundred, c.offset.Float64() * c.share() * hundred
}

// share returns the sum of the aspects' weights: 1, or 0.99 for nine of 0.11.
func (c conversion) share() float64 { return c.weight.Float64() * float64(c.k) }

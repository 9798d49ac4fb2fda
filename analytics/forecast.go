package analytics

import (
	"math"
	"slices"

	"persepsi/survey"
)

// Stretch is what the answers of a part of a period showed: a month, between the releases
// nearest its ends. Its Figure is nil where too few answered.
type Stretch struct {
	Figure   *Figure
	From, To survey.Date // first and last day
}

// Course is a unit's index over time.
type Course struct {
	// Now is that of the newest release of the running period.
	Now *Figure
	// Months are the parts of the period in their order, those of earlier periods in front.
	// What was made by another form or method than Now, or of other aspects, is left out.
	Months []Stretch
}

// Ahead is what is still to come of a period.
type Ahead struct {
	AsOf survey.Date // the last day that the newest release may hold answers of
	To   survey.Date // the period's last day
	// Further is how many answers the final release is expected to hold beside those of the
	// newest one, by the pace (Pace.AtClose).
	Further int64
}

// Forecast tells what grade a period may end with.
type Forecast struct {
	// Now is the grade of the newest release.
	Now string `json:"now"`
	// Chances has by grade how likely the final figure has it, 0..1 and rounded to three
	// decimals; grades of less than 0.0005 are left out.
	Chances map[string]float64 `json:"chances"`
	// Further is the number of answers that this counts on.
	Further int64 `json:"further"`
	// Certain is how many further answers of the present mean and spread make the 95 %
	// interval lie within the grade: 0 where it does. nil where none do: as the value lies at
	// a limit of its grade, or all people served would have to be heard.
	Certain *int64 `json:"certain,omitempty"`
	// Right is of 100 simulated forecasts, in which the likeliest grade was about as likely as
	// here, in how many it came; 0 where the city is not like those that were simulated, in
	// which twenty units have months behind them.
	Right int `json:"right"`
	// Values are 25 that the final figure is equally likely to be near, the least first: its
	// quantiles 0.02, 0.06 … 0.98, on the figure's own scale.
	Values [25]float64 `json:"values"`
	// Method names how this was computed, NAME@VERSION.
	Method string `json:"method"`
}

const (
	// forecastMethod names how a Forecast is computed. The number changes with the method.
	forecastMethod = "drift@1"
	// forecastMonth is how many days drift is measured in.
	forecastMonth = 30
	// certainMost is how many further answers are looked at, where the number of people
	// served is not known.
	certainMost = 100_000
)

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

// Forecast tells what grade a figure of a running period may have at its end. nil where it
// isn't known how sure the figure is now, or where an aspect of it is missing.
//
// What is released stays: n answers of the mean x. The F further answers have a mean whose
// middle is the unit's present level, and which varies by three things: how well the level
// is known, how far it drifts, and who comes. The final value is (n·x + F·y)/(n + F).
//
// The level is a random walk (Harvey, Forecasting, Structural Time Series Models and the
// Kalman Filter, 1989: the local level model): in thirty days it changes by a normal number
// with the standard deviation τ. Each month's mean is the level in its middle, and an error
// of the variance s²/n + τ²·length/12. A Kalman filter follows it for each τ of a
// short list, and each gets the weight that the city's units give it (DriftOf) times that by
// which it explains the unit's own months: where these have stayed the same little drift is
// foretold, where they went up and down more. The months of earlier periods may stand in
// front; those of another form, method or other aspects are left out.
//
// Three months of IKM 80.00, 40 answers each with a deviation of 12, and 120 to come: B with
// 0.977; of 87.50: B with 0.759, A with 0.241, and 770 more answers would make B certain.
func (t *GradeTable) Forecast(c Course, ahead Ahead, drift Drift) *Forecast {
	now := c.Now
	if !now.sure() || now.partial {
		return nil
	}
	out := &Forecast{Now: t.gradeFloat(now.at100()), Chances: map[string]float64{}, Further: max(ahead.Further, 0), Method: forecastMethod}
	out.Certain = t.certain(now, out.Now)
	paths, weights := c.followed(ahead, drift)
	n, further := float64(now.answered), float64(out.Further)
	share := further / (n + further)
	reaches := func(bound float64) (chance float64) {
		for k, p := range paths {
			final := (1-share)*now.at100() + share*p.mean
			spread := share * math.Sqrt(p.variance+now.spread()/max(further, 1))
			chance += weights[k] * normalAbove(bound, final, spread)
		}
		return chance
	}
	for i := range out.Values {
		at := quantile(reaches, (float64(i)+0.5)/float64(len(out.Values)))
		out.Values[i] = math.Round(at/now.unit()*grid) / grid
	}
	above := 0.0
	for g, grade := range t.Grades {
		reached := 1.0
		if g < len(t.Grades)-1 {
			reached = reaches(grade.From.Float64() - 0.005)
		}
		if chance := permille(max(reached-above, 0)); chance > 0 {
			out.Chances[grade.Mutu] = chance
		}
		above = max(reached, above)
		if drift.units >= simulatedUnits {
			out.Right = max(out.Right, rightOf(out.Chances[grade.Mutu]))
		}
	}
	return out
}

// quantile returns the value on 0..100 below which a part of what is foretold lies; reaches
// tells how much of it lies at a bound or above. What is beyond the scale lies at its end.
func quantile(reaches func(bound float64) float64, part float64) float64 {
	low, high := 0.0, 100.0
	for range 40 {
		middle := (low + high) / 2
		if 1-reaches(middle) < part {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}

// rightOf returns in how many of 100 simulated periods the likeliest grade came, by the class
// of its chance: docs/method.md has the table, and a test simulates it.
func rightOf(chance float64) int {
	switch {
	case chance >= 0.8:
		return 97
	case chance >= 0.6:
		return 70
	case chance >= 0.4:
		return 55
	}
	return 0
}

// level is what is known of a unit's level, on 0..100.
type level struct{ mean, variance float64 }

// followed returns for each drift what is known of the mean level of the days to come, and
// how much each drift weighs.
func (c Course) followed(ahead Ahead, drift Drift) (paths [len(drifts)]level, weights [len(drifts)]float64) {
	coming := max(float64(ahead.To-ahead.AsOf)/forecastMonth, 0)
	var likely [len(drifts)]float64
	for k, d := range drifts {
		at, last, l := c.follow(d)
		if last == 0 {
			at, last = level{c.Now.at100(), c.Now.spread() / c.Now.told.size}, float64(ahead.AsOf)
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
		value, noise := s.Figure.at100(), spread/s.Figure.told.size+drift*drift*length/12
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

// normalAbove returns how likely a normal number is a bound or more.
func normalAbove(bound, mean, deviation float64) float64 {
	if deviation <= 0 {
		if mean >= bound {
			return 1
		}
		return 0
	}
	return math.Erfc((bound-mean)/deviation/math.Sqrt2) / 2
}

// certain returns how many further answers like those so far make the interval of a figure
// lie within a grade, rounded up to two digits; nil where none do.
func (t *GradeTable) certain(f *Figure, grade string) *int64 {
	const grading = 1e-9                   // an end at a limit has the better grade, however it was computed
	low, high := math.Inf(-1), math.Inf(1) // of the grade, on 0..100
	for g := range t.Grades {
		if t.Grades[g].Mutu != grade {
			continue
		}
		if g < len(t.Grades)-1 {
			low = t.Grades[g].From.Float64() - 0.005 - grading
		}
		if g > 0 {
			high = t.Grades[g-1].From.Float64() - 0.005 - grading
		}
	}
	// far is by how many times the interval is too wide where it is of so many more answers.
	far := func(further float64) float64 {
		lo, hi := f.told.grown(1 + further/float64(f.answered)).interval()
		at := f.at100()
		const least = 1e-6 // a value that near to the limit is at it
		return max((at-f.hundredths(lo))/max(at-low, least), (f.hundredths(hi)-at)/max(high-at, least))
	}
	most := float64(certainMost)
	if f.told.heard > 0 {
		most = math.Floor(float64(f.answered)/f.told.heard) - float64(f.answered)
	}
	n := float64(f.answered)
	few, many, wide := 0.0, math.Inf(1), far(0)
	if wide <= 1 {
		return new(int64)
	}
	// An interval is as wide as 1/√n, roughly: what that foretells is tried a little above and
	// below, until there is no number of two digits in between.
	for guess, aside := n*wide*wide-n, 0.; ; {
		guess = math.Ceil(guess + aside*(n+guess))
		if guess <= few || guess >= many {
			guess = few + math.Ceil((min(many, 2*few+n)-few)/2)
		}
		guess = min(guess, most)
		if wide = far(guess); wide <= 1 {
			many, aside = guess, -0.005
		} else if few, aside = guess, 0.005; guess >= most {
			return nil
		}
		if many <= roundedUp(few+1) {
			break
		}
		guess = (n+guess)*wide*wide - n
	}
	out := int64(min(roundedUp(many), most))
	return &out
}

// roundedUp rounds a number up to two digits.
func roundedUp(x float64) float64 {
	step := 1.0
	for x/step > 100 {
		step *= 10
	}
	return math.Ceil(x/step) * step
}

// grown returns what so many times as many answers of the same mean and spread would tell.
func (e evidence) grown(times float64) evidence {
	out := e
	out.size, out.heard, out.variance, out.step = e.size*times, e.heard*times, e.variance/times, e.step/times
	out.least, out.most = e.lo+(e.least-e.lo)*times, e.hi-(e.hi-e.most)*times
	out.bands = nil
	for _, b := range e.bands {
		b.evidence, b.people = b.grown(times), b.people*times
		out.bands = append(out.bands, b)
	}
	return out
}

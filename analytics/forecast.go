package analytics

import (
	"math"

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
	// Now is the value of the newest release of the running period.
	Now *Figure
	// Months are the parts of the period in their order, those of earlier periods in front.
	// What was made by another form or method than Now, or of other aspects, is left out.
	Months []Stretch
}

// Ahead is the rest of a running period.
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

// forecastMethod names how a Forecast is computed. The number changes with the method.
const forecastMethod = "drift@1"

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
	out, reaches := t.foretold(c, ahead, drift)
	if out == nil {
		return nil
	}
	for i := range out.Values {
		at := quantile(reaches, (float64(i)+0.5)/float64(len(out.Values)))
		out.Values[i] = math.Round(at/c.Now.unit()*grid) / grid
	}
	return out
}

// foretold returns Forecast without its values, which are most of the work, and a function that
// returns how likely the final figure reaches a bound on 0..100.
func (t *GradeTable) foretold(c Course, ahead Ahead, drift Drift) (out *Forecast, reaches func(bound float64) float64) {
	now := c.Now
	if !now.sure() || now.partial {
		return nil, nil
	}
	out = &Forecast{Now: t.gradeFloat(now.at100()), Chances: map[string]float64{}, Further: max(ahead.Further, 0), Method: forecastMethod}
	out.Certain = t.certain(now, out.Now)
	paths, weights := c.followed(ahead, drift)
	n, further := float64(now.answered), float64(out.Further)
	share := further / (n + further)
	reaches = func(bound float64) (chance float64) {
		for k, p := range paths {
			final := (1-share)*now.at100() + share*p.mean
			spread := share * math.Sqrt(p.variance+now.spread()/max(further, 1))
			chance += weights[k] * normalAbove(bound, final, spread)
		}
		return chance
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
	return out, reaches
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

package analytics

import "math"

// Chances tell what another sample of the same size would show: how much of a grade,
// or of a minimum that is reached, is the luck of who was asked. All are between 0 and
// 1 and rounded to three decimals.
type Chances struct {
	// Method names how they were computed, NAME@VERSION.
	Method string `json:"method"`
	// Grades has, by mutu, how often a sample of this size shows it for an office
	// that really is at the measured value. Grades of less than 0.0005 are left out.
	Grades map[string]float64 `json:"grades"`
	// Minima are the sheet's minima for this index, the easiest level first; empty but
	// for IPAK and IPKP.
	Minima []ChanceOfMinimum `json:"minima,omitempty"`
}

// ChanceOfMinimum is the chance of reaching a minimum of the LKE.
type ChanceOfMinimum struct {
	Level   string  `json:"level"`   // wbk or wbbm
	Minimum float64 `json:"minimum"` // of the index, 0..4
	// Pass is how often a sample of this size reaches the minimum for an office that
	// really is at the measured value.
	Pass float64 `json:"pass"`
	// Short tells of an office that in truth falls short by a little.
	Short ChanceWhenShort `json:"short"`
}

// ChanceWhenShort is the chance of an office that is truly below a minimum to be
// measured at or above it.
type ChanceWhenShort struct {
	Truth  float64 `json:"truth"`  // the minimum less 0.05
	Passes float64 `json:"passes"` // the share of samples of this size that pass
}

// chanceMethod names how Chances are computed. The number changes with the method.
const chanceMethod = "beta@1"

// shortBy is how far below a minimum, in hundredths of the index, an office is that
// ChanceWhenShort tells of.
const shortBy = 5

// chances returns what samples like this one would show, nil where there is none: minima
// too, where they are asked for.
//
// Samples of this size of an office that really is at τ are taken to have means with a beta
// distribution between the ends of the scale: with mean τ and the variance φ·τ(1−τ)/n on
// 0..1, times the share of the people who were not heard. φ is how much of the greatest
// possible spread the sample has, with two observations of the greatest spread added, so
// that few who agree aren't taken for an office where all do. Where the means lie on a
// grid, as those of complete answers do, a bound is taken halfway between those that
// reach it and those that don't. 29 respondents with mean 3.55 and variance 0.25 on 1-4
// who answer five questions reach 3.60 in 33.9 % of samples.
func (c *Calculation) chances(code string, e evidence, by conversion, minima bool) *Chances {
	if e.size <= 0 {
		return nil
	}
	out := &Chances{Method: chanceMethod, Grades: map[string]float64{}}
	above := 0.0 // chance of the better grades
	for n, g := range c.Grades.Grades {
		reached := 1.0
		if n < len(c.Grades.Grades)-1 {
			reached = e.reaches(by.answersOf(g.From.Float64()-0.005), e.mean)
		}
		if chance := permille(max(reached-above, 0)); chance > 0 {
			out.Grades[g.Mutu] = chance
		}
		above = max(reached, above)
	}
	if !minima {
		return out
	}
	for _, m := range c.LKE.minimaOf(code) {
		at := by.answersOf(m.minimum * hundred)
		out.Minima = append(out.Minima, ChanceOfMinimum{
			Level: m.level, Minimum: m.minimum, Pass: permille(e.reaches(at, e.mean)),
			Short: ChanceWhenShort{Truth: m.truth, Passes: permille(e.reaches(at, by.answersOf(m.truth*hundred)))},
		})
	}
	return out
}

// reaches returns how often a sample like this one has a mean of at least a bound where
// the truth is another.
func (e evidence) reaches(bound, truth float64) float64 {
	width := e.hi - e.lo
	if e.step > 0 {
		bound = (math.Ceil(bound/e.step-1e-9) - 0.5) * e.step
	}
	t := min(max((truth-e.lo)/width, 0), 1)
	return 1 - betaBelow((bound-e.lo)/width, t, e.dispersed()*t*(1-t)/e.size*(1-min(e.heard, 1)))
}

// dispersed returns how much of the greatest possible spread a sample has, two observations
// of the greatest spread added: 0..1.
func (e evidence) dispersed() float64 {
	width := e.hi - e.lo
	p := (e.mean - e.lo) / width
	shrunk := (e.size*p + 1) / (e.size + 2)
	worst := shrunk * (1 - shrunk)
	spread := e.variance * e.size / (width * width)
	return min((spread*max(e.size-1, 0)+chancePrior*worst)/((max(e.size-1, 0)+chancePrior)*worst), 1)
}

// chancePrior is the number of observations of the greatest spread that the spread of a
// sample is estimated with: with one, offices of which one person in a hundred was treated
// badly are foretold a little worse, with more all others are.
const chancePrior = 2

// permille rounds a chance to three decimals.
func permille(p float64) float64 { return math.Round(p*1000) / 1000 }

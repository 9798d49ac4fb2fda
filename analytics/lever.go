package analytics

// Lever is what an index gains where one of its aspects is raised.
type Lever struct {
	Aspect string `json:"aspect"`
	// Step is by how much the aspect's mean is raised, on 0..4: 0.1, or what is left to 4.
	Step float64 `json:"step"`
	// Capped tells that less than 0.1 is left.
	Capped bool `json:"capped,omitempty"`
	// Gain is what that adds to the index, on its own scale; ShownGain has two decimals.
	Gain      float64 `json:"gain"`
	ShownGain string  `json:"shown_gain"`
	// Answers is the share of the aspect's answers, 0..1, that would have to be one score
	// higher: 0.1 on 1-4, 0.15 on 1-6 by ratio.
	Answers float64 `json:"answers"`

	ExactStep, ExactGain Ratio `json:"-"`
}

// leverStep is what a mean is raised by, on 0..4.
var leverStep = NewRatio(1, 10)

// Levers tells of each aspect of an index that has answers what +0.1 in its mean adds to
// the index, in the order of its aspects. Exact, by the index's own method: the step times
// the weight of an aspect (1/k of the k that have answers, or the printed one), times 25
// for IKM. It tells nothing but arithmetic: not what raising the aspect costs, nor that
// the others would stay as they are. code is that of the index. nil for an index that was
// not computed of answers.
//
// All aspects weigh the same, so the gain differs only where a mean is within 0.1 of 4: of
// nine unsur +0.1 adds 0.1/9·25 = 0.2778 to IKM (0.2750 by w0.11), and 0.04/9·25 = 0.1111
// where the mean is 3.96.
func Levers(code string, x *Index) []Lever {
	if x == nil || x.by.k == 0 {
		return nil
	}
	top, gain := whole(4), gained(code, leverStep, x.by)
	shown := Shown(gain, 2)
	var out []Lever
	for i := range x.Aspects {
		a := &x.Aspects[i]
		if !a.Exact.Known() {
			continue
		}
		l := Lever{Aspect: a.Code, ExactStep: leverStep, ExactGain: gain, ShownGain: shown}
		if left := top.Sub(a.Exact); left.Cmp(leverStep) < 0 {
			l.ExactStep, l.ExactGain, l.Capped = left, gained(code, left, x.by), true
			l.ShownGain = Shown(l.ExactGain, 2)
		}
		l.Step, l.Gain = l.ExactStep.Float64(), l.ExactGain.Float64()
		l.Answers = l.Step / x.by.slope.Float64()
		out = append(out, l)
	}
	return out
}

// gained returns what an index gains by a step of one aspect.
func gained(code string, step Ratio, by conversion) Ratio {
	gain := step.Mul(by.weight)
	return valueOf(code, gain, on100(gain))
}

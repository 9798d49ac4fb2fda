package analytics

import "math"

// reachLeast is how many people it takes to foretell something of their office: of fifteen
// and 150 to come the chances of simulated periods are off by ten in a hundred.
const reachLeast = 30

// Reaches returns how likely the index of a running period ends at a bound on 0..4 or above
// where so many people more answer it, and answer as those did who were heard: 0..1. False
// where that is not known: an aspect is missing, fewer than thirty answered, or nobody more
// does. docs/method.md calls this method reach@1; another method gets another number.
//
// The n who were heard stay in the index, so what counts is the mean of the F to come: it
// has to reach ((n + F)·bound − n·m)/F, and can't where that is beyond the scale. It is
// taken to have a beta distribution between the scale's ends with the mean m of those heard
// and the variance φ·τ(1−τ)·(1/n + 1/F): what is unknown of the office, and the luck of who
// comes. That is exact for the variance of two samples drawn from the same people without
// replacement, however many these are. φ and the grid of means are those of chances. It
// tells nothing of an office that gets better or worse: docs/method.md tells how far it is
// off there.
//
// 118 respondents with IPAK 3.58, variance 0.25 on 1-4 and 99 more to come end at 3.60 or
// above with 0.272.
func (x *Index) Reaches(bound Ratio, further int64) (chance float64, ok bool) {
	if x == nil || x.Partial() || x.evidence.size <= 0 || x.Answered < reachLeast || further <= 0 || x.by.k == 0 {
		return 0, false
	}
	at := x.by.answersOf(bound.Float64() * hundred)
	return permille(x.evidence.ends(at, float64(further)/float64(x.Answered))), true
}

// ends returns how likely a mean on the answers' scale reaches a bound when so many times as
// many people as were heard answer beside these.
func (e evidence) ends(bound, times float64) float64 {
	width := e.hi - e.lo
	if e.step > 0 { // means of all lie on a finer grid than those of the people heard
		step := e.step / (1 + times)
		bound = (math.Ceil(bound/step-1e-9) - 0.5) * step
	}
	needed := ((1+times)*bound - e.mean) / times
	t := min(max((e.mean-e.lo)/width, 0), 1)
	return 1 - betaBelow((needed-e.lo)/width, t, e.dispersed()*t*(1-t)/e.size*(1+1/times))
}

// endsBetween returns what the index can be on 0..4 at the end of a period at the least and
// at the most: if all who were served and not heard answered at one end of the scale. The
// whole scale where their number is not known, or people left questions out.
func (x *Index) endsBetween() (least, most float64) {
	return x.by.at100(x.evidence.least) / hundred, x.by.at100(x.evidence.most) / hundred
}

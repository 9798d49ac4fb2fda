package analytics

import (
	"math"
	"slices"
)

// Point returns one index of a tally by its place in the form, without interval,
// stability and reliability. nil where there is no answer to it.
func (c *Calculation) Point(t *Tally, i int) *Index {
	if t == nil {
		return nil
	}
	out, _ := figures(t, &c.Form.Indexes[i], c.Chosen[i], c.Methods, c.Grades)
	if out != nil {
		out.Answered, out.N = t.Respondents(i)
	}
	return out
}

// Span returns one index of the answers that a later tally of a unit counts and an
// earlier one (nil: an empty one) does not, as Point does. The later holds all that
// the earlier does. nil where fewer than least people answered some question of the
// index that the later tally has answers to: such a figure would be of few, or of
// other questions than those beside it.
//
// 12 answers of 4 and then 10 of 3 to every question of an IKM: the later tally's is
// 88.64, that of the span 75, with the 95 % interval of ten who agree.
func (c *Calculation) Span(earlier, later *Tally, i int, least int64) *Index {
	if later == nil {
		return nil
	}
	if earlier == nil {
		earlier = NewTotals(later.form)
	}
	if earlier.form.ID != later.form.ID || !earlier.within(later) {
		return nil
	}
	x := &c.Form.Indexes[i]
	between := difference{earlier, later}
	for _, positions := range x.Positions {
		for _, p := range positions {
			_, all := later.Question(p)
			if _, n := between.Question(p); all > 0 && n < least {
				return nil
			}
		}
	}
	answered := later.moments[i].answered - earlier.moments[i].answered
	if answered < least {
		return nil
	}
	out, _ := figures(between, x, c.Chosen[i], c.Methods, c.Grades)
	if out != nil {
		out.Answered, out.N = answered, min(between.full(i), answered)
		out.evidence, out.CI95Method = between.evidence(i, answered), intervalMethod
		out.CI95, out.Stability = carried(out.evidence, x.Code, out.by, out.ExactMean, c.Grades)
	}
	return out
}

// within reports whether another tally of the form counts each score at least as
// often. Missing answers are not compared: a question that waited is counted later.
func (t *Tally) within(o *Tally) bool {
	for q := range t.scale {
		was, is := t.counts(q), o.counts(q)
		for v := 1; v < len(was); v++ {
			if was[v] > is[v] {
				return false
			}
		}
	}
	return true
}

// difference counts what one tally has and another doesn't.
type difference struct{ earlier, later *Tally }

// Question returns the sum of the scores and the number of answers to a question.
func (d difference) Question(position int) (sum, n int64) {
	sum, n = d.later.Question(position)
	s, m := d.earlier.Question(position)
	return sum - s, n - m
}

// counts returns how often each score was the answer to a question, 0 for missing, which
// is not told: a question that waited is counted later.
func (d difference) counts(position int) []uint32 {
	out := slices.Clone(d.later.counts(position))
	out[0] = 0
	for v, n := range d.earlier.counts(position)[1:] {
		out[v+1] -= n
	}
	return out
}

// evidence returns what a span's answers tell of the mean of the i-th index, where so many
// people answered. How the answers to each question vary is that of the span; how far those
// of one person go together is taken to be as in all of the later tally, for the people of
// a span can't be told from those whose answers waited. With z = Σ_q w_q·(x_q − m_q)/n_q as
// in Tally.Variance, Σ z² is at most (Σ_q w_q·√S_q/n_q)², S_q being a question's sum of
// squares around its mean: the share of it that the later tally has is taken.
func (d difference) evidence(i int, answered int64) evidence {
	every := func(float64) bool { return true }
	share, parts := 1.0, partsOf(d.later.form.Indexes[i].Positions, d.counts)
	if most := together(d.later.parts(i), every); most > 0 {
		share = d.later.squares(i, every) / most
	}
	return answers{
		parts: parts, n: float64(answered), lo: 1, hi: float64(d.later.form.Indexes[i].Scale),
		squares: func(among func(float64) bool) float64 { return share * together(parts, among) },
	}.evidence()
}

// together returns the sum of the squares of what respondents contribute to a mean by the
// questions that so many answered, were all their answers to rise and fall as one.
func together(parts []part, among func(answers float64) bool) float64 {
	sum := 0.0
	for _, q := range parts {
		if among(q.n) {
			sum += q.weight / q.n * math.Sqrt(max(q.square-q.sum*q.sum/q.n, 0))
		}
	}
	return sum * sum
}

// full returns the number of respondents who answered all aspects that anybody
// answered. Nobody did before where an aspect has answers only since: that may be
// more people than came, as answers that waited are among them.
func (d difference) full(i int) int64 {
	_, n := d.later.Respondents(i)
	for _, positions := range d.later.form.Indexes[i].Positions {
		if d.later.answered(positions) && !d.earlier.answered(positions) {
			return n
		}
	}
	_, before := d.earlier.Respondents(i)
	return n - before
}

// answered reports whether anybody answered one of some questions.
func (t *Tally) answered(positions []int) bool {
	return slices.ContainsFunc(positions, func(p int) bool {
		_, n := t.Question(p)
		return n > 0
	})
}

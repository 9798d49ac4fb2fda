package analytics

import "slices"

// Point returns one index of a tally by its place in the form, without what only a
// whole period has: interval, stability and reliability. nil where there is no answer
// to it.
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
// 88.64, that of the span 75.
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

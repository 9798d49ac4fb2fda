package projection

import (
	"slices"

	"persepsi/analytics"
	"persepsi/survey"
)

// groups are sets of columns. Who says something in each of them is counted by it: who
// answered some questions where each stands alone, who answered something of each aspect
// of an index where it has all of its questions.
type groups [][]int

// each returns groups of one column each.
func each(columns ...int) groups {
	out := make(groups, len(columns))
	for i := range columns {
		out[i] = columns[i : i+1]
	}
	return out
}

// cohort are the answers of a kind that say something in each of some groups: those whom a
// figure counts, as the mean of one question or an index of those who answered all of it.
type cohort struct {
	kind   survey.Kind
	groups groups
}

func (s *step) in(c cohort, a *heldAnswer) bool {
	return a.Mode.Kind() == c.kind && !slices.ContainsFunc(c.groups, func(group []int) bool {
		return !slices.ContainsFunc(group, func(column int) bool { return s.given(a.Response, column) })
	})
}

// counted reports whether a state counts something of an answer in each of some groups.
func (s *step) counted(a *heldAnswer, of groups, in *state) bool {
	return !slices.ContainsFunc(of, func(group []int) bool {
		return !slices.ContainsFunc(group, func(column int) bool { return s.given(a.Response, column) && s.holds(a, column, in) })
	})
}

// numbers returns whom an index's figures count: those who answered any of its questions,
// and those who answered all aspects that the release has answers to, who stand beside
// it as n; and those who answered all of its questions, whose sums an interval is made of.
func (s *step) numbers(index int) []groups {
	positions := s.form.Indexes[index].Positions
	all := slices.Concat(positions...)
	out := []groups{each(all...)}
	if full := s.answered(index, s.now()); len(full) > 0 && (len(full) < len(positions) || len(all) > len(positions)) {
		out = append(out, full)
	}
	return append(out, groups{all})
}

// answered returns the aspects of an index that a state counts answers of.
func (s *step) answered(index int, in *state) groups {
	var out groups
	for _, positions := range s.form.Indexes[index].Positions {
		if slices.ContainsFunc(positions, func(q int) bool {
			return s.answeredColumns != nil && s.answeredColumns[q] || slices.ContainsFunc(s.open, func(a heldAnswer) bool { return s.given(a.Response, q) && s.holds(&a, q, in) })
		}) {
			out = append(out, positions)
		}
	}
	return out
}

// read finds out to which questions the release before has answers, where not all of them
// are at hand: nothing ceases to be counted then.
func (s *step) read(forms analytics.Forms) error {
	if s.old == nil || s.whole {
		return nil
	}
	t, err := analytics.DecodeTotals(forms, s.old.Totals)
	if err != nil {
		return err
	}
	s.answeredColumns = make([]bool, len(s.form.Questions))
	for q := range s.answeredColumns {
		_, n := t.Question(q)
		s.answeredColumns[q] = n > 0
	}
	return nil
}

// losesAspect reports whether the release would lose the last answers to an aspect of an
// index, and fewer people than the rule allows would then count as having answered every
// aspect: an aspect that nobody answered is not looked for, so those who left it out come to
// stand beside the index as its n. Too few: of either kind some count, or come to count that
// did not before, but fewer than the least.
func (s *step) losesAspect() bool {
	if !s.whole || s.frozen {
		return false
	}
	last, now := s.last(), s.now()
	for i := range s.form.Indexes {
		before, after := s.answered(i, last), s.answered(i, now)
		if !slices.ContainsFunc(before, func(was []int) bool {
			return !slices.ContainsFunc(after, func(is []int) bool { return slices.Equal(was, is) })
		}) {
			continue
		}
		var n, came [survey.KindCount]int
		for j := range s.open {
			a := &s.open[j]
			if len(after) == 0 || !s.counted(a, after, now) {
				continue
			}
			n[a.Mode.Kind()]++
			if !s.counted(a, before, last) {
				came[a.Mode.Kind()]++
			}
		}
		for kind := range n {
			if few(n[kind], s.terms.least) || few(came[kind], s.terms.least) {
				return true
			}
		}
	}
	return false
}

func few(n, least int) bool { return n > 0 && n < least }

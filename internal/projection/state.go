package projection

import (
	"slices"

	"persepsi/analytics"
	"persepsi/survey"
)

// state is what a release counts of the answers that it holds and of those that it
// has removed.
type state struct{ through, without counts }

// stateOf returns the state of a release of a form.
func stateOf(r *Release, form *survey.Form) state {
	return state{r.Through.clone(form), r.Without.clone(form)}
}

// clone returns counts with a number for each column.
func (c *counts) clone(form *survey.Form) (out counts) {
	for kind := range out {
		if out[kind] = slices.Clone(c[kind]); out[kind] == nil {
			out[kind] = make([]int, len(form.Questions)+len(form.Fields))
		}
	}
	return out
}

// now is the state of the release that is made, last that of the one before.
func (s *step) now() *state { return &state{s.release.Through, s.release.Without} }

func (s *step) last() *state {
	if s.lastState == nil {
		of := s.old
		if of == nil {
			of = new(Release)
		}
		in := stateOf(of, s.form)
		s.lastState = &in
	}
	return s.lastState
}

// holds reports whether a state counts what an answer says in a column, if it says
// anything. What was removed before it was ever counted never is.
func (s *step) holds(a *heldAnswer, column int, in *state) bool {
	kind := a.Mode.Kind()
	switch {
	case a.serial > in.through[kind][column]:
		return false
	case a.removed == 0:
		return true
	case a.removed > 1 && a.serial > s.before(a.removed).through[kind][column]:
		return false
	default:
		return a.removed > in.without[kind][column]
	}
}

// before returns the state of the release before one that removed something.
func (s *step) before(serial int) *state {
	if serial == s.release.Serial {
		return s.last()
	}
	return &s.past.states[serial-2]
}

// counts returns the number of columns that a state counts of an answer.
func (s *step) counts(a *heldAnswer, in *state) (n int) {
	for column := range in.through[a.Mode.Kind()] {
		if s.given(a.Response, column) && s.holds(a, column, in) {
			n++
		}
	}
	return n
}

// lingers reports whether something of a removed answer is still counted: what it says
// of the respondent, where too few of the removed said so.
func (s *step) lingers(a *heldAnswer) bool { return a.removed > 0 && s.counts(a, s.last()) > 0 }

// partial reports whether some of an answer isn't counted, or still is of a removed
// one.
func (s *step) partial(a *heldAnswer) bool {
	now := s.now()
	for column := range now.through[a.Mode.Kind()] {
		if s.given(a.Response, column) && s.holds(a, column, now) == (a.removed > 0) {
			return true
		}
	}
	return false
}

// given reports whether an answer says something in a column: to a question or,
// after those, in a respondent field. An unscored question is never counted: what
// it tells is for evaluators.
func (s *step) given(r *survey.Response, column int) bool {
	if q := len(s.form.Questions); column >= q {
		return r.Respondent.At(column-q) > 0
	}
	return s.form.Questions[column].Scored && r.Answers.At(column) > 0
}

// history are the states of all releases, with the one that is made.
func (s *step) history() []state { return append(slices.Clone(s.past.states), *s.now()) }

// passages counts the answers of a kind to some groups of columns by the releases with
// which they came to be counted and ceased to be; where no group is named, by those
// that added and removed them.
func (s *step) passages(of cohort, history []state) map[analytics.Passage]int {
	out := map[analytics.Passage]int{}
	alone := !slices.ContainsFunc(of.groups, func(g []int) bool { return len(g) > 1 })
	known := map[[2]int]analytics.Passage{} // by added and removed: alike where all gave the same columns
	for i := range s.open {
		a := &s.open[i]
		if !s.in(of, a) {
			continue
		}
		p, ok := known[[2]int{a.serial, a.removed}]
		if len(of.groups) == 0 {
			p, ok = analytics.Passage{In: a.serial, Out: a.removed}, true
		}
		if !ok || !alone {
			p = s.passage(a, of.groups, history)
			known[[2]int{a.serial, a.removed}] = p
		}
		if p.In > 0 {
			out[p]++
		}
	}
	return out
}

// passage returns the releases between which an answer is counted in all of some groups;
// In 0: never.
func (s *step) passage(a *heldAnswer, of groups, history []state) (p analytics.Passage) {
	for i := range history {
		whole := s.counted(a, of, &history[i])
		switch {
		case whole && p.In == 0:
			p.In = i + 1
		case !whole && p.In > 0:
			p.Out = i + 1
			return p
		}
	}
	return p
}

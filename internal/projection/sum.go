package projection

import (
	"slices"

	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/survey"
)

// sum makes the totals.
func (s *step) sum(forms analytics.Forms) error {
	whole, people := analytics.NewTotals(s.form), s.nobody()
	if s.old != nil && !s.whole {
		var err error
		if whole, err = analytics.DecodeTotals(forms, s.old.Whole); err != nil {
			return err
		}
		addPeople(people, s.old.WholePeople)
	}
	part := map[int][]uuid.UUID{}
	var partly []*heldAnswer
	for i := range s.open {
		a := &s.open[i]
		switch {
		case s.partial(a):
			part[a.serial] = append(part[a.serial], a.ID)
			partly = append(partly, a)
		case a.removed == 0:
			if err := s.tally(whole, people, a); err != nil {
				return err
			}
		}
	}
	r := s.release
	r.Whole = whole.Encode()
	r.WholePeople = clonePeople(people)
	for _, a := range partly {
		if err := s.tally(whole, people, a); err != nil {
			return err
		}
	}
	r.Totals, r.People, r.Partial = whole.Encode(), people, partials(part)
	if s.carried != nil {
		s.carried.people(r)
	}
	if r.Without.none() {
		r.Without = counts{} // nothing was ever removed
	}
	return nil
}

// trimmed returns what a state counts of an answer: the rest is missing in it.
func (s *step) trimmed(a *heldAnswer, in *state) survey.Response {
	questions := len(s.form.Questions)
	r := *a.Response
	values, respondent := make([]int, questions), make([]int, len(s.form.Fields))
	for q := range values {
		if s.given(a.Response, q) && s.holds(a, q, in) {
			values[q] = r.Answers.At(q)
		}
	}
	for f := range respondent {
		category := r.Respondent.At(f)
		if s.holds(a, questions+f, in) && category <= len(s.form.Fields[f].Categories) {
			respondent[f] = category
		}
	}
	r.Answers, r.Respondent = survey.MakeMarks(values), survey.MakeMarks(respondent)
	return r
}

// tally counts what is to be counted of an answer. Of one that was removed that is
// something of the respondent, and no answer.
func (s *step) tally(t *analytics.Tally, people [][]int64, a *heldAnswer) error {
	r := s.trimmed(a, s.now())
	for f := range people {
		if category := r.Respondent.At(f); category > 0 || a.removed == 0 {
			people[f][category]++
		}
	}
	if a.removed > 0 {
		return nil
	}
	return t.Add(&r)
}

// nobody counts no respondents.
func (s *step) nobody() [][]int64 {
	out := make([][]int64, len(s.form.Fields))
	for f := range out {
		out[f] = make([]int64, len(s.form.Fields[f].Categories)+1)
	}
	return out
}

func addPeople(to, from [][]int64) {
	for f := range to {
		for i, n := range from[f] {
			to[f][i] += n
		}
	}
}

func clonePeople(people [][]int64) [][]int64 {
	out := make([][]int64, len(people))
	for f := range people {
		out[f] = slices.Clone(people[f])
	}
	return out
}

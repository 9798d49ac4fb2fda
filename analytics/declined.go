package analytics

import "persepsi/survey"

// decline counts the declined answers of a response.
func (t *Tally) decline(answers survey.Marks) {
	for q := range t.declined {
		if answers.Declined(q) {
			t.declined[q]++
		}
	}
}

// Declined returns how many declined to answer a question ("don't know / prefer
// not to say"). They are among those that Count counts as missing: no score, and
// in no n.
func (t *Tally) Declined(position int) int64 {
	if t == nil {
		return 0
	}
	return int64(t.declined[position])
}

// DeclinedByQuestion counts the declined answers to each question of a form that may
// be declined, by its code; nil where there is no such question.
func (t *Tally) DeclinedByQuestion(form *survey.Form) map[string]int64 {
	if t == nil {
		return nil
	}
	var out map[string]int64
	for q := range form.Questions {
		if !form.Questions[q].Declinable {
			continue
		}
		if out == nil {
			out = map[string]int64{}
		}
		out[form.Questions[q].Code] = t.Declined(q)
	}
	return out
}

// Decline fills in how many answers to each aspect of an index were declined, of
// which others than evaluators hear nothing. of is the index in its form, all
// are the tallies of all answers; nil ones count nothing. An aspect none of whose
// questions may be declined has none.
func (x *Index) Decline(form *survey.Form, of *survey.FormIndex, all ...*Tally) {
	if x == nil {
		return
	}
	for a := range x.Aspects {
		for _, q := range of.Positions[a] {
			if !form.Questions[q].Declinable {
				continue
			}
			if x.Aspects[a].Declined == nil {
				x.Aspects[a].Declined = new(int64)
			}
			for _, t := range all {
				*x.Aspects[a].Declined += t.Declined(q)
			}
		}
	}
}

// appendDeclined writes the declined answers: how many questions have any, then for
// each of these its position and their number.
func (t *Tally) appendDeclined(b []byte) []byte {
	questions := int64(0)
	for _, n := range t.declined {
		if n > 0 {
			questions++
		}
	}
	b = appendNumber(b, questions)
	for q, n := range t.declined {
		if n > 0 {
			b = appendNumbers(b, int64(q), int64(n))
		}
	}
	return b
}

// declined reads what appendDeclined wrote. Positions ascend, and nobody declined
// who is not among the missing.
func (r *reader) declined(t *Tally) {
	next := int64(0)
	for n := r.number(); n > 0 && r.err == nil; n-- {
		q := r.number()
		if r.err != nil {
			return
		}
		if q < next || q >= int64(len(t.declined)) {
			r.err = errContradicting
			return
		}
		count := r.atMost(t.Count(int(q), 0))
		if r.err == nil && count == 0 {
			r.err = errContradicting
			return
		}
		t.declined[q], next = uint32(count), q+1
	}
}

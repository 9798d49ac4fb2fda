package analytics

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"persepsi/survey"
)

// Tally counts the responses to one form: per question and score, per mode,
// the moments that interval and reliability need, and the breakdown by
// service, point, mode, hour and respondent field. It is a pure function of
// its responses: adding them in any order and any grouping makes the same
// tally, and Merge is associative and commutative.
//
// A recount meets the tallies of all units in turn, so that most of what an
// answer touches has to come from memory first: counts lie densely and are no
// wider than the answers of a nation need.
type Tally struct {
	form *survey.Form
	// N is the number of responses.
	N int64
	// Modes counts the responses by the way they came.
	Modes [survey.ModeCount]int64
	// most bounds N, so that no count overflows.
	most int64
	// scale is the highest score of each question, highest that of all.
	scale   []uint8
	highest uint8
	// hist counts the answers to question q from hist[first[q]] on: the missing
	// ones, then those of each score.
	hist  []uint32
	first []uint16
	// declined counts, of the missing answers to each question, those that were
	// declined: "don't know / prefer not to say". It is for evaluators: totals of a
	// release have none.
	declined []uint32
	// moments follows form.Indexes.
	moments []moments
	// cells is nil in a tally read without its breakdown.
	cells *cells
}

// ErrOtherForm reports that two tallies count different forms and can't be
// merged.
var ErrOtherForm = errors.New("tallies of different forms")

// ErrFull reports that a tally can hold no more responses.
var ErrFull = errors.New("a tally can hold no more responses")

// NewTally makes an empty tally of a form, breakdown included.
func NewTally(form *survey.Form) *Tally {
	t := NewTotals(form)
	t.cells = newCells(form)
	return t
}

// NewTotals makes an empty tally that keeps no breakdown.
func NewTotals(form *survey.Form) *Tally {
	t := &Tally{
		form: form, scale: make([]uint8, len(form.Questions)), first: make([]uint16, len(form.Questions)),
		moments: make([]moments, len(form.Indexes)), declined: make([]uint32, len(form.Questions)),
	}
	counts := 0
	for q := range form.Questions {
		score := len(form.Questions[q].Options)
		t.scale[q], t.first[q] = uint8(score), uint16(counts)
		counts += score + 1
		t.highest = max(t.highest, uint8(score))
	}
	t.hist = make([]uint32, counts)
	t.most = mostResponses(int64(max(t.highest, 1)))
	for i := range form.Indexes {
		t.moments[i] = newMoments(&form.Indexes[i], t.scale)
	}
	return t
}

// mostResponses returns the number of responses whose sums fit into 32 bits where
// the highest score is known: those of products of two scores, and counts and sums of
// scores, which reach less. 119 million for 6.
func mostResponses(highest int64) int64 { return math.MaxUint32 / (highest * highest) }

// Form returns the form that the tally counts.
func (t *Tally) Form() *survey.Form { return t.form }

// Responses returns how many responses a tally counts: nil counts none.
func (t *Tally) Responses() int64 {
	if t == nil {
		return 0
	}
	return t.N
}

// maxQuestions bounds the scratch space of Add; forms are far smaller.
const maxQuestions = survey.MaxQuestions

// Add counts one response. The response must be of the tally's form.
func (t *Tally) Add(r *survey.Response) error {
	if r.Form != t.form.ID || len(r.Answers) != len(t.scale) || len(t.scale) > maxQuestions {
		return fmt.Errorf("response of form %s in a tally of %s: %w", r.Form, t.form.ID, ErrOtherForm)
	}
	if t.N >= t.most {
		return ErrFull
	}
	var scratch [maxQuestions]uint8
	values := scratch[:len(t.scale)]
	missing := false
	for q, highest := range t.scale {
		v := uint8(r.Answers.At(q))
		if v > highest {
			return fmt.Errorf("answer %d to question %s is outside its scale", v, t.form.Questions[q].Code)
		}
		values[q] = v
		missing = missing || v == 0
	}
	given := answered(values)
	for i := range t.moments {
		t.moments[i].add(values, given, t)
	}
	for q, first := range t.first {
		t.hist[int(first)+int(values[q])]++
	}
	if missing {
		t.decline(r.Answers)
	}
	t.N++
	t.Modes[r.Mode]++
	if t.cells != nil {
		t.cells.add(r, values, missing)
	}
	return nil
}

// Merge adds another tally of the same form. Where one of the two keeps no
// breakdown, the result keeps none.
func (t *Tally) Merge(o *Tally) error {
	if t.form.ID != o.form.ID {
		return fmt.Errorf("%s and %s: %w", t.form.ID, o.form.ID, ErrOtherForm)
	}
	if o.N > t.most-t.N {
		return ErrFull
	}
	for i := range t.moments {
		t.moments[i].merge(&o.moments[i], t, o)
	}
	t.N += o.N
	for m := range t.Modes {
		t.Modes[m] += o.Modes[m]
	}
	for i, n := range o.hist {
		t.hist[i] += n
	}
	for q, n := range o.declined {
		t.declined[q] += n
	}
	switch {
	case t.cells == nil:
	case o.cells == nil:
		t.cells = nil
	default:
		t.cells.merge(o.cells)
	}
	return nil
}

// Reset makes a tally what NewTally returns, breakdown included; the memory of
// its cells is used again.
func (t *Tally) Reset() {
	t.N, t.Modes = 0, [survey.ModeCount]int64{}
	clear(t.hist)
	clear(t.declined)
	for i := range t.moments {
		t.moments[i].reset()
	}
	if t.cells == nil {
		t.cells = newCells(t.form)
	} else {
		t.cells.reset()
	}
}

// Equal reports whether two tallies of one form have the same totals.
func (t *Tally) Equal(o *Tally) bool {
	if t.form.ID != o.form.ID || t.N != o.N || t.Modes != o.Modes || !slices.Equal(t.hist, o.hist) || !slices.Equal(t.declined, o.declined) {
		return false
	}
	for i := range t.moments {
		if !t.moments[i].equal(&o.moments[i]) {
			return false
		}
	}
	return true
}

// counts returns how often each score was the answer to a question, 0 for missing.
func (t *Tally) counts(position int) []uint32 {
	first := int(t.first[position])
	return t.hist[first : first+int(t.scale[position])+1]
}

// Question returns the sum of the scores and the number of answers to a
// question.
func (t *Tally) Question(position int) (sum, n int64) {
	for v, c := range t.counts(position) {
		if v > 0 {
			sum += int64(v) * int64(c)
			n += int64(c)
		}
	}
	return sum, n
}

// Count returns how often a score was the answer to a question; score 0: missing.
func (t *Tally) Count(position, score int) int64 { return int64(t.counts(position)[score]) }

// Signals counts the answers to the unscored questions: by option, with the
// missing ones first; nothing for nil.
func (t *Tally) Signals() map[string][]int64 {
	if t == nil {
		return nil
	}
	out := map[string][]int64{}
	for q := range t.form.Questions {
		if t.form.Questions[q].Scored {
			continue
		}
		var list []int64
		for _, n := range t.counts(q) {
			list = append(list, int64(n))
		}
		out[t.form.Questions[q].Code] = list
	}
	return out
}

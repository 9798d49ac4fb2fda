package analytics

import (
	"errors"
	"fmt"
	"slices"
	"sort"

	"persepsi/survey"
)

// Tally counts the responses to one form: per question and score, per mode,
// the moments that interval and reliability need, and the breakdown by
// service, point, mode, hour and respondent field. It is a pure function of
// its responses: adding them in any order and any grouping gives the same
// tally, and Merge is associative and commutative.
type Tally struct {
	form *survey.Form
	// N is the number of responses.
	N int64
	// Modes counts the responses by the way they came.
	Modes [survey.ModeCount]int64
	// hist[q][v] counts the answers v to question q; v = 0 is a missing one.
	hist [][]int64
	// moments follows form.Indexes.
	moments []moments
	// cells is nil in a tally read without its breakdown.
	cells *cells
}

// ErrOtherForm tells that two tallies count different forms and can't be
// merged.
var ErrOtherForm = errors.New("tallies of different forms")

// NewTally makes an empty tally of a form, breakdown included.
func NewTally(form *survey.Form) *Tally {
	t := newTotals(form)
	t.cells = newCells(form)
	return t
}

// NewTotals makes an empty tally that keeps no breakdown.
func NewTotals(form *survey.Form) *Tally { return newTotals(form) }

func newTotals(form *survey.Form) *Tally {
	t := &Tally{form: form, hist: make([][]int64, len(form.Questions)), moments: make([]moments, len(form.Indexes))}
	for q := range form.Questions {
		t.hist[q] = make([]int64, len(form.Questions[q].Options)+1)
	}
	for i := range form.Indexes {
		t.moments[i] = newMoments(&form.Indexes[i])
	}
	return t
}

// Form returns the form that the tally counts.
func (t *Tally) Form() *survey.Form { return t.form }

// maxQuestions bounds the scratch space of Add; forms are far smaller.
const maxQuestions = 128

// Add counts one response. The response must be of the tally's form.
func (t *Tally) Add(r *survey.Response) error {
	if r.Form != t.form.ID || len(r.Answers) != len(t.hist) || len(t.hist) > maxQuestions {
		return fmt.Errorf("response of form %s in a tally of %s: %w", r.Form, t.form.ID, ErrOtherForm)
	}
	var scratch [maxQuestions]int64
	values := scratch[:len(t.hist)]
	missing := false
	for q := range values {
		v := r.Answers.At(q)
		if v >= len(t.hist[q]) {
			return fmt.Errorf("answer %d to question %s is outside its scale", v, t.form.Questions[q].Code)
		}
		values[q] = int64(v)
		missing = missing || v == 0
	}
	for q, v := range values {
		t.hist[q][v]++
	}
	t.N++
	t.Modes[r.Mode]++
	for i := range t.moments {
		t.moments[i].add(&t.form.Indexes[i], values)
	}
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
	t.N += o.N
	for m := range t.Modes {
		t.Modes[m] += o.Modes[m]
	}
	for q := range t.hist {
		for v := range t.hist[q] {
			t.hist[q][v] += o.hist[q][v]
		}
	}
	for i := range t.moments {
		t.moments[i].merge(&o.moments[i])
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

// Reset makes a tally what NewTally gives, breakdown included; the memory of
// its cells is used again.
func (t *Tally) Reset() {
	t.N, t.Modes = 0, [survey.ModeCount]int64{}
	for q := range t.hist {
		clear(t.hist[q])
	}
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
	if t.form.ID != o.form.ID || t.N != o.N || t.Modes != o.Modes {
		return false
	}
	for q := range t.hist {
		if !slices.Equal(t.hist[q], o.hist[q]) {
			return false
		}
	}
	for i := range t.moments {
		if !t.moments[i].equal(&o.moments[i]) {
			return false
		}
	}
	return true
}

// Question returns the sum of the scores and the number of answers to a
// question.
func (t *Tally) Question(position int) (sum, n int64) {
	for v, c := range t.hist[position] {
		if v > 0 {
			sum += int64(v) * c
			n += c
		}
	}
	return sum, n
}

// Count returns how often a score was given to a question; score 0: missing.
func (t *Tally) Count(position, score int) int64 { return t.hist[position][score] }

// Cell is one cell of a breakdown: the responses of one service, one age group
// and so on.
type Cell struct {
	// N is the number of responses in the cell.
	N int64
	// sum and missing follow form.Questions.
	sum, missing []int64
	gaps         bool // some of missing is not 0
}

// Question returns the sum of the scores and the number of answers to a question
// within the cell.
func (c *Cell) Question(position int) (sum, n int64) {
	return c.sum[position], c.N - c.missing[position]
}

func newCell(questions int) *Cell {
	s := make([]int64, 2*questions)
	return &Cell{sum: s[:questions:questions], missing: s[questions:]}
}

func (c *Cell) add(values []int64, missing bool) {
	c.N++
	sum := c.sum[:len(values)]
	for q, v := range values {
		sum[q] += v
	}
	if !missing {
		return
	}
	c.gaps = true
	for q, v := range values {
		if v == 0 {
			c.missing[q]++
		}
	}
}

func (c *Cell) merge(o *Cell) {
	c.N += o.N
	sum := c.sum[:len(o.sum)]
	for q, n := range o.sum {
		sum[q] += n
	}
	if !o.gaps {
		return
	}
	c.gaps = true
	for q, n := range o.missing {
		c.missing[q] += n
	}
}

// cells is the breakdown. Fixed dimensions are addressed by number, so that
// adding a response costs no look-up but those of its service and point.
type cells struct {
	questions int
	service   map[string]*Cell
	point     map[string]*Cell
	slot      []*Cell   // weekday*24 + hour
	mode      []*Cell   // by survey.Mode
	field     [][]*Cell // by field, then mark; mark 0 = not told
	spare     []*Cell   // for use again
}

func (c *cells) cell() *Cell {
	n := len(c.spare)
	if n == 0 {
		return newCell(c.questions)
	}
	cell := c.spare[n-1]
	c.spare = c.spare[:n-1]
	cell.N = 0
	clear(cell.sum)
	if cell.gaps {
		clear(cell.missing)
		cell.gaps = false
	}
	return cell
}

func (c *cells) reset() {
	for _, named := range []map[string]*Cell{c.service, c.point} {
		for _, cell := range named {
			c.spare = append(c.spare, cell)
		}
		clear(named)
	}
	for _, list := range append([][]*Cell{c.slot, c.mode}, c.field...) {
		for i, cell := range list {
			if cell != nil {
				c.spare = append(c.spare, cell)
				list[i] = nil
			}
		}
	}
}

const slots = 7 * 24

func newCells(form *survey.Form) *cells {
	c := &cells{
		questions: len(form.Questions),
		service:   map[string]*Cell{},
		point:     map[string]*Cell{},
		slot:      make([]*Cell, slots),
		mode:      make([]*Cell, survey.ModeCount),
		field:     make([][]*Cell, len(form.Fields)),
	}
	for f := range form.Fields {
		c.field[f] = make([]*Cell, len(form.Fields[f].Categories)+1)
	}
	return c
}

func (c *cells) add(r *survey.Response, values []int64, missing bool) {
	c.named(c.service, r.Service).add(values, missing)
	c.named(c.point, r.Point).add(values, missing)
	if r.Mode != survey.ModePaper { // paper doesn't tell the hour
		c.at(c.slot, int(r.Day.Weekday())*24+int(r.Hour)%24).add(values, missing)
	}
	c.at(c.mode, int(r.Mode)).add(values, missing)
	for f := range c.field {
		v := r.Respondent.At(f)
		if v >= len(c.field[f]) {
			v = 0
		}
		c.at(c.field[f], v).add(values, missing)
	}
}

func (c *cells) named(m map[string]*Cell, name string) *Cell {
	cell, ok := m[name]
	if !ok {
		cell = c.cell()
		m[name] = cell
	}
	return cell
}

func (c *cells) at(list []*Cell, i int) *Cell {
	if list[i] == nil {
		list[i] = c.cell()
	}
	return list[i]
}

func (c *cells) merge(o *cells) {
	for name, cell := range o.service {
		c.named(c.service, name).merge(cell)
	}
	for name, cell := range o.point {
		c.named(c.point, name).merge(cell)
	}
	c.mergeList(c.slot, o.slot)
	c.mergeList(c.mode, o.mode)
	for f := range c.field {
		c.mergeList(c.field[f], o.field[f])
	}
}

func (c *cells) mergeList(to, from []*Cell) {
	for i, cell := range from {
		if cell != nil {
			c.at(to, i).merge(cell)
		}
	}
}

func sortedNames(m map[string]*Cell) []string {
	names := make([]string, 0, len(m))
	for n := range m {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// Signals counts the answers to the unscored questions: by option, with the
// missing ones first; nothing for nil.
func (t *Tally) Signals() map[string][]int64 {
	if t == nil {
		return nil
	}
	out := map[string][]int64{}
	for q := range t.form.Questions {
		if !t.form.Questions[q].Scored {
			out[t.form.Questions[q].Code] = append([]int64(nil), t.hist[q]...)
		}
	}
	return out
}

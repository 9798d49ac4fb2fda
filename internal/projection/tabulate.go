package projection

import (
	"bytes"
	"slices"

	"persepsi/analytics"
	"persepsi/survey"
)

// tabulate gives the release its tables: those of the release before, or, in the
// first final one, of all whose answers it counts.
func (s *step) tabulate() error {
	r := s.release
	if !needsTables(s.old, r.Final) {
		if s.old != nil {
			r.Tables = s.old.Tables
		}
		return nil
	}
	var err error
	if s.carried != nil {
		r.Tables, err = s.carried.tables(s)
		return err
	}
	r.Tables, err = s.tablesOf(s.history(), func(*heldAnswer, int) int { return 0 })
	return err
}

// part names the people who came with one release and, as far as anybody may know, left
// with another; 0: none.
type part struct{ first, left int }

// tablesOf makes the tables of those whom the newest of some states counts. left tells
// with which later release an answer to a question is known to leave.
func (s *step) tablesOf(history []state, left func(a *heldAnswer, question int) int) (*analytics.Tables, error) {
	answers := s.countedIn(history)
	slices.SortFunc(answers, func(a, b *heldAnswer) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	people := make([]survey.Response, len(answers))
	for i, a := range answers {
		people[i] = s.trimmed(a, &history[len(history)-1])
		people[i].Respondent = a.Respondent // who told what is decided cell by cell
	}
	numbers := map[part]int{}
	return analytics.MakeTables(s.form, people, func(person, question int) int {
		of := s.partOf(answers[person], question, history, left)
		if of.left == 0 {
			return of.first
		}
		if _, ok := numbers[of]; !ok {
			numbers[of] = len(history) + len(numbers)
		}
		return numbers[of]
	})
}

// partOf returns the part of an answer to a question; first −1: it is in none.
func (s *step) partOf(a *heldAnswer, question int, history []state, left func(*heldAnswer, int) int) part {
	first := slices.IndexFunc(history, func(in state) bool { return a.serial <= in.through[a.Mode.Kind()][question] })
	return part{first, left(a, question)}
}

// countedIn returns the answers of which the newest of some states counts something.
func (s *step) countedIn(history []state) (out []*heldAnswer) {
	add := func(list []heldAnswer) {
		for i := range list {
			if a := &list[i]; a.serial <= len(history) && (a.removed == 0 || a.removed > len(history)) {
				out = append(out, a)
			}
		}
	}
	add(s.open)
	if !s.whole {
		out = slices.DeleteFunc(out, func(a *heldAnswer) bool { return a.serial != s.release.Serial })
		add(s.past.held)
	}
	return out
}

// tablesSafe reports whether what ceases to be counted tells nothing beside the
// tables of a closed period, which stay as they are: whether they would show the same
// cells if those who leave were known apart from those who stay.
func (s *step) tablesSafe() (bool, error) {
	now, last := s.now(), s.last()
	if s.past.tabled == 0 || s.carried != nil || !slices.ContainsFunc(s.open, func(a heldAnswer) bool { return a.removed > s.past.tabled && s.counts(&a, now) < s.counts(&a, last) }) {
		return true, nil
	}
	history := s.history()[:s.past.tabled]
	left := func(a *heldAnswer, question int) int {
		if a.removed == 0 || s.holds(a, question, now) {
			return 0
		}
		return a.removed
	}
	if s.fewLeave(history, left) {
		return false, nil
	}
	tables, err := s.tablesOf(history, left)
	if err != nil {
		return false, err
	}
	return shows(tables, s.old.Tables), nil
}

// fewLeave reports whether of those who answered a question, and came with one release,
// some but few leave or stay.
func (s *step) fewLeave(history []state, left func(*heldAnswer, int) int) bool {
	type place struct {
		part
		kind     survey.Kind
		question int
	}
	people := map[place]int{}
	for _, a := range s.countedIn(history) {
		for q := range s.form.Questions {
			if s.given(a.Response, q) && s.holds(a, q, &history[len(history)-1]) {
				people[place{s.partOf(a, q, history, left), a.Mode.Kind(), q}]++
			}
		}
	}
	for at := range people {
		stay := at
		stay.left = 0
		if at.left != 0 && (people[at] < analytics.LeastCell || people[stay] > 0 && people[stay] < analytics.LeastCell) {
			return true
		}
	}
	return false
}

// shows reports whether tables show all cells that others show.
func shows(tables, others *analytics.Tables) bool {
	for _, want := range others.Shown {
		at := slices.IndexFunc(tables.Shown, func(c analytics.ShownCells) bool { return c.By == want.By && slices.Equal(c.Indexes, want.Indexes) })
		if len(want.Codes) > 0 && (at < 0 || slices.ContainsFunc(want.Codes, func(code string) bool { return !slices.Contains(tables.Shown[at].Codes, code) })) {
			return false
		}
	}
	return true
}

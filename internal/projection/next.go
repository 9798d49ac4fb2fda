package projection

import (
	"bytes"
	"slices"
	"time"

	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/survey"
)

// terms are what a release is made by.
type terms struct {
	least    int       // people that nobody can be told among
	most     int       // answers of a kind that are added at once
	asOf, at time.Time // see Release
	final    bool
}

// heldAnswer is an answer and the serial of the release that added it.
type heldAnswer struct {
	*survey.Response
	serial int
}

// mostAdded bounds what a release adds of one kind: a document of MongoDB holds
// 16 MB. What is left is for the next.
const mostAdded = 200_000

// past is what a unit's first final release is made of beside what others are.
type past struct {
	held    []heldAnswer // every answer that the releases before it hold
	through []counts     // by release
}

// step is a release that is being made.
type step struct {
	form    *survey.Form
	old     *Release // nil: there is none
	terms   terms
	release *Release
	open    []heldAnswer // the answers that the step may count more of
}

// next makes the release of a unit that follows old, nil where the rule allows
// none yet. fresh are the answers that old doesn't hold, partial those that it
// counts in part; before is needed where the release is to have the unit's tables.
//
// Of each kind it adds none of the fresh answers, or at least as many as nobody
// can be told among; and it leaves as many of the newest, so that a later one, at
// the last the final, can add them. The same holds of the answers to each
// question, and of those to all questions of an index: what fewer people gave
// waits, while the rest of what they answered is counted.
func next(forms analytics.Forms, form *survey.Form, old *Release, fresh []*survey.Response, partial []heldAnswer, before past, t terms) (*Release, error) {
	s := &step{form: form, old: old, terms: t, open: partial}
	s.release = &Release{Form: form.ID, Serial: 1, AsOf: t.asOf.UTC().Truncate(time.Millisecond), At: t.at.UTC().Truncate(time.Millisecond), Final: t.final, Least: t.least}
	if old != nil {
		s.release.Period, s.release.Unit, s.release.Serial, s.release.Held = old.Period, old.Unit, old.Serial+1, old.Held
	}
	for kind := range s.release.Through {
		s.release.Through[kind] = s.soFar(survey.Kind(kind))
	}
	added := s.add(fresh)
	if s.release.total() == 0 || !added && (!t.final || old.Final) {
		return nil, nil
	}
	s.count()
	if err := s.sum(forms); err != nil {
		return nil, err
	}
	return s.release, s.tabulate(before)
}

// needsTables reports whether a release that follows old is to have tables made.
func needsTables(old *Release, final bool) bool { return final && (old == nil || old.Tables == nil) }

// tabulate gives the release its tables: those of the release before, or, in the
// first final one, of all whose answers it counts.
func (s *step) tabulate(before past) error {
	r := s.release
	if !needsTables(s.old, r.Final) {
		if s.old != nil {
			r.Tables = s.old.Tables
		}
		return nil
	}
	through := append(slices.Clone(before.through), r.Through)
	answers := slices.Clone(before.held)
	for _, a := range s.open {
		if a.serial == r.Serial {
			answers = append(answers, a)
		}
	}
	slices.SortFunc(answers, func(a, b heldAnswer) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	people := make([]survey.Response, len(answers))
	for i, a := range answers {
		people[i] = s.counted(a)
		people[i].Respondent = a.Respondent // who told what is decided cell by cell
	}
	var err error
	r.Tables, err = analytics.MakeTables(s.form, people, func(person, question int) int {
		a := &answers[person]
		return slices.IndexFunc(through, func(c counts) bool { return c.holds(a.Mode.Kind(), question, a.serial) })
	})
	return err
}

// soFar returns what was counted of a kind so far.
func (s *step) soFar(k survey.Kind) []int {
	if s.old != nil {
		return slices.Clone(s.old.Through[k])
	}
	return make([]int, len(s.form.Questions)+len(s.form.Fields))
}

func (r *Release) total() int64 {
	n := int64(0)
	for _, held := range r.Held {
		n += held
	}
	return n
}

// add takes what may be added of the fresh answers, the oldest first.
func (s *step) add(fresh []*survey.Response) bool {
	byDay := map[survey.Date][]uuid.UUID{}
	for kind := range survey.KindCount {
		list := slices.DeleteFunc(slices.Clone(fresh), func(r *survey.Response) bool { return r.Mode.Kind() != kind })
		n := len(list)
		if !s.terms.final {
			n -= s.terms.least
		}
		n = min(n, s.terms.most)
		if n < s.terms.least {
			continue
		}
		slices.SortFunc(list, func(a, b *survey.Response) int {
			if c := a.ReceivedAt.Compare(b.ReceivedAt); c != 0 {
				return c
			}
			return bytes.Compare(a.ID[:], b.ID[:])
		})
		for _, r := range list[:n] {
			byDay[r.Day] = append(byDay[r.Day], r.ID)
			s.open = append(s.open, heldAnswer{r, s.release.Serial})
		}
		s.release.Held[kind] += int64(n)
	}
	for day, ids := range byDay {
		s.release.Added = append(s.release.Added, Answers{day, idsOf(ids)})
	}
	slices.SortFunc(s.release.Added, func(a, b Answers) int { return int(a.Day - b.Day) })
	return len(byDay) > 0
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

// count decides for each kind and column whether all that is held is counted by
// now.
func (s *step) count() {
	for kind := range survey.KindCount {
		open := slices.DeleteFunc(slices.Clone(s.open), func(a heldAnswer) bool { return a.Mode.Kind() != kind })
		through := s.release.Through[kind]
		waiting := make([]int, len(through))
		for column := range through {
			for _, a := range open {
				if a.serial > through[column] && s.given(a.Response, column) {
					waiting[column]++
				}
			}
		}
		old := slices.Clone(through)
		for column, n := range waiting {
			if n == 0 || n >= s.terms.least {
				through[column] = s.release.Serial
			}
		}
		for s.wait(open, through, old, waiting) {
		}
	}
}

// wait lets a column wait where otherwise too few would come to have answered
// all of an index: the one that the fewest lack. It reports whether it did.
func (s *step) wait(open []heldAnswer, through, old, waiting []int) bool {
	for i := range s.form.Indexes {
		positions := slices.Concat(s.form.Indexes[i].Positions...)
		whole := func(a heldAnswer, through []int) bool {
			for _, q := range positions {
				if a.serial > through[q] || !s.given(a.Response, q) {
					return false
				}
			}
			return true
		}
		fresh := 0
		for _, a := range open {
			if whole(a, through) && !whole(a, old) {
				fresh++
			}
		}
		if fresh == 0 || fresh >= s.terms.least {
			continue
		}
		fewest := -1
		for _, q := range positions {
			if waiting[q] > 0 && through[q] > old[q] && (fewest < 0 || waiting[q] < waiting[fewest]) {
				fewest = q
			}
		}
		through[fewest] = old[fewest]
		return true
	}
	return false
}

// sum makes the totals.
func (s *step) sum(forms analytics.Forms) error {
	whole, people := analytics.NewTotals(s.form), s.nobody()
	if s.old != nil {
		var err error
		if whole, err = analytics.DecodeTotals(forms, s.old.Whole); err != nil {
			return err
		}
		addPeople(people, s.old.WholePeople)
	}
	part := map[int][]uuid.UUID{}
	var partly []heldAnswer
	for _, a := range s.open {
		if s.partial(a) {
			part[a.serial] = append(part[a.serial], a.ID)
			partly = append(partly, a)
			continue
		}
		if err := s.tally(whole, people, a); err != nil {
			return err
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
	r.Totals, r.People = whole.Encode(), people
	for serial, ids := range part {
		r.Partial = append(r.Partial, Partial{serial, idsOf(ids)})
	}
	slices.SortFunc(r.Partial, func(a, b Partial) int { return a.Serial - b.Serial })
	return nil
}

// partial reports whether some of an answer isn't counted.
func (s *step) partial(a heldAnswer) bool {
	kind := a.Mode.Kind()
	for column := range s.release.Through[kind] {
		if !s.release.Through.holds(kind, column, a.serial) && s.given(a.Response, column) {
			return true
		}
	}
	return false
}

// counted returns what is to be counted of an answer: the rest is missing in it.
func (s *step) counted(a heldAnswer) survey.Response {
	kind, questions := a.Mode.Kind(), len(s.form.Questions)
	r := *a.Response
	values, respondent := make([]int, questions), make([]int, len(s.form.Fields))
	for q := range values {
		if s.given(a.Response, q) && s.release.Through.holds(kind, q, a.serial) {
			values[q] = r.Answers.At(q)
		}
	}
	for f := range respondent {
		category := r.Respondent.At(f)
		if s.release.Through.holds(kind, questions+f, a.serial) && category <= len(s.form.Fields[f].Categories) {
			respondent[f] = category
		}
	}
	r.Answers, r.Respondent = survey.MakeMarks(values), survey.MakeMarks(respondent)
	return r
}

// tally counts what is to be counted of an answer.
func (s *step) tally(t *analytics.Tally, people [][]int64, a heldAnswer) error {
	r := s.counted(a)
	for f := range people {
		people[f][r.Respondent.At(f)]++
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

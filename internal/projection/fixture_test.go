package projection

import (
	"time"

	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/survey"
)

// unitOfOne is a unit whose answers a test releases step by step.
type unitOfOne struct {
	forms    *survey.Library
	form     *survey.Form
	answers  []heldAnswer // serial 0: in no release yet
	undone   map[uuid.UUID]bool
	releases []*Release
	clock    time.Time
	most     int
}

func newUnit(t interface{ Fatal(...any) }, form string) *unitOfOne {
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	f, err := lib.FormByID(form)
	if err != nil {
		t.Fatal(err)
	}
	return &unitOfOne{forms: lib, form: f, clock: time.Date(2026, 1, 5, 1, 0, 0, 0, time.UTC), most: mostAdded}
}

// answer stores one, each value of it a score, 0 for none.
func (u *unitOfOne) answer(mode survey.Mode, values ...int) {
	u.clock = u.clock.Add(time.Minute)
	respondent := make([]int, len(u.form.Fields))
	for f := range respondent {
		respondent[f] = (len(u.answers) + f) % (len(u.form.Fields[f].Categories) + 1)
	}
	u.answers = append(u.answers, heldAnswer{Response: &survey.Response{
		ID: uuid.New(), Period: "p", Unit: "u", Form: u.form.ID, Mode: mode, Day: survey.DateOf(u.clock, time.UTC), ReceivedAt: u.clock,
		Answers: survey.MakeMarks(values), Respondent: survey.MakeMarks(respondent),
	}})
}

// all returns as many answers as the form has questions, all the same.
func (u *unitOfOne) all(value int) []int {
	out := make([]int, len(u.form.Questions))
	for q := range out {
		out[q] = min(value, len(u.form.Questions[q].Options))
	}
	return out
}

func (u *unitOfOne) newest() *Release {
	if len(u.releases) == 0 {
		return nil
	}
	return u.releases[len(u.releases)-1]
}

// release makes the next release, if there is one.
func (u *unitOfOne) release(t interface{ Fatal(...any) }, least int, final bool) *Release {
	var fresh []*survey.Response
	byID := map[uuid.UUID]*heldAnswer{}
	for i := range u.answers {
		byID[u.answers[i].ID] = &u.answers[i]
		if u.answers[i].serial == 0 && !u.undone[u.answers[i].ID] {
			fresh = append(fresh, u.answers[i].Response)
		}
	}
	var partial []heldAnswer
	if old := u.newest(); old != nil {
		for _, p := range old.Partial {
			for id := range p.IDs.All {
				partial = append(partial, *byID[id])
			}
		}
	}
	before := releaseHistory{undone: u.undone}
	for _, r := range u.releases {
		before.states = append(before.states, stateOf(r, u.form))
		if before.tabled == 0 && r.Tables != nil {
			before.tabled = r.Serial
		}
	}
	for _, a := range u.answers {
		if a.serial > 0 {
			before.held = append(before.held, a)
		}
	}
	r, err := next(u.forms, u.form, u.newest(), fresh, partial, before, releaseTerms{least: least, most: u.most, asOf: u.clock, at: u.clock, final: final})
	if err != nil {
		t.Fatal(err)
	}
	if r == nil {
		return nil
	}
	for _, added := range r.Added {
		for id := range added.IDs.All {
			if byID[id].serial != 0 {
				t.Fatal("an answer is released twice")
			}
			byID[id].serial = r.Serial
		}
	}
	for _, removed := range r.Removed {
		for id := range removed.IDs.All {
			if byID[id].serial != removed.Serial || byID[id].removed != 0 || !u.undone[id] {
				t.Fatal("an answer is removed that nobody undid, or twice")
			}
			byID[id].removed = r.Serial
		}
	}
	u.releases = append(u.releases, r)
	return r
}

// undo takes some answers out, as the undo of an import does.
func (u *unitOfOne) undo(some ...heldAnswer) {
	if u.undone == nil {
		u.undone = map[uuid.UUID]bool{}
	}
	for _, a := range some {
		u.undone[a.ID] = true
	}
}

func (r *Release) total() int64 {
	n := int64(0)
	for _, held := range r.Held {
		n += held
	}
	return n
}

func (r *Release) tally(t interface{ Fatal(...any) }, u *unitOfOne) *analytics.Tally {
	tally, err := analytics.DecodeTotals(u.forms, r.Totals)
	if err != nil {
		t.Fatal(err)
	}
	return tally
}

// counts reports whether a release counts what an answer says in a column. It knows
// nothing of how releases are made: what they tell of themselves must suffice.
func (u *unitOfOne) counts(r *Release, a *heldAnswer, column int) bool {
	kind := a.Mode.Kind()
	if a.serial == 0 || a.serial > r.Through[kind][column] {
		return false
	}
	if a.removed == 0 || a.removed > r.Serial {
		return true
	}
	return a.serial <= u.releases[a.removed-2].Through[kind][column] && (len(r.Without[kind]) == 0 || a.removed > r.Without[kind][column])
}

// said returns what an answer says in a column, 0 for nothing.
func (u *unitOfOne) said(a *heldAnswer, column int) int {
	if q := len(u.form.Questions); column >= q {
		return a.Respondent.At(column - q)
	} else if u.form.Questions[column].Scored {
		return a.Answers.At(column)
	}
	return 0
}

// columns is the number of questions and respondent fields.
func (u *unitOfOne) columns() int { return len(u.form.Questions) + len(u.form.Fields) }

// cohort returns the places of the answers of a kind of which a release counts what
// they say in all of some columns; of those that it holds where no column is named.
func (u *unitOfOne) cohort(r *Release, kind survey.Kind, columns ...int) map[int]bool {
	out := map[int]bool{}
	for i := range u.answers {
		a := &u.answers[i]
		whole := a.Mode.Kind() == kind && a.serial > 0 && a.serial <= r.Serial
		if len(columns) == 0 && a.removed > 0 && a.removed <= r.Serial {
			whole = false
		}
		for _, column := range columns {
			whole = whole && u.said(a, column) > 0 && u.counts(r, a, column)
		}
		if whole {
			out[i] = true
		}
	}
	return out
}

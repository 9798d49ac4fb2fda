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
		if u.answers[i].serial == 0 {
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
	var before past
	for _, r := range u.releases {
		before.through = append(before.through, r.Through)
	}
	for _, a := range u.answers {
		if a.serial > 0 {
			before.held = append(before.held, a)
		}
	}
	r, err := next(u.forms, u.form, u.newest(), fresh, partial, before, terms{least: least, most: u.most, asOf: u.clock, at: u.clock, final: final})
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
	u.releases = append(u.releases, r)
	return r
}

func (r *Release) tally(t interface{ Fatal(...any) }, u *unitOfOne) *analytics.Tally {
	tally, err := analytics.DecodeTotals(u.forms, r.Totals)
	if err != nil {
		t.Fatal(err)
	}
	return tally
}

// counted returns by kind and question whose answers a release counts.
func (u *unitOfOne) counted(r *Release) (out [survey.KindCount][]map[uuid.UUID]int) {
	for kind := range out {
		out[kind] = make([]map[uuid.UUID]int, len(u.form.Questions))
		for q := range out[kind] {
			out[kind][q] = map[uuid.UUID]int{}
		}
	}
	for _, a := range u.answers {
		kind := a.Mode.Kind()
		for q := range u.form.Questions {
			if a.serial > 0 && a.serial <= r.Through[kind][q] && u.form.Questions[q].Scored && a.Answers.At(q) > 0 {
				out[kind][q][a.ID] = a.Answers.At(q)
			}
		}
	}
	return out
}

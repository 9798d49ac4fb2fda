package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/survey"
)

// declinedAnswers: a declined answer comes back as it was, is another one than a
// blank, is counted apart, and is in no release.
func declinedAnswers(t *testing.T, e Engine) {
	r := newReleasedCity(t, e.New(t), 0)
	m := NewMaker(t, 61)
	r.now = time.Date(2026, 2, 3, 4, 0, 0, 0, time.UTC)
	const question = 11
	list := m.Batch(40)
	for i, a := range list {
		marks := []byte(survey.MakeMarks(make([]int, len(m.form.Questions))))
		for q := range marks {
			marks[q] = '4'
		}
		marks[len(marks)-1] = '1'
		if i < 24 {
			marks[question] = '0'
		}
		a.Unit, a.Mode, a.Answers = "unit-0", survey.ModeQR, survey.Marks(marks)
		a.ReceivedAt = r.now.Add(time.Duration(i-len(list)) * time.Minute)
		a.Day = survey.DateOf(a.ReceivedAt, r.directory.Zone())
	}
	mustAppend(t, r, list)
	blank := *list[0]
	marks := []byte(blank.Answers)
	marks[question] = '-'
	blank.Answers = survey.Marks(marks)
	out, err := r.Append(context.Background(), []*survey.Response{list[0], &blank})
	if err != nil || out[0].Result != survey.Duplicate || out[1].Result != survey.Differs {
		t.Fatalf("the same again is %v, a blank for a declined answer %v: %v", out[0].Result, out[1].Result, err)
	}
	byID := map[uuid.UUID]survey.Marks{}
	for _, a := range list {
		byID[a.ID] = a.Answers
	}
	for _, a := range all(t, r, survey.Filter{}) {
		if a.Answers != byID[a.ID] {
			t.Errorf("%q came back as %q", byID[a.ID], a.Answers)
		}
	}
	if _, err := r.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	CheckTallies(t, r.OpenStore, Count(t, m.form, list))
	if got := r.release(t); got != "30 - - " {
		t.Errorf("released: %s, want 30 of 40", got)
	}
	totals := r.Periods()["2026-s1"]
	live := totals.Units[analytics.UnitForm{Unit: "unit-0", Form: m.form.ID}]
	if live.Declined(question) != 24 || live.Count(question, 0) != 24 {
		t.Errorf("%d of %d missing answers are declined, want 24 of 24", live.Declined(question), live.Count(question, 0))
	}
	shown := totals.Released["unit-0"].Tally
	if _, n := shown.Question(question); shown.Declined(question) != 0 || n+shown.Count(question, 0) != 30 {
		t.Errorf("a release tells of %d declined answers", shown.Declined(question))
	}
	if v := r.verify(t); len(v.Wrong) != 0 {
		t.Errorf("a recount finds %v", v.Wrong)
	}
}

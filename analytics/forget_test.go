package analytics

import (
	"bytes"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"persepsi/survey"
)

func drawAnswers(t *rapid.T, form *survey.Form) []*survey.Response {
	n := rapid.IntRange(1, 30).Draw(t, "n")
	out := make([]*survey.Response, n)
	for i := range out {
		values, told := make([]int, len(form.Questions)), make([]int, len(form.Fields))
		for q := range values {
			values[q] = rapid.IntRange(0, len(form.Questions[q].Options)).Draw(t, "value")
		}
		for f := range told {
			told[f] = rapid.IntRange(0, len(form.Fields[f].Categories)).Draw(t, "told")
		}
		out[i] = &survey.Response{Form: form.ID, Service: "ktp", Answers: survey.MakeMarks(values), Respondent: survey.MakeMarks(told)}
	}
	return out
}

func countAll(t *rapid.T, form *survey.Form, list []*survey.Response, erased int) *Tally {
	out := NewTally(form)
	for i, r := range list {
		c := *r
		if i < erased {
			c.Erase()
		}
		if err := out.Add(&c); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// A tally that forgets what respondents told is the one that is counted of erased answers,
// however many of them were erased before.
func TestATallyThatForgetsRespondentsIsThatOfErasedAnswers(t *testing.T) {
	t.Parallel()
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	form, err := lib.FormByID("terpadu-16@1")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		list := drawAnswers(t, form)
		for _, r := range list {
			r.Mode = survey.Mode(rapid.IntRange(0, int(survey.ModeCount)-1).Draw(t, "mode"))
		}
		got := countAll(t, form, list, rapid.IntRange(0, len(list)).Draw(t, "erased"))
		if told := got.TellsRespondents(); told != slices.ContainsFunc(list, func(r *survey.Response) bool {
			return slices.ContainsFunc([]byte(r.Respondent), func(b byte) bool { return survey.Marks([]byte{b}).At(0) > 0 })
		}) && told {
			t.Fatal("it tells something of respondents who told nothing")
		}
		want := countAll(t, form, list, len(list))
		if got.ForgetRespondents(); !bytes.Equal(got.Encode(), want.Encode()) || got.TellsRespondents() {
			t.Fatal("respondents are not forgotten")
		}
		if again, err := DecodeTally(lib, got.Encode()); err != nil || !bytes.Equal(again.Encode(), want.Encode()) {
			t.Fatalf("what was forgotten cannot be read: %v", err)
		}
	})
	for _, empty := range []*Tally{NewTally(form), NewTotals(form)} {
		before := empty.Encode()
		if empty.ForgetRespondents(); empty.TellsRespondents() || !bytes.Equal(empty.Encode(), before) {
			t.Error("an empty tally is another")
		}
	}
	told := drawOne(form)
	one := NewTally(form)
	if err := one.Add(told); err != nil || !one.TellsRespondents() {
		t.Errorf("who told something is not found, err = %v", err)
	}
}

// drawOne returns an answer of somebody who told all.
func drawOne(form *survey.Form) *survey.Response {
	return &survey.Response{
		Form: form.ID, Answers: survey.MakeMarks(slices.Repeat([]int{1}, len(form.Questions))),
		Respondent: survey.MakeMarks(slices.Repeat([]int{1}, len(form.Fields))),
	}
}

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

// A tally of erased answers that takes the cells of the one of before is that one.
func TestATallyOfErasedAnswersCarriesItsCells(t *testing.T) {
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
		erased := rapid.IntRange(0, len(list)).Draw(t, "erased")
		want := countAll(t, form, list, 0)
		old, err := DecodeTally(lib, want.Encode())
		if err != nil {
			t.Fatal(err)
		}
		got := countAll(t, form, list, erased)
		if !got.CarryRespondents(old) || !bytes.Equal(got.Encode(), want.Encode()) {
			t.Fatal("the tally is another one")
		}
		// One that lacks the newest answers: these did not tell.
		older := countAll(t, form, list[:len(list)-1], 0)
		got = countAll(t, form, list, erased)
		last := *list[len(list)-1]
		last.Erase()
		if err := older.Add(&last); err != nil {
			t.Fatal(err)
		}
		lacking := countAll(t, form, list[:len(list)-1], 0)
		if !got.CarryRespondents(lacking) || !bytes.Equal(got.Encode(), older.Encode()) {
			t.Fatal("an answer that the old tally lacks is not among those who did not tell")
		}
		// And one that tells of more, or of others, is not believed.
		got = countAll(t, form, list[:len(list)-1], erased)
		before := got.Encode()
		if got.CarryRespondents(want) || !bytes.Equal(got.Encode(), before) {
			t.Fatal("cells of more answers than there are were taken")
		}
		// Nor one of the same answers of which somebody changed one.
		other := *list[0]
		values := make([]int, len(form.Questions))
		for q := range values {
			values[q] = max(0, other.Answers.At(q))
		}
		values[0] = (values[0] + rapid.IntRange(1, 4).Draw(t, "other")) % 5
		other.Answers = survey.MakeMarks(values)
		got = countAll(t, form, append([]*survey.Response{&other}, list[1:]...), erased)
		before = got.Encode()
		if got.CarryRespondents(want) || !bytes.Equal(got.Encode(), before) {
			t.Fatal("cells of other answers were taken")
		}
		// Who forgets what respondents told has what was counted without it.
		untold := countAll(t, form, list, len(list))
		told := want.TellsRespondents()
		if want.ForgetRespondents(); !bytes.Equal(want.Encode(), untold.Encode()) || want.TellsRespondents() {
			t.Fatal("respondents are not forgotten")
		}
		if told != slices.ContainsFunc(list, func(r *survey.Response) bool {
			return slices.ContainsFunc([]byte(r.Respondent), func(b byte) bool { return survey.Marks([]byte{b}).At(0) > 0 })
		}) {
			t.Fatalf("tells something of respondents: %v", told)
		}
	})
	if NewTotals(form).CarryRespondents(NewTally(form)) || NewTally(form).CarryRespondents(NewTotals(form)) {
		t.Error("cells were taken where there are none")
	}
}

package analytics

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"persepsi/survey"
)

func testLibrary(t testing.TB) *survey.Library {
	t.Helper()
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

func testForm(t testing.TB, id string) *survey.Form {
	t.Helper()
	form, err := testLibrary(t).FormByID(id)
	if err != nil {
		t.Fatal(err)
	}
	return form
}

func testMethods(t testing.TB) *survey.Methods {
	t.Helper()
	methods, err := survey.LoadMethods()
	if err != nil {
		t.Fatal(err)
	}
	return methods
}

func testTable(t testing.TB) *GradeTable {
	t.Helper()
	grades, err := LoadGrades()
	if err != nil {
		t.Fatal(err)
	}
	return grades.Table("permenpanrb-14-2017")
}

func testBases(t testing.TB) *Bases {
	t.Helper()
	bases, err := LoadBases()
	if err != nil {
		t.Fatal(err)
	}
	return bases
}

// exactly reads an exact number.
func exactly(t testing.TB, s string) Ratio {
	t.Helper()
	x, ok := ParseRatio(s)
	if !ok {
		t.Fatalf("%q is no number", s)
	}
	return x
}

// response makes a paper answer out of its marks; unscored questions and
// respondent fields are left out.
func response(form *survey.Form, marks string) *survey.Response {
	return &survey.Response{
		Form: form.ID, Mode: survey.ModePaper, Service: "ktp", Point: "DK01",
		Day: survey.NewDate(2026, time.March, 2), Hour: 9,
		Answers:    survey.Marks(marks + strings.Repeat("-", len(form.Questions)-len(marks))),
		Respondent: survey.Marks(strings.Repeat("-", len(form.Fields))),
	}
}

func tallyOf(t testing.TB, form *survey.Form, list ...*survey.Response) *Tally {
	t.Helper()
	out := NewTally(form)
	for _, r := range list {
		if err := out.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func answersOf(t testing.TB, form *survey.Form, rows ...string) *Tally {
	t.Helper()
	list := make([]*survey.Response, len(rows))
	for i, marks := range rows {
		list[i] = response(form, marks)
	}
	return tallyOf(t, form, list...)
}

// drawn generates responses of a form with missing answers, every mode, hour
// and category, and categories that the form doesn't have.
func drawn(form *survey.Form) *rapid.Generator[*survey.Response] {
	return rapid.Custom(func(t *rapid.T) *survey.Response {
		answers, respondent := make([]int, len(form.Questions)), make([]int, len(form.Fields))
		for q := range answers {
			answers[q] = rapid.IntRange(0, len(form.Questions[q].Options)).Draw(t, "answer")
		}
		for f := range respondent {
			respondent[f] = rapid.IntRange(0, len(form.Fields[f].Categories)+1).Draw(t, "category")
		}
		return &survey.Response{
			Form:       form.ID,
			Mode:       survey.Mode(rapid.IntRange(0, int(survey.ModeCount)-1).Draw(t, "mode")),
			Service:    rapid.SampledFrom([]string{"", "ktp", "akta"}).Draw(t, "service"),
			Point:      rapid.SampledFrom([]string{"", "DK01", "DK02"}).Draw(t, "point"),
			Day:        survey.NewDate(2026, time.March, rapid.IntRange(1, 31).Draw(t, "day")),
			Hour:       uint8(rapid.IntRange(0, 23).Draw(t, "hour")),
			Answers:    survey.MakeMarks(answers),
			Respondent: survey.MakeMarks(respondent),
		}
	})
}

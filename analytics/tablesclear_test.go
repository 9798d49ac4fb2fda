package analytics

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"persepsi/survey"
)

// clearing returns tables of 60 people of whom five told a sex that nobody else told, and
// the people: the first five are they.
func clearing(t *testing.T) (*survey.Form, []survey.Response, *Tables, []*survey.Method) {
	t.Helper()
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	form, err := lib.FormByID("terpadu-16@1")
	if err != nil {
		t.Fatal(err)
	}
	known, err := survey.LoadMethods()
	if err != nil {
		t.Fatal(err)
	}
	d, err := survey.NewDirectory(&survey.Catalogue{Periods: []survey.Period{{Code: "p", Instruments: []string{form.ID}}}}, lib, known)
	if err != nil {
		t.Fatal(err)
	}
	methods, err := ChooseMethods(d, &d.Catalogue().Periods[0], form)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	people := make([]survey.Response, 60)
	for i := range people {
		values, told := make([]int, len(form.Questions)), make([]int, len(form.Fields))
		base := 2 + random.IntN(3)
		for q := range values {
			values[q] = min(len(form.Questions[q].Options), max(1, base+[]int{-1, 0, 0, 0, 1}[random.IntN(5)]))
		}
		told[0] = 1
		if i < 5 {
			told[0] = 2
		}
		told[1] = 1 + i%3
		people[i] = survey.Response{Form: form.ID, Service: []string{"ktp", "kk"}[i%2], Answers: survey.MakeMarks(values), Respondent: survey.MakeMarks(told)}
	}
	tables, err := MakeTables(form, people, func(int, int) int { return 0 })
	if err != nil {
		t.Fatal(err)
	}
	return form, people, tables, methods
}

func TestClearedTablesTellNothingByRespondentField(t *testing.T) {
	t.Parallel()
	form, people, tables, methods := clearing(t)
	before, err := tables.Read(form)
	if err != nil {
		t.Fatal(err)
	}
	cleared, err := tables.Clear(form)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := cleared.Clear(form); err != nil || !reflect.DeepEqual(again, cleared) {
		t.Errorf("cleared twice: %+v, err = %v", again, err)
	}
	for i := range people {
		people[i].Erase()
	}
	left, err := MakeTables(form, people, func(int, int) int { return 0 })
	if err != nil || !bytes.Equal(left.Tally, cleared.Tally) {
		t.Errorf("the tally tells something else than the answers that are left, err = %v", err)
	}
	after, err := cleared.Read(form)
	if err != nil || after.Tally.TellsRespondents() {
		t.Fatalf("the tally tells of respondents, err = %v", err)
	}
	scores := 0
	for _, by := range Dimensions(form) {
		want, err := before.Cells(by, methods)
		if err != nil {
			t.Fatal(err)
		}
		got, err := after.Cells(by, methods)
		if err != nil {
			t.Fatal(err)
		}
		_, told := form.FieldPosition(by)
		if !told && !reflect.DeepEqual(got, want) {
			t.Errorf("by %s everybody sees %+v, want %+v", by, got, want)
		}
		for _, c := range got {
			if told && (c.Code != "" || c.Means != nil) {
				t.Errorf("by %s everybody sees %+v", by, c)
			}
		}
		for _, c := range want {
			if told {
				scores += len(c.Means)
			}
		}
		if told && slices.ContainsFunc(cleared.Shown, func(s ShownCells) bool { return s.By == by }) {
			t.Errorf("it is told which cells by %s are large", by)
		}
	}
	if scores == 0 {
		t.Error("no cell of a respondent field showed a score: the test tests nothing")
	}
}

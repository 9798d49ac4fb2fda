package analytics

import (
	"encoding/json"
	"testing"

	"persepsi/survey"
)

// calculation computes by each index's own method.
func calculation(t *testing.T, form *survey.Form, population map[string]int) *Calculation {
	t.Helper()
	methods := testMethods(t)
	c := &Calculation{Form: form, Period: &survey.Period{Population: population}, Methods: methods, Grades: testTable(t), Samples: testSamples(t)}
	for i := range form.Indexes {
		own, err := methods.For(&form.Indexes[i].Index, form.Indexes[i].Method)
		if err != nil {
			t.Fatal(err)
		}
		c.Chosen = append(c.Chosen, own)
	}
	return c
}

func TestAGroupCountsItsUnitsAndThoseThatAnswered(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	c := calculation(t, form, nil)
	g := c.NewGroup("a", "Dinas A")
	add := func(unit string, tally *Tally) {
		t.Helper()
		if err := g.Add(unit, tally, map[string]*Index{IKM: c.Index(tally, 0, Population{})}); err != nil {
			t.Fatal(err)
		}
	}
	add("one", answersOf(t, form, "444444444", "444444444", "444444444"))
	add("other", answersOf(t, form, "222222222"))
	add("silent", nil)
	got := g.Result()
	x := got.Indexes[IKM]
	if got.Units != 3 || got.Answered != 2 || got.Responses.Valid != 4 || x.Value != 87.5 || *x.UnitMean != 75 {
		t.Errorf("%d units, %d answered, %d answers, pooled %v, unit mean %v; want 3, 2, 4, 87.5 and 75", got.Units, got.Answered, got.Responses.Valid, x.Value, *x.UnitMean)
	}
	empty := c.NewGroup("b", "Dinas B")
	if err := empty.Add("silent", nil, nil); err != nil {
		t.Fatal(err)
	}
	if got := empty.Result(); got.Indexes[IKM] != nil || got.Units != 1 || got.Answered != 0 {
		t.Errorf("a group without answers: %+v", got)
	}
	valueless := c.NewGroup("c", "Dinas C")
	if err := valueless.Add("one", answersOf(t, form, "444444444"), nil); err != nil {
		t.Fatal(err)
	}
	if x := valueless.Result().Indexes[IKM]; x == nil || x.UnitMean != nil {
		t.Errorf("no unit has a value: %+v", x)
	}
}

func TestAGroupsIntervalGoesByThePopulationsThatAreKnown(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	rows := []string{"443344334", "433343334", "344443434"}
	interval := func(population map[string]int) [2]float64 {
		t.Helper()
		g := calculation(t, form, population).NewGroup("a", "")
		for _, unit := range []string{"one", "other"} {
			if err := g.Add(unit, answersOf(t, form, rows...), nil); err != nil {
				t.Fatal(err)
			}
		}
		return g.Result().Indexes[IKM].CI95
	}
	width := func(population map[string]int) float64 {
		at := interval(population)
		return at[1] - at[0]
	}
	if both, one, none := width(map[string]int{"one": 5, "other": 7}), width(map[string]int{"one": 5}), width(nil); both >= one || one != none {
		t.Errorf("widths: %v where both populations are known, %v where one, %v where none; want the first to be less than the others", both, one, none)
	}
	if got, want := interval(map[string]int{"one": 2, "other": 0}), interval(nil); got != want {
		t.Errorf("populations that can't be right: %v, want %v as if unknown", got, want)
	}
}

// A mean of 0 would be the worst that there is, below every answer.
func TestAnAspectThatNobodyAnsweredHasNoMean(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	x := calculation(t, form, nil).Index(answersOf(t, form, "444-44444", "333-33333"), 0, Population{})
	data, err := json.Marshal(x.Published().Aspects[2:4])
	if err != nil {
		t.Fatal(err)
	}
	var got []map[string]any
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]any{"mean": 3.5, "weighted": 0.4375, "value100": 87.5} {
		if got[0][name] != want {
			t.Errorf("%s of an answered aspect is %v, want %v", name, got[0][name], want)
		}
		if v, there := got[1][name]; !there || v != nil {
			t.Errorf("%s of an aspect that nobody answered is %v, want null", name, v)
		}
	}
	if got[1]["n"] != 0.0 {
		t.Errorf("n is %v", got[1]["n"])
	}
}

func TestAnExplanationTellsWhatIsLeftOut(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	c := calculation(t, form, nil)
	free := answersOf(t, form, "444-44444", "333-33333", "4-4-44444") // nobody pays, one leaves prosedur out
	if x := c.Index(nil, 0, Population{}); x != nil {
		t.Errorf("an index of nothing: %+v", x)
	}
	if x := c.Index(NewTally(form), 0, Population{}); x != nil {
		t.Errorf("an index without answers: %+v", x)
	}
	e := c.Explanation(0, c.Index(free, 0, Population{}))
	// seven aspects of 11/3, prosedur 7/2
	for i, want := range map[int]string{0: "persyaratan: 11 / 3 → 3.666667", 1: "prosedur: 7 / 2 → 3.500000", 3: "biaya: n = 0, left out", 9: "8 of 9 aspects have answers", 10: "k = 8, weight = 1/8", 11: "mean = 175/48 = 3.645833", 12: "IKM = 3.645833 × 25 = 91.145833", 13: "91.145833 → 91.15", 14: "mutu: 91.15 → A (permenpanrb-14-2017@1)"} {
		if e.Steps[i] != want {
			t.Errorf("step %d is %q, want %q", i, e.Steps[i], want)
		}
	}
	released := c.Index(free, 0, Population{}) // of a release a sum may not be known
	released.Aspects[0].Sum = 0
	if got := c.Explanation(0, released).Steps[0]; got != "persyaratan: n = 3 → 3.666667" {
		t.Errorf("of a release: %q", got)
	}
	if e.Weight != "1/8" || e.Factor != "25" || e.Slope != "" || e.Averages[3] != "" || e.Averages[0] != "3.666667" || e.Formula != "NRR = Σ/n; mean = Σ NRR × 1/k; IKM = mean × 25" {
		t.Errorf("explained as %+v", e)
	}
}

func TestAnAspectOfSeveralQuestionsTellsTheirSumsAndNoReleasedOneDoes(t *testing.T) {
	t.Parallel()
	form := *testForm(t, "skm-9@1")
	form.Indexes = []survey.FormIndex{{
		Index:     survey.Index{Code: "own", Scale: 4, Method: "exact", Aspects: make([]survey.Aspect, 2)},
		Positions: [][]int{{0, 2}, {1}},
	}}
	x := calculation(t, &form, nil).Index(answersOf(t, &form, "424444444", "31-444444"), 0, Population{})
	if got := x.Aspects[0].Questions; len(got) != 2 || got[0] != (QuestionSum{7, 2}) || got[1] != (QuestionSum{4, 1}) {
		t.Errorf("the questions have %v, want 7 of 2 and 4 of 1", got)
	}
	if got := x.Aspects[1].Questions; got != nil {
		t.Errorf("an aspect of one question tells of %v beside its sum", got)
	}
	if got := x.Published().Aspects[0].Questions; got != nil {
		t.Errorf("released figures tell %v", got)
	}
}

// An index that nobody answered is told as none: whoever reads a group finds each of its form.
func TestAGroupTellsOfEachIndexOfItsForm(t *testing.T) {
	t.Parallel()
	form := testForm(t, "terpadu-16@1")
	g := calculation(t, form, nil).NewGroup("", "")
	if err := g.Add("one", nil, nil); err != nil {
		t.Fatal(err)
	}
	got := g.Result().Indexes
	for i := range form.Indexes {
		if x, ok := got[form.Indexes[i].Code]; !ok || x != nil {
			t.Errorf("%s: %+v, there %v", form.Indexes[i].Code, x, ok)
		}
	}
}

package analytics

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"persepsi/survey"
)

// share is n responses with the same answers; change says what group they are.
type share struct {
	n      int
	change func(*survey.Response)
	marks  string
}

func sharesOf(t *testing.T, form *survey.Form, list ...share) *Tally {
	t.Helper()
	var all []*survey.Response
	for _, s := range list {
		for range s.n {
			r := response(form, s.marks)
			s.change(r)
			all = append(all, r)
		}
	}
	return tallyOf(t, form, all...)
}

func TestABreakdownTellsTheFiguresOfEachGroup(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	sex, ok := form.FieldPosition("sex")
	if !ok {
		t.Fatal("the form doesn't ask for the sex")
	}
	of := func(category int) func(*survey.Response) {
		return func(r *survey.Response) {
			marks := make([]int, len(form.Fields))
			marks[sex] = category
			r.Respondent = survey.MakeMarks(marks)
			// Monday to Wednesday, at 9, 10 and 11; the groups differ in everything.
			r.Service, r.Point, r.Mode = []string{"", "akta", "ktp"}[category], []string{"DK03", "DK01", "DK02"}[category], []survey.Mode{survey.ModePaper, survey.ModeQR, survey.ModeKiosk}[category]
			r.Day, r.Hour = survey.NewDate(2026, 3, 2+category), uint8(9+category)
		}
	}
	// The first question stays unanswered in the second group: its mean is of the others.
	tally := sharesOf(t, form, share{6, of(0), "333333333"}, share{7, of(1), "-44444444"}, share{8, of(2), "222222222"})
	exact, err := testMethods(t).For(&form.Indexes[0].Index, "exact")
	if err != nil {
		t.Fatal(err)
	}
	cell := func(code string, n int64, mean float64) CellResult {
		return CellResult{Code: code, N: n, Means: map[string]float64{IKM: mean}}
	}
	for by, want := range map[string][]CellResult{
		"sex":     {cell("", 6, 3), cell("L", 7, 4), cell("P", 8, 2)},
		"service": {cell("", 6, 3), cell("akta", 7, 4), cell("ktp", 8, 2)},
		"point":   {cell("DK01", 7, 4), cell("DK02", 8, 2), cell("DK03", 6, 3)},
		"mode":    {cell("qr", 7, 4), cell("kiosk", 8, 2), cell("paper", 6, 3)},
		"hour":    {cell("2-10", 7, 4), cell("3-11", 8, 2), cell("paper", 6, 3)},
	} {
		got, err := tally.Breakdown(by, []*survey.Method{exact})
		if err != nil {
			t.Errorf("%s: %v", by, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("by %s (-want +got):\n%s", by, diff)
		}
	}
	if _, err := tally.Breakdown("nik", []*survey.Method{exact}); survey.CodeOf(err) != survey.Invalid {
		t.Errorf("an unknown dimension: err = %v, want Invalid", err)
	}
	counts, err := tally.CellCounts("service")
	if diff := cmp.Diff([]CellResult{{N: 6}, {Code: "akta", N: 7}, {Code: "ktp", N: 8}}, counts); err != nil || diff != "" {
		t.Errorf("numbers alone (-want +got), err = %v:\n%s", err, diff)
	}
	if _, err := tally.CellCounts("nik"); survey.CodeOf(err) != survey.Invalid {
		t.Errorf("numbers of an unknown dimension: err = %v, want Invalid", err)
	}
	if got, err := NewTotals(form).Breakdown("sex", []*survey.Method{exact}); err != nil || len(got) != 0 {
		t.Errorf("totals without a breakdown: %v, %v", got, err)
	}
}

func TestAGroupThatAnsweredNothingOfAnIndexHasNone(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	of := func(service string) func(*survey.Response) { return func(r *survey.Response) { r.Service = service } }
	tally := sharesOf(t, form, share{6, of("akta"), "---------"}, share{7, of("ktp"), "444444444"})
	exact, err := testMethods(t).For(&form.Indexes[0].Index, "exact")
	if err != nil {
		t.Fatal(err)
	}
	got, err := tally.Breakdown("service", []*survey.Method{exact})
	if err != nil || len(got) != 2 || got[0].N != 6 || len(got[0].Means) != 0 || got[1].Means[IKM] != 4 {
		t.Errorf("breakdown %+v, err = %v", got, err)
	}
}

func TestASmallGroupOfABreakdownTellsNothing(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	at := func(service string) func(*survey.Response) { return func(r *survey.Response) { r.Service = service } }
	tally := sharesOf(t, form, share{LeastCell - 1, at("akta"), "444444444"}, share{LeastCell, at("ktp"), "333333333"}, share{30, at("surat"), "222222222"})
	exact, err := testMethods(t).For(&form.Indexes[0].Index, "exact")
	if err != nil {
		t.Fatal(err)
	}
	got, err := tally.Breakdown("service", []*survey.Method{exact})
	if err != nil {
		t.Fatal(err)
	}
	want := []CellResult{{Code: "akta", Suppressed: true}, {Code: "ktp", Suppressed: true}, {Code: "surat", N: 30, Means: map[string]float64{IKM: 2}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Of a respondent field those are told whom a release shows: nobody where there is none, and no
// number of few.
func TestRespondentsAreToldAsAReleaseShowsThem(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	sex, _ := form.FieldPosition("sex")
	people := make([][]int64, sex+1)
	for _, tc := range []struct {
		counts []int64
		want   []CellResult
	}{
		{[]int64{0, 30, 40}, []CellResult{{Code: "L", N: 30}, {Code: "P", N: 40}}},
		{[]int64{30, hiddenPeople, 40}, []CellResult{{N: 30}, {Code: "L", Suppressed: true}, {Code: "P", N: 40}}},
		{[]int64{30, 1, 40}, []CellResult{{Suppressed: true}, {Code: "L", Suppressed: true}, {Code: "P", N: 40}}},
	} {
		people[sex] = tc.counts
		if diff := cmp.Diff(tc.want, RespondentCells(form, sex, &ReleasedTally{People: people})); diff != "" {
			t.Errorf("%v (-want +got):\n%s", tc.counts, diff)
		}
	}
	for field, r := range map[int]*ReleasedTally{sex: nil, sex + 1: {People: people}} {
		if got := RespondentCells(form, field, r); got == nil || len(got) != 0 {
			t.Errorf("field %d of %v: %v", field, r, got)
		}
	}
}

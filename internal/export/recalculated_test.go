package export_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"persepsi/analytics"
	"persepsi/internal/export"
	"persepsi/internal/report"
	"persepsi/internal/testtools"
	"persepsi/survey"
)

// graded is a unit whose IPAK is sum/n of one aspect.
func graded(name string, sum, n int64, mutu string) *report.UnitResult {
	mean := analytics.NewRatio(sum, n).Float64()
	at100 := mean * 25
	return &report.UnitResult{Unit: name, UnitName: name, Indexes: map[string]*analytics.Index{analytics.IPAK: {
		Value: mean, Mean: mean, Mutu: mutu, Kinerja: "baik", GradeTable: "permenpanrb-14-2017@1", Explanation: &analytics.Explanation{Weight: "1"},
		Aspects: []analytics.AspectResult{{Code: "a", Name: survey.Text{"id": "A"}, Sum: sum, N: n, Mean: &mean, Weighted: &mean, Value100: &at100, Mutu: mutu}},
	}}}
}

func TestAGradeAtItsBorderIsLookedUpHalfUp(t *testing.T) {
	t.Parallel()
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	form, err := lib.FormByID("spak-5@1")
	if err != nil {
		t.Fatal(err)
	}
	units := []*report.UnitResult{
		graded("88.305", 35322, 10000, "A"), graded("88.304975", 3532199, 1000000, "B"), graded("76.605", 30642, 10000, "B"), graded("76.6025", 30641, 10000, "C"),
		graded("64.995", 25998, 10000, "C"), graded("64.9925", 25997, 10000, "D"), graded("25", 1, 1, "D"), graded("100", 4, 1, "A"),
	}
	file := filepath.Join(t.TempDir(), "hasil.xlsx")
	out, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	err = export.ResultsXLSX(out, &report.Results{Form: form, Units: units}, time.UTC, func(key string, _ ...any) string { return key })
	if closed := out.Close(); err != nil || closed != nil {
		t.Fatal(err, closed)
	}
	rows, err := testtools.Recalculated(t, file)[0].GetRows("sheet.summary")
	if err != nil {
		t.Fatal(err)
	}
	for i, u := range units {
		if got, want := rows[3+i][8], u.Indexes[analytics.IPAK].Mutu; got != want {
			t.Errorf("%s is graded %q, want %s", u.Unit, got, want)
		}
	}
}

package export

import (
	"bytes"
	"encoding/csv"
	"testing"

	"github.com/xuri/excelize/v2"

	"persepsi/analytics"
	"persepsi/internal/report"
	"persepsi/survey"
)

// reported are results of one unit whose figures are all different, so that no column can
// stand for another. Its IPAK is a tie: 677/200, whose float64 is less than 3.385.
func reported(t *testing.T) *report.Results {
	t.Helper()
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	form, err := lib.FormByID("spak-5@1")
	if err != nil {
		t.Fatal(err)
	}
	tie := analytics.NewRatio(677, 200)
	needed, passed, mean, weighted, value100 := 30, true, tie.Float64(), tie.Float64()/5, tie.Float64()*25
	x := &analytics.Index{
		Value: tie.Float64(), Mean: tie.Float64(), Shown: analytics.Shown(tie, 2), Mutu: "B", CI95: [2]float64{3.1, 3.6}, N: 21, Answered: 29,
		Needed: &needed, SampleFault: analytics.PopulationBelowN, AspectsAnswered: 4, AspectsAll: 5, Method: "exact@1", Regulation: "PermenPANRB 90/2021",
		Aspects: []analytics.AspectResult{{Code: "pungli", Sum: 677, N: 200, Mean: &mean, Weighted: &weighted, Value100: &value100, Shown: analytics.Shown(tie, 2), Mutu: "B"}},
	}
	u := &report.UnitResult{Unit: "loket", Indexes: map[string]*analytics.Index{analytics.IPAK: x}}
	people := 703
	u.Responses.Valid, u.Responses.ByMode = 10, map[string]int64{"qr": 4, "kiosk": 3, "assisted": 2, "paper": 1}
	u.Sample.Population, u.Sample.Needed = &people, &needed
	u.LKE.IA, u.LKE.IB = &analytics.LKERow{LKEFigure: analytics.LKEFigure{Points: 17.5}}, &analytics.LKERow{LKEFigure: analytics.LKEFigure{Points: 3.75}}
	u.LKE.WBK = analytics.Verdict{Passed: &passed, Provisional: true}
	// Another row fails beside: the failure is none so far, but an index behind it is short.
	failed := false
	u.LKE.WBBM = analytics.Verdict{Passed: &failed, Provisional: true, Tests: []analytics.Test{{Row: "I.b", Passed: &failed}}}
	return &report.Results{Period: "p", Form: form, Units: []*report.UnitResult{u}}
}

// tables are the results as CSV and as workbook have them.
func tables(t *testing.T, r *report.Results) (comma, units, aspects, about [][]string) {
	t.Helper()
	var text, book bytes.Buffer
	if err := ResultsCSV(&text, r); err != nil {
		t.Fatal(err)
	}
	comma, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text.Bytes(), []byte("\ufeff")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if err := ResultsXLSX(&book, r); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&book)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheets := make([][][]string, 3)
	for i, name := range []string{"Unit", "Unsur", "Keterangan"} {
		if sheets[i], err = f.GetRows(name); err != nil {
			t.Fatal(err)
		}
	}
	return comma, sheets[0], sheets[1], sheets[2]
}

func named(rows [][]string) map[string]string {
	out := map[string]string{}
	for i, name := range rows[0] {
		if i < len(rows[1]) {
			out[name] = rows[1][i]
		}
	}
	return out
}

func TestEachColumnOfAnIndexHoldsItsOwnFigure(t *testing.T) {
	t.Parallel()
	comma, units, _, about := tables(t, reported(t))
	want := map[string]string{
		"ipak": "3.385", "ipak_n": "21", "ipak_answered": "29", "ipak_needed": "30", "ipak_adequate": "false", "ipak_sample_fault": "population_below_n",
		"ipak_aspects_answered": "4", "ipak_aspects_all": "5", "ipak_method": "exact@1", "ipak_basis": "PermenPANRB 90/2021", "ipak_ci95_low": "3.1", "ipak_ci95_high": "3.6",
		"responses": "10", "qr": "4", "kiosk": "3", "assisted": "2", "paper": "1", "population": "703", "needed": "30", "adequate": "false",
		"lke_ia_points": "17.5", "lke_ib_points": "3.75", "lke_ii_points": "", "lke_total": "",
		"wbk": "passed", "wbk_provisional": "true", "wbbm": "failed", "wbbm_provisional": "true", "ikm": "", "ikm_n": "", "ikm_adequate": "",
	}
	for where, got := range map[string]map[string]string{"CSV": named(comma), "XLSX": named(units)} {
		for column, value := range want {
			if got[column] != value && (column != "ipak" || where == "CSV") {
				t.Errorf("%s: %s is %q, want %q", where, column, got[column], value)
			}
		}
	}
	basis := ""
	for _, row := range about {
		if row[0] == "basis ipak" {
			basis = row[1]
		}
	}
	if basis != "PermenPANRB 90/2021" {
		t.Errorf("the workbook says that IPAK rests on %q", basis)
	}
}

func TestATieIsShownHalfUpInEveryTable(t *testing.T) {
	t.Parallel()
	comma, units, aspects, _ := tables(t, reported(t))
	for where, got := range map[string]string{"CSV": named(comma)["ipak_shown"], "XLSX": named(units)["ipak_shown"], "XLSX, aspect": named(aspects)["shown"]} {
		if got != "3.39" {
			t.Errorf("%s: 677/200 is shown as %q, want 3.39", where, got)
		}
	}
}

func TestAnAspectThatNobodyAnsweredHasEmptyCells(t *testing.T) {
	t.Parallel()
	r := reported(t)
	x := r.Units[0].Indexes[analytics.IPAK]
	answered := x.Aspects[0]
	x.Aspects = []analytics.AspectResult{{Code: "calo"}}
	_, _, aspects, _ := tables(t, r)
	got := named(aspects)
	if got["n"] != "0" || got["aspect"] != "calo" {
		t.Errorf("the row is %v", got)
	}
	for _, name := range []string{"sum", "mean", "weighted", "value100", "mutu", "shown"} {
		if got[name] != "" {
			t.Errorf("%s is %q, want an empty cell", name, got[name])
		}
	}
	x.Aspects = []analytics.AspectResult{answered}
	_, _, aspects, _ = tables(t, r)
	for name, want := range map[string]string{"sum": "677", "n": "200", "mean": "3.385", "weighted": "0.677", "value100": "84.625", "mutu": "B", "shown": "3.39"} {
		if got := named(aspects)[name]; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

package export

import (
	"bytes"
	"encoding/csv"
	"testing"

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
		Explanation: &analytics.Explanation{Weight: "1/5", By: survey.Text{"id": "bobot sama"}}, Kinerja: "baik", GradeTable: "permenpanrb-14-2017@1",
		Aspects: []analytics.AspectResult{{Code: "pungli", Name: survey.Text{"id": "Pungli"}, Sum: 677, N: 200, Mean: &mean, Weighted: &weighted, Value100: &value100, Shown: analytics.Shown(tie, 2), Mutu: "B"}},
	}
	u := &report.UnitResult{Unit: "loket", Indexes: map[string]*analytics.Index{analytics.IPAK: x}}
	people := 703
	u.Responses.Valid, u.Responses.ByMode = 10, map[string]int64{"qr": 4, "kiosk": 3, "assisted": 2, "paper": 1}
	u.Sample.Population, u.Sample.Needed = &people, &needed
	u.LKE.IA, u.LKE.IB = &analytics.LKERow{LKEFigure: analytics.LKEFigure{Points: 17.5}}, &analytics.LKERow{LKEFigure: analytics.LKEFigure{Points: 3.75}}
	u.LKE.WBK = analytics.Verdict{Passed: &passed, Provisional: true}
	// Another row fails beside: the failure is none so far, but an index behind it is short.
	failed := false
	u.LKE.WBBM = analytics.Verdict{Passed: &failed, Provisional: true, Tests: []*analytics.Test{{Row: "I.b", Passed: &failed}}}
	return &report.Results{Period: "p", Form: form, Units: []*report.UnitResult{u}}
}

// commaRows are the results as CSV has them.
func commaRows(t *testing.T, r *report.Results) [][]string {
	t.Helper()
	var text bytes.Buffer
	if err := ResultsCSV(&text, r); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text.Bytes(), []byte("\ufeff")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
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
	got := named(commaRows(t, reported(t)))
	want := map[string]string{
		"ipak": "3.385", "ipak_n": "21", "ipak_answered": "29", "ipak_needed": "30", "ipak_adequate": "false", "ipak_sample_fault": "population_below_n",
		"ipak_aspects_answered": "4", "ipak_aspects_all": "5", "ipak_method": "exact@1", "ipak_basis": "PermenPANRB 90/2021", "ipak_ci95_low": "3.1", "ipak_ci95_high": "3.6",
		"responses": "10", "qr": "4", "kiosk": "3", "assisted": "2", "paper": "1", "population": "703", "needed": "30", "adequate": "false",
		"lke_ia_points": "17.5", "lke_ib_points": "3.75", "lke_ii_points": "", "lke_total": "",
		"wbk": "passed", "wbk_provisional": "true", "wbbm": "failed", "wbbm_provisional": "true", "ikm": "", "ikm_n": "", "ikm_adequate": "",
	}
	for column, value := range want {
		if got[column] != value {
			t.Errorf("%s is %q, want %q", column, got[column], value)
		}
	}
}

func TestATieIsShownHalfUp(t *testing.T) {
	t.Parallel()
	if got := named(commaRows(t, reported(t)))["ipak_shown"]; got != "3.39" {
		t.Errorf("677/200 is shown as %q, want 3.39", got)
	}
}

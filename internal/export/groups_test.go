package export

import (
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"

	"persepsi/analytics"
	"persepsi/internal/report"
)

// grouped are results of an agency of three units and of the city, whose every figure is
// another.
func grouped(t *testing.T) *report.Results {
	t.Helper()
	form, _ := sample(t)
	mean, needed := 81.0, 217
	of := func(pooled float64) *analytics.Index {
		return &analytics.Index{
			Value: pooled, Shown: "pooled", Mutu: "C", CI95: [2]float64{pooled - 1, pooled + 2}, N: 30, Answered: 40, UnitMean: &mean,
			Needed: &needed, SampleFault: analytics.PopulationBelowN, AspectsAnswered: 7, AspectsAll: 9, Methods: []string{"exact@1", "w0.11@1"},
			Stratified: &analytics.Stratified{Value: pooled + 10, Shown: "weighed", Mutu: "B", CI95: [2]float64{pooled + 7, pooled + 14}, Units: 1, LeftOut: 2, Population: 500, Methods: []string{"exact@1", "w0.111@1"}},
		}
	}
	unit := func(x *analytics.Index) *report.UnitResult {
		return &report.UnitResult{Agency: "satu", Unit: "u", Indexes: map[string]*analytics.Index{analytics.IKM: x}}
	}
	return &report.Results{
		Form: form,
		Units: []*report.UnitResult{
			unit(&analytics.Index{N: 21}), unit(nil), unit(&analytics.Index{N: 9, SampleFault: analytics.PopulationBelowN}),
		},
		Agencies: []*analytics.GroupResult{{Agency: "satu", Name: "Dinas Satu", Units: 3, Responses: analytics.Responses{Valid: 45}, Indexes: map[string]*analytics.Index{analytics.IKM: of(70)}}},
		City:     &analytics.GroupResult{Name: "=Kota", Units: 3, Responses: analytics.Responses{Valid: 45}, Indexes: map[string]*analytics.Index{analytics.IKM: of(60)}},
	}
}

// groupCells returns the sheet of agencies and city as one map a row.
func groupCells(t *testing.T, r *report.Results) (out []map[string]string) {
	t.Helper()
	var text bytes.Buffer
	if err := ResultsXLSX(&text, r); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&text)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("Gabungan", excelize.Options{RawCellValue: true})
	if err != nil || len(rows) == 0 {
		t.Fatal(rows, err)
	}
	for _, row := range rows[1:] {
		cells := map[string]string{}
		if len(row) > len(rows[0]) {
			t.Errorf("%d cells under %d names", len(row), len(rows[0]))
		}
		for i := range row {
			cells[rows[0][i]] = row[i]
		}
		out = append(out, cells)
	}
	return out
}

func TestTheWorkbookHasAgenciesAndCityWithEachFigureUnderItsName(t *testing.T) {
	t.Parallel()
	rows := groupCells(t, grouped(t))
	if len(rows) != 2 {
		t.Fatalf("%d rows, want one of the agency and one of the city", len(rows))
	}
	common := map[string]string{
		"index": "ikm", "units": "3", "responses": "45", "pooled_shown": "pooled", "pooled_mutu": "C", "pooled_n": "30", "pooled_answered": "40",
		"stratified_shown": "weighed", "stratified_mutu": "B", "stratified_n": "21", "stratified_units": "1", "stratified_population": "500",
		"left_out": "2", "left_out_no_figure": "1", "left_out_population_unknown": "0", "left_out_population_zero": "0", "left_out_population_below_n": "1",
		"unit_mean": "81", "unit_mean_units": "2",
		"pooled_needed": "217", "pooled_adequate": "false", "pooled_sample_fault": "population_below_n", "pooled_aspects_answered": "7", "pooled_aspects_all": "9",
		"stratified_methods": "exact@1 w0.111@1", "unit_mean_methods": "exact@1 w0.11@1",
	}
	for i, own := range []map[string]string{
		{
			"level": "agency", "agency": "satu", "name": "Dinas Satu", "pooled": "70", "pooled_ci95_low": "69", "pooled_ci95_high": "72",
			"stratified": "80", "stratified_ci95_low": "77", "stratified_ci95_high": "84",
		},
		{
			"level": "city", "agency": "", "name": "=Kota", "pooled": "60", "pooled_ci95_low": "59", "pooled_ci95_high": "62",
			"stratified": "70", "stratified_ci95_low": "67", "stratified_ci95_high": "74",
		},
	} {
		for _, list := range []map[string]string{own, common} {
			for name, want := range list {
				if got, ok := rows[i][name]; got != want || !ok {
					t.Errorf("row %d: %s is %q, want %q", i+1, name, got, want)
				}
			}
		}
	}
}

func TestWhatAGroupLacksIsAnEmptyCell(t *testing.T) {
	t.Parallel()
	r := grouped(t)
	r.Agencies[0].Indexes[analytics.IKM].Stratified = nil
	r.City.Indexes = nil
	rows := groupCells(t, r)
	for i, lacks := range [][]string{{"stratified", "stratified_n", "stratified_population"}, {"pooled", "pooled_n", "stratified", "unit_mean", "pooled_needed", "pooled_adequate", "pooled_aspects_all"}} {
		for _, name := range lacks {
			if got := rows[i][name]; got != "" {
				t.Errorf("row %d: %s is %q, want nothing", i+1, name, got)
			}
		}
	}
	if rows[0]["pooled"] != "70" || rows[0]["unit_mean"] != "81" || rows[1]["left_out"] != "2" {
		t.Errorf("what there is went too: %v", rows)
	}
}

func TestAUnitsWorkbookHasNoGroups(t *testing.T) {
	t.Parallel()
	r := grouped(t)
	r.Agencies, r.City = nil, nil
	if rows := groupCells(t, r); len(rows) != 0 {
		t.Errorf("%d rows of groups", len(rows))
	}
}

func TestTheWorkbookSaysWhereUnitsAreComputedByDifferentMethods(t *testing.T) {
	t.Parallel()
	r := grouped(t)
	told := func() (out bool) {
		_, _, _, about := tables(t, r)
		for _, row := range about {
			out = out || row[0] == "stratified_methods, unit_mean_methods"
		}
		return out
	}
	if !told() {
		t.Error("different methods are not told of")
	}
	for _, g := range []*analytics.GroupResult{r.Agencies[0], r.City} {
		g.Indexes[analytics.IKM].Methods, g.Indexes[analytics.IKM].Stratified.Methods = nil, nil
	}
	if rows := groupCells(t, r); told() || rows[0]["unit_mean_methods"] != "" || rows[0]["stratified_methods"] != "" {
		t.Error("one method is told of as if there were several")
	}
}

package export

import (
	"strings"
	"testing"

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
			Stratified: &analytics.StratifiedIndex{Value: pooled + 10, Shown: "weighed", Mutu: "B", CI95: [2]float64{pooled + 7, pooled + 14}, Units: 1, LeftOut: 2, Population: 500, Methods: []string{"exact@1", "w0.111@1"}},
		}
	}
	unit := func(x *analytics.Index) *report.UnitResult {
		if x != nil {
			x.Explanation = &analytics.Explanation{}
		}
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
func groupCells(t *testing.T, r *report.Results) []map[string]string {
	t.Helper()
	return rowsOf(t, opened(t, r), "sheet.groups", 3)
}

func TestTheWorkbookHasAgenciesAndCityWithEachFigureUnderItsName(t *testing.T) {
	t.Parallel()
	rows := groupCells(t, grouped(t))
	if len(rows) != 2 {
		t.Fatalf("%d rows, want one of the agency and one of the city", len(rows))
	}
	common := map[string]string{
		"sheet.index.head": "IKM", "sheet.units": "3", "sheet.valid": "45", "sheet.mutu": "C", "sheet.n": "30", "sheet.answered": "40",
		"sheet.mutu 2": "B", "sheet.n 2": "21", "sheet.units 2": "1", "sheet.population": "500",
		"sheet.leftout": "2", "sheet.leftout.no_figure": "1", "sheet.leftout.population_unknown": "0", "sheet.leftout.population_zero": "0", "sheet.leftout.population_below_n": "1",
		"sheet.unitmean": "81", "sheet.units 3": "2",
		"sheet.needed": "217", "sheet.adequate": "0", "sheet.aspects": "7", "sheet.note": "sample.fault.population_below_n; sheet.methods Methods=exact@1, w0.11@1",
	}
	for i, own := range []map[string]string{
		{
			"sheet.level": "sheet.level.agency", "sheet.name": "Dinas Satu", "sheet.pooled": "70", "sheet.low": "69", "sheet.high": "72",
			"sheet.stratified": "80", "sheet.low 2": "77", "sheet.high 2": "84",
		},
		{
			"sheet.level": "sheet.level.city", "sheet.name": "=Kota", "sheet.pooled": "60", "sheet.low": "59", "sheet.high": "62",
			"sheet.stratified": "70", "sheet.low 2": "67", "sheet.high 2": "74",
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
	for i, lacks := range [][]string{{"sheet.stratified", "sheet.n 2", "sheet.population"}, {"sheet.pooled", "sheet.n", "sheet.stratified", "sheet.unitmean", "sheet.needed", "sheet.adequate", "sheet.note"}} {
		for _, name := range lacks {
			if got := rows[i][name]; got != "" {
				t.Errorf("row %d: %s is %q, want nothing", i+1, name, got)
			}
		}
	}
	if rows[0]["sheet.pooled"] != "70" || rows[0]["sheet.unitmean"] != "81" || rows[1]["sheet.leftout"] != "2" {
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
	told := func() bool { return strings.Contains(groupCells(t, r)[0]["sheet.note"], "sheet.methods") }
	if !told() {
		t.Error("different methods are not told of")
	}
	for _, g := range []*analytics.GroupResult{r.Agencies[0], r.City} {
		g.Indexes[analytics.IKM].Methods, g.Indexes[analytics.IKM].Stratified.Methods = nil, nil
	}
	if told() {
		t.Error("one method is told of as if there were several")
	}
}

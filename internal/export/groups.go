package export

import (
	"strconv"
	"strings"

	"persepsi/analytics"
	"persepsi/internal/report"
)

// groupSheet is the sheet of agencies and city.
const groupSheet = "Gabungan"

// groupHeader names its columns. The three figures are per answer (pooled), per citizen
// (stratified: units weigh by the people that they served) and per unit (unit_mean,
// which has no interval); how sure the pooled one is stands in the columns that a unit's
// index has for it.
func groupHeader() []string {
	out := []string{
		"level", "agency", "name", "index", "units", "responses",
		"pooled", "pooled_shown", "pooled_mutu", "pooled_ci95_low", "pooled_ci95_high", "pooled_n", "pooled_answered",
		"stratified", "stratified_shown", "stratified_mutu", "stratified_ci95_low", "stratified_ci95_high", "stratified_n", "stratified_units", "stratified_population",
		"left_out",
	}
	for _, why := range report.LeftOut() {
		out = append(out, "left_out_"+why)
	}
	return append(out, "unit_mean", "unit_mean_units", "pooled_needed", "pooled_adequate", "pooled_sample_fault", "pooled_aspects_answered", "pooled_aspects_all", "stratified_methods", "unit_mean_methods")
}

// groupRows has a row for each agency and the city, and each index of the form.
func groupRows(r *report.Results) (rows [][]cell) {
	for _, g := range r.Groups() {
		level := "agency"
		if g.GroupResult == r.City {
			level = "city"
		}
		for _, code := range analytics.Order(r.Form) {
			row := []cell{level, g.Agency, g.Name, code, g.Units, g.Responses.Valid}
			row = append(row, groupFigures(g, code)...)
			rows = append(rows, row)
		}
	}
	return rows
}

func groupFigures(g report.Group, code string) []cell {
	x, made := g.Indexes[code], g.Makeup(code)
	pooled, weighed, mean, sure := make([]cell, 7), make([]cell, 8), cell(nil), make([]cell, 5)
	mixed := make([]cell, 2)
	if x != nil {
		pooled = []cell{x.Value, x.Shown, x.Mutu, x.CI95[0], x.CI95[1], x.N, x.Answered}
		sure = []cell{whole(x.Needed), strconv.FormatBool(x.Adequate), x.SampleFault, x.AspectsAnswered, x.AspectsAll}
		if s := x.Stratified; s != nil {
			weighed = []cell{s.Value, s.Shown, s.Mutu, s.CI95[0], s.CI95[1], made.N, s.Units, s.Population}
			mixed[0] = several(s.Methods)
		}
		if x.UnitMean != nil {
			mean, mixed[1] = *x.UnitMean, several(x.Methods)
		}
	}
	out := append(append(pooled, weighed...), made.LeftOut())
	for _, why := range report.LeftOut() {
		out = append(out, made.Missing[why])
	}
	return append(append(append(out, mean, made.Units), sure...), mixed...)
}

// mixed reports whether a figure of some group is of units computed by several methods.
func mixed(r *report.Results) bool {
	for _, g := range r.Groups() {
		for _, x := range g.Indexes {
			if x != nil && len(x.Methods) > 0 {
				return true
			}
		}
	}
	return false
}

// several names the methods of a group's units; nothing where there is one.
func several(methods []string) cell {
	if len(methods) == 0 {
		return nil
	}
	return strings.Join(methods, " ")
}

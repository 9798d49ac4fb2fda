package export

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"persepsi/analytics"
	"persepsi/internal/report"
)

// header names the columns: those of the regulations' indexes whatever the form,
// and those of the city's own at the end, where they move no other. The LKE tests
// are the same for every unit.
func header(r *report.Results) []string {
	out := []string{"period", "agency", "agency_name", "unit", "unit_name", "responses", "qr", "kiosk", "assisted", "paper", "population", "needed", "adequate"}
	for _, code := range analytics.Regulated() {
		out = append(out, indexHeader(code)...)
	}
	out = append(out, "lke_ia_points", "lke_ib_points", "lke_ii_points", "lke_total")
	for _, level := range []string{"wbk", "wbbm"} {
		out = append(out, level, level+"_provisional")
		if len(r.Units) > 0 {
			for _, t := range verdict(r.Units[0], level).Tests {
				out = append(out, level+"_"+t.Row)
			}
		}
	}
	for _, code := range analytics.Own(r.Form) {
		out = append(out, indexHeader(code)...)
	}
	return out
}

func indexHeader(code string) []string {
	out := []string{code}
	for _, part := range []string{
		"mean", "mutu", "ci95_low", "ci95_high", "n", "method", "shown", "answered", "needed", "adequate", "sample_fault", "aspects_answered", "aspects_all", "basis",
	} {
		out = append(out, code+"_"+part)
	}
	return out
}

func indexCells(x *analytics.Index) []cell {
	if x == nil {
		return make([]cell, len(indexHeader("")))
	}
	return []cell{
		x.Value, x.Mean, x.Mutu, x.CI95[0], x.CI95[1], x.N, x.Method, x.Shown, x.Answered, whole(x.Needed), strconv.FormatBool(x.Adequate), x.SampleFault,
		x.AspectsAnswered, x.AspectsAll, x.Regulation,
	}
}

func verdict(u *report.UnitResult, level string) analytics.Verdict {
	if level == "wbk" {
		return u.LKE.WBK
	}
	return u.LKE.WBBM
}

// cell is one cell of a table: a number (unrounded), a text, or nothing.
type cell any

func total(x *analytics.LKEFigure) cell {
	if x == nil {
		return nil
	}
	return x.Points
}

func passed(p *bool) cell {
	switch {
	case p == nil:
		return "missing"
	case *p:
		return "passed"
	default:
		return "failed"
	}
}

func whole(x *int) cell {
	if x == nil {
		return nil
	}
	return *x
}

func points(row *analytics.LKERow) cell {
	if row == nil {
		return nil
	}
	return row.Points
}

func unitRow(r *report.Results, u *report.UnitResult) []cell {
	m := u.Responses.ByMode
	out := []cell{
		r.Period, u.Agency, u.AgencyName, u.Unit, u.UnitName, u.Responses.Valid, m["qr"], m["kiosk"], m["assisted"], m["paper"],
		whole(u.Sample.Population), whole(u.Sample.Needed), strconv.FormatBool(u.Sample.Adequate),
	}
	for _, code := range analytics.Regulated() {
		out = append(out, indexCells(u.Indexes[code])...)
	}
	out = append(out, points(u.LKE.IA), points(u.LKE.IB), points(u.LKE.II), total(u.LKE.Total))
	for _, level := range []string{"wbk", "wbbm"} {
		v := verdict(u, level)
		out = append(out, passed(v.Passed), strconv.FormatBool(v.Provisional))
		for _, t := range v.Tests {
			out = append(out, passed(t.Passed))
		}
	}
	for _, code := range analytics.Own(r.Form) {
		out = append(out, indexCells(u.Indexes[code])...)
	}
	return out
}

// text writes a cell for CSV: numbers unrounded, with a dot.
func text(c cell) string {
	switch v := c.(type) {
	case nil:
		return ""
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case string:
		return inert(v)
	default:
		return fmt.Sprint(v)
	}
}

// ResultsCSV writes one row per unit, figures unrounded.
func ResultsCSV(w io.Writer, r *report.Results) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	c := csv.NewWriter(w)
	rows := [][]string{header(r)}
	for _, u := range r.Units {
		var line []string
		for _, v := range unitRow(r, u) {
			line = append(line, text(v))
		}
		rows = append(rows, line)
	}
	if err := c.WriteAll(rows); err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	return nil
}

package export

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"

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

// aspectCells are the figures of an aspect; of one that nobody answered only that it has no
// answers.
func aspectCells(a *analytics.AspectResult) []cell {
	if a.Mean == nil {
		return []cell{nil, a.N, nil, nil, nil, nil, nil}
	}
	return []cell{a.Sum, a.N, *a.Mean, *a.Weighted, *a.Value100, a.Mutu, a.Shown}
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

// ResultsXLSX writes a workbook: a sheet of units, one of agencies and city, a sheet of
// the aspects' sums and counts from which every index can be recomputed, and a sheet that
// says where the figures come from.
func ResultsXLSX(w io.Writer, r *report.Results) error {
	f := excelize.NewFile()
	defer f.Close()
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	var units, aspects [][]cell
	for _, u := range r.Units {
		units = append(units, unitRow(r, u))
		for _, code := range analytics.Order(r.Form) {
			x := u.Indexes[code]
			if x == nil {
				continue
			}
			for _, a := range x.Aspects {
				row := []cell{u.Unit, code, a.Code, a.Name.In("id")}
				aspects = append(aspects, append(row, aspectCells(&a)...))
			}
		}
	}
	about := [][]cell{
		{"city", r.CityName},
		{"period", r.Period + " – " + r.PeriodName},
		{"instrument", r.Instrument},
		{"generated_at", r.GeneratedAt.Format("2006-01-02T15:04:05Z07:00")},
		{"demonstration", strconv.FormatBool(r.Demo)},
		{"figures", "to the 15 digits that a spreadsheet keeps, rounded half up; `shown` is rounded half up to 2 decimals from the exact fraction"},
		{"pooled", "sheet Gabungan: the mean per answer of all units together"},
		{"stratified", "sheet Gabungan: the mean per person served; each unit weighs by the people that it served, left_out are the units that it does not hold and why"},
		{"unit_mean", "sheet Gabungan: the unweighted mean of the units; it has no interval"},
		{"provisional", "true: an index behind the verdict is of fewer respondents than the people served need, or their number is not known or can't be right"},
	}
	if mixed(r) {
		about = append(about, []cell{"stratified_methods, unit_mean_methods", "sheet Gabungan: the units' indexes were computed by different methods; a printed weight counts only where all of its aspects have answers"})
	}
	about = append(about, bases(r)...)
	for _, code := range analytics.Own(r.Form) {
		about = append(about, []cell{"index " + code, r.Form.Index(code).Name.In("id")})
	}
	for i, s := range []struct {
		name   string
		header []string
		rows   [][]cell
	}{
		{"Unit", header(r), units},
		{groupSheet, groupHeader(), groupRows(r)},
		{"Unsur", []string{"unit", "index", "aspect", "name", "sum", "n", "mean", "weighted", "value100", "mutu", "shown"}, aspects},
		{"Keterangan", []string{"item", "value"}, about},
	} {
		if i == 0 {
			err = f.SetSheetName("Sheet1", s.name)
		} else {
			_, err = f.NewSheet(s.name)
		}
		if err == nil {
			err = writeSheet(f, s.name, bold, s.header, s.rows)
		}
		if err != nil {
			return fmt.Errorf("write results: %w", err)
		}
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	return nil
}

// bases names what each index rests on, once.
func bases(r *report.Results) (rows [][]cell) {
	for _, code := range analytics.Order(r.Form) {
		for _, u := range r.Units {
			if x := u.Indexes[code]; x != nil {
				rows = append(rows, []cell{"basis " + code, x.Regulation})
				break
			}
		}
	}
	return rows
}

func writeSheet(f *excelize.File, name string, bold int, header []string, rows [][]cell) error {
	sw, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	if err := sw.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	head := make([]any, len(header))
	for i, h := range header {
		head[i] = excelize.Cell{Value: h, StyleID: bold}
	}
	if err := sw.SetRow("A1", head); err != nil {
		return err
	}
	for i, cells := range rows {
		line := make([]any, len(cells))
		for k, c := range cells {
			if v, ok := c.(float64); ok {
				c = rounded(v)
			}
			line[k] = c
		}
		at, err := excelize.CoordinatesToCellName(1, i+2)
		if err != nil {
			return err
		}
		if err := sw.SetRow(at, line); err != nil {
			return err
		}
	}
	return sw.Flush()
}

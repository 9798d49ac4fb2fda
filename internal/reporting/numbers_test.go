package reporting_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"persepsi/internal/reporting"

	"persepsi/analytics"
	"persepsi/internal/document"
	"persepsi/internal/report"
)

// tableOf returns the rows of the first table of a section whose head has a column.
func tableOf(t *testing.T, d *document.Document, section, column string) (heads []string, rows []document.Row) {
	t.Helper()
	for _, s := range d.Sections {
		if s.ID != section {
			continue
		}
		for _, b := range s.Blocks {
			table, ok := b.(document.Table)
			if !ok {
				continue
			}
			heads = nil
			for _, c := range table.Columns {
				heads = append(heads, c.Title)
			}
			if slices.Contains(heads, column) {
				return heads, table.Rows
			}
		}
	}
	t.Fatalf("section %s has no table with %s", section, column)
	return nil, nil
}

// toldJSON is a unit's results as anybody reads them who asks the API.
type toldJSON struct {
	Indexes map[string]struct {
		Value, Mean float64
		Mutu        string
		CI95        [2]float64
		N           int64
		Needed      *int64
		Adequate    bool
		Aspects     []struct {
			Code           string
			N              int64
			Mean, Value100 *float64
			Weighted       *float64
			Mutu           string
		}
		Reconciliation []struct{ Value, Difference float64 }
	}
}

// Every number of the result is that of the results as JSON, rounded half up to the digits
// that are shown; in every unit of the demonstration, of both kinds, closed and running.
func TestEveryNumberIsThatOfTheResults(t *testing.T) {
	t.Parallel()
	c := demonstration(t)
	compared := 0
	for _, period := range []string{"2025-s2", "2026-s1"} {
		results, err := c.figures.Figures().Results(report.Scope{Period: period, Audience: report.Managed})
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range results.Units {
			text, err := json.Marshal(u)
			if err != nil {
				t.Fatal(err)
			}
			var told toldJSON
			if err := json.Unmarshal(text, &told); err != nil {
				t.Fatal(err)
			}
			for _, kind := range reporting.Kinds() {
				d := made(t, "en", c.input(t, kind, period, u.Unit))
				for _, code := range kind.Indexes() {
					x, ok := told.Indexes[code]
					if !ok {
						continue
					}
					compared++
					where := fmt.Sprint(period, " ", u.Unit, " ", code)
					heads, rows := tableOf(t, d, "hasil-"+code, "Mean (NRR)")
					cell := func(row document.Row, column string) string { return row.Cells[slices.Index(heads, column)] }
					want := func(what, got string, value float64, digits int) {
						t.Helper()
						if shown := analytics.ShownFloat(value, digits); got != shown {
							t.Errorf("%s, %s: %s, want %s", where, what, got, shown)
						}
					}
					for i, a := range x.Aspects {
						if a.Mean == nil {
							continue
						}
						want(a.Code, cell(rows[i], "Mean (NRR)"), *a.Mean, 3)
						want(a.Code+" weighted", cell(rows[i], "Weighted mean"), *a.Weighted, 3)
						want(a.Code+" × 25", cell(rows[i], "Mean × 25"), *a.Value100, 2)
						if cell(rows[i], "Answers") != fmt.Sprint(a.N) || cell(rows[i], "Grade") != a.Mutu {
							t.Errorf("%s: %q", where, rows[i].Cells)
						}
					}
					total := rows[len(rows)-1]
					want("mean", cell(total, "Weighted mean"), x.Mean, 3)
					want("× 25", cell(total, "Mean × 25"), 25*x.Mean, 2)
					all := outline(d)
					value, ends := analytics.ShownFloat(x.Value, 2), fmt.Sprintf("between %s and %s", analytics.ShownFloat(x.CI95[0], 2), analytics.ShownFloat(x.CI95[1], 2))
					if sentence := fmt.Sprintf("%s %s, grade %s", strings.ToUpper(code), value, x.Mutu); strings.Count(all, sentence) < 3 || !strings.Contains(all, ends) {
						t.Errorf("%s: the report does not say %q and %q", where, sentence, ends)
					}
					if row := map[string]string{analytics.IPAK: "I.a", analytics.IPKP: "II"}[code]; row != "" {
						at := slices.IndexFunc(u.LKE.WBK.Tests, func(t *analytics.Test) bool { return t.Row == row })
						test := u.LKE.WBK.Tests[at]
						verdict := fmt.Sprintf("has %s points. The minimum of WBK, %s: %s.", test.Shown, test.ShownMinimum, map[bool]string{true: "reached", false: "not reached yet"}[*test.Passed])
						if !strings.Contains(all, verdict) {
							t.Errorf("%s: the report does not say %q", where, verdict)
						}
					}
					for _, r := range x.Reconciliation {
						if got := analytics.ShownFloat(r.Value, 2); code == analytics.IKM && !strings.Contains(all, got+" (difference") {
							t.Errorf("%s: %s by a printed weight is not told", where, got)
						}
					}
					heads, rows = tableOf(t, d, reporting.Sample, "Needed")
					at := slices.IndexFunc(rows, func(r document.Row) bool { return r.Cells[0] == strings.ToUpper(code) })
					if enough := map[bool]string{true: "Enough", false: "Not enough yet"}[x.Adequate]; cell(rows[at], "Needed") != fmt.Sprint(*x.Needed) || cell(rows[at], "Answered all") != fmt.Sprint(x.N) || cell(rows[at], "Enough") != enough {
						t.Errorf("%s: the sample is %q", where, rows[at].Cells)
					}
				}
			}
		}
	}
	if compared < 150 {
		t.Errorf("only %d indexes were compared", compared)
	}
}

// Sums are told of a final release alone, to who may see them, and are those of the answers.
func TestSumsAreToldOfFinalFiguresToWhoMaySeeThem(t *testing.T) {
	t.Parallel()
	c := demonstration(t)
	has := func(in *reporting.Input) bool { return strings.Contains(outline(made(t, "id", in)), "Jumlah skor |") }
	closed, running := c.input(t, reporting.SKM, "2025-s2", "rsud-igd"), c.input(t, reporting.SKM, "2026-s1", "rsud-igd")
	if !has(closed) || has(running) || running.Sums != nil {
		t.Error("sums are told of the wrong period")
	}
	heads, rows := tableOf(t, made(t, "en", closed), "hasil-"+analytics.IKM, "Sum of scores")
	for i, a := range closed.Result.Indexes[analytics.IKM].Aspects {
		sum := a.Exact.Mul(analytics.NewRatio(a.N, 1))
		if got := strings.ReplaceAll(rows[i].Cells[slices.Index(heads, "Sum of scores")], ",", ""); got != analytics.Shown(sum, 0) {
			t.Errorf("%s: the sum is %s, want %s", a.Code, got, analytics.Shown(sum, 0))
		}
	}
	manager, err := reporting.Gather(t.Context(), c.figures.Figures(), c.details, c.desk, reporting.Request{Kind: reporting.SKM, Period: "2025-s2", Unit: "rsud-igd"})
	if err != nil {
		t.Fatal(err)
	}
	if has(manager) || !strings.Contains(outline(made(t, "id", manager)), "Jumlah skor tidak ditampilkan") {
		t.Error("who may not see sums sees them, or is not told that there are some")
	}
}

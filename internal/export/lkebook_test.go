package export_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"persepsi/analytics"
	"persepsi/internal/evidence"
	"persepsi/internal/export"
	"persepsi/internal/lke"
	"persepsi/internal/report"
	"persepsi/internal/testtools"
)

// sheetOf is a unit whose sheet is filled with indexes and an entry.
func sheetOf(t *testing.T, table *analytics.LKETable, n int, ipak, ipkp, level, total string, areas ...string) *report.UnitResult {
	t.Helper()
	u := &report.UnitResult{Unit: fmt.Sprintf("u%d", n), UnitName: "=" + ipak, AgencyName: "@Dinas", Indexes: map[string]*analytics.Index{}}
	in := analytics.LKEInput{}
	for code, text := range map[string]string{analytics.IPAK: ipak, analytics.IPKP: ipkp} {
		if x, ok := analytics.ParseRatio(text); ok {
			u.Indexes[code] = &analytics.Index{Value: x.Float64(), ExactValue: x}
			if code == analytics.IPAK {
				in.IPAK = x
			} else {
				in.IPKP = x
			}
		}
	}
	e := analytics.Evaluation{Version: n, Achievement: level, Pengungkit: total}
	for i, points := range areas {
		if points != "" {
			if e.Areas == nil {
				e.Areas = map[string]string{}
			}
			e.Areas[table.Areas[i].Code] = points
		}
	}
	if err := in.Enter(e); err != nil {
		t.Fatal(err)
	}
	var err error
	if u.LKE, err = table.Score(in); err != nil {
		t.Fatal(ipak, err)
	}
	u.Evaluation, u.ShownLKE = &e, &u.LKE
	return u
}

// bookOf writes the workbook of units into a file.
func bookOf(t *testing.T, units ...*report.UnitResult) string {
	t.Helper()
	return provenBook(t, "", nil, units...)
}

// provenBook is likewise, with evidence of units and the address for links to files.
func provenBook(t *testing.T, base string, proofs map[string][]evidence.Entry, units ...*report.UnitResult) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "lke.xlsx")
	out, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	r := &report.Results{Period: "2026-s1", PeriodName: "Semester I", CityName: "Kota", State: "live", Units: units}
	book := &export.LKEBook{Key: func(unit string) string { return "kunci-" + unit }, Evidence: proofs, Base: base}
	err = book.XLSX(out, r, func(key string, args ...any) string {
		if len(args) > 0 && strings.HasPrefix(key, "lkebook.proofs.") {
			return fmt.Sprint(key, args)
		}
		return key
	})
	if closed := out.Close(); err != nil || closed != nil {
		t.Fatal(err, closed)
	}
	return file
}

func lkeTable(t *testing.T) *analytics.LKETable {
	t.Helper()
	table, err := analytics.LoadLKE()
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestLibreOfficeComputesTheSheetAsWeDo(t *testing.T) {
	t.Parallel()
	testtools.Office(t)
	table := lkeTable(t)
	full := []string{"8", "7", "10", "10", "15", "10"}
	units := []*report.UnitResult{
		sheetOf(t, table, 1, "3.5999", "4", "A", "", full...),                                      // I.a 15.7496 looks like 15.75
		sheetOf(t, table, 2, "3.6", "3.2", "A", "", full...),                                       // on both minima of WBK
		sheetOf(t, table, 3, "3.6", "3.6", "B", "", full...),                                       // on those of WBBM
		sheetOf(t, table, 4, "3.6", "3.1999", "A", "", full...),                                    // II short
		sheetOf(t, table, 5, "3.7", "3.3", "A", "41"),                                              // the total alone
		sheetOf(t, table, 6, "", "", "", ""),                                                       // nothing
		sheetOf(t, table, 7, "3.7", "", "E", "", "4.8", "", "6", "", "9", "6"),                     // gaps
		sheetOf(t, table, 8, "2/3", "11/3", "D", "", "4.8", "4.2", "6", "6", "9", "6"),             // areas on their minima
		sheetOf(t, table, 9, "4", "3.2", "A", "", "4.8", "4.2", "6.1", "6.2", "9.1", "8.1"),        // sums of decimals
		sheetOf(t, table, 10, "3.6", "3.6", "A", "38.5", "4.8", "4.2", "6.1", "6.2", "9.1", "8.1"), // total beside its areas
	}
	random := rand.New(rand.NewPCG(1, 2))
	for n := 11; n < 60; n++ {
		points := make([]string, 6)
		for i, a := range table.Areas {
			points[i] = strconv.FormatFloat(math.Round(random.Float64()*a.Max.Float64()*100)/100, 'f', -1, 64)
		}
		units = append(units, sheetOf(t, table, n, fmt.Sprintf("%d/%d", 200+random.IntN(200), 100), fmt.Sprintf("%d/%d", 300+random.IntN(600), 225), string("ABCDE"[random.IntN(5)]), "", points...))
	}
	f := testtools.Recalculated(t, bookOf(t, units...))[0]
	rows, err := f.GetRows("lkebook.summary")
	if err != nil {
		t.Fatal(err)
	}
	for i, u := range units {
		l, row := u.LKE, rows[4+i]
		for column, want := range map[int]*analytics.LKEFigure{4: of(l.IA), 5: of(l.IB), 6: of(l.I), 8: of(l.II), 9: l.Hasil, 10: l.Pengungkit, 11: l.Total} {
			got, err := strconv.ParseFloat(row[column], 64)
			switch {
			case want == nil && row[column] == "":
			case want == nil || err != nil || math.Abs(got-want.Points) > 1e-12*100 || analytics.ShownFloat(got, 2) != want.Shown:
				t.Errorf("%s: %s is %q, want %+v", u.Unit, rows[3][column], row[column], want)
			}
		}
		for column, want := range map[int]analytics.Verdict{12: l.WBK, 13: l.WBBM} {
			word := "sheet.verdict.failed"
			if want.Missing() {
				word = "sheet.verdict.missing"
			} else if want.OK() {
				word = "sheet.verdict.passed"
			}
			if row[column] != word {
				t.Errorf("%s (%s): %s is %q, want %s", u.Unit, u.UnitName, rows[3][column], row[column], word)
			}
		}
		tests, err := f.GetRows(u.Unit)
		if err != nil {
			t.Fatal(err)
		}
		for k, test := range l.WBK.Tests {
			row := tests[lke.SheetRowFirst+len(lke.SheetKeys(table))+1+k]
			word := map[bool]string{true: "sheet.verdict.passed", false: "sheet.verdict.failed"}[test.OK()]
			if test.Missing {
				word = "lkebook.untold"
			}
			if row[lke.ColumnAnswer] != word {
				t.Errorf("%s: %s is %q, want %s", u.Unit, test.Row, row[lke.ColumnAnswer], word)
			}
		}
	}
	if units[0].LKE.WBK.OK() || !units[1].LKE.WBK.OK() || !units[2].LKE.WBBM.OK() {
		t.Error("the cases are not those that they should be")
	}
}

func of(row *analytics.LKERow) *analytics.LKEFigure {
	if row == nil {
		return nil
	}
	return &row.LKEFigure
}

func TestOnlyWhatIsEnteredIsOpenAndItsBoundsAreTold(t *testing.T) {
	t.Parallel()
	table := lkeTable(t)
	f, err := excelize.OpenFile(bookOf(t, sheetOf(t, table, 3, "3.7", "3.3", "B", "", "8", "7")), excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if o, err := f.GetSheetProtection("u3"); err != nil || !o.SelectLockedCells || o.InsertRows || o.DeleteRows {
		t.Errorf("the sheet allows %+v (%v)", o, err)
	}
	bounds := map[string]string{}
	list, err := f.GetDataValidations("u3")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range list {
		bounds[v.Sqref] = v.Formula1 + ".." + v.Formula2
	}
	for i, key := range lke.SheetKeys(table) {
		for _, column := range []int{lke.ColumnAnswer, lke.ColumnTPI, lke.ColumnTPN} {
			cell, _ := excelize.CoordinatesToCellName(column+1, lke.SheetRowFirst+i)
			id, err := f.GetCellStyle("u3", cell)
			if err != nil {
				t.Fatal(err)
			}
			style, err := f.GetStyle(id)
			if err != nil {
				t.Fatal(err)
			}
			open := style.Protection != nil && !style.Protection.Locked
			if entered := lke.Field(key) != ""; open != entered {
				t.Errorf("%s of %s is open: %v", cell, key, open)
			}
			want := ""
			switch {
			case key == lke.RowLevel:
				want = `"A,B,C,D,E"..`
			case lke.Field(key) != "":
				want = fmt.Sprintf("0..%v", lke.SheetWeights(table)[key])
			}
			if got := bounds[cell]; got != want {
				t.Errorf("%s of %s takes %q, want %q", cell, key, got, want)
			}
		}
	}
	for cell, want := range map[string]string{"V1": lke.SheetMark, "W1": "2", "V2": "2026-s1", "V3": "kunci-u3", "V4": "3", "V7": "pengungkit", "K8": "8", "W8": "8", "W16": "3.7"} {
		if got, err := f.GetCellValue("u3", cell); got != want || err != nil {
			t.Errorf("%s is %q, want %q (%v)", cell, got, want, err)
		}
	}
	for _, column := range []string{"V", "W"} {
		if seen, err := f.GetColVisible("u3", column); seen || err != nil {
			t.Errorf("column %s is seen (%v)", column, err)
		}
	}
	if formula, _ := f.GetCellFormula("u3", "A2"); formula != "" || !strings.HasPrefix(f.GetSheetName(0), "lkebook") {
		t.Errorf("a unit's name runs as %q", formula)
	}
}

package lkebook_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"persepsi/analytics"
	"persepsi/internal/audit"
	"persepsi/internal/evidence"
	"persepsi/internal/export"
	"persepsi/internal/lke"
	"persepsi/internal/lkebook"
	"persepsi/internal/report"
	"persepsi/survey"
)

// memoryStore keeps the entries of units by their keys.
type memoryStore map[string][]analytics.Evaluation

func (s memoryStore) RecordEvaluation(_ context.Context, e analytics.Evaluation, _ ...audit.Entry) error {
	s[e.Unit] = append(s[e.Unit], e)
	return nil
}

func (s memoryStore) RecordEvaluations(ctx context.Context, list []analytics.Evaluation, said []audit.Entry) error {
	for i := range list {
		if list[i].Unit == "raced" { // somebody else is faster
			return &survey.Error{Code: survey.Conflict, Faults: []survey.Fault{{Field: "raced", Code: "conflict", Message: "version 1 of the entry is stored, and version 0 was read"}}}
		}
	}
	for i := range list {
		_ = s.RecordEvaluation(ctx, list[i], said[i]) // never fails
	}
	return nil
}

func (s memoryStore) EvaluationHistory(_ context.Context, _, unit string) ([]analytics.Evaluation, error) {
	return s[unit], nil
}

// town has one period and the units that it names.
type town []string

func (t town) Period(code string) (*survey.Period, bool) {
	return &survey.Period{Code: code}, code == "p" || code == "p2"
}

func (t town) Unit(code string) (survey.Place, bool) {
	for _, unit := range t {
		if unit == code {
			return survey.Place{Unit: &survey.Unit{Code: unit}}, true
		}
	}
	return survey.Place{}, false
}

func table(t testing.TB) *analytics.LKETable {
	t.Helper()
	table, err := analytics.LoadLKE()
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// written is the workbook of the newest entries, of units whose IPAK and IPKP are thirds.
func written(t testing.TB, s memoryStore, units ...string) []byte {
	t.Helper()
	r := &report.Results{Period: "p", PeriodName: "P", CityName: "Kota", State: "live"}
	for _, unit := range units {
		in := analytics.LKEInput{IPAK: analytics.NewRatio(11, 3), IPKP: analytics.NewRatio(10, 3)}
		u := &report.UnitResult{Unit: unit, UnitName: unit, Indexes: map[string]*analytics.Index{analytics.IPAK: {Value: 11.0 / 3}, analytics.IPKP: {Value: 10.0 / 3}}}
		if list := s[unit]; len(list) > 0 {
			u.Evaluation = &list[len(list)-1]
			if err := in.Enter(*u.Evaluation); err != nil {
				t.Fatal(err)
			}
		}
		var err error
		if u.LKE, err = table(t).Score(in); err != nil {
			t.Fatal(err)
		}
		r.Units = append(r.Units, u)
	}
	var out bytes.Buffer
	book := &export.LKEBook{Key: func(unit string) string { return unit }, Evidence: proofs(), Base: "https://survei.kota.go.id"}
	if err := book.XLSX(&out, r, func(key string, _ ...any) string { return key }); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// proofs are what the unit u shows, as much as it may.
func proofs() map[string][]evidence.Entry {
	var list []evidence.Entry
	for n := range evidence.MostEntries {
		list = append(list, evidence.Entry{N: n + 1, Row: lke.RowLevel, Title: fmt.Sprintf("=bukti %d", n), Link: fmt.Sprintf("https://bukti.go.id/%d", n)})
	}
	return map[string][]evidence.Entry{"u": list}
}

// changed is a workbook after somebody worked on it.
func changed(t *testing.T, book []byte, change func(*excelize.File) error) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(book))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := change(f); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// part is a workbook with a part more, or another one in its place.
func part(t *testing.T, book []byte, name, text string) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range in.File {
		if f.Name != name {
			if err := w.Copy(f); err != nil {
				t.Fatal(err)
			}
		}
	}
	to, err := w.Create(name)
	if err == nil {
		_, err = to.Write([]byte(text))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func set(cells ...any) func(*excelize.File) error {
	return func(f *excelize.File) error {
		for i := 0; i+1 < len(cells); i += 2 {
			if err := f.SetCellValue("u", cells[i].(string), cells[i+1]); err != nil {
				return err
			}
		}
		return nil
	}
}

// told are the faults of an error, FIELD CODE.
func told(err error) string {
	var e *survey.Error
	if !errors.As(err, &e) {
		return fmt.Sprint(err)
	}
	out := []string{string(e.Code)}
	for _, f := range e.Faults {
		out = append(out, f.Field+" "+f.Code)
	}
	return strings.Join(out, "; ")
}

func TestEveryRefusalNamesSheetAndCell(t *testing.T) {
	t.Parallel()
	s := memoryStore{"u": {{Period: "p", Unit: "u", Version: 1, Achievement: "B", Areas: map[string]string{"sdm": "7.5"}}}}
	book := written(t, s, "u", "v")
	for _, tc := range []struct {
		name   string
		change func(*excelize.File) error
		want   string
	}{
		{"a level that there is not", set("K17", "F"), "invalid; u!K17 level"},
		{"a level in small letters", set("K17", "a"), "invalid; u!K17 level"},
		{"a number as a level", set("K17", 1), "invalid; u!K17 level"},
		{"more points than the weight", set("K8", 8.01), "invalid; u!K8 out_of_range"},
		{"less than none", set("K8", -0.5), "invalid; u!K8 out_of_range"},
		{"a text as a number", set("K8", "7,5"), "invalid; u!K8 wrong_type"},
		{"a number that was written, as a text", set("K10", "7.5"), "invalid; u!K10 wrong_type"},
		{"true as a number", set("K8", true), "invalid; u!K8 wrong_type"},
		{"a formula", func(f *excelize.File) error { return f.SetCellFormula("u", "K8", "7+0.5") }, "invalid; u!K8 formula"},
		{"a formula as the level", func(f *excelize.File) error { return f.SetCellFormula("u", "K17", `"A"`) }, "invalid; u!K17 formula"},
		{"another survey's value", set("K16", 4), "invalid; u!K16 survey"},
		{"no survey's value", set("K19", nil), "invalid; u!K19 survey"},
		{"a weight", set("H17", 50), "invalid; u!H17 weight"},
		{"a weight as a text", set("H17", "5"), "invalid; u!H17 weight"},
		{"several at once", set("K17", "F", "K8", 9, "H16", 20), "invalid; u!H16 weight; u!K8 out_of_range; u!K17 level"},
		{"a row removed", func(f *excelize.File) error { return f.RemoveRow("u", 9) }, "invalid; u!V9 rows"},
		{"a row added", func(f *excelize.File) error { return f.InsertRows("u", 12, 1) }, "invalid; u!V12 rows"},
		{"cells merged", func(f *excelize.File) error { return f.MergeCell("u", "K8", "K9") }, "invalid; u!K8:K9 merged"},
		{"an unknown unit", set("V3", "x"), "invalid; u!V3 unknown_unit"},
		{"an unknown period", set("V2", "q"), "invalid; u!V2 unknown_period"},
		{"no version", set("V4", "?"), "invalid; u!V4 version"},
		{"a version below none", set("V4", -1), "invalid; u!V4 version"},
		{"sheets of two periods", func(f *excelize.File) error {
			_, _, _ = f.SetCellValue("u", "K8", 7), f.SetCellValue("v", "K8", 7), f.SetCellValue("v", "V2", "p2")
			return nil
		}, "invalid; v!V2 other_period"},
		{"another shape", set("W1", 3), "invalid; u!W1 other_shape"},
		{"a formula as a note", func(f *excelize.File) error { return f.SetCellFormula("u", "N8", "1+1") }, "invalid; u!N8 formula"},
		{"too long a note", set("N20", strings.Repeat("é", lke.MostNote+1)), "invalid; u!N20 too_long"},
		{"a note that is no text", set("U8", "a\u202eb"), "invalid; u!U8 not_text"},
		{"true as a note", set("N8", true), "invalid; u!N8 wrong_type"},
		{"TPI's points beyond the weight", set("P8", 8.01), "invalid; u!P8 out_of_range"},
		{"TPN's level that there is not", set("S17", "F"), "invalid; u!S17 level"},
		{"the same unit twice", func(f *excelize.File) error { return f.SetCellValue("v", "V3", "u") }, "invalid; v!V3 twice"},
		{"a sheet of somebody's own", func(f *excelize.File) error { _, err := f.NewSheet("Catatan"); return err }, "invalid; Catatan!V1 foreign_sheet"},
		{"the hidden columns removed", func(f *excelize.File) error { return f.RemoveCol("u", "V") }, "invalid; u!V1 foreign_sheet"},
		{"too many rows", func(f *excelize.File) error {
			for row := 50; row < 450; row++ {
				if err := f.SetCellValue("u", fmt.Sprintf("A%d", row), "x"); err != nil {
					return err
				}
			}
			return nil
		}, "too_large; u too_large"},
		{"the summary alone", func(f *excelize.File) error { _ = f.DeleteSheet("u"); return f.DeleteSheet("v") }, "invalid; file no_sheet"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			sheets, err := lkebook.Read(changed(t, book, tc.change), table(t))
			if err == nil {
				_, err = lkebook.Compare(t.Context(), sheets, town{"u", "v"}, s)
			}
			if got := told(err); got != tc.want {
				t.Errorf("it says %q, want %q", got, tc.want)
			}
		})
	}
}

func TestAWorkbookThatWouldHurtIsRefused(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("not in a short run: its files are large")
	}
	book := written(t, memoryStore{}, "u")
	bomb := `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + strings.Repeat(" ", 300<<20) + `</sheetData></worksheet>`
	var rows strings.Builder
	for n := range 1_000_000 {
		fmt.Fprintf(&rows, `<row r="%d"><c r="A%d"><v>1</v></c></row>`, n+1, n+1)
	}
	million := `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + rows.String() + `</sheetData></worksheet>`
	far := `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData></worksheet>`
	for _, tc := range []struct {
		name string
		data []byte
		want string
	}{
		{"a zip bomb", part(t, book, "xl/worksheets/sheet2.xml", bomb), "too_large; u, berkas too_large"},
		{"a million rows", part(t, book, "xl/worksheets/sheet2.xml", million), "too_large; u too_large"},
		{"a cell far away", part(t, book, "xl/worksheets/sheet2.xml", far), "invalid; u, baris 1048576 too_large"},
	} {
		_, err := lkebook.Read(tc.data, table(t))
		if got := told(err); got != tc.want {
			t.Errorf("%s: it says %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestAConflictNamesTheCellsAndOnlyThoseThatWereChanged(t *testing.T) {
	t.Parallel()
	s := memoryStore{}
	book := changed(t, written(t, s, "u"), set("K17", "A", "K8", 7))
	s["u"] = []analytics.Evaluation{{Version: 1, Achievement: "A", Areas: map[string]string{"sdm": "7.5"}}}
	sheets, err := lkebook.Read(book, table(t))
	if err != nil {
		t.Fatal(err)
	}
	_, err = lkebook.Compare(t.Context(), sheets, town{"u"}, s)
	if got, want := told(err), "conflict; u!K8 conflict"; got != want { // A is stored already
		t.Errorf("it says %q, want %q", got, want)
	}
}

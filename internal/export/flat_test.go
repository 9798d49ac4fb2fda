package export_test

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"persepsi/internal/export"
	"persepsi/internal/report"
	"persepsi/survey"
)

func flat(t *testing.T, mapping string, units ...*report.UnitResult) string {
	t.Helper()
	var data []byte
	if mapping != "" {
		data = []byte(mapping)
	}
	m, err := export.ReadMapping(data)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := export.FlatCSV(&out, &report.Results{Units: units}, 2026, m); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestTheFlatTableHasTheColumnsInUseAndUnroundedFigures(t *testing.T) {
	t.Parallel()
	table := lkeTable(t)
	got := flat(t, "", sheetOf(t, table, 1, "11/3", "3.5999", "B", ""), sheetOf(t, table, 2, "", "4", "", ""))
	if want := "satker,tahun,ipak,capaian_kinerja,ipkp\nu1,2026,3.6666666666666665,B,3.5999\nu2,2026,,,4\n"; got != want {
		t.Errorf("it is %q, want %q", got, want)
	}
}

func TestAMappingPutsOurValuesIntoAnotherApplicationsColumns(t *testing.T) {
	t.Parallel()
	table := lkeTable(t)
	const mapping = `
columns:
  - {name: "Unit Kerja", value: unit_name}
  - {name: IPAK, value: ipak, digits: 2}
  - name: Nilai IPAK
    value: ipak
    buckets: [{from: "3.60", text: Nilai 4}, {from: "3", text: "=Nilai 3"}, {from: "2", text: Nilai 2}]
  - {name: "@WBK", value: wbk}
`
	got := flat(t, mapping, sheetOf(t, table, 1, "3.6", "4", "", ""), sheetOf(t, table, 2, "3.5999", "4", "", ""), sheetOf(t, table, 3, "677/200", "4", "", ""), sheetOf(t, table, 4, "1.5", "4", "", ""))
	want := "Unit Kerja,IPAK,Nilai IPAK,'@WBK\n'=3.6,3.60,Nilai 4,missing\n'=3.5999,3.60,'=Nilai 3,failed\n'=677/200,3.39,'=Nilai 3,failed\n'=1.5,1.50,,failed\n"
	if got != want {
		t.Errorf("it is\n%s\nwant\n%s", got, want)
	}
}

// The workbook has the same cells as the CSV: numbers are numbers, texts are texts whatever
// they begin with, and what is rounded is rounded half up.
func TestTheFlatWorkbookHasNumbersAndTextsAsSuch(t *testing.T) {
	t.Parallel()
	m, err := export.ReadMapping([]byte(`
columns:
  - {name: "@Unit", value: unit_name}
  - {name: Tahun, value: year}
  - {name: IPAK, value: ipak}
  - {name: IPAK 2, value: ipak, digits: 2}
  - {name: IPAK bulat, value: ipak, digits: 0}
  - {name: Nilai, value: ipak, buckets: [{from: "3.60", text: Nilai 4}, {from: "3", text: "=Nilai 3"}]}
  - {name: Capaian, value: capaian_kinerja}
`))
	if err != nil {
		t.Fatal(err)
	}
	table := lkeTable(t)
	units := []*report.UnitResult{sheetOf(t, table, 1, "677/200", "4", "B", ""), sheetOf(t, table, 2, "", "4", "", "")}
	var out bytes.Buffer
	if err := export.FlatXLSX(&out, &report.Results{Period: "2026-s1", Units: units}, 2026, m, func(key string, _ ...any) string { return key }); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, err := f.GetRows("2026-s1")
	want := [][]string{
		{"@Unit", "Tahun", "IPAK", "IPAK 2", "IPAK bulat", "Nilai", "Capaian"},
		{units[0].UnitName, "2026", "3.385", "3.39", "3", "=Nilai 3", "B"},
		{units[1].UnitName, "2026"},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("it is %q, err = %v, want %q", got, err, want)
	}
	for cell, want := range map[string]excelize.CellType{"A2": excelize.CellTypeInlineString, "C2": excelize.CellTypeUnset, "D2": excelize.CellTypeUnset, "E2": excelize.CellTypeUnset, "F2": excelize.CellTypeInlineString} {
		if kind, err := f.GetCellType("2026-s1", cell); err != nil || kind != want {
			t.Errorf("%s is of type %v, err = %v, want %v", cell, kind, err, want)
		}
		if formula, err := f.GetCellFormula("2026-s1", cell); err != nil || formula != "" {
			t.Errorf("%s has the formula %q, err = %v", cell, formula, err)
		}
	}
	for cell, want := range map[string]string{"D2": "0.00", "E2": "0"} {
		id, err := f.GetCellStyle("2026-s1", cell)
		if err != nil {
			t.Fatal(err)
		}
		if style, err := f.GetStyle(id); err != nil || style.CustomNumFmt == nil || *style.CustomNumFmt != want {
			t.Errorf("%s is shown as %+v, err = %v, want %s", cell, style, err, want)
		}
	}
}

func TestAMappingsFaultsAreNamedByTheirPath(t *testing.T) {
	t.Parallel()
	for mapping, want := range map[string]string{
		"columns: [{name: a, value: nichts}]":                                                        "columns[0].value",
		"columns: [{value: unit}]":                                                                   "columns[0].name",
		"columns: [{name: a, value: unit}, {name: a, value: year}]":                                  "columns[1].name",
		"columns: [{name: a, value: ipak, digits: 13}]":                                              "columns[0].digits",
		"columns: [{name: a, value: ipak, digits: -1}]":                                              "columns[0].digits",
		`columns: [{name: a, value: ipak, buckets: [{text: x}, {from: "3", text: y}]}]`:              "columns[0].buckets[0].from",
		`columns: [{name: a, value: ipak, buckets: [{from: "3", text: x}, {from: "3.5", text: y}]}]`: "columns[0].buckets[1].from",
		"columns: [{name: a, value: ipak, buckets: [{text: x}]}]":                                    "columns[0].buckets[0].from",
		"columns: []": "columns", "": "columns",
	} {
		_, err := export.ReadMapping([]byte(mapping))
		var e *survey.Error
		if !errors.As(err, &e) || len(e.Faults) != 1 || e.Faults[0].Field != want {
			t.Errorf("%s: %v, want a fault of %s", mapping, err, want)
		}
	}
	if _, err := export.ReadMapping([]byte("kolom: []")); err == nil || !strings.Contains(err.Error(), "kolom") {
		t.Errorf("an unknown key: %v", err)
	}
}

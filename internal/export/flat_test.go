package export_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

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

func TestAMappingsFaultsAreNamedByTheirPath(t *testing.T) {
	t.Parallel()
	for mapping, want := range map[string]string{
		"columns: [{name: a, value: nichts}]":                                                        "columns[0].value",
		"columns: [{value: unit}]":                                                                   "columns[0].name",
		"columns: [{name: a, value: unit}, {name: a, value: year}]":                                  "columns[1].name",
		"columns: [{name: a, value: ipak, digits: 13}]":                                              "columns[0].digits",
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

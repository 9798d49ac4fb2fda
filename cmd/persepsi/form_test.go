package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"persepsi/survey"
)

// formCity has a period for every shipped instrument, for two on one form, and for one that
// the city declares, with codes that spreadsheets and heads could take for something else.
func formCity() (text string, periods []string) {
	text = `
city: {name: Kota Contoh}
instruments:
  - code: pasar
    version: 1
    title: {id: Pasar, en: Market}
    questions:
      - {code: waktu, text: "Jam buka?", options: &bersih [Kotor, Kurang, Bersih, Sangat]}
      - {code: tgl, text: "Tanggal?", options: *bersih, declinable: true}
      - {code: no, text: "Nomor?", options: *bersih, required: false}
    respondent:
      - sex
      - {code: lama, text: Lama berdagang, categories: [{code: 1-2, label: "1–2 tahun"}, {code: 3-12, label: "3–12 tahun"}]}
    indexes:
      - {code: kebersihan, name: Kebersihan, aspects: [{code: a, name: Buka, questions: [waktu]}, {code: b, name: Lain, questions: [tgl, no]}]}
agencies:
  - {code: a, name: Dinas A, units: [{code: satu, name: Unit satu, services: [{code: ktp, name: KTP-el}, {code: akta, name: Akta}]}, {code: dua, name: Unit dua}]}
periods:
`
	periods = []string{"skm-9", "skm-14", "spkp-8", "spak-5", "ipk-10", "spkp-8-s6", "spak-5-s6", "terpadu-16", "[skm-9, spak-5]", "pasar"}
	for i, of := range periods {
		text += fmt.Sprintf("  - {code: p%d, name: Periode %d, from: %d-01-01, to: %d-12-31, instrument: %s}\n", i, i, 2010+i, 2010+i, of)
	}
	return text, periods
}

// What a clerk types into the empty file, as the form on paper shows it, is what is stored:
// every cell of every question and field, and the figures that follow.
func TestAnEmptyFileThatIsFilledInIsImportedAsItIs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data, city := filepath.Join(dir, "data"), filepath.Join(dir, "kota.yaml")
	text, periods := formCity()
	write(t, city, text)
	must(t, "apply", "--data", data, city)
	for i := range periods {
		period := "p" + strconv.Itoa(i)
		ending, lang := []string{".xlsx", ".csv"}[i%2], []string{"id", "en"}[i/2%2]
		file := filepath.Join(dir, period+ending)
		args := []string{"--data", data, "--period", period}
		unit := []string{"--unit", "satu"}
		if i%3 == 2 {
			unit = nil // each row names its own
		}
		must(t, slices.Concat([]string{"form"}, args, unit, []string{"--lang", lang, "--out", file})...)
		typed := typeRows(t, file, 2010+i)
		_, said := must(t, slices.Concat([]string{"import", file}, args, unit, []string{"--reason", "uji coba"})...)
		if strings.Contains(said, "left out") {
			t.Errorf("%s: %s", periods[i], said)
		}
		stored, _ := must(t, "export", "--data", data, "--period", period, "--format", "csv")
		compareTyped(t, periods[i], typed, stored)
		result, _ := must(t, "results", "--data", data, "--period", period, "--unit", "satu")
		compareMeans(t, periods[i], typed, result)
	}
}

// choices are what the empty workbook of a period offers in a column, by heading.
func choices(t *testing.T, f *excelize.File, sheet string, heads []string) map[string][]string {
	t.Helper()
	rules, err := f.GetDataValidations(sheet)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, r := range rules {
		first, _, _ := strings.Cut(r.Sqref, ":")
		column, _, err := excelize.CellNameToCoordinates(first)
		if err != nil {
			t.Fatal(err)
		}
		if r.Type == "list" {
			out[heads[column-1]] = strings.Split(strings.Trim(strings.NewReplacer("&lt;", "<", "&gt;", ">").Replace(r.Formula1), `"`), ",")
		}
	}
	return out
}

// typedRows is how many sheets of paper are typed.
const typedRows = 13

// typeRows types rows into an empty file, each of its choices in turn, and returns them with
// their heads.
func typeRows(t *testing.T, file string, year int) [][]string {
	t.Helper()
	offered, f := map[string][]string{}, (*excelize.File)(nil)
	var heads []string
	book := strings.TrimSuffix(file, filepath.Ext(file)) + ".xlsx"
	if filepath.Ext(file) == ".csv" {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		heads = strings.Split(strings.TrimSpace(string(raw)), ";")
	} else {
		var err error
		if f, err = excelize.OpenFile(book); err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		rows, err := f.GetRows(f.GetSheetName(0))
		if err != nil || len(rows) != 1 {
			t.Fatalf("%d rows in an empty workbook: %v", len(rows), err)
		}
		heads = rows[0]
		offered = choices(t, f, f.GetSheetName(0), heads)
	}
	out := [][]string{heads}
	for r := range typedRows {
		row := make([]string, len(heads))
		for c, head := range heads {
			switch list := offered[head]; {
			case c == 0:
				row[c] = strconv.Itoa(r + 1)
			case c == 1:
				row[c] = fmt.Sprintf("%d-03-%02d", year, r+1)
			case head == "unit":
				row[c] = "satu"
			case c == len(heads)-1:
				row[c] = "baik, " + strconv.Itoa(r)
			case len(list) > 0:
				row[c] = list[(r+c)%len(list)]
			case f == nil && head != "service" && !slices.Contains([]string{"sex", "age", "education", "occupation", "disability", "lama"}, head):
				row[c] = strconv.Itoa(1 + (r+c)%2)
			}
		}
		out = append(out, row)
	}
	if f == nil {
		var text strings.Builder
		w := csv.NewWriter(&text)
		w.Comma = ';'
		if err := w.WriteAll(out); err != nil {
			t.Fatal(err)
		}
		write(t, file, text.String())
		return out
	}
	for r, row := range out[1:] {
		for c, cell := range row {
			name, _ := excelize.CoordinatesToCellName(c+1, r+2)
			var err error
			if n, wrong := strconv.Atoi(cell); wrong == nil {
				err = f.SetCellValue(f.GetSheetName(0), name, n)
			} else {
				err = f.SetCellStr(f.GetSheetName(0), name, cell)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.Save(); err != nil {
		t.Fatal(err)
	}
	return out
}

// compareTyped compares what was typed with what the export has of it.
func compareTyped(t *testing.T, of string, typed [][]string, stored string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(stored, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != len(typed) {
		t.Fatalf("%s: %d rows are stored of %d: %v", of, len(rows)-1, typedRows, err)
	}
	comment := len(typed[0]) - 1
	for _, row := range typed[1:] {
		at := slices.IndexFunc(rows, func(r []string) bool { return slices.Contains(r, row[comment]) })
		if at < 0 {
			t.Fatalf("%s: row %s is not stored", of, row[0])
		}
		for c, head := range typed[0][:comment] {
			if c < 2 {
				continue
			}
			column := slices.Index(rows[0], head)
			if column < 0 || rows[at][column] != row[c] {
				t.Errorf("%s, row %s: %s is stored as %q, typed was %q", of, row[0], head, rows[at][max(column, 0)], row[c])
			}
		}
	}
}

// compareMeans compares the means of aspects of one question on a scale to 4.
func compareMeans(t *testing.T, of string, typed [][]string, result string) {
	t.Helper()
	var got struct {
		Units []struct {
			Responses struct{ Valid int }
			Indexes   map[string]struct {
				Aspects []struct {
					Code string
					N    int
					Mean *float64
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(result), &got); err != nil {
		t.Fatal(err)
	}
	if got.Units[0].Responses.Valid != typedRows {
		t.Fatalf("%s: %d responses", of, got.Units[0].Responses.Valid)
	}
	compared := 0
	for _, x := range got.Units[0].Indexes {
		for _, a := range x.Aspects {
			column := slices.Index(typed[0], map[bool]string{true: "waktu", false: a.Code}[of == "pasar" && a.Code == "a"])
			if column < 0 || strings.HasSuffix(of, "s6") {
				continue
			}
			sum, n := 0, 0
			for _, row := range typed[1:] {
				if v, ok := survey.ParseValue([]byte(row[column])); ok {
					sum, n = sum+v, n+1
				}
			}
			compared++
			if a.N != n || a.Mean == nil || math.Abs(*a.Mean-float64(sum)/float64(n)) > 1e-12 {
				t.Errorf("%s: the mean of %s is %v of %d, typed were %d in %d", of, a.Code, a.Mean, a.N, sum, n)
			}
		}
	}
	if compared == 0 && !strings.HasSuffix(of, "s6") {
		t.Errorf("%s: no mean was compared", of)
	}
}

func TestAFormNeedsAKnownEndingAndPeriod(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data, city := filepath.Join(dir, "data"), filepath.Join(dir, "kota.yaml")
	text, _ := formCity()
	write(t, city, text)
	must(t, "apply", "--data", data, city)
	out := filepath.Join(dir, "f.pdf")
	must(t, "form", "--data", data, "--period", "p7", "--unit", "satu", "--out", out)
	if raw, err := os.ReadFile(out); err != nil || !strings.HasPrefix(string(raw), "%PDF-") {
		t.Errorf("no PDF: %v", err)
	}
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--period", "p7", "--out", filepath.Join(dir, "f.docx")}, exitUsage, "--out"},
		{[]string{"--period", "px", "--out", out}, exitFailed, "--period"},
		{[]string{"--period", "p7", "--unit", "x", "--out", out}, exitFailed, "--unit"},
	} {
		if code, _, errs := call(t, append([]string{"form", "--data", data}, c.args...)...); code != c.code || !strings.Contains(errs, c.want) {
			t.Errorf("%q: exit code %d, %s", c.args, code, errs)
		}
	}
}

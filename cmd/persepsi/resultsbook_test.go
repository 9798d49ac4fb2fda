package main

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"persepsi/analytics"
	"persepsi/internal/testtools"
	"persepsi/survey"
)

// bookCity has a period for every way in which an index is computed, and an instrument that
// asks two questions for one aspect.
const bookCity = `
city: {name: "=Kota & Contoh"}
instruments:
  - code: pasar
    version: 1
    title: {id: Pasar, en: Market}
    questions:
      - {code: lantai, text: "Lantai?", options: &bersih [Kotor, Kurang, Bersih, Sangat]}
      - {code: toilet, text: "Toilet?", options: *bersih}
      - {code: sampah, text: "Sampah?", options: *bersih, required: false}
    respondent: [sex]
    indexes:
      - code: kebersihan
        name: {id: Kebersihan, en: Cleanliness}
        aspects:
          - {code: lantai, name: Lantai, questions: [lantai]}
          - {code: lain, name: Toilet dan sampah, questions: [toilet, sampah]}
agencies:
  - {code: a, name: "@Dinas", units: [{code: satu, name: "=1+1"}, {code: dua, name: Unit dua}]}
periods:
  - {code: bobot, name: Bobot cetak, from: 2021-01-01, to: 2021-12-31, instrument: skm-9, methods: {ikm: w0.111}}
  - {code: rentang, name: Rentang, from: 2022-01-01, to: 2022-12-31, instrument: spak-5-s6, methods: {ipak: linear}}
  - {code: bagi, name: Bagi, from: 2023-01-01, to: 2023-12-31, instrument: spkp-8-s6}
  - {code: pasar, name: Pasar, from: 2024-01-01, to: 2024-12-31, instrument: pasar}
  - {code: terpadu, name: Terpadu, from: 2025-01-01, to: 2025-12-31, instrument: terpadu-16, population: {satu: 703}}
`

func TestLibreOfficeComputesEveryFigureOfTheWorkbookAsJSONHasIt(t *testing.T) {
	t.Parallel()
	testtools.Office(t)
	dir := t.TempDir()
	data, city := filepath.Join(dir, "data"), filepath.Join(dir, "kota.yaml")
	write(t, city, bookCity)
	must(t, "apply", "--data", data, city)
	periods := []string{"bobot", "rentang", "bagi", "pasar", "terpadu"}
	books, figures := make([]string, len(periods)), make([]bookResults, len(periods))
	for i, period := range periods {
		for k, unit := range []string{"satu", "dua"} {
			answerAtRandom(t, data, dir, period, unit, uint64(10*i+k))
		}
		text, _ := must(t, "results", "--data", data, "--period", period)
		if err := json.Unmarshal([]byte(text), &figures[i]); err != nil {
			t.Fatal(err)
		}
		books[i] = filepath.Join(dir, period+".xlsx")
		must(t, "results", "--data", data, "--period", period, "--format", "xlsx", "--out", books[i])
	}
	compared := 0
	for i, f := range testtools.Recalculated(t, books...) {
		for _, u := range figures[i].Units {
			for code, x := range u.Indexes {
				if x != nil {
					compared += compareIndex(t, f, periods[i], u.UnitName, code, x)
				}
			}
		}
	}
	if compared < 150 {
		t.Errorf("only %d figures were compared", compared)
	}
}

type bookResults struct {
	Units []struct {
		UnitName string                      `json:"unit_name"`
		Indexes  map[string]*analytics.Index `json:"indexes"`
	} `json:"units"`
}

// answerAtRandom imports answers to the period's form, of which some are left out where
// they may be.
func answerAtRandom(t *testing.T, data, dir, period, unit string, seed uint64) {
	t.Helper()
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	asked, most := []string{"lantai", "toilet", "sampah"}, 4
	ref := map[string]string{"bobot": "skm-9", "rentang": "spak-5-s6", "bagi": "spkp-8-s6", "terpadu": "terpadu-16"}[period]
	if ref != "" {
		of, err := lib.Resolve(ref)
		if err != nil {
			t.Fatal(err)
		}
		form, err := lib.Form(of)
		if err != nil {
			t.Fatal(err)
		}
		asked = nil
		for _, q := range form.Questions {
			if q.Scored {
				asked, most = append(asked, q.Code), len(q.Options)
			}
		}
	}
	random := rand.New(rand.NewPCG(seed, 7))
	day := map[string]string{"bobot": "2021", "rentang": "2022", "bagi": "2023", "pasar": "2024", "terpadu": "2025"}[period] + "-03-02"
	lines := []string{"tanggal," + strings.Join(asked, ",")}
	for range 17 + random.IntN(20) {
		cells := make([]string, len(asked))
		for i, code := range asked {
			cells[i] = strconv.Itoa(1 + random.IntN(most))
			if code == "sampah" && random.IntN(3) == 0 {
				cells[i] = ""
			}
		}
		lines = append(lines, day+","+strings.Join(cells, ","))
	}
	file := filepath.Join(dir, period+unit+".csv")
	write(t, file, strings.Join(lines, "\n")+"\n")
	must(t, "import", "--data", data, file, "--period", period, "--unit", unit, "--reason", "uji coba")
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// compareIndex compares a unit's part of a processing table with the figures that JSON has,
// and the summary with it; it returns how many figures it compared.
func compareIndex(t *testing.T, f *excelize.File, period, unit, code string, x *analytics.Index) (compared int) {
	t.Helper()
	sheet := "Pengolahan " + strings.ToUpper(code)
	rows, err := f.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	where := 0
	for where < len(rows) && (len(rows[where]) == 0 || rows[where][0] != unit) {
		where++
	}
	cell := func(row, column int) string {
		if row < len(rows) && column < len(rows[row]) {
			return rows[row][column]
		}
		return ""
	}
	same := func(row, column int, want float64) {
		t.Helper()
		compared++
		got, err := strconv.ParseFloat(cell(row, column), 64)
		if err != nil || math.Abs(got-want) > 1e-12*max(1, math.Abs(want)) || analytics.ShownFloat(got, 2) != analytics.ShownFloat(want, 2) {
			t.Errorf("%s, %s, %s: row %d, column %d is %q, JSON has %v", period, sheet, unit, row+1, column+1, cell(row, column), want)
		}
	}
	row := where + 1
	for _, a := range x.Aspects {
		same(row, 2, float64(a.Sum))
		same(row, 3, float64(a.N))
		same(row, 4, *a.Mean)
		same(row, 6, *a.Weighted)
		same(row, 7, *a.Value100)
		if cell(row, 8) != a.Mutu {
			t.Errorf("%s, %s: %s is graded %q, JSON has %s", period, unit, a.Code, cell(row, 8), a.Mutu)
		}
		for row++; strings.Contains(cell(row, 0), "."); row++ { // its questions
		}
	}
	same(row, 6, x.Mean)
	if code == analytics.IKM {
		same(row, 7, x.Value)
	}
	if cell(row, 8) != x.Mutu {
		t.Errorf("%s, %s: %s is graded %q, JSON has %s", period, unit, code, cell(row, 8), x.Mutu)
	}
	if rows, err = f.GetRows("Ringkasan"); err != nil {
		t.Fatal(err)
	}
	for row := 3; row < len(rows); row++ {
		for column, head := range rows[2] {
			if head == strings.ToUpper(code) && cell(row, 2) == unit {
				same(row, column, x.Value)
			}
		}
	}
	return compared
}

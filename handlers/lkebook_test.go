package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

func TestTheLKEWorkbookIsOfTheUnitsThatSomebodyMaySee(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	const path = "/lke.xlsx?period=2026-s1"
	if r := k.Get(path); !toDoor(r, path) {
		t.Errorf("without a session: %d", r.StatusCode)
	}
	of := func(r *testkit.Reply) string {
		t.Helper()
		if r.StatusCode != http.StatusOK || r.Header.Get("Cache-Control") != "no-store" || !strings.Contains(r.Header.Get("Content-Disposition"), "lke-2026-s1.xlsx") {
			t.Fatalf("%d, %v", r.StatusCode, r.Header)
		}
		f, err := excelize.OpenReader(strings.NewReader(r.Text))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		return strings.Join(f.GetSheetList(), " ")
	}
	all := of(visit(k, http.MethodGet, path, k.SignIn(access.Evaluator, "")))
	own := of(visit(k, http.MethodGet, path, k.SignIn(access.Evaluator, "dukcapil")))
	if !strings.HasPrefix(all, "Rekap dukcapil-loket") || !strings.HasPrefix(own, "Rekap dukcapil-loket") || len(own) >= len(all) {
		t.Errorf("the city's evaluator sees %q, an agency's %q", all, own)
	}
	if r := visit(k, http.MethodGet, "/lke.xlsx?period=nichts", k.SignIn(access.Evaluator)); r.StatusCode != http.StatusNotFound {
		t.Errorf("a period that there isn't: %d", r.StatusCode)
	}
}

func TestTheWorkbookLinksTheEvidenceOfItsUnits(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	manager := k.SignIn(access.Manager, "dinkes")
	for _, form := range [][]string{{"SK.pdf", plainPDF, "row", "pengungkit.sdm", "title", "=SK Tim"}, {"", "", "row", "I.b", "title", "Kinerja", "link", "https://kota.example/?a=1&b=2"}} {
		if r := show(t, k, manager, form[0], form[1], form[2:]...); r.StatusCode != http.StatusSeeOther {
			t.Fatal(r.StatusCode)
		}
	}
	f, err := excelize.OpenReader(strings.NewReader(visit(k, http.MethodGet, "/lke.xlsx?period=2026-s1", k.SignIn(access.Viewer, "")).Text))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for cell, want := range map[string][2]string{
		"O10": {"=SK Tim", "https://survei.kota.go.id/lke/pkm/eviden?period=2026-s1#eviden-1"}, "O17": {"Kinerja", "https://kota.example/?a=1&b=2"}, "O8": {"", ""},
	} {
		text, _ := f.GetCellValue("pkm", cell)
		_, to, _ := f.GetCellHyperLink("pkm", cell)
		if text != want[0] || to != want[1] {
			t.Errorf("%s is %q and leads to %q, want %q", cell, text, to, want)
		}
	}
	if text, _ := f.GetCellValue("dukcapil-loket", "O10"); text != "" {
		t.Errorf("another unit shows %q", text)
	}
}

func TestTheWorkbookOfResultsIsOfTheFiguresThatSomebodyMaySee(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("not in a short run: makes workbooks of a demonstration")
	}
	k := newDemo(t)
	const path = "/hasil.xlsx?period=2026-s1"
	if r := k.Get(path); !toDoor(r, path) {
		t.Errorf("without a session: %d", r.StatusCode)
	}
	read := func(session *http.Cookie) *excelize.File {
		t.Helper()
		r := visit(k, http.MethodGet, path, session)
		if r.StatusCode != http.StatusOK || r.Header.Get("Cache-Control") != "no-store" || !strings.Contains(r.Header.Get("Content-Disposition"), "hasil-2026-s1.xlsx") {
			t.Fatalf("%d, %v", r.StatusCode, r.Header)
		}
		f, err := excelize.OpenReader(strings.NewReader(r.Text))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = f.Close() }) // it is in memory
		return f
	}
	// sums counts the numbers beneath the headings of sums of scores.
	sums := func(f *excelize.File) int {
		n := 0
		for _, sheet := range f.GetSheetList() {
			rows, err := f.GetRows(sheet)
			if err != nil {
				t.Fatal(err)
			}
			column := -1
			for _, row := range rows {
				if at := slices.Index(row, "Jumlah nilai"); at >= 0 {
					column = at
				} else if column >= 0 && column < len(row) && strings.Trim(row[column], "0123456789") == "" && row[column] != "" {
					n++
				}
			}
		}
		return n
	}
	all, own := read(k.SignIn(access.Evaluator)), read(k.SignIn(access.Manager, "dukcapil"))
	if sums(all) == 0 || sums(own) != 0 {
		t.Errorf("sums: the evaluator has %d, a manager %d", sums(all), sums(own))
	}
	units := func(f *excelize.File) int {
		rows, err := f.GetRows(f.GetSheetList()[0])
		if err != nil {
			t.Fatal(err)
		}
		return len(rows)
	}
	if units(own) >= units(all) {
		t.Errorf("a manager's summary has %d rows, the city's evaluator's %d", units(own), units(all))
	}
}

// A file is saved under its own name, as what it is, and kept by nobody.
func TestFilesOfEvaluatorsAreSentAsWhatTheyAre(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	evaluator := k.SignIn(access.Evaluator, "")
	const book, table = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "text/csv; charset=utf-8"
	for path, want := range map[string][2]string{
		"/lke.xlsx":          {book, "lke-2026-s1.xlsx"},
		"/hasil.xlsx":        {book, "hasil-2026-s1.xlsx"},
		"/lke.csv":           {table, "lke-2026-s1.csv"},
		"/lke/kesiapan.csv":  {table, "kesiapan-wbk-2026-s1.csv"},
		"/lke/kesiapan.xlsx": {book, "kesiapan-wbk-2026-s1.xlsx"},
	} {
		h := visit(k, http.MethodGet, path+"?period=2026-s1", evaluator).Header
		if h.Get("Content-Type") != want[0] || h.Get("Content-Disposition") != "attachment; filename="+want[1] || h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", path, h)
		}
	}
}

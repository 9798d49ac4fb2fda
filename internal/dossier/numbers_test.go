package dossier_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"persepsi/internal/access"
	"persepsi/internal/testtools"
)

// results are what is compared of results.
type results struct {
	Units []struct {
		Indexes map[string]*struct {
			Value, Mean float64
			Mutu        string
			Aspects     []struct {
				Sum, N                   int64
				Mean, Weighted, Value100 *float64
			}
		}
	}
}

// unitOf returns the only unit of results, without what tells how they came about.
func unitOf(t *testing.T, text []byte) map[string]any {
	t.Helper()
	var all struct{ Units []map[string]any }
	if err := json.Unmarshal(text, &all); err != nil || len(all.Units) != 1 {
		t.Fatalf("%v: %s", err, text)
	}
	indexes, _ := all.Units[0]["indexes"].(map[string]any)
	for _, x := range indexes {
		delete(x.(map[string]any), "explanation") //nolint:forcetypeassert // the contract's shape
	}
	return all.Units[0]
}

// The results of a package are those of the API, and its workbook, which LibreOffice
// recalculates, comes to them by its own formulas.
func TestEveryNumberOfAPackageIsThatOfTheAPI(t *testing.T) {
	t.Parallel()
	w := months(t, always(3))
	check := func(role access.Role) *readBack {
		p := w.made(w.maker(), ask(role))
		api := w.GetAs(w.Key(role, map[access.Role]string{access.Manager: "dukcapil"}[role]), "/api/v1/results?period=2026-s1&unit=dukcapil-loket")
		got, want := unitOf(t, p.files["09-hasil.json"]), unitOf(t, []byte(api.Text))
		for _, lke := range []map[string]any{got, want} { // who reads by a key of a manager
			delete(lke, "as_of")
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: the API and the package differ:\n%s", role, diff)
		}
		return p
	}
	running := check(access.Manager)
	check(access.Evaluator)
	testtools.Office(t)
	w.close()
	final, managers := check(access.Evaluator), check(access.Manager)
	var files []string
	dossiers := []*readBack{running, final, managers}
	for i, p := range dossiers {
		files = append(files, filepath.Join(t.TempDir(), strconv.Itoa(i)+".xlsx"))
		w.check(os.WriteFile(files[i], p.files["08-tabel-olahan.xlsx"], 0o600))
	}
	for i, book := range testtools.Recalculated(t, files...) {
		compare(t, book, dossiers[i].files["09-hasil.json"], dossiers[i] == final)
	}
}

// compare compares the processing tables with results.
func compare(t *testing.T, book *excelize.File, text []byte, sums bool) {
	t.Helper()
	var r results
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	same := func(what, cell string, want float64) {
		if got, err := strconv.ParseFloat(cell, 64); err != nil || math.Abs(got-want) > 1e-12*max(1, math.Abs(want)) {
			t.Errorf("%s: the workbook has %q, the results %v", what, cell, want)
		}
	}
	for code, x := range r.Units[0].Indexes {
		rows, err := book.GetRows("Pengolahan " + strings.ToUpper(code))
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, row := range rows {
			if len(row) < 9 {
				continue
			}
			if n, err := strconv.Atoi(strings.TrimPrefix(row[0], "U")); err == nil && strings.HasPrefix(row[0], "U") {
				a := x.Aspects[n-1]
				found++
				if sums {
					same(code+row[0]+" sum", row[2], float64(a.Sum))
				} else if row[2] != "" {
					t.Errorf("%s %s: there is a sum: %q", code, row[0], row[2])
				}
				same(code+row[0]+" n", row[3], float64(a.N))
				same(code+row[0]+" mean", row[4], *a.Mean)
				same(code+row[0]+" weighted", row[6], *a.Weighted)
				same(code+row[0]+" 100", row[7], *a.Value100)
			}
			if strings.Contains(row[1], strings.ToUpper(code)) && row[0] == "" {
				same(code, row[6], x.Mean)
				if row[8] != x.Mutu {
					t.Errorf("%s: the workbook grades %s, the results %s", code, row[8], x.Mutu)
				}
				found++
			}
		}
		if found != len(x.Aspects)+1 {
			t.Errorf("%s: %d rows of %d were found", code, found, len(x.Aspects)+1)
		}
	}
}

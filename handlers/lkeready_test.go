package handlers_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

const (
	readyPage  = "/lke/kesiapan?period=2026-s1&lang=id"
	readyTable = "/lke/kesiapan.csv?period=2026-s1&lang=id"
)

// readyRows reads the table of readiness: cells by unit and head.
func readyRows(t *testing.T, r *testkit.Reply) map[string]map[string]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(r.Text)).ReadAll()
	if err != nil || r.StatusCode != http.StatusOK || r.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("status %d: %v", r.StatusCode, err)
	}
	out := map[string]map[string]string{}
	for _, row := range rows[1:] {
		cells := map[string]string{}
		for i, head := range rows[0] {
			cells[head] = row[i]
		}
		out[cells["unit"]] = cells
	}
	return out
}

func TestTheReadinessOfUnitsHasTheFiguresOfTheAPI(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for range 3 {
		k.PostJSON(responsesPath, k.Response(nil))
	}
	k.Refresh()
	table := readyRows(t, visit(k, http.MethodGet, readyTable, k.SignIn(access.Evaluator)))["dukcapil-loket"]
	var api struct {
		Units []struct {
			Unit string
			LKE  struct {
				WBK struct {
					Tests []struct {
						Row              string
						Points, Distance *float64
					}
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(k.GetAs(k.Key(access.Evaluator, ""), "/api/v1/results?period=2026-s1&unit=dukcapil-loket").Text), &api); err != nil || len(api.Units) != 1 {
		t.Fatalf("%d units: %v", len(api.Units), err)
	}
	compared := 0
	for _, test := range api.Units[0].LKE.WBK.Tests {
		if test.Points == nil || strings.HasPrefix(test.Row, "pengungkit.") {
			continue
		}
		compared++
		for head, want := range map[string]float64{test.Row: *test.Points, test.Row + "_distance": *test.Distance} {
			if got := table[head]; got != strconv.FormatFloat(want, 'f', -1, 64) {
				t.Errorf("%s: %s, the API has %v", head, got, want)
			}
		}
	}
	if compared < 2 || table["state"] != "may" {
		t.Errorf("%d rows compared, state %s", compared, table["state"])
	}
	// Three answers are withheld from managers.
	if row := readyRows(t, visit(k, http.MethodGet, readyTable, k.SignIn(access.Manager, "dukcapil")))["dukcapil-loket"]; row["state"] != "untold" || row["ipak"] != "" || row["I.a"] != "" {
		t.Errorf("a manager is told: %v", row)
	}
	book := visit(k, http.MethodGet, strings.Replace(readyTable, ".csv", ".xlsx", 1), k.SignIn(access.Evaluator))
	f, err := excelize.OpenReader(strings.NewReader(book.Text))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := f.GetSheetList(); len(got) != 1 || got[0] != "WBK" {
		t.Errorf("sheets %v", got)
	}
}

func TestReadinessIsChosenByItsAddress(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	evaluator := k.SignIn(access.Evaluator)
	units := func(query string) (out []string) {
		doc := visit(k, http.MethodGet, readyPage+query, evaluator).HTML()
		for _, n := range doc.Find(".readylist li").Nodes {
			for _, a := range n.Attr {
				if a.Key == "data-unit" {
					out = append(out, a.Val)
				}
			}
		}
		return out
	}
	all := units("")
	if len(all) < 2 || len(units("&keadaan=unbekannt")) != len(all) {
		t.Fatalf("units %v", all)
	}
	if got := units("&opd=dukcapil"); len(got) == 0 || len(got) == len(all) {
		t.Errorf("of an agency: %v", got)
	}
	if got := units("&keadaan=certain"); len(got) != 0 {
		t.Errorf("certain without an answer: %v", got)
	}
	if got := units("&q=tidak+ada+di+sini"); len(got) != 0 {
		t.Errorf("found: %v", got)
	}
	form := visit(k, http.MethodGet, readyPage+"&keadaan=may&predikat=wbbm&q=a%22%3E", evaluator).HTML().Find(".readyform")
	for name, want := range map[string]string{"keadaan": "may", "predikat": "wbbm", "q": `a">`, "period": "2026-s1"} {
		if got, _ := form.Find("[name=" + name + "]").Attr("value"); got != want {
			t.Errorf("the form has %s = %q, want %q", name, got, want)
		}
	}
}

func TestWhoIsBoundToAnAgencySeesItsReadinessAlone(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	bound := k.SignIn(access.Evaluator, "dukcapil")
	for _, query := range []string{"", "&opd=dinkes", "&bagian=dinkes"} {
		for unit, row := range readyRows(t, visit(k, http.MethodGet, readyTable+query, bound)) {
			if row["agency"] != "dukcapil" {
				t.Errorf("%q shows %s of %s", query, unit, row["agency"])
			}
		}
	}
	flat := visit(k, http.MethodGet, "/lke.csv?period=2026-s1", bound)
	if lines := strings.Count(strings.TrimSpace(flat.Text), "\n"); flat.StatusCode != http.StatusOK || lines != len(readyRows(t, visit(k, http.MethodGet, readyTable, bound))) {
		t.Errorf("the flat table: %d, %d units", flat.StatusCode, lines)
	}
	for _, path := range []string{readyPage, readyTable, "/lke.csv?period=2026-s1"} {
		if r := k.Get(path); !toDoor(r, path) {
			t.Errorf("%s without a session: %d", path, r.StatusCode)
		}
	}
	if r := visit(k, http.MethodGet, "/lke/kesiapan.csv?period=nichts", bound); r.StatusCode != http.StatusNotFound {
		t.Errorf("a period that there isn't: %d", r.StatusCode)
	}
}

package handlers_test

import (
	"net/http"
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

package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"persepsi/internal/access"
)

// From what two final releases tell of it one could tell whose answers belong together: so it
// is for evaluators, of closed periods, and on no page that others share.
func TestHowAspectsGoTogetherIsForEvaluatorsInClosedPeriods(t *testing.T) {
	t.Parallel()
	k := demoBeforeComments(t)
	const path = "/meja/unit/dukcapil-loket/kaitan"
	evaluator := k.SignIn(access.Evaluator)
	closed := visit(k, http.MethodGet, path+"?period=2025-s2", evaluator)
	doc := closed.HTML()
	rows := doc.Find("#kaitan-ikm details tbody tr")
	if closed.StatusCode != http.StatusOK || rows.Length() != 9 || doc.Find("#kaitan-ipkp tbody tr").Length() != 8 || doc.Find("#kaitan-ipak tbody tr").Length() != 5 {
		t.Fatalf("%d, %d unsur", closed.StatusCode, rows.Length())
	}
	if got := words(doc.Find("main")); !strings.Contains(got, "Kaitan bukan bukti sebab") {
		t.Error("nothing says that it is no proof of a cause")
	}
	// Its scores are those of the unit's page.
	scores := map[string]string{}
	for _, row := range tableOf(visit(k, http.MethodGet, unitPage+"?period=2025-s2", evaluator), "#unsur-ikm") {
		scores[row[0]] = row[1]
	}
	for _, row := range tableOf(closed, "#kaitan-ikm") {
		_, name, _ := strings.Cut(row[0], ". ")
		if scores[name] == "" || scores[name] != row[1] {
			t.Errorf("%s: %s, and %s on the unit's page", name, row[1], scores[name])
		}
	}
	running := visit(k, http.MethodGet, path, evaluator)
	if running.StatusCode != http.StatusOK || running.HTML().Find("figure.chart").Length() > 0 || !strings.Contains(running.Text, "Kaitan tampil setelah periode ditutup") {
		t.Error("a running period tells of it")
	}
	for role, on := range map[access.Role]string{access.Manager: "dukcapil", access.Officer: "dukcapil", access.Admin: "", access.Viewer: ""} {
		cookie := k.SignIn(role)
		if on != "" {
			cookie = k.SignIn(role, on)
		}
		if r := visit(k, http.MethodGet, path+"?period=2025-s2", cookie); r.StatusCode != http.StatusForbidden || strings.Contains(r.Text, "kaitan-ikm") {
			t.Errorf("%v: %d", role, r.StatusCode)
		}
		sheet := visit(k, http.MethodGet, "/lke/dukcapil-loket?period=2025-s2", cookie)
		if sheet.StatusCode != http.StatusOK || strings.Contains(sheet.Text, path) {
			t.Errorf("%v: the sheet, %d, leads there", role, sheet.StatusCode)
		}
	}
	if got := visit(k, http.MethodGet, "/lke/dukcapil-loket?period=2025-s2", evaluator); !strings.Contains(got.Text, path+"?period=2025-s2") {
		t.Error("an evaluator's sheet does not lead there")
	}
	if r := visit(k, http.MethodGet, "/meja/unit/pkm/kaitan", k.SignIn(access.Evaluator, "dukcapil")); r.StatusCode != http.StatusNotFound && r.StatusCode != http.StatusForbidden {
		t.Errorf("another agency's: %d", r.StatusCode)
	}
}

func TestFewerThanAHundredPeopleHaveNoRelations(t *testing.T) {
	t.Parallel()
	k := groupCity(t)
	r := visit(k, http.MethodGet, "/meja/unit/dukcapil-loket/kaitan?period=2025-s2", k.SignIn(access.Evaluator))
	if r.StatusCode != http.StatusOK || r.HTML().Find("figure.chart").Length() > 0 || !strings.Contains(r.Text, "Kaitan dihitung mulai 100 orang") {
		t.Errorf("%d", r.StatusCode)
	}
}

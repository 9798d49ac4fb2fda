package handlers_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"persepsi/analytics"
	"persepsi/internal/access"
	"persepsi/internal/lke"
	"persepsi/internal/testkit"
	"persepsi/survey"
)

// Before a city's first period begins its pages say that there is none, and a period that there
// is not is told as such by each of them.
func TestEvaluatorsAreToldThatThereIsNoPeriod(t *testing.T) {
	t.Parallel()
	before, after, _ := strings.Cut(unitsInARow(2), "2026-01-01")
	k := testkit.New(t, before+"2026-05-01"+after)
	c := k.SignIn(access.Evaluator)
	for path, says := range map[string]string{"/lke?lang=id": "Belum ada periode survei.", "/lke/kesiapan?lang=id": "Belum ada periode survei."} {
		r := visit(k, http.MethodGet, path, c)
		if got := text(r.HTML().Find("main .alert")); r.StatusCode != http.StatusOK || got != says {
			t.Errorf("%s: %d, %q", path, r.StatusCode, got)
		}
	}
	for _, path := range []string{"/lke/unit-1", "/lke/unit-1/eviden", "/lke/kesiapan.csv", "/lke/kesiapan.xlsx", "/lke.csv"} {
		if r := visit(k, http.MethodGet, path, c); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
	k = testkit.New(t, testkit.City)
	c = k.SignIn(access.Evaluator)
	for _, path := range []string{"/lke", "/lke.csv", "/lke.xlsx", "/lke/kesiapan", "/lke/kesiapan.csv", "/lke/kesiapan.xlsx", "/lke/pkm", "/lke/pkm/eviden"} {
		if r := visit(k, http.MethodGet, path+"?period=tidak-ada", c); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s of a period that there is not: %d", path, r.StatusCode)
		}
	}
}

// A period is there from its first day on, and without a choice the newest is shown that is over.
func TestAUnitsSheetIsThereFromThePeriodsFirstDay(t *testing.T) {
	t.Parallel()
	before, after, _ := strings.Cut(unitsInARow(1), "2026-01-01")
	k := testkit.New(t, before+"2026-03-02"+after)
	if r := visit(k, http.MethodGet, "/lke/unit-1", k.SignIn(access.Evaluator)); r.StatusCode != http.StatusOK {
		t.Errorf("on the first day: %d", r.StatusCode)
	}
	k = testkit.New(t, testkit.City)
	r := visit(k, http.MethodGet, "/lke/pkm?lang=id", k.SignIn(access.Evaluator))
	if others := r.HTML().Find("nav.periods a:contains('Semester')"); r.StatusCode != http.StatusOK || !strings.Contains(text(r.HTML().Find("main")), "Semester II 2025") || text(others) != "Semester I 2026" {
		t.Errorf("without a choice: %d, beside others: %q", r.StatusCode, text(others))
	}
}

// unreadEntries is a store whose entries cannot be read.
type unreadEntries struct{ lke.Store }

func (unreadEntries) EvaluationHistory(context.Context, string, string) ([]analytics.Evaluation, error) {
	return nil, survey.Errorf(survey.Unavailable, "away")
}

func TestASheetWhoseEntriesCannotBeReadIsNotShownWithoutThem(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City, func(d *testkit.Deps) { d.Evaluations = unreadEntries{d.Evaluations} })
	if r := visit(k, http.MethodGet, unitSheet, k.SignIn(access.Evaluator)); r.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("%d", r.StatusCode)
	}
}

// panicking is a store that stops the program, but for who catches it.
type panicking struct{ lke.Store }

func (panicking) EvaluationHistory(context.Context, string, string) ([]analytics.Evaluation, error) {
	panic("an index out of range")
}

func TestAPanicIsAnErrorOfOneRequest(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City, func(d *testkit.Deps) { d.Evaluations = panicking{d.Evaluations} })
	c := k.SignIn(access.Evaluator)
	r := visit(k, http.MethodGet, unitSheet, c)
	if r.StatusCode != http.StatusInternalServerError || r.HTML().Find("main").Length() != 1 || strings.Contains(r.Text, "out of range") {
		t.Errorf("%d: %s", r.StatusCode, text(r.HTML().Find("main")))
	}
	if log := k.Log.String(); !strings.Contains(log, "a handler panicked") || !strings.Contains(log, "an index out of range") || !strings.Contains(log, "lkeedges_test.go") {
		t.Errorf("the log does not tell of it, what it was and where: %s", log)
	}
	if r := visit(k, http.MethodGet, "/lke", c); r.StatusCode != http.StatusOK {
		t.Errorf("the next request: %d", r.StatusCode)
	}
}

// Who added an entry and may only look since is offered no way to withdraw it.
func TestWhoMayOnlyLookNowWithdrawsNothingOfTheirOwn(t *testing.T) {
	t.Parallel()
	k, wait := timed(t)
	p, c := k.Granted(access.Grant{Role: access.Manager, Scope: access.Agency("dinkes")})
	if r := show(t, k, c, "", "", "row", "follow_up", "title", "Kursi baru", "link", "https://kota.example/kursi"); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d: %s", r.StatusCode, alerts(r))
	}
	forms := func() int { return visit(k, http.MethodGet, proofs, c).HTML().Find("form[action*='/tarik']").Length() }
	if n := forms(); n != 1 {
		t.Errorf("%d ways to withdraw it", n)
	}
	p.Grants, p.Version = []access.Grant{{Role: access.Viewer, Scope: access.City()}}, p.Version+1
	if err := k.Store.RecordPerson(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	wait(time.Second)
	if n := forms(); n != 0 {
		t.Errorf("who may only look is offered %d ways to withdraw it", n)
	}
}

// The first unit of a sheet has none before it, the last none after it; who goes on from the
// last that lacks something is told that nothing is left.
func TestTheEndsOfASheetLeadNowhere(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, unitsInARow(3))
	c := k.SignIn(access.Evaluator)
	ways := func(unit string) (before, after string) {
		doc := visit(k, http.MethodGet, "/lke/"+unit+"?period=2026-s1", c).HTML()
		to := func(rel string) string {
			href, _, _ := strings.Cut(doc.Find("a[rel="+rel+"]").AttrOr("href", ""), "?")
			return strings.TrimPrefix(href, "/lke/")
		}
		return to("prev"), to("next")
	}
	for unit, want := range map[string][2]string{"unit-1": {"", "unit-2"}, "unit-2": {"unit-1", "unit-3"}, "unit-3": {"unit-2", ""}} {
		if before, after := ways(unit); before != want[0] || after != want[1] {
			t.Errorf("beside %s are %q and %q, want %q", unit, before, after, want)
		}
	}
}

// What evaluators fill in has a script, what others read has none; rows that lack only what their
// own parts lack are not named.
func TestASheetHasAScriptForWhoFillsItInAndNamesWhatItLacks(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, unitsInARow(1))
	c := k.SignIn(access.Evaluator)
	for role, scripted := range map[access.Role]bool{access.Evaluator: true, access.Viewer: false} {
		r := visit(k, http.MethodGet, "/lke/unit-1?period=2026-s1", k.SignIn(role))
		if got := strings.Contains(r.Header.Get("Content-Security-Policy"), "script-src"); got != scripted {
			t.Errorf("%s: scripts may run: %v", role, got)
		}
	}
	if got := text(visit(k, http.MethodGet, "/lke?period=2026-s1&lang=id", c).HTML().Find("td.lacks").First()); got != "Pengungkit, I.a Persepsi anti korupsi, I.b Capaian kinerja, Hasil II" {
		t.Errorf("the first unit lacks %q", got)
	}
}

// What is searched for is used up to sixty characters, without the spaces around it.
func TestReadinessIsSearchedByTheBeginningOfALongText(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	c := k.SignIn(access.Evaluator)
	for typed, want := range map[string]string{
		"++Melati+": "Melati", strings.Repeat("a", 60): strings.Repeat("a", 60), strings.Repeat("%C3%A9", 61): strings.Repeat("é", 60), "a%FFb": "ab",
	} {
		doc := visit(k, http.MethodGet, readyPage+"&q="+typed, c).HTML()
		if got := doc.Find(".readyform [name=q]").AttrOr("value", ""); got != want {
			t.Errorf("%s is searched as %q", typed, got)
		}
		if found := doc.Find(".readylist li[data-unit]").Length(); (found == 1) != (want == "Melati") || found > 1 {
			t.Errorf("%s finds %d units", typed, found)
		}
	}
	// An agency that is not there chooses nothing.
	if n := visit(k, http.MethodGet, readyPage+"&opd=tidak-ada", c).HTML().Find(".readylist li[data-unit]").Length(); n != 2 {
		t.Errorf("of an agency that there is not %d units are shown, want all", n)
	}
}

// A total is asked for where one stands or was sent, also where it was emptied and something
// else is wrong.
func TestTheFieldOfATotalStaysWhileAFormIsPutRight(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	c := k.SignIn(access.Evaluator)
	total := func(r *testkit.Reply) *goquery.Selection { return r.HTML().Find("form.entries [name=pengungkit]") }
	page := visit(k, http.MethodGet, unitSheet, c)
	if total(page).Length() != 0 {
		t.Error("a total is asked for where there is none")
	}
	r := submit(k, unitSheet, filledIn(page, append(whole(), "pengungkit", "enam")...), c)
	if in, said := total(r), text(r.HTML().Find(".fault")); r.StatusCode != http.StatusUnprocessableEntity || in.AttrOr("value", "") != "enam" || in.AttrOr("aria-invalid", "") != "true" || !strings.Contains(said, " 0 sampai 60;") {
		t.Errorf("a wrong total that was sent: %d, %s", r.StatusCode, said)
	}
	k.PutJSON(k.Key(access.Evaluator, ""), "/api/v1/zi/indicators", `{"period":"2026-s1","unit":"dukcapil-loket","pengungkit":47.875,"version":0,"who":"TPI","why":"berita acara 12"}`)
	page = visit(k, http.MethodGet, unitSheet, c)
	if got := text(page.HTML().Find(".entrysteps")); !strings.Contains(got, "Pengungkit: kosong → 47,875") {
		t.Errorf("its history tells %q", got)
	}
	r = submit(k, unitSheet, filledIn(page, "pengungkit", "", "why", ""), c)
	if in := total(r); r.StatusCode != http.StatusUnprocessableEntity || in.Length() != 1 || in.AttrOr("value", "") != "" {
		t.Errorf("an emptied total beside another fault: %d, %d fields", r.StatusCode, in.Length())
	}
	if r := submit(k, unitSheet, filledIn(page, "version", "dua", "why", "uji coba"), c); r.StatusCode != http.StatusBadRequest {
		t.Errorf("a version that is no number: %d", r.StatusCode)
	}
}

// The page of evidence tells what was recorded, how many files there are and how large they are
// together: those of withdrawn entries are kept for a while, and count.
func TestThePageOfEvidenceCountsItsFiles(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	c := k.SignIn(access.Evaluator)
	large := "%PDF-1.7\n" + strings.Repeat("x", 3000) + "\n%%EOF\n"
	for _, form := range [][]string{
		{"SK.pdf", large, "row", "pengungkit.sdm", "title", "SK Tim"},
		{"Lain.pdf", strings.Replace(large, "x", "y", 1), "row", "pengungkit.sdm", "title", "SK lain"},
		{"", "", "row", "follow_up", "title", "Kursi baru", "link", "https://kota.example/kursi"},
	} {
		if r := show(t, k, c, form[0], form[1], form[2:]...); r.StatusCode != http.StatusSeeOther {
			t.Fatalf("%d: %s", r.StatusCode, alerts(r))
		}
	}
	if r := takeBack(k, c, 2, "salah unit"); r.StatusCode != http.StatusSeeOther {
		t.Fatal(r.StatusCode)
	}
	for address, done := range map[string]string{proofs: "", proofs + "&berubah=3": "Tercatat: bukti nomor 3.", proofs + "&berubah=x": ""} {
		doc := visit(k, http.MethodGet, address, c).HTML()
		if got := text(doc.Find(".saved")); got != done {
			t.Errorf("%s tells %q", address, got)
		}
		if got := doc.Find("title").Text(); !strings.HasPrefix(got, "Puskesmas Melati – ") {
			t.Errorf("%s is headed %q", address, got)
		}
		if got := text(doc.Find("main")); !strings.Contains(got, " 2 berkas, 6 kB.") || !strings.Contains(got, " 3 kB · SHA-256") {
			t.Errorf("%s tells of other files: %s", address, got)
		}
	}
}

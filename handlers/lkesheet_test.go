package handlers_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"persepsi/analytics"
	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/internal/lke"
	"persepsi/internal/testkit"
	"persepsi/survey"
)

func titleOf(r *testkit.Reply) string { return text(r.HTML().Find("title")) }

// A unit's sheet is of that unit alone, and leads whoever takes evidence to its package.
func TestAUnitsSheetIsOfThatUnit(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	c := k.SignIn(access.Evaluator, "")
	const pkm = "/lke/pkm?period=2026-s1&lang=id"
	submit(k, pkm, filledIn(visit(k, http.MethodGet, pkm, c), whole()...), c)
	for path, want := range map[string]struct{ name, row string }{
		pkm:       {"Puskesmas Melati", "I.b Capaian kinerja 3,7500 ✓"},
		unitSheet: {"Unit Pelayanan", "I.b Capaian kinerja … belum ada"},
	} {
		r := visit(k, http.MethodGet, path, c)
		if got := titleOf(r); !strings.HasPrefix(got, want.name+" – Lembar kerja evaluasi") {
			t.Errorf("%s has the title %q", path, got)
		}
		if got := text(r.HTML().Find(".standing [data-level=wbk] [data-row='I.b']")); !strings.HasPrefix(got, want.row) {
			t.Errorf("%s: %q, want %q", path, got, want.row)
		}
	}
	for role, want := range map[access.Role]int{access.Manager: 1, access.Evaluator: 1, access.Viewer: 0} {
		if n := visit(k, http.MethodGet, unitSheet, k.SignIn(role)).HTML().Find("a[href*='/bukti.zip'], a[href*='/paket']").Length(); n != want {
			t.Errorf("%s is led to %d packages, want %d", role, n, want)
		}
	}
}

// An evaluator goes on to units that lack what evaluators enter, never to the one they are at;
// who only reads goes from neighbour to neighbour.
func TestTheWayOnLeadsToOtherUnitsThatLackAnEntry(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, unitsInARow(4))
	c := k.SignIn(access.Evaluator, "")
	page := func(unit string) string { return "/lke/" + unit + "?period=2026-s1&lang=id" }
	fill := func(unit string, other ...string) {
		t.Helper()
		if r := submit(k, page(unit), filledIn(visit(k, http.MethodGet, page(unit), c), append(whole(), other...)...), c); r.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s: %d", unit, r.StatusCode)
		}
	}
	leads := func(unit, want string) {
		t.Helper()
		if got := text(visit(k, http.MethodGet, page(unit), c).HTML().Find("a[href$='#capaian_kinerja']")); got != want {
			t.Errorf("%s leads on to %q, want %q", unit, got, want)
		}
	}
	fill("unit-1")
	fill("unit-2", "capaian_kinerja", "")
	fill("unit-3", "pengungkit.sdm", "")
	leads("unit-1", "Berikutnya yang belum terisi: Unit 2 (masih 3 unit)")
	leads("unit-2", "Berikutnya yang belum terisi: Unit 3 (masih 2 unit)")
	leads("unit-4", "Berikutnya yang belum terisi: Unit 2 (masih 2 unit)")
	fill("unit-2")
	fill("unit-3")
	leads("unit-1", "Berikutnya yang belum terisi: Unit 4 (masih 1 unit)")
	leads("unit-4", "")
	// A total without its areas leaves them to be filled in.
	k.PutJSON(k.Key(access.Evaluator, ""), "/api/v1/zi/indicators", `{"period":"2026-s1","unit":"unit-4","capaian_kinerja":"B","pengungkit":47.875,"version":0,"who":"TPI","why":"berita acara 12"}`)
	leads("unit-1", "Berikutnya yang belum terisi: Unit 4 (masih 1 unit)")
	if got := text(visit(k, http.MethodGet, "/lke?period=2026-s1&lang=id", c).HTML().Find("td.lacks").First()); got != "I.a Persepsi anti korupsi, Hasil II" {
		t.Errorf("where all is entered the first unit lacks %q", got)
	}
	viewer := k.SignIn(access.Viewer)
	if doc := visit(k, http.MethodGet, page("unit-2"), viewer).HTML(); doc.Find("a[rel=prev][href^='/lke/unit-1?']").Length() != 1 || doc.Find("a[rel=next][href^='/lke/unit-3?']").Length() != 1 {
		t.Error("who only reads has no neighbours")
	}
}

// What comes back says first what is wrong: also in the title, which is what is read aloud.
func TestAFormThatComesBackSaysSoFirst(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	one, other := k.SignIn(access.Evaluator, ""), k.SignIn(access.Admin, "")
	page := visit(k, http.MethodGet, unitSheet, one)
	for want, fields := range map[string][]string{
		"Ada 1 isian yang perlu dilihat lagi": {"pengungkit.sdm", "x"}, "Ada 2 isian yang perlu dilihat lagi": {"pengungkit.sdm", "x", "why", ""},
	} {
		r := submit(k, unitSheet, filledIn(page, append(whole(), fields...)...), one)
		if got := text(r.HTML().Find("#alert h2, .alert h2").First()); got != want || !strings.HasPrefix(titleOf(r), want+" – Unit Pelayanan – ") {
			t.Errorf("it is headed %q, in %q, want %q", got, titleOf(r), want)
		}
	}
	english := strings.Replace(unitSheet, "lang=id", "lang=en", 1)
	if got := titleOf(submit(k, english, filledIn(page, append(whole(), "pengungkit.sdm", "x")...), one)); !strings.HasPrefix(got, "1 entry needs another look – ") {
		t.Errorf("one in English is headed %q", got)
	}
	submit(k, unitSheet, filledIn(visit(k, http.MethodGet, unitSheet, other), whole()...), other)
	if r := submit(k, unitSheet, filledIn(page, whole()...), one); r.StatusCode != http.StatusConflict || !strings.HasPrefix(titleOf(r), "Isian unit ini sudah berubah sejak halaman ini dibuka – Unit Pelayanan – ") {
		t.Errorf("%d, %q", r.StatusCode, titleOf(r))
	}
}

func TestTheUploadSaysWhatItTakesAndCountsWhatDiffers(t *testing.T) {
	t.Parallel()
	before, after, _ := strings.Cut(unitsInARow(3), "2026-01-01")
	k := testkit.New(t, before+"2026-03-02"+after) // on its first day
	c := k.SignIn(access.Evaluator, "")
	page := visit(k, http.MethodGet, upload, c)
	if page.StatusCode != http.StatusOK || page.HTML().Find("input[type=file]").Length() != 1 || !strings.Contains(text(page.HTML().Find("#h-berkas")), "4 MB") {
		t.Errorf("the form: %d, %s", page.StatusCode, text(page.HTML().Find("#h-berkas")))
	}
	for want, file := range map[string][]byte{"Berkas: Pilih berkasnya dulu.": nil, "Berkas: Tidak dapat dibaca sebagai Excel": []byte("x")} {
		if r := bring(t, k, c, file); r.StatusCode != http.StatusUnprocessableEntity || !strings.HasPrefix(alerts(r), want) || strings.Contains(r.Text, "kesalahan lain") {
			t.Errorf("%d: %q, want %q", r.StatusCode, alerts(r), want)
		}
	}
	shown := bring(t, k, c, filledBook(t, k, c, "unit-1", "K17", "A", "unit-1", "K8", 7.5, "unit-2", "K17", "B"))
	if got := text(shown.HTML().Find("main .lead")); !strings.HasPrefix(got, "3 isian di 2 unit berbeda.") {
		t.Errorf("%d: %q; %s", shown.StatusCode, got, alerts(shown))
	}
	seen := seenOn(shown)
	if r := bring(t, k, c, nil, "dilihat", strings.Replace(seen, `"Unit":"unit-1"`, `"Unit":"unit-9"`, 1), "why", "rapat TPI"); r.StatusCode != http.StatusUnprocessableEntity || alerts(r) == "" {
		t.Errorf("a unit that there is not: %d, %s", r.StatusCode, seen)
	}
	if r := bring(t, k, c, nil, "dilihat", seen, "why", ""); r.StatusCode != http.StatusUnprocessableEntity || alerts(r) != "" || text(r.HTML().Find("#e-why")) == "" {
		t.Errorf("no reason: %d, told at the top too: %q", r.StatusCode, alerts(r))
	}
	taken := bring(t, k, c, nil, "dilihat", seen, "why", "rapat TPI").Header.Get("Location")
	saved := func(address string) string { return text(visit(k, http.MethodGet, address, c).HTML().Find(".saved")) }
	if got := saved(taken); !strings.Contains(got, "isian 2 unit") {
		t.Errorf("%q tells %q", taken, got)
	}
	if got := saved("/lke?period=2026-s1&diambil=1"); got != "" {
		t.Errorf("of another moment it is told %q", got)
	}
}

// outpaced is a store whose entries are refused, and in which nothing tells why.
type outpaced struct{ lke.Store }

func (outpaced) RecordEvaluations(context.Context, []analytics.Evaluation, []audit.Entry) error {
	return survey.ChangedMeanwhile("entry")
}

func TestAnUploadThatCouldNotBeComparedOrStoredIsNotToldAsTaken(t *testing.T) {
	t.Parallel()
	base := testkit.New(t, testkit.City)
	c := base.SignIn(access.Evaluator, "")
	book := filledBook(t, base, c, "pkm", "K17", "B")
	seen := seenOn(bring(t, base, c, book))
	away := base.With(func(d *testkit.Deps) { d.Evaluations = unreadEntries{d.Evaluations} })
	for name, r := range map[string]*testkit.Reply{"the workbook": bring(t, away, c, book), "what was seen": bring(t, away, c, nil, "dilihat", seen, "why", "rapat TPI")} {
		if r.StatusCode != http.StatusServiceUnavailable || r.HTML().Find("form[enctype]").Length() != 0 {
			t.Errorf("%s: %d", name, r.StatusCode)
		}
	}
	raced := base.With(func(d *testkit.Deps) { d.Evaluations = outpaced{d.Evaluations} })
	r := bring(t, raced, c, nil, "dilihat", seen, "why", "rapat TPI")
	if r.StatusCode != http.StatusConflict || !strings.Contains(alerts(r), "Orang lain menyimpan isian pada saat yang sama.") {
		t.Errorf("%d: %q", r.StatusCode, alerts(r))
	}
}

package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/PuerkitoBio/goquery"

	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

const unitSheet = "/lke/dukcapil-loket?period=2026-s1&lang=id"

// filledIn returns what a sheet's form holds, as a browser would send it, with some
// fields otherwise: name, value and so on.
func filledIn(page *testkit.Reply, other ...string) url.Values {
	out := url.Values{}
	form := page.HTML().Find("form.entries")
	form.Find("input[name]").Each(func(_ int, in *goquery.Selection) { out.Set(in.AttrOr("name", ""), in.AttrOr("value", "")) })
	form.Find("select[name]").Each(func(_ int, in *goquery.Selection) {
		out.Set(in.AttrOr("name", ""), in.Find("option[selected]").AttrOr("value", ""))
	})
	for i := 0; i+1 < len(other); i += 2 {
		out.Set(other[i], other[i+1])
	}
	return out
}

// enteredBy returns what stands in a sheet's form.
func enteredBy(page *testkit.Reply) string {
	var out []string
	for _, name := range []string{"capaian_kinerja", "pengungkit.manajemen_perubahan", "pengungkit.tatalaksana", "pengungkit.sdm", "pengungkit.akuntabilitas", "pengungkit.pengawasan", "pengungkit.pelayanan_publik", "pengungkit"} {
		if v := filledIn(page).Get(name); v != "" {
			out = append(out, strings.TrimPrefix(name, "pengungkit.")+"="+v)
		}
	}
	return strings.Join(out, " ")
}

func text(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

// whole is a form in which everything is filled in: 8 + 7 + 10 + 8.75 + 11 + 9.
func whole() []string {
	return []string{
		"capaian_kinerja", "B", "pengungkit.manajemen_perubahan", "8", "pengungkit.tatalaksana", "7", "pengungkit.sdm", "10",
		"pengungkit.akuntabilitas", "8,75", "pengungkit.pengawasan", "11.0", "pengungkit.pelayanan_publik", " 9 ", "why", "berita acara 12",
	}
}

func TestAnEvaluatorFillsInAUnitAndSeesTotalsTestsAndHistoryAtOnce(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	cookie := k.SignIn(access.Evaluator, "")
	page := visit(k, http.MethodGet, unitSheet, cookie)
	if page.StatusCode != http.StatusOK || page.Header.Get("Cache-Control") != "no-store" || enteredBy(page) != "" {
		t.Fatalf("the empty sheet: %d, %q", page.StatusCode, enteredBy(page))
	}
	page.HTML().Find("form.entries :is(input:not([type=hidden]), select)").Each(func(_ int, in *goquery.Selection) {
		id := in.AttrOr("id", "?")
		if page.HTML().Find("label[for='"+id+"']").Length() != 1 || id != in.AttrOr("name", "") {
			t.Errorf("%s has no label", id)
		}
		for describes := range strings.FieldsSeq(in.AttrOr("aria-describedby", "nothing")) {
			if page.HTML().Find("[id='"+describes+"']").Length() != 1 {
				t.Errorf("%s is described by %s, which is not there", id, describes)
			}
		}
	})
	r := submit(k, unitSheet, filledIn(page, whole()...), cookie)
	if to := r.Header.Get("Location"); r.StatusCode != http.StatusSeeOther || to != "/lke/dukcapil-loket?lang=id&period=2026-s1&saved=1" {
		t.Fatalf("saving: %d to %q", r.StatusCode, to)
	}
	if row := text(visit(k, http.MethodGet, "/lke?period=2026-s1&lang=id", cookie).HTML().Find("table.lke tbody tr:has(a[href^='/lke/dukcapil-loket'])")); !strings.Contains(row, "3,75 B") {
		t.Errorf("the sheet of all units is still %q", row)
	}
	saved := visit(k, http.MethodGet, r.Header.Get("Location"), cookie)
	if got := enteredBy(saved); got != "capaian_kinerja=B manajemen_perubahan=8 tatalaksana=7 sdm=10 akuntabilitas=8,75 pengawasan=11,0 pelayanan_publik=9" {
		t.Errorf("the form holds %s", got)
	}
	doc := saved.HTML()
	if got := text(doc.Find(".saved")); !strings.Contains(got, "Tersimpan.") || doc.Find(".saved [autofocus]").Length() != 1 {
		t.Errorf("it is told so: %q", got)
	}
	if got := text(doc.Find(".standing [data-level=wbk] [data-row='I.b']")); got != "I.b Capaian kinerja 3,7500 ✓ lulus minimum 2,50 · 1,2500 poin di atas minimum." {
		t.Errorf("the test of I.b: %q", got)
	}
	if got := text(doc.Find(".standing [data-level=wbbm] [data-row=pengungkit]")); got != "Pengungkit 53,7500 ✓ lulus minimum 48,00 * · 5,7500 poin di atas minimum." {
		t.Errorf("the test of the pengungkit: %q", got)
	}
	if got := enteredBy(visit(k, http.MethodGet, strings.Replace(unitSheet, "lang=id", "lang=en", 1), cookie)); !strings.Contains(got, "akuntabilitas=8.75") {
		t.Errorf("in English the form holds %s", got)
	}
	if got := filledIn(saved).Get("why"); got != "" {
		t.Errorf("the next note begins with %q", got)
	}
	second := submit(k, unitSheet, filledIn(saved, "capaian_kinerja", "", "pengungkit.sdm", "", "why", "belum ada bukti"), cookie)
	history := visit(k, http.MethodGet, second.Header.Get("Location"), cookie)
	if got := enteredBy(history); strings.Contains(got, "sdm") || strings.Contains(got, "kinerja") {
		t.Errorf("what was emptied is there: %s", got)
	}
	var steps []string
	history.HTML().Find(".entrysteps ol > li").Each(func(_ int, li *goquery.Selection) { steps = append(steps, text(li)) })
	if diff := cmp.Diff([]string{
		"Orang evaluator (evaluator@kota.example), 2 Maret 2026 pukul 12.00 WITA: belum ada bukti I.b Capaian kinerja: B → kosong SDM: 10 → kosong",
		"Orang evaluator (evaluator@kota.example), 2 Maret 2026 pukul 12.00 WITA: berita acara 12 I.b Capaian kinerja: kosong → B Manajemen perubahan: kosong → 8 Tatalaksana: kosong → 7 " +
			"SDM: kosong → 10 Akuntabilitas: kosong → 8,75 Pengawasan: kosong → 11,0 Pelayanan publik: kosong → 9",
	}, steps); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
	// A link that says so saves nothing, nor does it tell of what somebody else did.
	for _, address := range []string{unitSheet + "&saved=1", unitSheet + "&saved=x", unitSheet} {
		if visit(k, http.MethodGet, address, cookie).HTML().Find(".saved").Length() != 0 {
			t.Errorf("%s says that something was stored", address)
		}
	}
	other := k.SignIn(access.Admin)
	if visit(k, http.MethodGet, second.Header.Get("Location"), other).HTML().Find(".saved").Length() != 0 {
		t.Error("somebody else is told that they stored something")
	}
}

func TestAFormWithFaultsComesBackWithEachAtItsFieldAndAllThatWasTyped(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	cookie := k.SignIn(access.Evaluator, "")
	page := visit(k, http.MethodGet, unitSheet, cookie)
	for _, tc := range []struct {
		name, field, value, says string
	}{
		{"no note", "why", " a ", "Tulis 3 sampai 200 huruf."},
		{"too many points", "pengungkit.sdm", "10,01", "Tulis angka dari 0 sampai 10, misalnya 6,5."},
		{"less than none", "pengungkit.pengawasan", "-1", "Tulis angka dari 0 sampai 15, misalnya 6,5."},
		{"words", "pengungkit.tatalaksana", "tujuh", "Tulis angka dari 0 sampai 7, misalnya 6,5."},
		{"a fraction", "pengungkit.tatalaksana", "1/2", "Tulis angka dari 0 sampai 7, misalnya 6,5."},
		{"two commas", "pengungkit.tatalaksana", "1,2,3", "Tulis angka dari 0 sampai 7, misalnya 6,5."},
		{"thousands", "pengungkit.tatalaksana", "1.000,5", "Tulis angka dari 0 sampai 7, misalnya 6,5."},
		{"another base", "pengungkit.tatalaksana", "0b11", "Tulis angka dari 0 sampai 7, misalnya 6,5."},
		{"a level that there is not", "capaian_kinerja", "F", "Pilih salah satu dari daftar."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := submit(k, unitSheet, filledIn(page, append(whole(), tc.field, tc.value)...), cookie)
			doc := r.HTML()
			in := doc.Find("[name='" + tc.field + "']")
			described, _, _ := strings.Cut(in.AttrOr("aria-describedby", ""), " ")
			if r.StatusCode != http.StatusUnprocessableEntity || in.AttrOr("aria-invalid", "") != "true" || text(doc.Find("[id='"+described+"']")) != tc.says {
				t.Errorf("%d, %q", r.StatusCode, text(doc.Find(".fault")))
			}
			if links := doc.Find(".alert a"); links.Length() != 1 || links.AttrOr("href", "") != "#"+tc.field || doc.Find(".fault").Length() != 1 {
				t.Errorf("the summary: %s", text(doc.Find(".alert")))
			}
			if tc.field != "capaian_kinerja" && in.AttrOr("value", "?") != strings.TrimSpace(tc.value) {
				t.Errorf("what was typed is now %q", in.AttrOr("value", ""))
			}
			if got := filledIn(r); got.Get("pengungkit.akuntabilitas") != "8,75" || got.Get("version") != "0" || tc.field != "why" && got.Get("why") != "berita acara 12" {
				t.Errorf("the rest of the form: %v", got)
			}
		})
	}
	t.Cleanup(func() {
		if got := visit(k, http.MethodGet, unitSheet, cookie); enteredBy(got) != "" {
			t.Errorf("something was stored: %s", enteredBy(got))
		}
	})
}

func TestWhoComesSecondSeesTheOthersEntriesBesideTheirOwnAndMayReplaceThem(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	one, other := k.SignIn(access.Evaluator, ""), k.SignIn(access.Admin, "")
	submit(k, unitSheet, filledIn(visit(k, http.MethodGet, unitSheet, one), whole()...), one)
	mine, theirs := visit(k, http.MethodGet, unitSheet, one), visit(k, http.MethodGet, unitSheet, other)
	if r := submit(k, unitSheet, filledIn(theirs, "pengungkit.sdm", "9.5", "pengungkit.tatalaksana", "", "pengungkit.pengawasan", "12", "why", "temuan TPI"), other); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("the other: %d", r.StatusCode)
	}
	r := submit(k, unitSheet, filledIn(mine, "capaian_kinerja", "A", "pengungkit.pengawasan", "12", "pengungkit.sdm", "8,5", "why", "catatan saya"), one)
	doc := r.HTML()
	if r.StatusCode != http.StatusConflict || !strings.Contains(text(doc.Find(".alert")), "Orang admin (admin@kota.example), 2 Maret 2026 pukul 12.00 WITA: temuan TPI") {
		t.Fatalf("%d: %s", r.StatusCode, text(doc.Find(".alert")))
	}
	if n := doc.Find(".alert q").Length(); n != 1 {
		t.Errorf("%d entries are told of as new", n)
	}
	got := map[string]string{}
	doc.Find(".entryfield:has(.theirs)").Each(func(_ int, f *goquery.Selection) {
		got[f.Find("input, select").AttrOr("name", "?")] = text(f.Find(".theirs"))
	})
	const by = "Orang admin (admin@kota.example), 2 Maret 2026 pukul 12.00 WITA: "
	if diff := cmp.Diff(map[string]string{"pengungkit.sdm": by + "9,5", "pengungkit.tatalaksana": by + "kosong"}, got); diff != "" {
		t.Errorf("theirs (-want +got):\n%s", diff)
	}
	if got := enteredBy(r); got != "capaian_kinerja=A manajemen_perubahan=8 tatalaksana=7 sdm=8,5 akuntabilitas=8,75 pengawasan=12 pelayanan_publik=9" || filledIn(r).Get("why") != "catatan saya" {
		t.Errorf("mine is now %s", got)
	}
	if got := visit(k, http.MethodGet, unitSheet, other); !strings.Contains(enteredBy(got), "sdm=9,5") || got.HTML().Find(".entrysteps ol > li").Length() != 2 {
		t.Errorf("the refused form was stored: %s", enteredBy(got))
	}
	if r := submit(k, unitSheet, filledIn(r), one); r.StatusCode != http.StatusSeeOther {
		t.Errorf("replacing it deliberately: %d", r.StatusCode)
	}
	if got := enteredBy(visit(k, http.MethodGet, unitSheet, other)); !strings.Contains(got, "capaian_kinerja=A") || !strings.Contains(got, "sdm=8,5") {
		t.Errorf("stored: %s", got)
	}
	// The same form again, by a second press of the button, is no conflict.
	if r := submit(k, unitSheet, filledIn(r), one); r.StatusCode != http.StatusSeeOther || visit(k, http.MethodGet, unitSheet, other).HTML().Find(".entrysteps ol > li").Length() != 3 {
		t.Errorf("the same form twice: %d", r.StatusCode)
	}
	if r := submit(k, unitSheet, filledIn(r, web.FormField, tokenOf(theirs)), other); r.StatusCode != http.StatusConflict {
		t.Errorf("the same values by somebody else: %d", r.StatusCode)
	}
}

// A form sent where no version is named, or one that is no number, replaces nothing.
func TestAFormNamesTheVersionThatItReplaces(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	cookie := k.SignIn(access.Evaluator, "")
	page := visit(k, http.MethodGet, unitSheet, cookie)
	for version, want := range map[string]int{"": 428, "x": 400, "-1": 409, "7": 409, "0": 303} {
		r := submit(k, unitSheet, filledIn(page, "why", "uji coba", "version", version), cookie)
		if r.StatusCode != want || (r.HTML().Find("#alert").Length() == 1) != (want == 409) {
			t.Errorf("version %q: %d, want %d; %s", version, r.StatusCode, want, text(r.HTML().Find("#alert")))
		}
	}
}

func TestAUnitsSheetIsThereForItsOwnPeopleAloneAndNothingElseIsTold(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	cookies := map[string]*http.Cookie{}
	for name, cookie := range map[string]*http.Cookie{
		"evaluator": k.SignIn(access.Evaluator), "evaluator of dinkes": k.SignIn(access.Evaluator, "dinkes"), "manager of dukcapil": k.SignIn(access.Manager, "dukcapil"), "manager of dinkes": k.SignIn(access.Manager, "dinkes"),
	} {
		cookies[name] = cookie
	}
	missing := visit(k, http.MethodGet, "/lke/tidak-ada?period=2026-s1", cookies["evaluator of dinkes"])
	for _, tc := range []struct {
		who, path  string
		read, form bool
		post       int
	}{
		{"evaluator", "/lke/dukcapil-loket?period=2026-s1", true, true, 422},
		{"evaluator", "/lke/pkm?period=2026-s1", true, true, 422},
		{"evaluator", "/lke/pkm-tutup?period=2026-s1", false, false, 404},
		{"evaluator", "/lke/pkm?period=tidak-ada", false, false, 404},
		{"evaluator of dinkes", "/lke/pkm?period=2026-s1", true, true, 422},
		{"evaluator of dinkes", "/lke/dukcapil-loket?period=2026-s1", false, false, 404},
		{"evaluator of dinkes", "/lke/dukcapil-loket?period=tidak-ada", false, false, 404},
		{"manager of dukcapil", "/lke/dukcapil-loket?period=2026-s1", true, false, 403},
		{"manager of dinkes", "/lke/dukcapil-loket?period=2026-s1", false, false, 403},
		{"manager of dinkes", "/lke/tidak-ada?period=2026-s1", false, false, 403},
	} {
		cookie := cookies[tc.who]
		r := visit(k, http.MethodGet, tc.path, cookie)
		if read := r.StatusCode == http.StatusOK; read != tc.read || (r.HTML().Find("form.entries").Length() == 1) != tc.form {
			t.Errorf("%s at %s: %d", tc.who, tc.path, r.StatusCode)
		}
		if !tc.read && (r.StatusCode != http.StatusNotFound || text(r.HTML().Find("main")) != text(missing.HTML().Find("main"))) {
			t.Errorf("%s at %s is told something: %d", tc.who, tc.path, r.StatusCode)
		}
		if tc.read && !tc.form && r.HTML().Find("dl.entered dd").Length() != 7 {
			t.Errorf("%s does not see what was entered", tc.who)
		}
		token := tokenOf(visit(k, http.MethodGet, "/lke", cookie))
		if r := submit(k, tc.path, url.Values{web.FormField: {token}, "version": {"0"}}, cookie); r.StatusCode != tc.post {
			t.Errorf("%s sends to %s: %d, want %d", tc.who, tc.path, r.StatusCode, tc.post)
		}
	}
	if r := k.Get("/lke/pkm?period=2026-s1"); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/masuk?ke=%2Flke%2Fpkm%3Fperiod%3D2026-s1" {
		t.Errorf("without a session: %d", r.StatusCode)
	}
	leave(k, "/keluar", cookies["evaluator"])
	r := submit(k, unitSheet, url.Values{"why": {"uji coba"}}, cookies["evaluator"])
	if door := k.Get(r.Header.Get("Location")); r.StatusCode != http.StatusSeeOther || !strings.Contains(text(door.HTML().Find(".alert")), "belum tersimpan") {
		t.Errorf("after the session: %d", r.StatusCode)
	}
}

// A form holds what it shows: whatever else is sent along changes nothing.
func TestAFormEntersItsOwnFieldsAlone(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	cookie := k.SignIn(access.Evaluator, "")
	form := filledIn(visit(k, http.MethodGet, unitSheet, cookie), "why", "uji coba", "who", "Wali Kota", "key", "admin", "unit", "pkm", "period", "2025-s2", "pengungkit.lain", "9", "at", "2020-01-01", "capaian_kinerja", "C")
	if r := submit(k, unitSheet, form, cookie); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d", r.StatusCode)
	}
	got, err := k.Store.EvaluationHistory(t.Context(), "2026-s1", k.Register.Directory().UnitKey("dukcapil-loket"))
	if err != nil || len(got) != 1 || got[0].Who != "Orang evaluator (evaluator@kota.example)" || got[0].Key != got[0].Who || got[0].Achievement != "C" || len(got[0].Areas) != 0 || !got[0].At.Equal(testkit.Noon()) {
		t.Errorf("%+v, err = %v", got, err)
	}
}

// A total that came by the API is kept until it is taken away.
func TestATotalWithoutAreasIsShownAndKept(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	secret := k.Key(access.Evaluator, "")
	cookie := k.SignIn(access.Evaluator)
	k.PutJSON(secret, "/api/v1/zi/indicators", `{"period":"2026-s1","unit":"dukcapil-loket","pengungkit":47.875,"version":0,"who":"TPI","why":"berita acara 12"}`)
	page := visit(k, http.MethodGet, unitSheet, cookie)
	if got := enteredBy(page); got != "pengungkit=47,875" || !strings.Contains(text(page.HTML().Find(".entrysteps")), "TPI (kunci evaluator), 2 Maret") {
		t.Errorf("%s; %s", got, text(page.HTML().Find(".entrysteps")))
	}
	submit(k, unitSheet, filledIn(page, "capaian_kinerja", "A", "why", "uji coba"), cookie)
	page = visit(k, http.MethodGet, unitSheet, cookie)
	if got := enteredBy(page); got != "capaian_kinerja=A pengungkit=47,875" {
		t.Errorf("after another entry: %s", got)
	}
	if r := submit(k, unitSheet, filledIn(page, whole()...), cookie); r.StatusCode != 422 || r.HTML().Find("[name=pengungkit][aria-invalid]").Length() != 1 {
		t.Errorf("a total that is not the sum: %d", r.StatusCode)
	}
	submit(k, unitSheet, filledIn(page, append(whole(), "pengungkit", "")...), cookie)
	if got := visit(k, http.MethodGet, unitSheet, cookie); strings.Contains(enteredBy(got), " pengungkit=") || got.HTML().Find("[name=pengungkit]").Length() != 0 {
		t.Errorf("after it was taken away: %s", enteredBy(got))
	}
}

// What another instance stored counts here at once, though its figures were not read yet.
func TestAnEntryStoredByAnotherInstanceIsSeenAtOnce(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	figures := k.Builder(k.Store)
	if err := figures.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	other := k.With(func(d *testkit.Deps) { d.Figures = figures })
	cookie := k.SignIn(access.Evaluator, "")
	first := visit(other, http.MethodGet, unitSheet, cookie)
	submit(k, unitSheet, filledIn(first, whole()...), cookie)
	if r := submit(other, unitSheet, filledIn(first, "why", "yang lain"), cookie); r.StatusCode != http.StatusConflict || r.HTML().Find(".theirs").Length() != 7 {
		t.Errorf("an old form: %d, %d fields of the other's", r.StatusCode, r.HTML().Find(".theirs").Length())
	}
	page := visit(other, http.MethodGet, unitSheet, cookie)
	if got := text(page.HTML().Find(".standing [data-row=pengungkit]").First()); !strings.HasPrefix(got, "Pengungkit 53,75") || !strings.Contains(enteredBy(page), "akuntabilitas=8,75") {
		t.Errorf("%s; %s", got, enteredBy(page))
	}
}

// A history of many entries is folded, not cut.
func TestALongHistoryShowsItsNewestEntriesFirst(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	cookie := k.SignIn(access.Evaluator)
	for i := range 10 {
		submit(k, unitSheet, filledIn(visit(k, http.MethodGet, unitSheet, cookie), "why", fmt.Sprintf("catatan %d", i)), cookie)
	}
	doc := visit(k, http.MethodGet, unitSheet, cookie).HTML()
	for selector, want := range map[string]string{".entrysteps > ol q": "98765432", ".entrysteps details q": "10"} {
		if got := strings.ReplaceAll(text(doc.Find(selector)), "catatan ", ""); got != want {
			t.Errorf("%s: %s, want %s", selector, got, want)
		}
	}
	if got := text(doc.Find(".entrysteps summary")); got != "Tampilkan 2 isian yang lebih lama" {
		t.Error(got)
	}
}

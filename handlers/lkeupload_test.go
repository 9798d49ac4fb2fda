package handlers_test

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/xuri/excelize/v2"

	"persepsi/analytics"
	"persepsi/handlers/evaluation"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/internal/lke"
	"persepsi/internal/testkit"
)

const upload = evaluation.UploadPath + "?lang=id"

// filledBook is the workbook that somebody downloads, with cells of sheets filled in:
// sheet, cell, value.
func filledBook(t *testing.T, k *testkit.Kit, c *http.Cookie, cells ...any) []byte {
	t.Helper()
	f, err := excelize.OpenReader(strings.NewReader(visit(k, http.MethodGet, "/lke.xlsx?period=2026-s1", c).Text))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for i := 0; i+2 < len(cells); i += 3 {
		if err := f.SetCellValue(cells[i].(string), cells[i+1].(string), cells[i+2]); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// uploadForm is a form with a file, and its kind.
func uploadForm(t *testing.T, file []byte, fields ...string) (body []byte, kind string) {
	t.Helper()
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	for i := 0; i+1 < len(fields); i += 2 {
		if err := w.WriteField(fields[i], fields[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if file != nil {
		part, err := w.CreateFormFile("berkas", "lke.xlsx")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write(file) // into memory
	}
	_ = w.Close()
	return out.Bytes(), w.FormDataContentType()
}

// bring sends a form with a file, or one that takes what was shown.
func bring(t *testing.T, k *testkit.Kit, c *http.Cookie, file []byte, fields ...string) *testkit.Reply {
	t.Helper()
	body, kind := uploadForm(t, file, append(fields, web.FormField, tokenOf(visit(k, http.MethodGet, "/lke", c)))...)
	return postBody(k, upload, body, kind, c)
}

func postBody(k *testkit.Kit, path string, body []byte, kind string, c *http.Cookie) *testkit.Reply {
	r := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(body))
	r.Header.Set("Content-Type", kind)
	if c != nil {
		r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	return k.Do(r)
}

func seenOn(r *testkit.Reply) string {
	return r.HTML().Find("input[name=dilihat]").AttrOr("value", "")
}

// levels are the capaian kinerja that are stored of units.
func levels(t *testing.T, k *testkit.Kit, units ...string) string {
	t.Helper()
	var out []string
	for _, unit := range units {
		got, err := k.Store.EvaluationHistory(t.Context(), "2026-s1", k.Register.Directory().UnitKey(unit))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range got {
			out = append(out, unit+"="+e.Achievement)
		}
	}
	return strings.Join(out, " ")
}

// alerts are the faults that a page tells.
func alerts(r *testkit.Reply) string {
	var out []string
	r.HTML().Find("#alert li").Each(func(_ int, li *goquery.Selection) { out = append(out, text(li)) })
	return strings.Join(out, "; ")
}

func TestAWorkbookIsShownDifferenceByDifferenceAndTakenWithAReason(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	cookie := k.SignIn(access.Evaluator, "")
	if page := visit(k, http.MethodGet, "/lke?period=2026-s1", cookie); page.HTML().Find("a[href^='/lke/unggah']").Length() != 1 {
		t.Error("the sheet leads to no upload")
	}
	if page := visit(k, http.MethodGet, unitSheet, cookie); submit(k, unitSheet, filledIn(page, "capaian_kinerja", "C", "why", "awal"), cookie).StatusCode != http.StatusSeeOther {
		t.Fatal("the first entry is not stored")
	}
	book := filledBook(t, k, cookie, "dukcapil-loket", "K17", "A", "dukcapil-loket", "K8", 7.5, "pkm", "K17", "B")
	shown := bring(t, k, cookie, book)
	if shown.StatusCode != http.StatusOK || shown.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d: %s", shown.StatusCode, alerts(shown))
	}
	var lines []string
	shown.HTML().Find(".differs tbody tr").Each(func(_ int, tr *goquery.Selection) { lines = append(lines, text(tr)) })
	want := []string{
		"I.b Capaian kinerja dukcapil-loket!K17 C evaluator@kota.example, 2 Maret 2026 pukul 12.00 WITA A",
		"Manajemen perubahan dukcapil-loket!K8 kosong 7,5",
		"I.b Capaian kinerja pkm!K17 kosong B",
	}
	got := strings.ReplaceAll(strings.Join(lines, "\n"), "Orang evaluator (evaluator@kota.example)", "evaluator@kota.example")
	if got = strings.ReplaceAll(got, "Orang evaluator", "evaluator@kota.example"); got != strings.Join(want, "\n") {
		t.Errorf("shown is\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
	if got := levels(t, k, "dukcapil-loket", "pkm"); got != "dukcapil-loket=C" {
		t.Errorf("before it is taken %s is stored", got)
	}
	again := bring(t, k, cookie, nil, "dilihat", seenOn(shown), "why", " a ")
	if again.StatusCode != http.StatusUnprocessableEntity || seenOn(again) != seenOn(shown) || again.HTML().Find("#e-why").Length() != 1 || levels(t, k, "pkm") != "" {
		t.Errorf("without a reason: %d, %s", again.StatusCode, levels(t, k, "pkm"))
	}
	taken := bring(t, k, cookie, nil, "dilihat", seenOn(shown), "why", "berita acara 12")
	if taken.StatusCode != http.StatusSeeOther || !strings.HasPrefix(taken.Header.Get("Location"), "/lke?diambil=") {
		t.Fatalf("%d to %q: %s", taken.StatusCode, taken.Header.Get("Location"), alerts(taken))
	}
	if got := levels(t, k, "dukcapil-loket", "pkm"); got != "dukcapil-loket=C dukcapil-loket=A pkm=B" {
		t.Errorf("stored is %s", got)
	}
	saved := text(visit(k, http.MethodGet, taken.Header.Get("Location"), cookie).HTML().Find(".saved"))
	if !strings.Contains(saved, "isian 2 unit") || !strings.Contains(saved, ", ") {
		t.Errorf("it is told %q", saved)
	}
	if visit(k, http.MethodGet, taken.Header.Get("Location"), k.SignIn(access.Admin)).HTML().Find(".saved").Length() != 0 {
		t.Error("somebody else is told that they took something")
	}
	history := text(visit(k, http.MethodGet, unitSheet, cookie).HTML().Find(".entrysteps li").First())
	if !strings.Contains(history, "berita acara 12") || !strings.Contains(history, "C → A") {
		t.Errorf("the history tells %q", history)
	}
	// Sent twice it takes nothing a second time, and neither does the workbook.
	for name, r := range map[string]*testkit.Reply{"the form": bring(t, k, cookie, nil, "dilihat", seenOn(shown), "why", "berita acara 12"), "the workbook": bring(t, k, cookie, book)} {
		if r.StatusCode != http.StatusOK || !strings.Contains(r.Text, "sudah tersimpan. Tidak ada yang perlu diubah") {
			t.Errorf("%s again: %d, %s", name, r.StatusCode, alerts(r))
		}
	}
}

func TestOnlyWhoMayFillInAUnitTakesItsSheet(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	city, other, viewer := k.SignIn(access.Evaluator, ""), k.SignIn(access.Evaluator, "dinkes"), k.SignIn(access.Viewer, "")
	book := filledBook(t, k, city, "dukcapil-loket", "K17", "A", "pkm", "K17", "B")
	seen := seenOn(bring(t, k, city, book))
	for name, r := range map[string]*testkit.Reply{"the workbook": bring(t, k, other, book), "what the city's saw": bring(t, k, other, nil, "dilihat", seen, "why", "rapat TPI")} {
		if got := alerts(r); r.StatusCode != http.StatusUnprocessableEntity || !strings.HasPrefix(got, "dukcapil-loket!V3: Unit ini tidak ada") || strings.Contains(got, "pkm") {
			t.Errorf("another agency's evaluator with %s: %d, %q", name, r.StatusCode, got)
		}
	}
	for name, r := range map[string]*testkit.Reply{
		"the page": visit(k, http.MethodGet, upload, viewer), "the workbook": bring(t, k, viewer, book), "what others saw": bring(t, k, viewer, nil, "dilihat", seen, "why", "rapat TPI"),
	} {
		if r.StatusCode != http.StatusForbidden {
			t.Errorf("a viewer and %s: %d", name, r.StatusCode)
		}
	}
	if visit(k, http.MethodGet, "/lke?period=2026-s1", viewer).HTML().Find("a[href^='/lke/unggah']").Length() != 0 {
		t.Error("a viewer is led to the upload")
	}
	if r := k.Get(upload); !toDoor(r, upload) {
		t.Errorf("without a session: %d", r.StatusCode)
	}
	// Sheets in which nothing was entered don't matter.
	if r := bring(t, k, other, filledBook(t, k, city, "pkm", "K17", "B")); r.StatusCode != http.StatusOK || r.HTML().Find(".differs").Length() != 1 {
		t.Errorf("the own unit in the city's workbook: %d, %s", r.StatusCode, alerts(r))
	}
	if got := levels(t, k, "dukcapil-loket", "pkm"); got != "" {
		t.Errorf("stored is %s", got)
	}
}

func TestAnUploadNeedsTheTokenOfItsOwnSession(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	cookie := k.SignIn(access.Evaluator, "")
	book := filledBook(t, k, cookie, "pkm", "K17", "B")
	seen := seenOn(bring(t, k, cookie, book))
	foreign := tokenOf(visit(k, http.MethodGet, "/lke", k.SignIn(access.Evaluator, "")))
	for name, fields := range map[string][]string{"none": nil, "an empty one": {web.FormField, ""}, "another session's": {web.FormField, foreign}} {
		for what, form := range map[string][]string{"a workbook": nil, "what was seen": {"dilihat", seen, "why", "rapat TPI"}} {
			file := book
			if form != nil {
				file = nil
			}
			body, kind := uploadForm(t, file, append(append([]string{}, fields...), form...)...)
			if r := postBody(k, upload, body, kind, cookie); r.StatusCode != http.StatusForbidden {
				t.Errorf("token: %s, %s: %d", name, what, r.StatusCode)
			}
		}
	}
	if got := levels(t, k, "pkm"); got != "" {
		t.Errorf("stored is %s", got)
	}
}

func TestWhatOthersEnterBetweenLookingAndTakingIsAConflictAndNothingIsTaken(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	cookie := k.SignIn(access.Evaluator, "")
	book := filledBook(t, k, cookie, "dukcapil-loket", "K17", "A", "pkm", "K17", "B")
	seen := seenOn(bring(t, k, cookie, book))
	page := visit(k, http.MethodGet, unitSheet, cookie)
	if r := submit(k, unitSheet, filledIn(page, "capaian_kinerja", "D", "why", "berita acara"), cookie); r.StatusCode != http.StatusSeeOther {
		t.Fatal(r.StatusCode)
	}
	for name, r := range map[string]*testkit.Reply{"what was seen": bring(t, k, cookie, nil, "dilihat", seen, "why", "rapat TPI"), "the workbook": bring(t, k, cookie, book)} {
		if got := alerts(r); r.StatusCode != http.StatusConflict || !strings.HasPrefix(got, "dukcapil-loket!K17: Orang lain sudah menyimpan") {
			t.Errorf("%s: %d, %q", name, r.StatusCode, got)
		}
	}
	if got := levels(t, k, "dukcapil-loket", "pkm"); got != "dukcapil-loket=D" {
		t.Errorf("stored is %s", got)
	}
}

func TestAPageTellsTheFirstFaultsOfAWorkbookAndHowManyMoreThereAre(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	cookie := k.SignIn(access.Evaluator, "")
	f, err := excelize.OpenReader(bytes.NewReader(filledBook(t, k, cookie)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for i := range 130 {
		if _, err := f.NewSheet(fmt.Sprintf("Catatan %d", i)); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	r := bring(t, k, cookie, out.Bytes())
	if n := r.HTML().Find("#alert li").Length(); r.StatusCode != http.StatusUnprocessableEntity || n != 100 || !strings.Contains(text(r.HTML().Find("#alert")), "30 kesalahan lain") {
		t.Errorf("%d with %d faults: %q", r.StatusCode, n, text(r.HTML().Find("#alert > p")))
	}
}

func TestDifferencesThatSomebodyWroteThemselvesKeepTheSameRules(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	cookie := k.SignIn(access.Evaluator, "")
	seen := seenOn(bring(t, k, cookie, filledBook(t, k, cookie, "pkm", "K8", 7.5)))
	for name, tc := range map[string]struct {
		old, now string
		want     int
	}{
		"more points than there are": {`"7.5"`, `"80"`, 422},
		"a fraction":                 {`"7.5"`, `"15/2"`, 400},
		"a level as points":          {`"7.5"`, `"A"`, 400},
		"another field":              {`pengungkit.manajemen_perubahan`, `I.a`, 400},
		"another period":             {`2026-s1`, `2026-s9`, 422},
		"a period to come":           {`2026-s1`, `2026-s2`, 422},
		"a version that isn't there": {`"Version":0`, `"Version":7`, 409},
		"a version below none":       {`"Version":0`, `"Version":-1`, 400},
		"more than there is to say":  {`"Version"`, `"Who":"x","Version"`, 400},
		"no list":                    {`[{`, `{`, 400},
	} {
		forged := strings.ReplaceAll(seen, tc.old, tc.now)
		if r := bring(t, k, cookie, nil, "dilihat", forged, "why", "rapat TPI"); forged == seen || r.StatusCode != tc.want {
			t.Errorf("%s: %d, want %d: %s", name, r.StatusCode, tc.want, forged)
		}
	}
	if r := bring(t, k, cookie, nil, "dilihat", strings.TrimSuffix(seen, "]")+","+seen[1:], "why", "rapat TPI"); r.StatusCode != http.StatusBadRequest {
		t.Errorf("a unit twice: %d", r.StatusCode)
	}
	got, err := k.Store.EvaluationHistory(t.Context(), "2026-s1", k.Register.Directory().UnitKey("pkm"))
	if err != nil || len(got) != 0 {
		t.Errorf("stored is %+v (%v)", got, err)
	}
}

// faster is a store in which somebody else enters the last unit of an import just before it.
type faster struct{ lke.Store }

func (h faster) RecordEvaluations(ctx context.Context, list []analytics.Evaluation, said []audit.Entry) error {
	theirs := list[len(list)-1]
	theirs.Achievement, theirs.Who, theirs.Key = "D", "Orang lain", "Orang lain"
	if err := h.RecordEvaluation(ctx, theirs); err != nil {
		return err
	}
	return h.Store.RecordEvaluations(ctx, list, said)
}

func TestOfTwoImportsAtOnceOneIsTakenWholeAndTheOtherToldWhereItMeetsIt(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City, func(d *testkit.Deps) { d.Evaluations = faster{d.Evaluations} })
	cookie := k.SignIn(access.Evaluator, "")
	seen := seenOn(bring(t, k, cookie, filledBook(t, k, cookie, "dukcapil-loket", "K17", "A", "pkm", "K17", "B", "pkm", "N17", "SK")))
	r := bring(t, k, cookie, nil, "dilihat", seen, "why", "rapat TPI")
	if got := alerts(r); r.StatusCode != http.StatusConflict || !strings.HasPrefix(got, "pkm!K17: Orang lain sudah menyimpan") || !strings.Contains(got, "pkm!N17: ") || strings.Contains(got, "dukcapil") {
		t.Errorf("%d: %q", r.StatusCode, got)
	}
	if r.HTML().Find("#why, .differs, #e-why").Length() != 0 {
		t.Errorf("the reason is asked for again: %s", text(r.HTML().Find("main")))
	}
	if got := levels(t, k, "dukcapil-loket", "pkm"); got != "pkm=D" {
		t.Errorf("stored is %s", got)
	}
}

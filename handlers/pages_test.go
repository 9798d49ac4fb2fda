package handlers_test

import (
	"encoding/binary"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"persepsi/internal/testkit"
)

// filled reads a form page as a browser would: every hidden field, and the
// best answer to every required question.
func filled(doc *goquery.Document) url.Values {
	v := url.Values{}
	doc.Find("form[method=post] input[type=hidden]").Each(func(_ int, s *goquery.Selection) {
		v.Set(s.AttrOr("name", ""), s.AttrOr("value", ""))
	})
	doc.Find("form[method=post] label:not(.apart) input[type=radio][required]").Each(func(_ int, s *goquery.Selection) {
		v.Set(s.AttrOr("name", ""), s.AttrOr("value", "")) // the last one stays: the best
	})
	return v
}

func TestAFormWithoutJavaScriptIsStored(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	r := k.Get("/s/KUPARI47")
	if r.StatusCode != 200 || strings.Contains(r.Text, "<script>") || r.Header.Get("Cache-Control") != "no-store" || r.Header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Fatalf("%d, inline script, caching or type: %v", r.StatusCode, r.Header)
	}
	v := filled(r.HTML())
	begun := testkit.Noon().Add(-90 * time.Second)
	id := uuid.Must(uuid.NewV7()) // the page's was made by the machine's clock, the test's stands still
	binary.BigEndian.PutUint64(id[:], uint64(begun.UnixMilli())<<16|uint64(id[6])<<8|uint64(id[7]))
	v.Set("id", id.String())
	v.Set("comment", "Terima kasih\r\nbaik")
	v.Set("respondent.sex", "P")
	r = k.PostForm("/s/KUPARI47", v)
	if r.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d %s", r.StatusCode, r.Text)
	}
	address := r.Header.Get("Location")
	thanks := k.Get(address)
	stored := k.Stored()
	if len(stored) != 1 || stored[0].Answers != "4444444444444444-" || stored[0].Comment != "Terima kasih\nbaik" || stored[0].Service != "akta" || !stored[0].StartedAt.Equal(begun) {
		t.Fatalf("stored = %+v", stored)
	}
	if got := thanks.HTML().Find(".receipt .code").Text(); got != stored[0].Receipt() {
		t.Errorf("receipt = %q, want %q", got, stored[0].Receipt())
	}
	again := k.PostForm("/s/KUPARI47", v)
	if again.StatusCode != http.StatusSeeOther || again.Header.Get("Location") != address || len(k.Stored()) != 1 {
		t.Errorf("sent again: %d %s, %d stored", again.StatusCode, again.Header.Get("Location"), len(k.Stored()))
	}
	v.Set("answers.prosedur", "1")
	if other := k.PostForm("/s/KUPARI47", v); other.StatusCode != http.StatusConflict || !strings.Contains(other.Text, "sudah pernah dikirim") || len(k.Stored()) != 1 {
		t.Errorf("other content: %d", other.StatusCode)
	}
}

func TestEveryQuestionHasALabelledScaleAndHelp(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for _, lang := range []string{"id", "en"} {
		doc := k.Get("/s/KUPARI47?lang=" + lang).HTML()
		if n := doc.Find("fieldset.q").Length(); n != 18 {
			t.Errorf("%s: %d questions, want 17 and the service", lang, n)
		}
		doc.Find("fieldset.q:not(#service)").Each(func(_ int, s *goquery.Selection) {
			id := s.AttrOr("id", "")
			if s.Find("legend").Text() == "" || s.Find(".help").Text() == "" {
				t.Errorf("%s: question %s lacks legend or help", lang, id)
			}
			s.Find(".rows label").Each(func(_ int, l *goquery.Selection) {
				if text := strings.TrimSpace(l.Text()); len(text) < 2 || strings.Trim(text, "0123456789") == "" {
					t.Errorf("%s: question %s has a bare step %q", lang, id, text)
				}
			})
		})
		if got := doc.Find("html").AttrOr("lang", ""); got != lang {
			t.Errorf("lang = %q, want %q", got, lang)
		}
	}
}

func TestAFaultyFormComesBackWithEverythingTyped(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	v := filled(k.Get("/s/KUPARI47").HTML())
	v.Del("answers.prosedur")
	v.Set("answers.waktu", "5")
	v.Set("comment", "<b>pesan saya</b>")
	v.Set("respondent.sex", "P")
	r := k.PostForm("/s/KUPARI47", v)
	doc := r.HTML()
	if r.StatusCode != http.StatusUnprocessableEntity || len(k.Stored()) != 0 {
		t.Fatalf("%d, %d stored", r.StatusCode, len(k.Stored()))
	}
	if got, want := r.Header.Get("Content-Security-Policy"), k.Get("/s/KUPARI47").Header.Get("Content-Security-Policy"); got != want || r.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("it may do %q, the form %q; kept: %q", got, want, r.Header.Get("Cache-Control"))
	}
	if got := doc.Find("#comment").Text(); got != "<b>pesan saya</b>" {
		t.Errorf("comment = %q", got)
	}
	if got := doc.Find("select[name='respondent.sex'] option[selected]").AttrOr("value", ""); got != "P" {
		t.Errorf("sex = %q", got)
	}
	if got := doc.Find("input[name=id]").AttrOr("value", ""); got != v.Get("id") {
		t.Errorf("id = %q, want the same one", got)
	}
	if n := doc.Find("input[type=radio][checked]").Length(); n != 15 {
		t.Errorf("%d answers are kept, want 15 (14 questions and the service)", n)
	}
	for _, id := range []string{"prosedur", "waktu"} {
		q := doc.Find("fieldset.bad#" + id)
		if q.Find(".fault#e-"+id).Length() != 1 || q.AttrOr("aria-invalid", "") != "true" || !strings.Contains(q.AttrOr("aria-describedby", ""), "e-"+id) {
			t.Errorf("the fault at %s is not told at its question", id)
		}
	}
	var lines []string
	doc.Find(".alert ol li a").Each(func(_ int, a *goquery.Selection) { lines = append(lines, a.AttrOr("href", "")+" "+a.Text()) })
	if got, want := strings.Join(lines, "; "), "#prosedur 3 · Prosedur: belum dijawab; #waktu 4 · Waktu penyelesaian: pilih salah satu jawaban"; got != want {
		t.Errorf("the summary says %q, want %q", got, want)
	}
	if got := doc.Find("title").Text(); !strings.HasPrefix(got, "Ada 2 isian yang perlu dilihat lagi") {
		t.Errorf("the page's title does not say how many: %q", got)
	}
	if n := doc.Find(".fault").Length(); n != 2 {
		t.Errorf("%d faults, want 2", n)
	}
}

func TestFaultsAreListedInTheOrderOfTheFormInThePagesLanguage(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for lang, want := range map[string]string{
		"id": "5 pertanyaan belum dijawab: Pelayanan: belum dipilih; 1 · Informasi pelayanan: belum dijawab; 2 · Persyaratan: belum dijawab; 6 · Hasil pelayanan (Produk spesifikasi jenis pelayanan): belum dijawab; 16 · Tawaran dari calo: belum dijawab",
		"en": "5 questions are not answered yet: Service: not chosen yet; 1 · Service information: not answered yet; 2 · Requirements: not answered yet; 6 · Result of the service: not answered yet; 16 · Offers from brokers: not answered yet",
	} {
		v := filled(k.Get("/s/KUPARI47?lang=" + lang).HTML())
		for _, name := range []string{"answers.percaloan", "answers.informasi", "answers.produk", "service", "answers.persyaratan"} {
			v.Del(name)
		}
		doc := k.PostForm("/s/KUPARI47?lang="+lang, v).HTML()
		var lines []string
		doc.Find(".alert ol li").Each(func(_ int, li *goquery.Selection) { lines = append(lines, strings.TrimSpace(li.Text())) })
		if got := doc.Find(".alert h2").Text() + ": " + strings.Join(lines, "; "); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}

func TestASwitchOfTheLanguageKeepsWhatWasTypedAndStoresNothing(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	v := filled(k.Get("/s/KUPARI47?mode=kiosk&period=2026-s1").HTML())
	v.Del("answers.prosedur")
	v.Set("comment", "<b>pesan saya</b>")
	v.Set("respondent.sex", "P")
	v.Set("switch", "en")
	r := k.PostForm("/s/KUPARI47?lang=en", v)
	doc := r.HTML()
	if r.StatusCode != http.StatusOK || r.Header.Get("Cache-Control") != "no-store" || len(k.Stored()) != 0 {
		t.Fatalf("%d, Cache-Control %q, %d stored", r.StatusCode, r.Header.Get("Cache-Control"), len(k.Stored()))
	}
	if doc.Find("html").AttrOr("lang", "") != "en" || doc.Find("h1").Text() != "How was the service at Unit Pelayanan?" || doc.Find(".alert, .fault, [aria-invalid]").Length() != 0 {
		t.Errorf("not the plain form in English: %s", doc.Find("main").Text())
	}
	got := filled(doc)
	for _, hidden := range []string{"id", "mode", "period"} {
		if got.Get(hidden) != v.Get(hidden) || got.Get(hidden) == "" {
			t.Errorf("%s = %q, want %q", hidden, got.Get(hidden), v.Get(hidden))
		}
	}
	if got.Get("lang") != "en" || doc.Find("#comment").Text() != "<b>pesan saya</b>" || doc.Find("#f-sex option[selected]").AttrOr("value", "") != "P" || doc.Find("input[checked]").Length() != 16 {
		t.Errorf("kept: lang %q, comment %q, %d answers", got.Get("lang"), doc.Find("#comment").Text(), doc.Find("input[checked]").Length())
	}
	if b := doc.Find("button.lang"); b.AttrOr("value", "") != "id" || b.AttrOr("form", "") != doc.Find("form[method=post]").AttrOr("id", "-") {
		t.Error("there is no way back to the other language")
	}
	v.Set("switch", "xx")
	if r := k.PostForm("/s/KUPARI47", v); r.StatusCode != http.StatusOK || r.HTML().Find("html").AttrOr("lang", "") != "id" {
		t.Errorf("an unknown language: %d", r.StatusCode)
	}
	if r := k.PostForm("/s/BEDATO92", v); r.StatusCode != http.StatusGone {
		t.Errorf("at a closed point: %d", r.StatusCode)
	}
	v.Del("switch")
	v.Set("answers.prosedur", "4")
	if r := k.PostForm("/s/KUPARI47", v); r.StatusCode != http.StatusSeeOther {
		t.Errorf("sent afterwards: %d", r.StatusCode)
	}
	v.Set("switch", "en")
	if r := k.PostForm("/s/KUPARI47", v); r.StatusCode != http.StatusConflict || strings.Contains(r.Text, "pesan saya") {
		t.Errorf("a page of before that a browser sends again shows the answers: %d", r.StatusCode)
	}
}

func TestTheNoticeIsTrueHoweverTheFormIsFilledIn(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for _, tc := range []struct{ address, says, neverSays string }{
		{"?lang=id", "Petugas loket tidak melihat jawaban Anda", "Petugas yang membantu"},
		{"?lang=en", "The staff at the counter do not see your answers", "officer who helps"},
		{"?lang=id&mode=assisted", "Petugas yang membantu akan melihat jawaban Anda", "tidak melihat;telepon Anda tidak dicatat"},
		{"?lang=en&mode=assisted", "The officer who helps you will see your answers", "do not see;leaves no mark"},
		{"?lang=id&mode=kiosk", "Layar ini dipakai bersama", "Petugas yang membantu;telepon Anda"},
		{"?lang=en&mode=kiosk", "This screen is shared", "officer who helps;your phone"},
	} {
		text := k.Get("/s/KUPARI47" + tc.address).HTML().Find("main").Text()
		if !strings.Contains(text, tc.says) {
			t.Errorf("%s does not say %q", tc.address, tc.says)
		}
		for _, never := range strings.Split(tc.neverSays, ";") {
			if strings.Contains(text, never) {
				t.Errorf("%s says %q", tc.address, never)
			}
		}
	}
}

func TestAFormWithEveryFieldMissingIsExplained(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	r := k.PostForm("/s/KUPARI47", url.Values{"x": {"1"}})
	doc := r.HTML()
	if r.StatusCode != 422 || doc.Find(".alert li").Length() < 18 {
		t.Errorf("%d, %d faults in the summary", r.StatusCode, doc.Find(".alert li").Length())
	}
	if id := doc.Find("input[name=id]").AttrOr("value", ""); len(id) != 36 {
		t.Errorf("the form came back without an id: %q", id)
	}
	noInsides(t, r)
	// What nobody is asked is no question that is not answered.
	v := filled(k.Get("/s/KUPARI47").HTML())
	v.Del("id")
	if got := k.PostForm("/s/KUPARI47", v).HTML().Find("#alert h2").Text(); got != "Ada 1 isian yang perlu dilihat lagi" {
		t.Errorf("a form without its id is headed %q", got)
	}
}

func TestATroubledStoreKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City, func(d *testkit.Deps) { d.Submit = away{} })
	v := filled(k.Get("/s/KUPARI47").HTML())
	v.Set("comment", "jangan hilang")
	r := k.PostForm("/s/KUPARI47", v)
	doc := r.HTML()
	if r.StatusCode != 503 || r.Header.Get("Retry-After") != "7" || doc.Find("#comment").Text() != "jangan hilang" ||
		doc.Find("input[type=radio][checked]").Length() != 17 || doc.Find("input[name=id]").AttrOr("value", "") != v.Get("id") {
		t.Errorf("%d %s", r.StatusCode, r.Text)
	}
	if !strings.Contains(k.Log.String(), "secret detail") {
		t.Errorf("who runs the service is not told why: %s", k.Log)
	}
	noInsides(t, r)
}

func TestWhatSomebodyTypedIsNeverMarkup(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, strings.Replace(testkit.City, "name: Puskesmas Melati", `name: "<script>alert(1)</script>"`, 1))
	for _, path := range []string{"/", "/?q=%3Cscript%3E", "/s/MELATI38", "/hasil/pkm"} {
		if r := k.Get(path); strings.Contains(r.Text, "<script>") {
			t.Errorf("%s holds somebody's markup", path)
		}
	}
}

// with returns a copy of a form's values in which one is another.
func with(v url.Values, name, value string) url.Values {
	out := maps.Clone(v)
	out.Set(name, value)
	return out
}

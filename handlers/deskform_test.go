package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"persepsi/internal/access"
	"persepsi/internal/cache"
	"persepsi/internal/testkit"
	"persepsi/internal/testtools"
)

// A manager finds the form on paper, and the empty file that it is typed into, beside the
// posters, of the period that the page is about; nobody else's.
func TestAManagerFindsTheFormOnPaperOfTheirUnit(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	manager := k.SignIn(access.Manager, "dukcapil")
	page := visit(k, http.MethodGet, unitPage+"/sampel?lang=id", manager)
	var links []string
	page.HTML().Find("#formulir a").Each(func(_ int, a *goquery.Selection) { links = append(links, a.AttrOr("href", "")) })
	if len(links) != 2 {
		t.Fatalf("%q", links)
	}
	for i, begins := range []string{"%PDF-", "PK"} {
		r := visit(k, http.MethodGet, links[i], manager)
		if r.StatusCode != http.StatusOK || !strings.HasPrefix(r.Text, begins) || !strings.Contains(r.Header.Get("Content-Disposition"), "formulir-dukcapil-loket-2026-s1.") {
			t.Errorf("%s: %d, %s", links[i], r.StatusCode, r.Header.Get("Content-Disposition"))
		}
		if r := visit(k, http.MethodGet, links[i], k.SignIn(access.Manager, "dinkes")); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s is sent to another agency's manager: %d", links[i], r.StatusCode)
		}
	}
	text := strings.Join(testtools.PDFText(t, []byte(visit(k, http.MethodGet, links[0], manager).Text)), " ")
	for _, want := range []string{"Unit Pelayanan", "Semester I 2026", "akta", "Akta kelahiran"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not on the form", want)
		}
	}
}

func TestAFormOnPaperIsKeptOnceForEachLanguageThatThereIs(t *testing.T) {
	t.Parallel()
	kept := cache.New(8 << 20)
	k := testkit.New(t, testkit.City, func(d *testkit.Deps) { d.Cache = kept })
	manager := k.SignIn(access.Manager, "dukcapil")
	of := func(lang string) string {
		return visit(k, http.MethodGet, unitPage+"/formulir.xlsx?lang="+lang, manager).Text
	}
	of("id")
	of("en")
	before := kept.Stats()
	for _, lang := range []string{"", "xx", "ID", "id-x-" + strings.Repeat("a", 100), "id"} {
		if of(lang) != of("id") {
			t.Errorf("language %q has another form than the one that it falls back to", lang)
		}
	}
	if now := kept.Stats(); now.Entries != before.Entries || now.Misses != before.Misses {
		t.Errorf("languages that there are not are kept each for itself: %+v, before %+v", now, before)
	}
}

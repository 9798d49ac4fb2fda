package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"persepsi/internal/testkit"
)

func TestATypedOrPastedCodeLeadsToItsForm(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for _, text := range []string{
		"KUPARI47", " kupari47 ", "KU PARI-47", "https://survei.kota.go.id/s/KUPARI47", "https://elsewhere.example/s/kupari47?lang=en&mode=kiosk#x",
		"survei.kota.go.id/s/KUPARI47/", "survei.kota.go.id/s/KUPARI47#x", "http://127.0.0.1:8080/s/KU%20PARI47?t=" + strings.Repeat("x", 80),
	} {
		for _, page := range []string{"/?lang=en&q=", "/s?lang=en&code=", "/s?lang=en&q=", "/s/?lang=en&code="} {
			r := k.Get(page + url.QueryEscape(text))
			if got := r.Header.Get("Location"); r.StatusCode != http.StatusSeeOther || got != "/s/KUPARI47?lang=en" {
				t.Errorf("%s with %q: %d to %q", page, text, r.StatusCode, got)
			}
		}
	}
	if r := k.Get("/s?code=BEDATO92"); r.StatusCode != http.StatusSeeOther || k.Get(r.Header.Get("Location")).StatusCode != http.StatusGone {
		t.Errorf("a closed point's code: %d", r.StatusCode)
	}
}

func TestAnUnknownCodeComesBackAndNoneIsEverShown(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	if r := k.Get("/s"); r.StatusCode != http.StatusOK || r.HTML().Find("input[name=code]").Length() != 1 || r.HTML().Find(".alert").Length() != 0 {
		t.Errorf("the page: %d", r.StatusCode)
	}
	for _, text := range []string{"KUPARI4", "KUPARI470", "NOBODY99", "//evil.example", "/s/", "https://survei.kota.go.id/s/", "<script>alert(1)</script>", "%00", strings.Repeat("x", 4000)} {
		r := k.Get("/s?lang=en&code=" + url.QueryEscape(text))
		doc := r.HTML()
		if r.StatusCode != http.StatusNotFound || !strings.Contains(doc.Find(".alert").Text(), "This code is not known") {
			t.Errorf("%.40q: %d %s", text, r.StatusCode, doc.Find("main").Text())
		}
		if got := doc.Find("input[name=code]").AttrOr("value", ""); len(got) == 0 || !strings.HasPrefix(text, got) {
			t.Errorf("%.40q came back as %.40q", text, got)
		}
		noInsides(t, r)
	}
	for _, page := range []string{"/", "/?q=KUPARI", "/s", "/s?code=KUPARI", "/hasil/dukcapil-loket", "/s/KUPARI"} {
		if text := k.Get(page).Text; strings.Contains(text, "KUPARI47") {
			t.Errorf("%s shows a point's code", page)
		}
	}
}

// forms lists the points whose form a page links to.
func forms(doc *goquery.Document) (out []string) {
	doc.Find("main a[href^='/s/']").Each(func(_ int, a *goquery.Selection) {
		code, _, _ := strings.Cut(strings.TrimPrefix(a.AttrOr("href", ""), "/s/"), "?")
		if !slices.Contains(out, code) {
			out = append(out, code)
		}
	})
	return out
}

func TestPublicPagesLinkToAFormOnlyWhereThePointTakesRemoteAnswers(t *testing.T) {
	t.Parallel()
	remote := strings.NewReplacer(
		"name: Loket 1}", "name: Loket 1, remote: true}", "closed: true}", "closed: true, remote: true}", "code: TUTUPA22,", "code: TUTUPA22, remote: true,",
	).Replace(testkit.City)
	for _, tc := range []struct {
		name, city, page string
		forms            []string
		tells            bool // how to take part at the counter
	}{
		{"home, nothing asked for", testkit.City, "/", nil, true},
		{"home, found", testkit.City, "/?q=unit", nil, true},
		{"a unit, nothing asked for", testkit.City, "/hasil/dukcapil-loket", nil, true},
		{"home, one remote point", remote, "/", []string{"KUPARI47"}, true},
		{"its unit", remote, "/hasil/dukcapil-loket", []string{"KUPARI47"}, false},
		{"its unit, another period", remote, "/hasil/dukcapil-loket?period=2025-s2", nil, false},
		{"a unit with no open survey", remote, "/hasil/pkm-tutup", nil, false},
	} {
		k := testkit.New(t, tc.city)
		doc := k.Get(tc.page).HTML()
		if got := forms(doc); !slices.Equal(got, tc.forms) {
			t.Errorf("%s: links to the forms of %v, want %v", tc.name, got, tc.forms)
		}
		if got := doc.Find("main a[href^='/s?']").Length() > 0 && strings.Contains(doc.Find("main").Text(), "pindai kode QR"); got != tc.tells {
			t.Errorf("%s: tells how to take part: %v, want %v", tc.name, got, tc.tells)
		}
		if doc.Find(".symbol").Length() > 0 {
			t.Errorf("%s: shows the symbol of a point as the demonstration does", tc.name)
		}
	}
}

func TestTheSettingRemoteChangesNothingAtThePointItself(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	if r := k.Get("/s/KUPARI47"); r.StatusCode != http.StatusOK {
		t.Errorf("the form: %d", r.StatusCode)
	}
	if r := k.PostJSON(responsesPath, k.Response(nil)); r.StatusCode != http.StatusCreated {
		t.Errorf("an API client: %d", r.StatusCode)
	}
}

func TestTheDemonstrationLinksToItsForms(t *testing.T) {
	t.Parallel()
	k := demoBeforeComments(t)
	if got := forms(k.Get("/").HTML()); len(got) < 30 {
		t.Errorf("%d forms", len(got))
	}
	if got := k.Get("/").HTML().Find(".symbol a").AttrOr("href", ""); got != "/s/NUKINO66?lang=id" {
		t.Errorf("the symbol leads to %q", got)
	}
	if n := k.Get("/?q=dinas").HTML().Find(".symbol").Length(); n != 0 {
		t.Errorf("whoever searches is shown %d symbols", n)
	}
}

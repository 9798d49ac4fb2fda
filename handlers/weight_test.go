package handlers_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

// zipped asks for a path as a browser does and returns the bytes on the wire and
// what they hold.
func zipped(t *testing.T, k *testkit.Kit, path string) (wire int, text string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Encoding", "gzip, deflate, br")
	reply := k.Do(r)
	if got := reply.Header.Get("Content-Encoding"); got != "gzip" {
		t.Fatalf("%s: Content-Encoding %q, want gzip", path, got)
	}
	if !strings.Contains(reply.Header.Get("Vary"), "Accept-Encoding") {
		t.Errorf("%s: Vary %q", path, reply.Header.Get("Vary"))
	}
	in, err := gzip.NewReader(strings.NewReader(reply.Text))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	return len(reply.Text), string(plain)
}

// What the citizen's form weighs on the wire, in bytes: firstVisit with the
// style sheet and the script, laterVisit by itself, the browser having kept the
// others. The first is two or three seconds on the slowest mobile network in
// use (EDGE).
const (
	firstVisit = 10_000
	laterVisit = 5_300
)

func TestTheCompressedFormIsTheFormAndLight(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	id := regexp.MustCompile(`name="id" value="[^"]*"`)
	seen := map[string]bool{}
	for _, path := range []string{"/s/KUPARI47", "/s/KUPARI47?lang=en", "/s/KUPARI47"} {
		size, text := zipped(t, k, path)
		reply := k.Get(path)
		if id.ReplaceAllString(text, "") != id.ReplaceAllString(reply.Text, "") {
			t.Errorf("%s: the compressed page differs from the plain one", path)
		}
		if size > laterVisit {
			t.Errorf("%s takes %d bytes, at most %d are light", path, size, laterVisit)
		}
		loaded := 0
		reply.HTML().Find("link[rel=stylesheet], script").Each(func(_ int, s *goquery.Selection) {
			asset, _ := zipped(t, k, s.AttrOr("href", s.AttrOr("src", "")))
			size += asset
			loaded++
		})
		if size > firstVisit || loaded != 2 {
			t.Errorf("%s takes %d bytes with the %d files that it loads, at most %d with 2 are light", path, size, loaded, firstVisit)
		}
		mark := id.FindString(text)
		if mark == "" || seen[mark] {
			t.Errorf("%s: id %q, want one of its own", path, mark)
		}
		seen[mark] = true
	}
}

func TestOnlyTheFormAndItsThankYouPageMayLoadTheScript(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	seen := map[string]bool{}
	for _, path := range []string{"/s/KUPARI47", "/s/KUPARI47?mode=kiosk&lang=en", "/s/KUPARI47/terima-kasih"} {
		page := k.Get(path)
		if policy := page.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "; script-src 'self'") {
			t.Errorf("%s: %s", path, policy)
		}
		page.HTML().Find("script").Each(func(_ int, s *goquery.Selection) { seen[s.AttrOr("src", "")] = true })
	}
	if len(seen) != 1 {
		t.Fatalf("scripts: %v, want the same one everywhere", seen)
	}
	for _, path := range []string{"/", "/hasil/pkm", "/s/NOBODY99"} {
		if r := k.Get(path); strings.Contains(r.Text, "<script") || strings.Contains(r.Header.Get("Content-Security-Policy"), "script-src") {
			t.Errorf("%s allows scripts and needs none", path)
		}
	}
	// The door has one for passkeys, where browsers have them for the address.
	for address, want := range map[string]int{"https://survei.kota.example": 1, "http://survei.kota.example": 0, "": 0} {
		r := k.With(func(d *testkit.Deps) { d.PublicURL = address }).Get("/masuk")
		policy := r.Header.Get("Content-Security-Policy")
		if n := r.HTML().Find("script[src*=passkey]").Length(); n != want || r.HTML().Find("script").Length() != want || r.HTML().Find("form.passkey[hidden]").Length() != want ||
			strings.HasSuffix(policy, "; script-src 'self'; connect-src 'self'") != (want == 1) || strings.Contains(policy, "script-src") != (want == 1) {
			t.Errorf("the door of %q has %d scripts, policy %s", address, n, policy)
		}
	}
}

func TestEveryPageIsCompressed(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	token := regexp.MustCompile(`name="` + web.FormField + `" value="[^"]*"`) // each time another one
	for _, path := range []string{"/", "/hasil/dukcapil-loket", "/masuk", "/s/NOBODY99", "/s/BEDATO92", "/s/KUPARI47/terima-kasih?r=ABCD-EFGH"} {
		if _, text := zipped(t, k, path); token.ReplaceAllString(text, "") != token.ReplaceAllString(k.Get(path).Text, "") {
			t.Errorf("%s differs compressed", path)
		}
	}
}

func TestCompressedResultsAreTheResultsAndFollowNewAnswers(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	generated := regexp.MustCompile(`"generated_at":"[^"]*"`)
	for i := range 3 {
		if r := k.PostJSON(responsesPath, k.Response(nil)); r.StatusCode != http.StatusCreated {
			t.Fatal(r.Text)
		}
		k.Refresh()
		for _, path := range []string{"/api/v1/results?period=2026-s1", "/api/v1/results?period=2026-s1&unit=dukcapil-loket", "/api/v1/results?period=2025-s2&agency=dinkes"} {
			_, text := zipped(t, k, path)
			if plain := k.Get(path).Text; generated.ReplaceAllString(text, "") != generated.ReplaceAllString(plain, "") {
				t.Errorf("after %d answers %s differs compressed: %.200s", i+1, path, text)
			}
		}
	}
}

// What one page alone has is no burden of the others, and of the form least.
func TestOnlyResultSheetAndAccountsLoadAStyleSheetOfTheirOwn(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	evaluator := k.SignIn(access.Evaluator)
	for path, want := range map[string]string{
		"/": "style", "/s": "style", "/s/KUPARI47": "style", "/s/KUPARI47/terima-kasih": "style", "/privasi": "style", "/s/NOBODY99": "style",
		"/hasil/dukcapil-loket": "style result", "/masuk": "style account", "/lke": "style lke",
	} {
		var loaded []string
		visit(k, http.MethodGet, path, evaluator).HTML().Find("link[rel=stylesheet]").Each(func(_ int, s *goquery.Selection) {
			name, _, _ := strings.Cut(strings.TrimPrefix(s.AttrOr("href", ""), "/assets/"), "-")
			loaded = append(loaded, name)
		})
		if got := strings.Join(loaded, " "); got != want {
			t.Errorf("%s loads %q, want %q", path, got, want)
		}
	}
}

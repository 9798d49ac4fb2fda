package handlers_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

// ownCode lists what a page holds of styles and scripts itself: what a policy
// without 'unsafe-inline' stops.
func ownCode(doc *goquery.Document) (out []string) {
	note := func(what string) func(int, *goquery.Selection) {
		return func(_ int, s *goquery.Selection) { out = append(out, what+" at "+goquery.NodeName(s)) }
	}
	doc.Find("style").Each(note("a style sheet"))
	doc.Find("[style]").Each(note("a style"))
	doc.Find("script:not([src])").Each(note("a script"))
	doc.Find("*").Each(func(i int, s *goquery.Selection) {
		for _, a := range s.Nodes[0].Attr {
			if strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:") {
				note(a.Key)(i, s)
			}
		}
	})
	return out
}

func TestNoPageHoldsAStyleOrAScriptOfItsOwn(t *testing.T) {
	t.Parallel()
	own, demo := testkit.New(t, testkit.City), newDemo(t)
	cookies, evaluator := demoCookies(demo), own.SignIn(access.Evaluator)
	for _, lang := range []string{"id", "en"} {
		check := func(name string, r *testkit.Reply, status int) {
			t.Helper()
			if r.StatusCode != status || r.Header.Get("Content-Type") != htmlType {
				t.Errorf("%s in %s: %d, want %d, %s", name, lang, r.StatusCode, status, r.Header.Get("Content-Type"))
			}
			if found := ownCode(r.HTML()); len(found) > 0 {
				t.Errorf("%s in %s holds %s", name, lang, strings.Join(found, ", "))
			}
			policy := r.Header.Get("Content-Security-Policy")
			if !strings.Contains(policy, "default-src 'none'; style-src 'self';") || strings.Contains(policy, "unsafe") {
				t.Errorf("%s in %s: %s", name, lang, policy)
			}
		}
		check("faulty", own.PostForm("/s/KUPARI47?lang="+lang, map[string][]string{"x": {"1"}}), http.StatusUnprocessableEntity)
		check("wrong password", newVisitor(own).send(t, "/masuk?lang="+lang, "/masuk", url.Values{"email": {"x"}, "password": {"y"}}), http.StatusUnauthorized)
		check("a form that nobody opened", own.PostForm("/masuk?lang="+lang, map[string][]string{"email": {"x"}, "password": {"y"}}), http.StatusForbidden)
		check("empty", testkit.New(t, "").Get("/?lang="+lang), http.StatusOK)
		for _, v := range views() {
			check(v.name, v.reply(map[bool]*testkit.Kit{true: demo, false: own}[v.demo], cookies, lang), v.found())
		}
		for pattern, page := range unseen() {
			if page.path != "" {
				check(pattern, visit(own, http.MethodGet, inLanguage(page.path, lang), evaluator), http.StatusOK)
			}
		}
	}
	if found := ownCode(own.Get("/qr/KUPARI47.svg").HTML()); len(found) > 0 {
		t.Errorf("a symbol holds %s", strings.Join(found, ", "))
	}
}

func TestWhatIsLookedForInPagesIsFound(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{
		"<style>p{}</style>", `<p style="x">`, `<svg><rect style="fill:red"/></svg>`, "<script>1</script>", `<p onclick="x">`, `<a href=" JavaScript:x">`,
	} {
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(bad))
		if err != nil {
			t.Fatal(err)
		}
		if len(ownCode(doc)) != 1 {
			t.Errorf("%s: %q", bad, ownCode(doc))
		}
	}
}

// watchPolicy makes a tab note what its pages' own policy stops.
func (p *tab) watchPolicy() {
	p.t.Helper()
	listen := page.AddScriptToEvaluateOnNewDocumentParams{Source: `window.stopped = []
		addEventListener("securitypolicyviolation", e => stopped.push(e.violatedDirective + " stops " + (e.blockedURI || "something") + ": " + e.sample), true)`}
	p.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, listen)
		return err
	}))
}

// stopped lists what the policy of the page in a watched tab stopped, and
// whether the page has no style.
func (p *tab) stopped() []string {
	p.t.Helper()
	faults := ask[[]string](p, `stopped`)
	if ask[string](p, `getComputedStyle(document.body).marginTop`) != "0px" {
		faults = append(faults, "has no style")
	}
	return faults
}

func TestAnAssetIsKeptByTheBrowserUnderItsOwnChecksumOnly(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	doc := k.Get("/s/KUPARI47").HTML()
	for path, want := range map[string]string{
		doc.Find("link[rel=stylesheet]").AttrOr("href", ""): "text/css; charset=utf-8",
		doc.Find("script").AttrOr("src", ""):                "text/javascript; charset=utf-8",
	} {
		r := k.Get(path)
		if r.StatusCode != http.StatusOK || r.Text == "" || r.Header.Get("Content-Type") != want || r.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" {
			t.Errorf("%s: %d, %v", path, r.StatusCode, r.Header)
		}
		if _, text := zipped(t, k, path); text != r.Text {
			t.Errorf("%s differs compressed", path)
		}
	}
	const other = "/assets/style-000000000000.css" // of another version of the service
	if r := k.Get(other); r.StatusCode != http.StatusOK || r.Text == "" || r.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s: %d, %s", other, r.StatusCode, r.Header.Get("Cache-Control"))
	}
	for _, path := range []string{"/assets/style.css", "/assets/style-.js", "/assets/none-000000000000.css", "/assets/", "/assets/..%2fmessages%2fid.yaml"} {
		if r := k.Get(path); r.StatusCode != http.StatusNotFound || r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d, %s", path, r.StatusCode, r.Header.Get("Cache-Control"))
		}
	}
}

// Search engines list what is for everybody, and no form, search or door.
func TestOnlyPagesForEverybodyAreListedBySearchEngines(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for path, listed := range map[string]bool{
		"/": true, "/privasi": true, "/hasil": true, "/hasil/pkm": true, "/hasil/pkm-tutup": true, "/hasil/opd/dinkes": true,
		"/s": false, "/s/KUPARI47": false, "/s/KUPARI47/terima-kasih": false, "/hasil/pkm/kartu": false, "/masuk": false, "/nowhere": false,
	} {
		if got := k.Get(path).HTML().Find(`meta[name="robots"][content="noindex"]`).Length() == 0; got != listed {
			t.Errorf("%s is listed: %v, want %v", path, got, listed)
		}
	}
}

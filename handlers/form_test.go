package handlers_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

// parameter is one in a route's path.
var parameter = regexp.MustCompile(`:\w+`)

// addressOf fills a route's path with what there is in the tests' city.
func addressOf(t *testing.T, route string) string {
	t.Helper()
	known := map[string]string{":point": "KUPARI47", ":unit": "dukcapil-loket", ":agency": "dukcapil", ":file": "KUPARI47.svg", ":token": "x", ":n": "1", ":id": "x"}
	return parameter.ReplaceAllStringFunc(strings.ReplaceAll(route, "*", "x"), func(name string) string {
		if known[name] == "" {
			t.Errorf("%s: this test knows nothing to put in the place of %s", route, name)
		}
		return known[name]
	})
}

// submit posts a form as a browser with these cookies does.
func submit(k *testkit.Kit, path string, form url.Values, cookies ...*http.Cookie) *testkit.Reply {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, c := range cookies {
		r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	return k.Do(r)
}

// tokenOf returns the token of a page's forms.
func tokenOf(page *testkit.Reply) string {
	return page.HTML().Find("form[method=post] input[name="+web.FormField+"]").First().AttrOr("value", "")
}

// leave presses the button that ends a session.
func leave(k *testkit.Kit, path string, c *http.Cookie) *testkit.Reply {
	return submit(k, path, url.Values{web.FormField: {tokenOf(visit(k, http.MethodGet, "/lke", c))}}, c)
}

// given returns the cookie of a name that a reply sets, nil where it sets none.
func given(r *testkit.Reply, name string) *http.Cookie {
	for _, c := range r.Cookies() {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Every route that something can be posted to is tried: a new one is, too.
func TestWhatIsPostedBySomebodySignedInNeedsTheTokenOfTheirPages(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	// They read no cookie, so another site gains nothing by what a browser sends along.
	blind := map[string]string{"/s/:point": "answers are anybody's", "/api/v1/points/:point/responses": "the API reads no cookie"}
	other := tokenOf(visit(k, http.MethodGet, "/lke", k.SignIn(access.Evaluator, "")))
	tried := 0
	for _, route := range k.App.GetRoutes(true) {
		if route.Method != http.MethodPost {
			continue
		}
		if _, ok := blind[route.Path]; ok {
			delete(blind, route.Path)
			continue
		}
		tried++
		_, cookie := k.Granted(access.Grant{Role: access.Evaluator, Scope: access.City()}, access.Grant{Role: access.Admin, Scope: access.City()}) // together they may all
		page := visit(k, http.MethodGet, "/lke", cookie)
		token := tokenOf(page)
		for name, form := range map[string]url.Values{
			"none": {}, "an empty one": {web.FormField: {""}}, "another session's": {web.FormField: {other}}, "the cookie itself": {web.FormField: {cookie.Value}},
			"a shorter one": {web.FormField: {token[1:]}}, "a wrong one before it": {web.FormField: {"x", token}},
		} {
			r := submit(k, addressOf(t, route.Path), form, cookie)
			if r.StatusCode != http.StatusForbidden || !strings.Contains(r.Text, "sudah tidak berlaku") {
				t.Errorf("%s with %s: %d", route.Path, name, r.StatusCode)
			}
		}
		if r := submit(k, addressOf(t, route.Path)+"?"+web.FormField+"="+token, nil, cookie); r.StatusCode != http.StatusForbidden {
			t.Errorf("%s takes the token from its address: %d", route.Path, r.StatusCode)
		}
		if got := visit(k, http.MethodGet, "/lke", cookie); rows(got) != 2 {
			t.Errorf("%s: a refused form did something", route.Path)
		}
		if r := submit(k, addressOf(t, route.Path), url.Values{web.FormField: {token}}, cookie); r.StatusCode == http.StatusForbidden {
			t.Errorf("%s refuses its own form", route.Path)
		}
	}
	if tried < 2 || len(blind) > 0 {
		t.Errorf("%d routes were tried; these are not there: %v", tried, slices.Collect(maps.Keys(blind)))
	}
}

// Every page that a session opens is looked at, and what shows before there is one.
func TestEveryFormOfPeopleWhoSignInHasItsToken(t *testing.T) {
	t.Parallel()
	k := asDemo(t, opened(t, testkit.New(t, testkit.City)))
	cookie := enter(t, k, "/lke?lang=id&period=2026-s1&sort=unit", "evaluator")
	look := func(where string, page *testkit.Reply) (found int) {
		page.HTML().Find("form[method=post]").Each(func(_ int, form *goquery.Selection) {
			if strings.HasPrefix(form.AttrOr("action", ""), "/s/") {
				return // a citizen's, who signs in nowhere
			}
			found++
			if field := form.Find("input[type=hidden][name=" + web.FormField + "]"); field.Length() != 1 || len(field.AttrOr("value", "")) != 43 {
				t.Errorf("%s: the form to %s has no token", where, form.AttrOr("action", "?"))
			}
		})
		return found
	}
	found := 0
	for _, route := range k.App.GetRoutes(true) {
		if route.Method == http.MethodGet && route.Path != livePath { // a stream, which has no end
			found += look(route.Path, visit(k, http.MethodGet, addressOf(t, route.Path), cookie))
		}
	}
	if found < 3 {
		t.Errorf("%d forms were found: nothing is checked", found)
	}
	for name, page := range map[string]*testkit.Reply{"the door": k.Get("/masuk"), "the door after a wrong password": k.Do(fromDoor(t, url.Values{"email": {"x"}}))} {
		if look(name, page) != 7 {
			t.Errorf("%s has other forms", name)
		}
		if page.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be kept for others", name)
		}
	}
}

// Nobody can make a browser that has the door open sign in as somebody else.
func TestSigningInFromAnOpenDoorNeedsTheDoorsToken(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	member(t, k, "siti@kota.example")
	form := func(token string) url.Values {
		return url.Values{"email": {"siti@kota.example"}, "password": {sandi}, web.FormField: {token}}
	}
	page := k.Get("/masuk")
	bound := given(page, web.FormCookie)
	if bound == nil || !bound.HttpOnly || !bound.Secure || bound.SameSite != http.SameSiteLaxMode || bound.MaxAge != 0 || bound.Value == tokenOf(page) {
		t.Fatalf("the form's cookie is %v", bound)
	}
	if again := visit(k, http.MethodGet, "/masuk", bound); given(again, web.FormCookie) != nil || tokenOf(again) != tokenOf(page) {
		t.Error("the same browser has other forms in another tab")
	}
	for token, want := range map[string]int{"": http.StatusForbidden, tokenOf(k.Get("/masuk")): http.StatusForbidden, tokenOf(page): http.StatusSeeOther} {
		r := submit(k, "/masuk", form(token), bound)
		if r.StatusCode != want || (given(r, sessionCookie) != nil) != (want == http.StatusSeeOther) {
			t.Errorf("%q: %d, want %d", token, r.StatusCode, want)
		}
	}
	// Who signed in has forms of the session alone, whatever a neighbouring site may set.
	if r := submit(k, "/keluar", url.Values{web.FormField: {tokenOf(page)}}, k.SignIn(access.Viewer), bound); r.StatusCode != http.StatusForbidden {
		t.Errorf("a form from before the session: %d", r.StatusCode)
	}
}

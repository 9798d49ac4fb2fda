package handlers_test

import (
	"net/http"
	"path"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

func (v view) in(lang string) string { return inLanguage(v.path, lang) }

// inLanguage is an address in a language.
func inLanguage(address, lang string) string {
	if strings.Contains(address, "?") {
		return address + "&lang=" + lang
	}
	return address + "?lang=" + lang
}

// seen is the path of what is seen in the end, or of a page of the same route.
func (v view) seen() string {
	if v.at != "" {
		return v.at
	}
	return v.path
}

// found is the status of what is seen.
func (v view) found() int {
	switch {
	case v.lacks:
		return http.StatusNotFound
	case v.as != "":
		return http.StatusOK
	}
	return v.status
}

// reply is the page of a view as far as no form is sent for it: of those who sign in, what
// is seen after that.
func (v view) reply(k *testkit.Kit, cookies map[access.Role]*http.Cookie, lang string) *testkit.Reply {
	if v.as == "" {
		return k.Get(v.in(lang))
	}
	if v.link == "" {
		return visit(k, http.MethodGet, inLanguage(v.seen(), lang), cookies[v.as])
	}
	page := visit(k, http.MethodGet, v.in(lang), cookies[v.as])
	return visit(k, http.MethodGet, page.HTML().Find(v.link).AttrOr("href", "/"), cookies[v.as])
}

// demoCookies are those of the people as whom a demonstration lets anybody in.
func demoCookies(k *testkit.Kit) map[access.Role]*http.Cookie {
	out := map[access.Role]*http.Cookie{}
	for _, role := range access.Roles() {
		out[role] = k.Session(access.DemoID(role))
	}
	return out
}

// getRoutes returns the patterns of what can be asked for by GET, in the order in which they
// are tried.
func getRoutes(k *testkit.Kit) (out []string) {
	for _, route := range k.App.GetRoutes(true) {
		if route.Method == http.MethodGet {
			out = append(out, route.Path)
		}
	}
	return out
}

// routeOf returns the pattern that a path is of; empty: none.
func routeOf(routes []string, address string) string {
	address, _, _ = strings.Cut(address, "?")
	for _, pattern := range routes {
		if fiber.RoutePatternMatch(address, pattern) {
			return pattern
		}
	}
	return ""
}

// An unseenPage is one that is not among the views.
type unseenPage struct {
	why  string
	path string // where an evaluator gets it in the tests' own city; empty: it takes more than a path
}

// unseen names what is asked for by GET and is not among the views, and why.
func unseen() map[string]unseenPage {
	const file, told, elsewhere = "a file", "for machines", "leads elsewhere"
	const own = "what somebody does there: browser_passkey_test.go"
	return map[string]unseenPage{
		"/assets/:file":        {why: file},
		"/qr/:file":            {why: file},
		"/poster/:file":        {why: file},
		"/lke/:unit/eviden/:n": {why: file},
		"/healthz":             {why: told},
		"/readyz":              {why: told},
		"/metrics":             {why: told},
		"/meja/kejadian":       {why: told},
		"/masuk/oidc":          {why: elsewhere},
		"/masuk/oidc/kembali":  {why: elsewhere},
		"/masuk/kode":          {why: "comes after a password: TestNoTemplateHoldsAStyleOrAScriptOfItsOwn reads it"},
		"/mulai/:token":        {why: "needs a link that is used once: likewise"},
		"/akun/aplikasi":       {why: "needs a password: likewise"},
		"/akun":                {why: own, path: "/akun"},
		"/akun/passkey":        {why: own, path: "/akun/passkey"},
		"/hasil/:unit/kartu":   {why: "stands in the pages of other sites: embed_test.go", path: "/hasil/dukcapil-loket/kartu"},
		"/lke/:unit/eviden":    {why: "evidence_test.go", path: "/lke/pkm/eviden"},
		"/meja/kota/poster":    {why: "the template of an agency's", path: "/meja/kota/poster"},
	}
}

// What is no view is looked at in no browser: neither whether it fits a phone nor whether its
// policy stops something of it.
func TestEveryPageIsAViewOrNamed(t *testing.T) {
	t.Parallel()
	routes := getRoutes(testkit.New(t, testkit.City))
	viewed := map[string]bool{}
	for _, v := range views() {
		viewed[routeOf(routes, v.path)], viewed[routeOf(routes, v.seen())] = true, true
	}
	missing := unseen()
	for _, pattern := range routes {
		if strings.HasPrefix(pattern, "/api/") || strings.Contains(path.Base(pattern), ".") { // a file
			continue
		}
		_, named := missing[pattern]
		if viewed[pattern] == named {
			t.Errorf("%s: a view %t, named as none %t", pattern, viewed[pattern], named)
		}
		delete(missing, pattern)
	}
	for pattern := range missing {
		t.Errorf("%s is named and is no page", pattern)
	}
}

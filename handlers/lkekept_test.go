package handlers_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/cache"
	"persepsi/internal/testkit"
)

// The sheet of a city is megabytes: it is rendered once for all who see the same of it, and
// says to each who is signed in.
func TestSheetsAreRenderedOnceForAllWhoSeeTheSame(t *testing.T) {
	t.Parallel()
	kept, now := cache.New(1<<20), testkit.Noon()
	k := testkit.New(t, testkit.City, func(d *testkit.Deps) { d.Cache, d.Now = kept, func() time.Time { return now } })
	one, two, bound, admin := k.SignIn(access.Evaluator), k.SignIn(access.Evaluator), k.SignIn(access.Evaluator, "dinkes"), k.SignIn(access.Admin)
	for _, path := range []string{"/lke?period=2026-s1", "/lke/kesiapan?period=2026-s1"} {
		made := func(c *http.Cookie, path string) (*testkit.Reply, uint64) {
			t.Helper()
			before := kept.Stats().Misses
			r := visit(k, http.MethodGet, path, c)
			if r.StatusCode != http.StatusOK || r.Header.Get("Cache-Control") != "no-store" {
				t.Fatalf("%s: %d, %q", path, r.StatusCode, r.Header.Get("Cache-Control"))
			}
			return r, kept.Stats().Misses - before
		}
		a, n := made(one, path)
		if n == 0 {
			t.Errorf("%s is there before anybody asked", path)
		}
		b, n := made(two, path)
		if n != 0 {
			t.Errorf("%s is rendered again for who sees the same: %d", path, n)
		}
		for _, r := range []*testkit.Reply{a, b} {
			if me := r.HTML().Find(".me"); me.Length() != 1 || !strings.HasPrefix(text(me), "Orang evaluator") {
				t.Errorf("%s says of who is signed in %q", path, text(me))
			}
		}
		if text(a.HTML().Find("main")) != text(b.HTML().Find("main")) {
			t.Errorf("%s tells two who see the same of different things", path)
		}
		token := func(r *testkit.Reply) string {
			return r.HTML().Find("form[action^='/keluar'] input").AttrOr("value", "")
		}
		if token(a) == "" || token(a) == token(b) {
			t.Errorf("%s: the tokens to leave are %q and %q", path, token(a), token(b))
		}
		for name, other := range map[string]struct {
			cookie *http.Cookie
			path   string
		}{"another agency's": {bound, path}, "an administrator's": {admin, path}, "English": {one, path + "&lang=en"}} {
			if r, n := made(other.cookie, other.path); n == 0 || text(r.HTML().Find("main")) == text(a.HTML().Find("main")) {
				t.Errorf("%s: %s is the page of an evaluator of the city", path, name)
			}
		}
		for name, change := range map[string]func(){
			"an entry":  func() { enterLine(t, k, path) },
			"an answer": func() { k.PostJSON(responsesPath, k.Response(nil)) },
			"midnight": func() {
				now = now.Add(24 * time.Hour)
				one, two = k.SignIn(access.Evaluator), k.SignIn(access.Evaluator)
				bound, admin = k.SignIn(access.Evaluator, "dinkes"), k.SignIn(access.Admin)
			},
		} {
			change()
			k.Refresh()
			if _, n := made(one, path); n == 0 {
				t.Errorf("%s is as it was before %s", path, name)
			}
		}
	}
}

// enterLine enters a sheet's line, another one for each reason.
func enterLine(t *testing.T, k *testkit.Kit, why string) {
	t.Helper()
	unit := map[bool]string{true: "pkm", false: "dukcapil-loket"}[strings.Contains(why, "kesiapan")]
	entry := `{"period":"2026-s1","unit":"` + unit + `","capaian_kinerja":"B","pengungkit":{"sdm":7.5},"version":0,"who":"TPI","why":"uji coba"}`
	if r := k.PutJSON(k.Key(access.Evaluator, ""), "/api/v1/zi/indicators", entry); r.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", r.StatusCode, r.Text)
	}
}

package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

const sessionCookie = "persepsi_session"

// timed makes an application whose clock the test moves.
func timed(t *testing.T, change ...func(*testkit.Deps)) (*testkit.Kit, func(time.Duration)) {
	t.Helper()
	return timedIn(t, testkit.City, change...)
}

// timedIn is timed for a city of the test's own.
func timedIn(t *testing.T, city string, change ...func(*testkit.Deps)) (*testkit.Kit, func(time.Duration)) {
	t.Helper()
	var passed atomic.Int64
	k := testkit.New(t, city, append(change, func(d *testkit.Deps) {
		d.Now = func() time.Time { return testkit.Noon().Add(time.Duration(passed.Load())) }
	})...)
	return k, func(d time.Duration) { passed.Add(int64(d)) }
}

// visit asks for a path as a browser with a cookie does.
func visit(k *testkit.Kit, method, path string, c *http.Cookie) *testkit.Reply {
	r := httptest.NewRequest(method, path, nil)
	r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	return k.Do(r)
}

func rows(r *testkit.Reply) int { return r.HTML().Find("table.lke tbody tr").Length() }

// toDoor reports whether a reply leads to the door, and from there back to a path.
func toDoor(r *testkit.Reply, path string) bool {
	to, err := url.Parse(r.Header.Get("Location"))
	return err == nil && r.StatusCode == http.StatusSeeOther && to.Path == web.SignInPath && to.Query().Get(web.Next) == path
}

func TestTheSheetNeedsASession(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	k.PostJSON(responsesPath, k.Response(nil))
	k.Refresh()
	if r := k.Get("/lke?period=2026-s1&lang=en"); !toDoor(r, "/lke?period=2026-s1&lang=en") || r.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("without a session: %d", r.StatusCode)
	}
	// A key opens the API and no page.
	secret := k.Key(access.Evaluator, "")
	if r := k.GetAs(secret, "/lke"); !toDoor(r, "/lke") {
		t.Errorf("with a key: %d", r.StatusCode)
	}
	if r := k.PostForm("/lke", url.Values{"key": {secret}}); r.StatusCode != http.StatusNotFound || given(r, sessionCookie) != nil {
		t.Errorf("with a key by a form: %d", r.StatusCode)
	}
	cookie := k.SignIn(access.Evaluator)
	// Every link of the sheet works with it.
	for _, path := range []string{"/lke?period=2026-s1", "/lke?period=2026-s1&sort=total", "/lke?period=2025-s2&lang=en"} {
		r := visit(k, http.MethodGet, path, cookie)
		if r.StatusCode != 200 || rows(r) != 2 {
			t.Errorf("%s: %d, %d rows", path, r.StatusCode, rows(r))
		}
	}
	if text := visit(k, http.MethodGet, "/lke?period=2026-s1", cookie).HTML().Text(); !strings.Contains(text, "belum lengkap") || !strings.Contains(text, "17,50") || !strings.Contains(text, "Keluar") {
		t.Errorf("the sheet is %s", text)
	}
}

func TestASessionIsSecureWhereTheServiceIs(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		address, proto string
		trusted        []netip.Prefix
		want           bool
	}{
		{"https://survei.kota.go.id", "", nil, true},
		{"http://127.0.0.1:9000", "", nil, false},
		{"", "", nil, false},
		{"", "https", []netip.Prefix{netip.MustParsePrefix("0.0.0.0/32")}, true},
		{"", "https", nil, false}, // the test's own peer has that address
	} {
		k := asDemo(t, opened(t, testkit.New(t, testkit.City)), func(d *testkit.Deps) { d.PublicURL, d.Trusted = tc.address, tc.trusted })
		r := fromDoor(t, url.Values{"role": {"admin"}})
		if tc.proto != "" {
			r.Header.Set("X-Forwarded-Proto", tc.proto)
		}
		if c := given(k.Do(r), sessionCookie); c == nil || c.Secure != tc.want {
			t.Errorf("%+v: %v", tc, c)
		}
	}
}

func TestASessionOpensPagesAndNotTheAPI(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	secret, cookie := k.Key(access.Evaluator, ""), k.SignIn(access.Evaluator)
	if r := visit(k, http.MethodGet, "/api/v1/zi/indicators?period=2026-s1", cookie); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("a session opens the API: %d", r.StatusCode)
	}
	if r := k.GetAs(cookie.Value, "/api/v1/zi/indicators?period=2026-s1"); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("a session's token is a key: %d", r.StatusCode)
	}
	for _, value := range []string{secret, "", "x", strings.Repeat("A", 43), cookie.Value + "x"} {
		if r := visit(k, http.MethodGet, "/lke", &http.Cookie{Name: sessionCookie, Value: value}); !toDoor(r, "/lke") {
			t.Errorf("%q opens the sheet, or is a fault: %d", value, r.StatusCode)
		}
	}
}

func TestASessionEndsWhenItIsLeftAloneOrItsDayIsOver(t *testing.T) {
	t.Parallel()
	k, wait := timed(t)
	left, used := k.SignIn(access.Evaluator), k.SignIn(access.Evaluator)
	for range 11 {
		wait(time.Hour)
		if r := visit(k, http.MethodGet, "/lke?period=2026-s1", used); rows(r) != 2 {
			t.Fatalf("one in use is shut: %d", r.StatusCode)
		}
	}
	if r := visit(k, http.MethodGet, "/lke", left); !toDoor(r, "/lke") {
		t.Errorf("one that was left alone is open: %d", r.StatusCode)
	}
	wait(time.Hour)
	if r := visit(k, http.MethodGet, "/lke", used); !toDoor(r, "/lke") {
		t.Errorf("after twelve hours: %d", r.StatusCode)
	}
}

func TestLeavingEndsTheSessionOnEveryInstance(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	other := beside(t, k, testkit.Noon)
	cookie := k.SignIn(access.Evaluator)
	if r := visit(other, http.MethodGet, "/lke", cookie); rows(r) != 2 {
		t.Fatalf("another instance doesn't know the session: %d", r.StatusCode)
	}
	r := leave(k, "/keluar?lang=en", cookie)
	if to := r.Header.Get("Location"); r.StatusCode != 303 || to != "/masuk?lang=en" {
		t.Errorf("leaving: %d to %q", r.StatusCode, to)
	}
	if c := r.Cookies(); len(c) != 1 || c[0].Name != sessionCookie || c[0].Value != "" || c[0].MaxAge >= 0 {
		t.Errorf("the cookie stays: %v", c)
	}
	// Who kept the cookie has nothing.
	for name, at := range map[string]*testkit.Kit{"here": k, "at another instance": other} {
		if r := visit(at, http.MethodGet, "/lke", cookie); !toDoor(r, "/lke") {
			t.Errorf("the session is open %s: %d", name, r.StatusCode)
		}
	}
	if r := k.Do(httptest.NewRequest(http.MethodPost, "/keluar", nil)); r.StatusCode != 403 {
		t.Errorf("a form of nobody's leaves: %d", r.StatusCode)
	}
	if r := k.Get("/keluar"); r.StatusCode != 404 {
		t.Errorf("a link can end a session: %d", r.StatusCode)
	}
}

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

	"persepsi/handlers"
	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

const sessionCookie = "persepsi_session"

// timed makes an application whose clock the test moves.
func timed(t *testing.T, change ...func(*handlers.Deps)) (*testkit.Kit, func(time.Duration)) {
	t.Helper()
	var passed atomic.Int64
	k := testkit.New(t, testkit.City, append(change, func(d *handlers.Deps) {
		d.Now = func() time.Time { return testkit.Noon().Add(time.Duration(passed.Load())) }
	})...)
	return k, func(d time.Duration) { passed.Add(int64(d)) }
}

// signIn sends a key by the sheet's form and returns the session's cookie.
func signIn(t *testing.T, k *testkit.Kit, path, secret string) *http.Cookie {
	t.Helper()
	r := k.PostForm(path, url.Values{"key": {secret}})
	for _, c := range r.Cookies() {
		if c.Name == sessionCookie && r.StatusCode == http.StatusSeeOther {
			return c
		}
	}
	t.Fatalf("no session: %d %s", r.StatusCode, r.HTML().Find("main").Text())
	return nil
}

// visit asks for a path as a browser with a cookie does.
func visit(k *testkit.Kit, method, path string, c *http.Cookie) *testkit.Reply {
	r := httptest.NewRequest(method, path, nil)
	r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	return k.Do(r)
}

func rows(r *testkit.Reply) int { return r.HTML().Find("table.lke tbody tr").Length() }

// asksForKey reports whether a reply is the form for a key, and no fault.
func asksForKey(r *testkit.Reply) bool {
	return r.StatusCode == http.StatusOK && rows(r) == 0 && r.HTML().Find("input[name=key]").Length() == 1 && r.HTML().Find(".alert").Length() == 0
}

func TestTheSheetNeedsAKeyOnceAndThenASession(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	k.PostJSON(responsesPath, k.Response(nil))
	k.Refresh()
	if r := k.Get("/lke"); !asksForKey(r) {
		t.Errorf("without a key: %d", r.StatusCode)
	}
	if r := k.PostForm("/lke?period=2026-s1", url.Values{"key": {"psp_wrong"}}); r.StatusCode != 401 || rows(r) != 0 || r.HTML().Find(".alert").Length() != 1 || given(r, sessionCookie) != nil {
		t.Errorf("with a wrong key: %d", r.StatusCode)
	}
	secret := k.Key(access.Evaluator, "")
	r := k.PostForm("/lke?period=2026-s1&sort=ipak&lang=en&other=x", url.Values{"key": {secret}})
	if to := r.Header.Get("Location"); r.StatusCode != 303 || to != "/lke?lang=en&period=2026-s1&sort=ipak" {
		t.Errorf("with a key: %d to %q", r.StatusCode, to)
	}
	cookie := signIn(t, k, "/lke", secret)
	if !cookie.HttpOnly || !cookie.Secure || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || len(cookie.Value) != 43 || cookie.MaxAge != 0 {
		t.Errorf("the cookie is %s", cookie)
	}
	if strings.Contains(cookie.String(), secret) {
		t.Error("the cookie holds the key")
	}
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
	for address, want := range map[string]bool{"https://survei.kota.go.id": true, "http://127.0.0.1:9000": false, "": false} {
		k := testkit.New(t, testkit.City, func(d *handlers.Deps) { d.PublicURL = address })
		if c := signIn(t, k, "/lke", k.Key(access.Admin, "")); c.Secure != want {
			t.Errorf("%q: secure = %v, want %v", address, c.Secure, want)
		}
	}
}

func TestASessionIsSecureBehindAProxyWithTLS(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		trusted []netip.Prefix
		want    bool
	}{{[]netip.Prefix{netip.MustParsePrefix("0.0.0.0/32")}, true}, {nil, false}} { // the test's own peer has that address
		k := testkit.New(t, testkit.City, func(d *handlers.Deps) { d.PublicURL, d.Trusted = "", tc.trusted })
		r := httptest.NewRequest(http.MethodPost, "/lke", strings.NewReader(url.Values{"key": {k.Key(access.Admin, "")}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Forwarded-Proto", "https")
		if list := k.Do(r).Cookies(); len(list) != 1 || list[0].Secure != tc.want {
			t.Errorf("trusted %v: %v, want secure = %v", tc.trusted, list, tc.want)
		}
	}
}

func TestASessionOpensTheSheetAndNotTheAPI(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	secret := k.Key(access.Evaluator, "")
	cookie := signIn(t, k, "/lke", secret)
	if r := visit(k, http.MethodGet, "/api/v1/zi/indicators?period=2026-s1", cookie); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("a session opens the API: %d", r.StatusCode)
	}
	if r := k.GetAs(cookie.Value, "/api/v1/zi/indicators?period=2026-s1"); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("a session's token is a key: %d", r.StatusCode)
	}
	for _, value := range []string{secret, "", "x", strings.Repeat("A", 43), cookie.Value + "x"} {
		if r := visit(k, http.MethodGet, "/lke", &http.Cookie{Name: sessionCookie, Value: value}); !asksForKey(r) {
			t.Errorf("%q opens the sheet, or is a fault: %d", value, r.StatusCode)
		}
	}
}

func TestASessionEndsAfterAnHourHoweverMuchItIsUsed(t *testing.T) {
	t.Parallel()
	k, wait := timed(t)
	cookie := signIn(t, k, "/lke", k.Key(access.Evaluator, ""))
	for _, step := range []struct {
		wait time.Duration
		open bool
	}{{0, true}, {59 * time.Minute, true}, {59 * time.Second, true}, {time.Second, false}} {
		wait(step.wait)
		r := visit(k, http.MethodGet, "/lke?period=2026-s1", cookie)
		if open := rows(r) == 2; open != step.open || !open && !asksForKey(r) {
			t.Errorf("after %s more: open %v (%d), want %v", step.wait, open, r.StatusCode, step.open)
		}
	}
}

func TestASessionEndsWithItsKey(t *testing.T) {
	t.Parallel()
	k, wait := timed(t)
	revoked, first := k.MakeKey(access.Evaluator, "", time.Time{})
	_, second := k.MakeKey(access.Evaluator, "", testkit.Noon().Add(10*time.Minute))
	one, two := signIn(t, k, "/lke", first), signIn(t, k, "/lke", second)
	if err := k.Store.RevokeKey(t.Context(), revoked.ID, testkit.Noon()); err != nil {
		t.Fatal(err)
	}
	wait(999 * time.Millisecond)
	if r := visit(k, http.MethodGet, "/lke", one); !asksForKey(r) {
		t.Errorf("the session of a revoked key is open after a second: %d", r.StatusCode)
	}
	if r := visit(k, http.MethodGet, "/lke", two); rows(r) != 2 {
		t.Errorf("another key's session ended too: %d", r.StatusCode)
	}
	wait(10*time.Minute - 999*time.Millisecond)
	if r := visit(k, http.MethodGet, "/lke", two); !asksForKey(r) {
		t.Errorf("the session of an expired key is open: %d", r.StatusCode)
	}
}

func TestLeavingEndsTheSessionOnEveryInstance(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	other := beside(t, k, testkit.Noon)
	cookie := signIn(t, k, "/lke", k.Key(access.Evaluator, ""))
	if r := visit(other, http.MethodGet, "/lke", cookie); rows(r) != 2 {
		t.Fatalf("another instance doesn't know the session: %d", r.StatusCode)
	}
	r := leave(k, "/keluar?lang=en", cookie)
	if to := r.Header.Get("Location"); r.StatusCode != 303 || to != "/lke?lang=en" {
		t.Errorf("leaving: %d to %q", r.StatusCode, to)
	}
	if c := r.Cookies(); len(c) != 1 || c[0].Name != sessionCookie || c[0].Value != "" || c[0].MaxAge >= 0 {
		t.Errorf("the cookie stays: %v", c)
	}
	// Who kept the cookie has nothing.
	for name, at := range map[string]*testkit.Kit{"here": k, "at another instance": other} {
		if r := visit(at, http.MethodGet, "/lke", cookie); !asksForKey(r) {
			t.Errorf("the session is open %s: %d", name, r.StatusCode)
		}
	}
	if r := k.Do(httptest.NewRequest(http.MethodPost, "/keluar", nil)); r.StatusCode != 303 {
		t.Errorf("leaving without a session: %d", r.StatusCode)
	}
	if r := k.Get("/keluar"); r.StatusCode != 404 {
		t.Errorf("a link can end a session: %d", r.StatusCode)
	}
}

func TestTheSheetTakesAKeyFromItsFormAlone(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	secret := k.Key(access.Evaluator, "")
	boundary := "--b\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\n" + secret + "\r\n--b--\r\n"
	for _, tc := range []struct {
		name, path, body string
		header           map[string]string
		want             int
	}{
		{"multipart", "/lke", boundary, map[string]string{"Content-Type": "multipart/form-data; boundary=b"}, 415},
		{"JSON", "/lke", `{"key":"` + secret + `"}`, map[string]string{"Content-Type": "application/json"}, 415},
		{"compressed", "/lke", "key=" + secret, map[string]string{"Content-Type": "application/x-www-form-urlencoded", "Content-Encoding": "gzip"}, 415},
		{"in the address", "/lke?key=" + secret, "", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, 400},
		{"in a header", "/lke", "", map[string]string{"Content-Type": "application/x-www-form-urlencoded", "Authorization": "Bearer " + secret}, 401},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodPost, tc.path, strings.NewReader(tc.body))
			for name, value := range tc.header {
				r.Header.Set(name, value)
			}
			if got := k.Do(r); got.StatusCode != tc.want || given(got, sessionCookie) != nil || strings.Contains(got.Text, secret) {
				t.Errorf("%d, want %d", got.StatusCode, tc.want)
			}
		})
	}
}

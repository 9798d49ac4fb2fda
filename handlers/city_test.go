package handlers_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/oauth2-proxy/mockoidc"

	accountpages "persepsi/handlers/account"
	"persepsi/handlers/web"
	"persepsi/internal/oidc"
	"persepsi/internal/testkit"
)

// withCity is an application whose city has a sign-in of its own.
func withCity(t *testing.T) (*testkit.Kit, *mockoidc.MockOIDC) {
	t.Helper()
	m, err := mockoidc.Run()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Shutdown() })
	config := oidc.Config{Issuer: m.Issuer(), ClientID: m.ClientID, ClientSecret: m.ClientSecret, RoleClaim: "groups"}
	// The provider's clock is this machine's.
	return testkit.New(t, testkit.City, func(d *testkit.Deps) {
		d.City = oidc.New(config, "https://survei.kota.example"+accountpages.BackPath, time.Now)
	}), m
}

// there goes to the city's sign-in as somebody, and returns the path that it sends the
// browser back to.
func (v *visitor) there(t *testing.T, m *mockoidc.MockOIDC, who *mockoidc.MockUser) string {
	t.Helper()
	m.QueueUser(who)
	r := v.get("/masuk/oidc?ke=/lke?sort=ipak")
	to := r.Header.Get("Location")
	if r.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, m.Issuer()) || r.Header.Get("Referrer-Policy") != "no-referrer" || r.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d to %q", r.StatusCode, to)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	reply, err := client.Get(to)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	back, err := reply.Location()
	if err != nil {
		t.Fatal(err)
	}
	return back.RequestURI()
}

func TestTheCitysOwnSignInLetsPeopleIn(t *testing.T) {
	t.Parallel()
	k, m := withCity(t)
	if door := newVisitor(k).get("/masuk?ke=/lke").HTML(); door.Find("a[href^='/masuk/oidc'][href*='ke=']").Length() != 1 {
		t.Error("the door does not lead there, and on")
	}
	siti := &mockoidc.MockUser{Subject: "17", Email: "siti@kota.example", EmailVerified: true, Groups: []string{"vpn", "persepsi-evaluator"}}
	v := newVisitor(k)
	back := v.there(t, m, siti)
	r := v.get(back)
	if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/lke?sort=ipak" || v.get("/lke").StatusCode != http.StatusOK || v.cookies["persepsi_oidc"] != nil {
		t.Errorf("an evaluator: %d to %q, or the attempt stays: %v", r.StatusCode, r.Header.Get("Location"), v.cookies)
	}
	if r := v.get(back); r.StatusCode != http.StatusUnauthorized || r.HTML().Find(".alert").Length() != 1 {
		t.Errorf("the same answer again: %d", r.StatusCode)
	}

	// What the answer to one browser is, is none for another: nobody is signed in as
	// somebody else by a link.
	victim, thief := newVisitor(k), newVisitor(k)
	stolen := thief.there(t, m, siti)
	if r := victim.get(stolen); r.StatusCode != http.StatusUnauthorized || victim.cookies[web.SessionCookie] != nil {
		t.Errorf("another browser's answer: %d", r.StatusCode)
	}

	stranger := newVisitor(k)
	r = stranger.get(stranger.there(t, m, &mockoidc.MockUser{Subject: "18", Email: "tono@kota.example", EmailVerified: true, Groups: []string{"vpn"}}))
	if r.StatusCode != http.StatusForbidden || stranger.cookies[web.SessionCookie] != nil || !strings.Contains(r.Text, "belum punya akun") {
		t.Errorf("who was invited by nobody: %d", r.StatusCode)
	}
	if to := otherLanguage(r); to != "/masuk?ke="+url.QueryEscape("/lke?sort=ipak")+"&lang=en" {
		t.Errorf("the other language repeats %q", to) // a code would go out with it
	}
	if to := otherLanguage(newVisitor(k).get(back)); to != "/masuk?lang=en" {
		t.Errorf("of another browser's answer it repeats %q", to)
	}
	if r := newVisitor(k).get("/masuk/oidc/kembali?error=access_denied&state=x"); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("who thought better of it: %d", r.StatusCode)
	}
}

// Whoever has a second factor here gave theirs there.
func TestTheCitysOwnSignInAsksForNoSecondFactorAgain(t *testing.T) {
	t.Parallel()
	k, m := withCity(t)
	member(t, k, "siti@kota.example", evaluatorOf(""))
	first := newVisitor(k)
	first.send(t, "/masuk", "/masuk", url.Values{"email": {"siti@kota.example"}, "password": {sandi}})
	enrol(t, first)
	v := newVisitor(k)
	r := v.get(v.there(t, m, &mockoidc.MockUser{Subject: "17", Email: "siti@kota.example", EmailVerified: true, Groups: []string{"vpn"}}))
	if r.StatusCode != http.StatusSeeOther || v.get("/lke").StatusCode != http.StatusOK {
		t.Errorf("%d to %q", r.StatusCode, r.Header.Get("Location"))
	}
}

func TestWithoutASignInOfTheCityNothingLeadsThere(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	v := newVisitor(k)
	if v.get("/masuk").HTML().Find("a[href^='/masuk/oidc']").Length() != 0 {
		t.Error("the door leads to nothing")
	}
	for _, path := range []string{"/masuk/oidc", "/masuk/oidc/kembali?state=x&code=y"} {
		if r := v.get(path); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
}

func TestACitysSignInThatIsAwayLeavesThePassword(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City, func(d *testkit.Deps) {
		d.City = oidc.New(oidc.Config{Issuer: "http://127.0.0.1:1/oidc", ClientID: "persepsi"}, "https://survei.kota.example"+accountpages.BackPath, time.Now)
	})
	r := newVisitor(k).get("/masuk/oidc")
	if r.StatusCode != http.StatusServiceUnavailable || r.HTML().Find("input[name=password]").Length() != 1 || r.HTML().Find(".alert").Length() != 1 || !strings.Contains(k.Log.String(), "127.0.0.1:1") {
		t.Errorf("%d, or the log does not tell why", r.StatusCode)
	}
}

// brokenCity is a city's sign-in that fails as none should.
type brokenCity struct{ begins bool }

func (b brokenCity) Begin(context.Context, string) (string, oidc.Attempt, error) {
	if b.begins {
		return "https://sso.kota.example/", oidc.Attempt{}, nil
	}
	return "", oidc.Attempt{}, errors.New("odd")
}

func (brokenCity) Finish(context.Context, oidc.Attempt, string, string) (oidc.Identity, error) {
	return oidc.Identity{}, errors.New("odd")
}

func TestAFaultAtTheCitysSignInIsNoPageOfTheDoor(t *testing.T) {
	t.Parallel()
	for _, begins := range []bool{true, false} {
		k := testkit.New(t, testkit.City, func(d *testkit.Deps) { d.City = brokenCity{begins} })
		v := newVisitor(k)
		if r := v.get("/masuk/oidc"); r.StatusCode != map[bool]int{true: http.StatusSeeOther, false: http.StatusInternalServerError}[begins] {
			t.Errorf("begun %v: %d", begins, r.StatusCode)
		}
		if r := v.get("/masuk/oidc/kembali?state=x&code=y"); r.StatusCode != http.StatusInternalServerError || v.cookies[web.SessionCookie] != nil {
			t.Errorf("back from it: %d", r.StatusCode)
		}
	}
}

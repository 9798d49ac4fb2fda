package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/pquerna/otp/totp"

	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

// ticker is a clock that a test moves.
type ticker struct{ passed atomic.Int64 }

func (c *ticker) forth(d time.Duration) { c.passed.Add(int64(d)) }

// clocked is an application whose clock moves.
func clocked(t *testing.T) (*testkit.Kit, *ticker) {
	t.Helper()
	c := new(ticker)
	return testkit.New(t, testkit.City, func(d *testkit.Deps) {
		d.Now = func() time.Time { return testkit.Noon().Add(time.Duration(c.passed.Load())) }
	}), c
}

// showing is what an app shows some steps of 30 seconds after noon.
func showing(t *testing.T, secret string, steps int) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, testkit.Noon().Add(time.Duration(steps)*30*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// enrol sets an app up as a person does, and returns its secret and the recovery codes.
func enrol(t *testing.T, v *visitor) (secret string, recovery []string) {
	t.Helper()
	const page = "/akun/aplikasi"
	if r := v.send(t, page, page, url.Values{"do": {"mulai"}, "old": {"salah"}}); r.StatusCode != http.StatusUnprocessableEntity || r.HTML().Find("#e-old").Length() != 1 {
		t.Errorf("begin by somebody else: %d", r.StatusCode)
	}
	if r := v.send(t, page, page, url.Values{"do": {"mulai"}, "old": {sandi}}); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("begin: %d", r.StatusCode)
	}
	r := v.get(page)
	secret = r.HTML().Find("code").Text()
	if r.Header.Get("Cache-Control") != "no-store" || len(secret) != 32 {
		t.Fatalf("the secret is %q, Cache-Control %q", secret, r.Header.Get("Cache-Control"))
	}
	if svg := v.get("/akun/aplikasi.svg"); svg.StatusCode != http.StatusOK || !strings.Contains(svg.Header.Get("Content-Type"), "svg") || svg.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the symbol: %d, %v", svg.StatusCode, svg.Header)
	}
	if r := v.send(t, page, page, url.Values{"do": {"pasang"}, "totp": {"000000"}}); r.StatusCode != http.StatusUnprocessableEntity || r.HTML().Find(".alert").Length() != 1 || r.HTML().Find("code").Text() != secret {
		t.Errorf("a wrong code: %d", r.StatusCode)
	}
	r = v.send(t, page, page, url.Values{"do": {"pasang"}, "totp": {showing(t, secret, -1)}})
	if r.StatusCode != http.StatusOK || r.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("the first code: %d, Cache-Control %q", r.StatusCode, r.Header.Get("Cache-Control"))
	}
	r.HTML().Find(".codes code").Each(func(_ int, s *goquery.Selection) { recovery = append(recovery, s.Text()) })
	return secret, recovery
}

func TestACodeIsAskedForWhereAnAppIsSetUp(t *testing.T) {
	t.Parallel()
	k, clock := clocked(t)
	member(t, k, "siti@kota.example", evaluatorOf(""))
	password := url.Values{"email": {"siti@kota.example"}, "password": {sandi}}
	first := newVisitor(k)
	first.send(t, "/masuk", "/masuk", password)
	secret, recovery := enrol(t, first)
	if len(recovery) != 10 {
		t.Fatalf("recovery codes: %v", recovery)
	}
	clock.forth(time.Second) // people are remembered for a moment
	// Whoever set it up goes on, and sees neither secret nor codes again.
	for _, path := range []string{"/akun/aplikasi", "/akun"} {
		if r := first.get(path); r.StatusCode != http.StatusOK || strings.Contains(r.Text, secret) || strings.Contains(r.Text, recovery[0]) {
			t.Errorf("%s afterwards: %d, or it tells a secret", path, r.StatusCode)
		}
	}
	if r := first.get("/akun/aplikasi.svg"); r.StatusCode != http.StatusNotFound {
		t.Errorf("the symbol afterwards: %d", r.StatusCode)
	}

	v := newVisitor(k)
	r := v.send(t, "/masuk?ke=/lke?sort=ipak", "/masuk", password)
	at := r.Header.Get("Location")
	if !strings.HasPrefix(at, "/masuk/kode?") {
		t.Fatalf("the password alone leads to %q", at)
	}
	half := v.cookies[web.SessionCookie].Value
	for _, path := range []string{"/lke", "/akun", "/akun/aplikasi"} { // half a session opens nothing
		if r := v.get(path); r.StatusCode != http.StatusSeeOther || !strings.HasPrefix(r.Header.Get("Location"), "/masuk") {
			t.Errorf("%s by the password alone: %d to %q", path, r.StatusCode, r.Header.Get("Location"))
		}
	}
	if r := v.send(t, at, "/masuk/kode", url.Values{"totp": {"123456"}}); r.StatusCode != http.StatusUnauthorized || r.HTML().Find(".alert").Length() != 1 {
		t.Errorf("a wrong code: %d", r.StatusCode)
	}
	r = v.send(t, at, "/masuk/kode", url.Values{"totp": {showing(t, secret, 0)}})
	if to := r.Header.Get("Location"); r.StatusCode != http.StatusSeeOther || to != "/lke?sort=ipak" {
		t.Errorf("the right code: %d to %q", r.StatusCode, to)
	}
	if v.cookies[web.SessionCookie].Value == half || v.get("/lke").StatusCode != http.StatusOK {
		t.Error("the session is the one of before, or does not open the sheet")
	}
	if r := v.get("/masuk/kode"); r.StatusCode != http.StatusSeeOther {
		t.Errorf("who is in is asked for a code: %d", r.StatusCode)
	}
	if r := newVisitor(k).get("/masuk/kode"); r.StatusCode != http.StatusSeeOther {
		t.Errorf("a stranger is asked for a code: %d", r.StatusCode)
	}

	// By one form with the code: as programs and keepers of passwords send it.
	one := newVisitor(k)
	all := url.Values{"email": password["email"], "password": password["password"], "totp": {recovery[4]}}
	if r := one.send(t, "/masuk", "/masuk", all); r.StatusCode != http.StatusSeeOther || !strings.HasPrefix(r.Header.Get("Location"), "/meja") {
		t.Errorf("password and code at once: %d to %q", r.StatusCode, r.Header.Get("Location"))
	}
	again := newVisitor(k)
	if r := again.send(t, "/masuk", "/masuk", all); !strings.HasPrefix(r.Header.Get("Location"), "/masuk/kode") || again.get("/lke").StatusCode != http.StatusSeeOther {
		t.Errorf("a used code: %d to %q", r.StatusCode, r.Header.Get("Location"))
	}
	// The app goes by a code, and then the password is enough.
	const page = "/akun/aplikasi"
	if r := v.send(t, page, page, url.Values{"do": {"lepas"}, "totp": {"1"}}); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("removed by a wrong code: %d", r.StatusCode)
	}
	if r := v.send(t, page, page, url.Values{"do": {"lepas"}, "totp": {recovery[5]}}); r.StatusCode != http.StatusSeeOther {
		t.Errorf("removed: %d", r.StatusCode)
	}
	clock.forth(time.Second)
	last := newVisitor(k)
	if r := last.send(t, "/masuk", "/masuk", password); !strings.HasPrefix(r.Header.Get("Location"), "/meja") {
		t.Errorf("after that the password leads to %q", r.Header.Get("Location"))
	}
}

func TestAResetLinkDoesNotPassTheApp(t *testing.T) {
	t.Parallel()
	k, clock := clocked(t)
	member(t, k, "siti@kota.example", evaluatorOf(""))
	first := newVisitor(k)
	first.send(t, "/masuk", "/masuk", url.Values{"email": {"siti@kota.example"}, "password": {sandi}})
	enrol(t, first)
	clock.forth(time.Second)
	_, token, err := testkit.Accounts(k.Store, testkit.Noon).Reset(t.Context(), "command line", "siti@kota.example")
	if err != nil {
		t.Fatal(err)
	}
	thief := newVisitor(k)
	thief.send(t, "/mulai/"+token, "/mulai/", url.Values{"password": {"empat ekor kucing"}, "password2": {"empat ekor kucing"}})
	if r := thief.get("/lke"); r.StatusCode != http.StatusSeeOther {
		t.Errorf("a link alone opens the sheet: %d", r.StatusCode)
	}
}

func TestARoleThatNeedsASecondFactorWaitsForIt(t *testing.T) {
	t.Parallel()
	clock := new(ticker)
	k := testkit.New(t, testkit.City, func(d *testkit.Deps) {
		d.Now = func() time.Time { return testkit.Noon().Add(time.Duration(clock.passed.Load())) }
		d.SecondFactor = []access.Role{access.Evaluator}
	})
	member(t, k, "siti@kota.example", evaluatorOf(""))
	member(t, k, "budi@kota.example", access.Grant{Role: access.Viewer, Scope: access.City()})
	budi := newVisitor(k)
	budi.send(t, "/masuk", "/masuk", url.Values{"email": {"budi@kota.example"}, "password": {sandi}})
	if r := budi.get("/lke"); r.StatusCode != http.StatusOK {
		t.Errorf("another role waits too: %d", r.StatusCode)
	}
	if strings.Contains(budi.get("/akun/aplikasi").Text, "baru berlaku") {
		t.Error("who needs no app is told that they do")
	}
	v := newVisitor(k)
	r := v.send(t, "/masuk?ke=/lke", "/masuk", url.Values{"email": {"siti@kota.example"}, "password": {sandi}})
	if to := r.Header.Get("Location"); !strings.HasPrefix(to, "/akun/aplikasi") || !strings.Contains(v.get(to).Text, "baru berlaku") {
		t.Errorf("the password alone leads to %q", to)
	}
	if r := v.get("/lke"); r.StatusCode != http.StatusForbidden || r.HTML().Find("a[href^='/akun/aplikasi']").Length() != 1 || !strings.Contains(r.HTML().Find("main").Text(), "penilai") {
		t.Errorf("the sheet: %d", r.StatusCode)
	}
	secret, _ := enrol(t, v)
	clock.forth(time.Second)
	if r := v.get("/lke"); r.StatusCode != http.StatusOK {
		t.Errorf("with the app: %d", r.StatusCode)
	}
	const page = "/akun/aplikasi"
	if r := v.send(t, page, page, url.Values{"do": {"lepas"}, "totp": {showing(t, secret, 1)}}); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("removed: %d", r.StatusCode)
	}
	clock.forth(time.Second)
	if r := v.get("/lke"); r.StatusCode != http.StatusForbidden {
		t.Errorf("without it again: %d", r.StatusCode)
	}
}

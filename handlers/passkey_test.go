package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/testkit"
	"persepsi/internal/testtools"
)

const (
	keysPage  = "/akun/passkey"
	keyCookie = "persepsi_passkey"
)

// asks begins a ceremony by the form of a page, as its script does, and returns the options.
func (v *visitor) asks(t *testing.T, path, action string, values url.Values) []byte {
	t.Helper()
	r := v.send(t, path, action, values)
	c := v.cookies[keyCookie]
	if r.StatusCode != http.StatusOK || r.Header.Get("Cache-Control") != "no-store" || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		t.Fatalf("%s: %d, %v", path, r.StatusCode, r.Header)
	}
	if c == nil || !c.HttpOnly || !c.Secure || c.MaxAge != int(access.CeremonyFor/time.Second) {
		t.Fatalf("the ceremony's cookie is %v", c)
	}
	return []byte(r.Text)
}

// makes adds a passkey to the account of who is signed in.
func (v *visitor) makes(t *testing.T, phone *testtools.Phone, person, name string) *testkit.Reply {
	t.Helper()
	options := v.asks(t, keysPage, keysPage, url.Values{"old": {sandi}})
	return v.send(t, keysPage, keysPage, url.Values{"name": {name}, "reply": {string(phone.Make(t, options, person))}})
}

func keyNames(r *testkit.Reply) string { return text(r.HTML().Find(".sessions li b")) }

func TestAPasskeyIsMadeUsedAndTakenAway(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	siti := member(t, k, "siti@kota.example", evaluatorOf(""))
	phone := testtools.NewPhone(t, "https://survei.kota.go.id")
	own := newVisitor(k)
	own.send(t, "/masuk", "/masuk", url.Values{"email": {siti.Email}, "password": {sandi}})
	if r := own.send(t, keysPage, keysPage, url.Values{"old": {"salah"}}); r.StatusCode != http.StatusUnprocessableEntity || own.cookies[keyCookie] != nil {
		t.Errorf("begun by somebody else: %d, %v", r.StatusCode, own.cookies[keyCookie])
	}
	if r := own.makes(t, phone, siti.ID, " "); r.StatusCode != http.StatusUnprocessableEntity || text(r.HTML().Find("p.alert")) == "" || own.cookies[keyCookie] != nil {
		t.Errorf("without a name: %d, %v", r.StatusCode, own.cookies[keyCookie])
	}
	if r := own.makes(t, phone, siti.ID, "Ponsel dinas"); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != keysPage+"?lang=id" {
		t.Fatalf("making one: %d to %q", r.StatusCode, r.Header.Get("Location"))
	}
	page := own.get(keysPage)
	if got := text(page.HTML().Find(".sessions li p")); keyNames(page) != "Ponsel dinas" || !strings.Contains(got, "2 Maret 2026") || !strings.Contains(got, "belum") {
		t.Errorf("it is told as %q, %q", keyNames(page), got)
	}
	if r := own.send(t, keysPage, keysPage, url.Values{"name": {"Lagi"}, "reply": {"{}"}}); r.StatusCode != http.StatusUnauthorized || r.HTML().Find("p.alert").Length() != 1 {
		t.Errorf("a reply to no ceremony: %d", r.StatusCode)
	}
	if r := own.makes(t, phone, siti.ID, "Lagi"); r.StatusCode != http.StatusConflict || r.HTML().Find("p.alert").Length() != 1 {
		t.Errorf("the same again: %d", r.StatusCode)
	}

	const door = "/masuk?ke=/lke?sort=ipak"
	v := newVisitor(k)
	options := v.asks(t, door, "/masuk/passkey", url.Values{})
	if r := v.send(t, door, "/masuk/passkey", url.Values{"reply": {"{}"}}); r.StatusCode != http.StatusUnauthorized || v.cookies[sessionCookie] != nil || v.cookies[keyCookie] != nil || r.HTML().Find(".alert").Length() != 1 {
		t.Errorf("another reply: %d, %v", r.StatusCode, v.cookies)
	}
	if r := v.send(t, door, "/masuk/passkey", url.Values{"reply": {string(phone.Sign(t, options))}}); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("a ceremony that is over: %d", r.StatusCode)
	}
	options = v.asks(t, door, "/masuk/passkey", url.Values{})
	if r := v.send(t, door, "/masuk/passkey", url.Values{"reply": {string(phone.Sign(t, options))}}); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/lke?sort=ipak" || v.get("/lke").StatusCode != http.StatusOK {
		t.Errorf("its owner: %d to %q", r.StatusCode, r.Header.Get("Location"))
	}
	page = own.get(keysPage)
	if got := text(page.HTML().Find(".sessions li p")); strings.Contains(got, "belum") {
		t.Errorf("after that it is told as %q", got)
	}
	id := page.HTML().Find("button[name=lepas]").AttrOr("value", "")
	for _, tc := range []struct {
		id   string
		want int
	}{{"%", 400}, {id, 303}, {id, 303}} { // the second time it is gone already
		form := url.Values{"lepas": {tc.id}, web.FormField: {tokenOf(page)}}
		if r := own.send(t, keysPage, keysPage, form); r.StatusCode != tc.want {
			t.Errorf("%q taken away: %d, want %d", tc.id, r.StatusCode, tc.want)
		}
	}
	if got := keyNames(own.get(keysPage)); got != "" {
		t.Errorf("%q is left", got)
	}
	options = v.asks(t, "/masuk", "/masuk/passkey", url.Values{})
	if r := v.send(t, "/masuk", "/masuk/passkey", url.Values{"reply": {string(phone.Sign(t, options))}}); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("by one that was taken away: %d", r.StatusCode)
	}
}

// A service without a name under TLS has none, and a demonstration's people are everybody's.
func TestWhereThereAreNoPasskeysNoneIsMade(t *testing.T) {
	t.Parallel()
	base := testkit.New(t, testkit.City)
	bare := base.With(func(d *testkit.Deps) { d.PublicURL = "" })
	cookie := base.SignIn(access.Evaluator, "")
	if doc := bare.Get("/masuk").HTML(); doc.Find("form.passkey").Length() != 0 || base.Get("/masuk").HTML().Find("form.passkey").Length() != 1 {
		t.Error("the door asks for what there is not, or not for what there is")
	}
	if visit(bare, http.MethodGet, "/akun", cookie).HTML().Find("a[href^='"+keysPage+"']").Length() != 0 {
		t.Error("the account leads to what there is not")
	}
	token := url.Values{web.FormField: {tokenOf(visit(bare, http.MethodGet, "/akun", cookie))}}
	for name, r := range map[string]*testkit.Reply{
		"the page": visit(bare, http.MethodGet, keysPage, cookie), "making one": submit(bare, keysPage, token, cookie), "the door": submit(bare, "/masuk/passkey", token, cookie),
	} {
		if r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", name, r.StatusCode)
		}
	}
	demo := asDemo(t, opened(t, testkit.New(t, testkit.City)))
	someone := enter(t, demo, "/lke?lang=id", "evaluator")
	page := visit(demo, http.MethodGet, keysPage, someone)
	if page.StatusCode != http.StatusOK || page.HTML().Find("form.passkey").Length() != 0 {
		t.Errorf("a demonstration's page: %d", page.StatusCode)
	}
	form := url.Values{web.FormField: {tokenOf(page)}}
	for _, path := range []string{keysPage, "/akun/aplikasi"} {
		if r := submit(demo, path, form, someone); r.StatusCode != http.StatusForbidden || slices.ContainsFunc(r.Cookies(), func(c *http.Cookie) bool { return c.Name == keyCookie }) {
			t.Errorf("%s of everybody's account: %d", path, r.StatusCode)
		}
	}
}

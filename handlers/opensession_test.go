package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

func TestAClosedAccountsOpenPageIsShutOnEveryInstanceWithinASecond(t *testing.T) {
	t.Parallel()
	k, wait := timed(t)
	now := testkit.Noon
	other := beside(t, k, func() time.Time { return now().Add(999 * time.Millisecond) })
	p, cookie := k.Person(access.Evaluator)
	page := visit(k, http.MethodGet, "/akun", cookie)
	if page.StatusCode != http.StatusOK || visit(other, http.MethodGet, "/akun", cookie).StatusCode != http.StatusOK {
		t.Fatalf("before: %d", page.StatusCode)
	}
	shut(t, k, p.ID)
	wait(999 * time.Millisecond)
	form := url.Values{web.FormField: {tokenOf(page)}, "sesi": {"lain"}}
	for name, r := range map[string]*testkit.Reply{
		"its page": visit(k, http.MethodGet, "/akun", cookie), "its sheet": visit(k, http.MethodGet, "/akun?lang=en", cookie), "a form on it": submit(k, "/akun", form, cookie),
	} {
		if r.StatusCode != http.StatusSeeOther || !strings.Contains(r.Header.Get("Location"), "ke=%2Fakun") {
			t.Errorf("%s: %d to %q", name, r.StatusCode, r.Header.Get("Location"))
		}
	}
	// The other instance remembers people too, for half a second at most.
	later := beside(t, k, func() time.Time { return now().Add(2 * time.Second) })
	if r := visit(later, http.MethodGet, "/akun", cookie); r.StatusCode != http.StatusSeeOther {
		t.Errorf("another instance: %d", r.StatusCode)
	}
}

func TestAGrantThatIsWithdrawnIsGoneFromAnOpenSession(t *testing.T) {
	t.Parallel()
	k, wait := timed(t)
	p, cookie := k.Person(access.Evaluator)
	if r := visit(k, http.MethodGet, "/lke?period=2026-s1", cookie); rows(r) != 2 {
		t.Fatalf("before: %d", r.StatusCode)
	}
	changePerson(t, k, p.ID, func(p *access.Person) { p.Grants = nil })
	wait(500 * time.Millisecond)
	admin, _ := k.Person(access.Admin)
	changePerson(t, k, admin.ID, func(p *access.Person) { p.Name, p.Password = "Rina Hasan", "$argon2id$x" })
	wait(500 * time.Millisecond)
	r := visit(k, http.MethodGet, "/lke?period=2026-s1", cookie)
	if text := strings.Join(strings.Fields(r.HTML().Find("main").Text()), " "); r.StatusCode != http.StatusForbidden || !strings.Contains(text, "melihat lembar kerja evaluasi") || !strings.Contains(text, "Rina Hasan") {
		t.Errorf("%d: %s", r.StatusCode, text)
	}
	if r := visit(k, http.MethodGet, "/akun", cookie); r.StatusCode != http.StatusOK || !strings.Contains(r.HTML().Find("main").Text(), "tidak lagi punya peran") {
		t.Errorf("their account: %d", r.StatusCode)
	}
}

func TestAPersonEndsSessionsAndChangesThePasswordOnTheirPage(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	p := member(t, k, "siti@kota.example")
	here, there := newVisitor(k), newVisitor(k)
	for _, v := range []*visitor{here, there} {
		v.send(t, "/masuk", "/masuk", url.Values{"email": {p.Email}, "password": {sandi}})
	}
	_, stranger := k.Person(access.Viewer)
	page := here.get("/akun").HTML()
	if page.Find(".sessions li").Length() != 3 || page.Find(".sessions li:has(small)").Length() != 1 { // the link's too
		t.Fatalf("%d sessions", page.Find(".sessions li").Length())
	}
	foreign := access.Session{Hash: access.HashToken(stranger.Value)}
	here.send(t, "/akun", "/akun", url.Values{"sesi": {foreign.ID()}})
	if r := visit(k, http.MethodGet, "/akun", stranger); r.StatusCode != http.StatusOK {
		t.Errorf("somebody else's session was ended: %d", r.StatusCode)
	}
	id := page.Find(".sessions button[name=sesi]").First().AttrOr("value", "")
	if r := here.send(t, "/akun", "/akun", url.Values{"sesi": {id}}); r.Header.Get("Location") != "/akun?selesai=sesi&lang=id" || here.get("/akun?selesai=sesi").HTML().Find(".sessions li").Length() != 2 {
		t.Errorf("ending one: %d", r.StatusCode)
	}
	here.send(t, "/akun", "/akun", url.Values{"sesi": {"lain"}})
	if n := here.get("/akun").HTML().Find(".sessions li").Length(); n != 1 {
		t.Errorf("%d sessions are left", n)
	}
	for _, tc := range []struct{ old, fresh, fault string }{{"salah", "angin dari selatan", "#e-old"}, {sandi, "pendek", "#e-password"}} {
		r := here.send(t, "/akun", "/akun", url.Values{"old": {tc.old}, "password": {tc.fresh}, "password2": {tc.fresh}})
		if r.StatusCode != http.StatusUnprocessableEntity || r.HTML().Find(tc.fault).Length() != 1 || strings.Contains(r.Text, tc.old) {
			t.Errorf("%+v: %d", tc, r.StatusCode)
		}
	}
	r := here.send(t, "/akun", "/akun", url.Values{"old": {sandi}, "password": {"angin dari selatan"}, "password2": {"angin dari selatan"}})
	if r.Header.Get("Location") != "/akun?selesai=sandi&lang=id" || here.get("/akun").StatusCode != http.StatusOK {
		t.Errorf("the change: %d", r.StatusCode)
	}
	for done, want := range map[string]string{"sandi": "Kata sandi sudah diganti. Perangkat lain sudah dikeluarkan.", "sesi": "Sudah dikeluarkan.", "x": "", "": ""} {
		if got := text(here.get("/akun?lang=id&selesai=" + done).HTML().Find(".done")); got != want {
			t.Errorf("after %q it is told %q", done, got)
		}
	}
}

func TestARolesLastDayIsTold(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	ends := access.Grant{Role: access.Viewer, Scope: access.City(), Until: time.Date(2026, time.May, 31, 16, 0, 0, 0, time.UTC)} // midnight there
	_, cookie := k.Granted(ends, access.Grant{Role: access.Manager, Scope: access.Agency("dinkes")})
	var got []string
	visit(k, http.MethodGet, "/akun?lang=id", cookie).HTML().Find(".grants small").Each(func(_ int, s *goquery.Selection) { got = append(got, text(s)) })
	if want := []string{"sampai 31 Mei 2026", "tanpa batas waktu"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestTheCitysFirstAdministratorSaysWhoTheyAreByTheForm(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	token, err := testkit.Accounts(k.Store, testkit.Noon).FirstAdmin(t.Context(), "server")
	if err != nil {
		t.Fatal(err)
	}
	path := "/mulai/" + token
	typed := func(r *testkit.Reply) [2]string {
		return [2]string{r.HTML().Find("input[name=name]").AttrOr("value", "?"), r.HTML().Find("input[name=email]").AttrOr("value", "?")}
	}
	v := newVisitor(k)
	if got := typed(v.get(path)); got != [2]string{"Administrator", "admin@localhost"} {
		t.Errorf("the form begins with %q", got)
	}
	for _, tc := range []struct {
		name, email string
		want        [2]string
	}{
		{"Rina Hasan", "rina", [2]string{"Rina Hasan", "rina"}}, {"", "", [2]string{"Administrator", "admin@localhost"}},
	} {
		r := v.send(t, path, path, url.Values{"name": {tc.name}, "email": {tc.email}, "password": {"x"}, "password2": {"x"}})
		if got := typed(r); r.StatusCode != http.StatusUnprocessableEntity || got != tc.want || (r.HTML().Find("#e-email").Length() == 1) != (tc.email != "") {
			t.Errorf("%q: %d, the form holds %q", tc.email, r.StatusCode, got)
		}
	}
	r := v.send(t, path, path, url.Values{"name": {"Rina Hasan"}, "email": {"rina@kota.example"}, "password": {sandi}, "password2": {sandi}})
	if doc := v.get("/akun").HTML(); r.StatusCode != http.StatusSeeOther || text(doc.Find("h1")) != "Rina Hasan" || !strings.Contains(text(doc.Find(".grants")), "administrator, seluruh kota") {
		t.Errorf("%d, then %q", r.StatusCode, text(doc.Find("main")))
	}
	// Other links are of whom they are, whatever their form says.
	_, token, err = testkit.Accounts(k.Store, testkit.Noon).Reset(t.Context(), "command line", "rina@kota.example")
	if err != nil {
		t.Fatal(err)
	}
	r = v.send(t, "/mulai/"+token, "/mulai/", url.Values{"name": {"Jahat"}, "email": {"jahat@kota.example"}, "password": {"x"}})
	if got := text(r.HTML().Find("main")); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(got, "Rina Hasan (rina@kota.example)") || r.HTML().Find("[name=name], [name=email]").Length() != 0 {
		t.Errorf("a link to a new password: %d, %q", r.StatusCode, got)
	}
}

func TestAPasswordAloneOpensNothingWhereASecondFactorIsAskedFor(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	p, cookie := k.Person(access.Evaluator)
	changePerson(t, k, p.ID, func(p *access.Person) {
		p.TOTP = &access.TOTP{Secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", Confirmed: testkit.Noon()}
	})
	for _, path := range []string{"/lke", "/akun"} {
		if r := visit(k, http.MethodGet, path, cookie); !toDoor(r, path) {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
	both, token := access.NewSession(p.ID, "", true, testkit.Noon())
	if err := k.Store.AddSession(t.Context(), both); err != nil {
		t.Fatal(err)
	}
	if r := visit(k, http.MethodGet, "/akun", &http.Cookie{Name: web.SessionCookie, Value: token}); r.StatusCode != http.StatusOK {
		t.Errorf("with both: %d", r.StatusCode)
	}
}

package handlers_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	accountpages "persepsi/handlers/account"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

const sandi = "tiga burung gereja"

// visitor is a browser: it keeps cookies and sends forms as they are on its pages.
type visitor struct {
	k       *testkit.Kit
	from    string
	cookies map[string]*http.Cookie
}

// fromDoor is a form that a browser sends which has the door open.
func fromDoor(t *testing.T, values url.Values) *http.Request {
	t.Helper()
	all := url.Values{}
	maps.Copy(all, values)
	r := testkit.FromDoor(t, "http://example.com/masuk", all)
	r.RequestURI = "/masuk"
	return r
}

func newVisitor(k *testkit.Kit) *visitor {
	return &visitor{k: k, cookies: map[string]*http.Cookie{}}
}

func (v *visitor) do(method, path string, form url.Values) *testkit.Reply {
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("User-Agent", "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36")
	if v.from != "" {
		r.Header.Set("X-Forwarded-For", v.from)
	}
	for _, c := range v.cookies {
		r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	reply := v.k.Do(r)
	for _, c := range reply.Cookies() {
		if v.cookies[c.Name] = c; c.MaxAge < 0 {
			delete(v.cookies, c.Name)
		}
	}
	return reply
}

func (v *visitor) get(path string) *testkit.Reply { return v.do(http.MethodGet, path, nil) }

// send fills in the form of a page whose action begins so, and sends it.
func (v *visitor) send(t *testing.T, path, action string, values url.Values) *testkit.Reply {
	t.Helper()
	form := v.get(path).HTML().Find("form[method=post][action^='" + action + "']").First()
	if form.Length() == 0 {
		t.Fatalf("%s has no form to %s", path, action)
	}
	all := maps.Clone(values)
	for _, name := range []string{web.FormField, web.Next} {
		if field := form.Find("input[name=" + name + "]"); field.Length() > 0 && all[name] == nil {
			all.Set(name, field.AttrOr("value", ""))
		}
	}
	return v.do(http.MethodPost, form.AttrOr("action", ""), all)
}

// member adds a person with a password, and returns them.
func member(t *testing.T, k *testkit.Kit, email string, grants ...access.Grant) access.Person {
	t.Helper()
	office := testkit.Office(k.Store, testkit.Noon)
	p, token, err := office.Invite(t.Context(), "command line", email, "Siti Rahma", grants)
	if err != nil {
		t.Fatal(err)
	}
	r := newVisitor(k).send(t, "/mulai/"+token, "/mulai/", url.Values{"password": {sandi}, "password2": {sandi}})
	if r.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d: %s", r.StatusCode, r.HTML().Find(".fault").Text())
	}
	return p
}

func evaluatorOf(code string) access.Grant {
	if code == "" {
		return access.Grant{Role: access.Evaluator, Scope: access.City()}
	}
	return access.Grant{Role: access.Evaluator, Scope: access.Agency(code)}
}

func TestSomebodySignsInAndIsLedWhereTheyWanted(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	member(t, k, "siti@kota.example", evaluatorOf(""))
	for ke, want := range map[string]string{
		"": "/meja?lang=id", "/lke?period=2026-s1&sort=ipak": "/lke?period=2026-s1&sort=ipak", "/akun": "/akun", "/hasil/pkm#x": "/hasil/pkm",
		"//jahat.example": "/meja?lang=id", "/\\jahat.example": "/meja?lang=id", "https://jahat.example/": "/meja?lang=id", "https:jahat.example": "/meja?lang=id",
		"/%2f%2fjahat.example": "/meja?lang=id", "%2f%2fjahat.example": "/meja?lang=id", "/%5cjahat.example": "/meja?lang=id", "/%5Cjahat": "/meja?lang=id",
		"javascript:alert(1)": "/meja?lang=id", "/\tjahat": "/meja?lang=id", "/a\r\nSet-Cookie: x": "/meja?lang=id", "jahat.example": "/meja?lang=id",
		"/masuk?ke=/lke": "/meja?lang=id", "/Keluar": "/meja?lang=id", "/mulai/x": "/meja?lang=id", "/" + strings.Repeat("a", 600): "/meja?lang=id", "/.//jahat": "/meja?lang=id",
		"/./masuk": "/meja?lang=id", "/lke/../keluar": "/meja?lang=id", "/%2e/masuk": "/meja?lang=id", "/lke/%2E%2e/keluar": "/meja?lang=id", "/lke/..%2fmasuk": "/meja?lang=id", "/lke/..": "/meja?lang=id",
		"/hasil/a..b?x=../masuk": "/hasil/a..b?x=../masuk",
	} {
		v := newVisitor(k)
		r := v.send(t, "/masuk?lang=id&ke="+url.QueryEscape(ke), "/masuk", url.Values{"email": {"Siti@kota.example"}, "password": {sandi}})
		if to := r.Header.Get("Location"); r.StatusCode != http.StatusSeeOther || to != want {
			t.Errorf("%q: %d to %q, want %q", ke, r.StatusCode, to, want)
		}
		// A form whose field was changed is no other.
		if to := v.send(t, "/masuk", "/masuk", url.Values{"email": {"siti@kota.example"}, "password": {sandi}, "ke": {ke}, "lang": {"id"}}).Header.Get("Location"); strings.Contains(to, "jahat") {
			t.Errorf("%q by the field leads to %q", ke, to)
		}
	}
	v := newVisitor(k)
	v.send(t, "/masuk", "/masuk", url.Values{"email": {"siti@kota.example"}, "password": {sandi}})
	session, device := v.cookies[web.SessionCookie], v.cookies[accountpages.DeviceCookie]
	if session == nil || !session.HttpOnly || !session.Secure || session.SameSite != http.SameSiteLaxMode || session.Path != "/" || session.MaxAge != 0 {
		t.Errorf("the session's cookie is %v", session)
	}
	if device == nil || !device.HttpOnly || !device.Secure || device.SameSite != http.SameSiteLaxMode || device.MaxAge < 180*24*3600 {
		t.Errorf("the device's cookie is %v", device)
	}
	own := v.get("/akun")
	if text := strings.Join(strings.Fields(own.HTML().Find("body").Text()), " "); !strings.Contains(text, "Siti Rahma") || !strings.Contains(text, "Chrome, Android") || !strings.Contains(text, "penilai, seluruh kota") {
		t.Errorf("the account's page says %s", text)
	}
	if bar := v.get("/lke").HTML().Find(".me"); !strings.Contains(bar.Text(), "Siti Rahma") || bar.Find("form[action^='/keluar']").Length() != 1 {
		t.Errorf("the bar is %q", bar.Text())
	}
	old := session.Value
	if r := v.send(t, "/akun", "/keluar", url.Values{}); r.Header.Get("Location") != "/masuk?lang=id" || v.cookies[web.SessionCookie] != nil || v.cookies[accountpages.DeviceCookie] == nil {
		t.Errorf("leaving: %d, %v", r.StatusCode, v.cookies)
	}
	if r := visit(k, http.MethodGet, "/akun", &http.Cookie{Name: web.SessionCookie, Value: old}); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/masuk?ke=%2Fakun" {
		t.Errorf("who kept the cookie: %d to %q", r.StatusCode, r.Header.Get("Location"))
	}
}

func TestWhatFailsAtTheDoorReadsTheSame(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	p := member(t, k, "siti@kota.example")
	closed := member(t, k, "tutup@kota.example")
	shut(t, k, closed.ID)
	pages := map[string]string{}
	for name, try := range map[string][2]string{"unknown": {"nobody@kota.example", sandi}, "wrong": {p.Email, "keliru-9x"}, "closed": {"tutup@kota.example", sandi}} {
		v := newVisitor(k)
		r := v.send(t, "/masuk", "/masuk", url.Values{"email": {try[0]}, "password": {try[1]}})
		if r.StatusCode != http.StatusUnauthorized || v.cookies[web.SessionCookie] != nil || v.cookies[accountpages.DeviceCookie] != nil {
			t.Errorf("%s: %d, %v", name, r.StatusCode, v.cookies)
		}
		if r.HTML().Find("#email").AttrOr("value", "") != try[0] || strings.Contains(r.Text, try[1]) {
			t.Errorf("%s: the address is not kept, or the password is", name)
		}
		pages[strings.ReplaceAll(strings.ReplaceAll(r.Text, try[0], ""), tokenOf(r), "")] = name
	}
	if len(pages) != 1 {
		t.Errorf("they read differently: %v", slices.Collect(maps.Values(pages)))
	}
	v := newVisitor(k)
	for range 9 {
		v.send(t, "/masuk", "/masuk", url.Values{"email": {p.Email}, "password": {"salah"}})
	}
	r := v.send(t, "/masuk", "/masuk", url.Values{"email": {p.Email}, "password": {sandi}})
	if r.StatusCode != http.StatusTooManyRequests || r.Header.Get("Retry-After") != "60" || !strings.Contains(r.HTML().Find(".alert").Text(), "satu menit lagi") {
		t.Errorf("the eleventh: %d, Retry-After %q, %s", r.StatusCode, r.Header.Get("Retry-After"), r.HTML().Find(".alert").Text())
	}
}

// shut closes an account.
func shut(t *testing.T, k *testkit.Kit, id string) {
	t.Helper()
	changePerson(t, k, id, func(p *access.Person) { p.Disabled = testkit.Noon() })
}

func changePerson(t *testing.T, k *testkit.Kit, id string, change func(*access.Person)) {
	t.Helper()
	people, err := k.Store.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p := people[slices.IndexFunc(people, func(p access.Person) bool { return p.ID == id })]
	change(&p)
	p.Version++
	if err := k.Store.RecordPerson(t.Context(), p); err != nil {
		t.Fatal(err)
	}
}

func TestASessionThatSomebodyPlantedIsNotTheOneAfterSigningIn(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	member(t, k, "siti@kota.example")
	_, attackers := k.Person(access.Viewer)
	for name, planted := range map[string]*http.Cookie{
		"made up": {Name: web.SessionCookie, Value: strings.Repeat("A", 43)}, "the attacker's own": attackers,
	} {
		v := newVisitor(k)
		v.cookies[web.SessionCookie] = planted
		if r := v.send(t, "/masuk", "/masuk", url.Values{"email": {"siti@kota.example"}, "password": {sandi}}); r.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s: %d", name, r.StatusCode)
		}
		if v.cookies[web.SessionCookie].Value == planted.Value {
			t.Errorf("%s: the token stays", name)
		}
		if r := visit(k, http.MethodGet, "/akun", planted); r.StatusCode != http.StatusSeeOther {
			t.Errorf("%s: the planted one opens an account: %d", name, r.StatusCode)
		}
	}
}

func TestALinkSurvivesMailScannersAndGrantsNothingThatItsFormSays(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	p, token, err := testkit.Office(k.Store, testkit.Noon).Invite(t.Context(), "command line", "siti@kota.example", "Siti", []access.Grant{{Role: access.Viewer, Scope: access.Agency("dinkes")}})
	if err != nil {
		t.Fatal(err)
	}
	path := "/mulai/" + token
	scanner := newVisitor(k)
	for range 2 {
		for _, r := range []*testkit.Reply{k.Get(path), k.Do(httptest.NewRequest(http.MethodHead, path, nil)), k.PostForm(path, url.Values{}), scanner.send(t, path, "/mulai/", url.Values{"password": {"x"}, "password2": {"x"}})} {
			if !slices.Contains([]int{200, 403, 422}, r.StatusCode) || r.Header.Get("Referrer-Policy") != "no-referrer" || r.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%d, %v", r.StatusCode, r.Header)
			}
		}
	}
	v := newVisitor(k)
	r := v.send(t, path, "/mulai/", url.Values{
		"password": {sandi}, "password2": {sandi}, "email": {"jahat@kota.example"}, "name": {"Jahat"}, "role": {"admin"}, "grants": {`[{"role":"admin","on":"city"}]`},
		"grants[0].role": {"admin"}, "id": {"x"}, "agency": {""}, "disabled": {""}, "ke": {"//jahat.example"},
	})
	if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/meja?lang=id" || v.cookies[web.SessionCookie] == nil {
		t.Errorf("%d to %s", r.StatusCode, r.Header.Get("Location"))
	}
	people, err := k.Store.People(t.Context())
	if err != nil || len(people) != 1 || people[0].ID != p.ID || people[0].Email != "siti@kota.example" || people[0].Name != "Siti" || !slices.Equal(people[0].Grants, p.Grants) {
		t.Errorf("stored: %+v, %v", people, err)
	}
	for name, address := range map[string]string{"used": path, "foreign": "/mulai/" + strings.Repeat("B", 43), "short": "/mulai/x"} {
		r := k.Get(address)
		if doc := r.HTML(); r.StatusCode != http.StatusNotFound || doc.Find("main a[href^='/masuk']").Length() != 1 || !strings.Contains(doc.Find("main").Text(), "mintalah tautan baru") || strings.Contains(r.Text, address) {
			t.Errorf("%s: %d %s", name, r.StatusCode, doc.Find("main").Text())
		}
	}
	for what, secret := range map[string]string{"a link": token, "a password": sandi, "a password in an address": url.QueryEscape(sandi), "a session": v.cookies[web.SessionCookie].Value, "a browser's mark": v.cookies[accountpages.DeviceCookie].Value, "an address of a person": "kota.example"} {
		if strings.Contains(k.Log.String(), secret) {
			t.Errorf("the log holds %s", what)
		}
	}
	if !strings.Contains(k.Log.String(), "/mulai/:token") {
		t.Error("the log tells of no request: nothing was checked")
	}
}

func TestAnOldLinkSaysThatItIsOld(t *testing.T) {
	t.Parallel()
	k, wait := timed(t)
	_, token, err := testkit.Office(k.Store, testkit.Noon).Invite(t.Context(), "command line", "siti@kota.example", "Siti", nil)
	if err != nil {
		t.Fatal(err)
	}
	wait(access.InvitationFor)
	if r := k.Get("/mulai/" + token); r.StatusCode != http.StatusGone || !strings.Contains(r.HTML().Find("main").Text(), "tujuh hari") {
		t.Errorf("%d %s", r.StatusCode, r.HTML().Find("main").Text())
	}
}

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

func TestOnlyPagesOfPeopleWhoSignInSetTheirCookies(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for path, want := range map[string]bool{"/": false, "/s/KUPARI47": false, "/hasil/pkm": false, "/privasi": false, "/s": false, "/nowhere": false, "/lke": false, "/masuk": true, "/mulai/x": true} {
		set := false
		for _, c := range k.Get(path).Cookies() {
			set = set || c.Name != "persepsi_forget"
		}
		if set != want {
			t.Errorf("%s sets a cookie: %v", path, set)
		}
	}
}

func TestWhatABrowserSaysIsToldInAFewWords(t *testing.T) {
	t.Parallel()
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0": "Edge, Windows",
		"Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0":                                                    "Firefox, Linux",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/604.1": "Safari, iPhone",
		"curl/8.0": "", "": "", "<script>": "",
	} {
		if got := accountpages.Device(agent); got != want {
			t.Errorf("%q, want %q: %s", got, want, agent)
		}
	}
}

// An administrator of one agency is nobody to ask for whoever is of another one.
func TestWhoLacksARightIsSentToTheAdministratorsOfTheWholeCity(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for id, on := range map[string]access.Scope{"kota": access.City(), "dinkes": access.Agency("dinkes"), "loket": access.Unit("dukcapil", "dukcapil-loket")} {
		p := member(t, k, id+"@kota.example", access.Grant{Role: access.Admin, Scope: on})
		changePerson(t, k, p.ID, func(p *access.Person) { p.Name = "Admin " + id })
	}
	cookie := k.SignIn(access.Manager, "dukcapil")
	token := tokenOf(visit(k, http.MethodGet, "/lke", cookie))
	r := submit(k, unitSheet, url.Values{web.FormField: {token}, "version": {"0"}}, cookie)
	if asks := text(r.HTML().Find("main ul")); r.StatusCode != http.StatusForbidden || asks != "Admin kota" {
		t.Errorf("%d: ask %q", r.StatusCode, asks)
	}
}

// otherLanguage returns where a page's link to the other language leads.
func otherLanguage(r *testkit.Reply) string { return r.HTML().Find("a.lang").AttrOr("href", "") }

func TestTheDoorRepeatsOnlyWhatMayBeLedTo(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	member(t, k, "siti@kota.example", evaluatorOf(""))
	v := newVisitor(k)
	v.send(t, "/masuk", "/masuk", url.Values{"email": {"siti@kota.example"}, "password": {sandi}})
	enrol(t, v)
	half := newVisitor(k)
	half.send(t, "/masuk", "/masuk", url.Values{"email": {"siti@kota.example"}, "password": {sandi}})
	own := "ke=" + url.QueryEscape("/lke?sort=ipak")
	for _, tc := range []struct {
		name, path, want string
		v                *visitor
	}{
		{"another site", "/masuk?ke=//evil.example/a", "/masuk?lang=en", newVisitor(k)},
		{"a page of this one", "/masuk?" + own, "/masuk?" + own + "&lang=en", newVisitor(k)},
		{"after the session was over", "/masuk?habis=1&" + own, "/masuk?habis=1&" + own + "&lang=en", newVisitor(k)},
		{"whatever else is asked", "/masuk?email=x", "/masuk?lang=en", newVisitor(k)},
		{"another site, before the code", "/masuk/kode?ke=//evil.example/a", "/masuk/kode?lang=en", half},
		{"a page of this one, before the code", "/masuk/kode?" + own, "/masuk/kode?" + own + "&lang=en", half},
	} {
		if r := tc.v.get(tc.path); r.StatusCode != http.StatusOK || otherLanguage(r) != tc.want {
			t.Errorf("%s: %d, the other language leads to %q, want %q", tc.name, r.StatusCode, otherLanguage(r), tc.want)
		}
	}
}

// A page elsewhere, to which a browser sends none of our cookies along, can't sign it in
// as somebody else, nor set a password by a link.
func TestAFormWithoutAnyCookieSignsNobodyIn(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	member(t, k, "siti@kota.example", evaluatorOf(""))
	_, token, err := testkit.Office(k.Store, testkit.Noon).Reset(t.Context(), "command line", "siti@kota.example")
	if err != nil {
		t.Fatal(err)
	}
	right := url.Values{"email": {"siti@kota.example"}, "password": {sandi}}
	for name, headers := range map[string]map[string]string{"no headers": {}, "a sister site without an origin": {"Origin": "null", "Sec-Fetch-Site": "same-site"}} {
		for path, form := range map[string]url.Values{"/masuk": right, "/mulai/" + token: {"password": {"empat ekor kucing"}, "password2": {"empat ekor kucing"}}} {
			r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			for key, v := range headers {
				r.Header.Set(key, v)
			}
			if got := k.Do(r); got.StatusCode != http.StatusForbidden || given(got, sessionCookie) != nil {
				t.Errorf("%s, %s: %d", name, path[:6], got.StatusCode)
			}
		}
	}
	if r := newVisitor(k).send(t, "/masuk", "/masuk", right); r.StatusCode != http.StatusSeeOther {
		t.Errorf("the old password afterwards: %d", r.StatusCode)
	}
}

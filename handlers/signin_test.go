package handlers_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	accountpages "persepsi/handlers/account"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

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
	p, token, err := testkit.Accounts(k.Store, testkit.Noon).Invite(t.Context(), "command line", "siti@kota.example", "Siti", []access.Grant{{Role: access.Viewer, Scope: access.Agency("dinkes")}})
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
	_, token, err := testkit.Accounts(k.Store, testkit.Noon).Invite(t.Context(), "command line", "siti@kota.example", "Siti", nil)
	if err != nil {
		t.Fatal(err)
	}
	wait(access.InvitationFor)
	if r := k.Get("/mulai/" + token); r.StatusCode != http.StatusGone || !strings.Contains(r.HTML().Find("main").Text(), "tujuh hari") {
		t.Errorf("%d %s", r.StatusCode, r.HTML().Find("main").Text())
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
	_, token, err := testkit.Accounts(k.Store, testkit.Noon).Reset(t.Context(), "command line", "siti@kota.example")
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

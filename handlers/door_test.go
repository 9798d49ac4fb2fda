package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

// opened adds the people as whom a demonstration lets anybody in. The manager is
// dukcapil's.
func opened(t *testing.T, k *testkit.Kit) *testkit.Kit {
	t.Helper()
	for _, role := range access.Roles() {
		on := access.City()
		if role == access.Manager || role == access.Officer {
			on = access.Agency("dukcapil")
		}
		if err := k.Store.RecordPerson(t.Context(), access.DemoPerson("Peragaan: "+string(role), role, on, testkit.Noon())); err != nil {
			t.Fatal(err)
		}
	}
	return k
}

// asDemo is an application on the same store, whose city is a demonstration.
func asDemo(t *testing.T, k *testkit.Kit, change ...func(*testkit.Deps)) *testkit.Kit {
	t.Helper()
	setDemo(t, k, true)
	return k.With(change...)
}

func setDemo(t *testing.T, k *testkit.Kit, demo bool) {
	t.Helper()
	c := *k.Register.Directory().Catalogue()
	c.City.Demo, c.Version = demo, c.Version+1
	if err := k.Store.RecordCatalogue(t.Context(), &c); err != nil {
		t.Fatal(err)
	}
	if err := k.Register.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// ways lists the roles that a page has a button for, in its order.
func ways(r *testkit.Reply) (out []string) {
	r.HTML().Find("form[method=post][action^='/masuk?'] button[name=role]").Each(func(_ int, b *goquery.Selection) {
		out = append(out, b.AttrOr("value", ""))
	})
	return out
}

// enter presses a role's button on the way to a page, and returns the session's cookie.
func enter(t *testing.T, k *testkit.Kit, path, role string) *http.Cookie {
	t.Helper()
	v := newVisitor(k)
	if to := v.press(t, v.get(path).Header.Get("Location"), role); to != path {
		t.Fatalf("%s: led to %q, want %q", role, to, path)
	}
	return v.cookies[sessionCookie]
}

// press presses a role's button at a door and returns where that leads.
func (v *visitor) press(t *testing.T, door, role string) string {
	t.Helper()
	reply := v.send(t, door, "/masuk", url.Values{"role": {role}})
	c := v.cookies[sessionCookie]
	if reply.StatusCode != http.StatusSeeOther || c == nil || !access.IsToken(c.Value) || !c.HttpOnly {
		t.Fatalf("%s: %d, no session: %v", role, reply.StatusCode, v.cookies)
	}
	return reply.Header.Get("Location")
}

func TestADemonstrationLetsAnybodyInAsEachRoleByOneClick(t *testing.T) {
	t.Parallel()
	k := demoBeforeComments(t)
	const sheet = "/lke?lang=id&period=2026-s1&sort=ipak"
	door := k.Get("/masuk?ke=" + url.QueryEscape(sheet))
	if got := ways(door); door.StatusCode != http.StatusOK || !slices.Equal(got, []string{"manager", "evaluator", "admin", "officer", "viewer"}) {
		t.Fatalf("the door: %d, %v", door.StatusCode, got)
	}
	if doc := door.HTML(); doc.Find(".demo").Length() != 1 || doc.Find("input[name=password]").Length() != 1 || doc.Find(".alert, form[action^='/keluar']").Length() != 0 {
		t.Error("the door is not marked, takes no password, or has a fault or a way out")
	}
	if got := text(door.HTML().Find(".door form:has(button[value=manager]) p")); !strings.Contains(got, "hanya dari Dinas Kependudukan dan Pencatatan Sipil.") {
		t.Errorf("of the manager the door says %q", got)
	}
	own := "hanya dari Dinas Kependudukan dan Pencatatan Sipil."
	for role, want := range map[string]struct {
		rows  int
		tells []string
	}{
		"manager":   {3, []string{"sebagai pengelola.", "sudah dirilis, " + own}},
		"officer":   {3, []string{"sebagai petugas."}},
		"evaluator": {30, []string{"sebagai penilai.", "setiap jawaban di semua instansi."}},
		"viewer":    {30, []string{"sebagai pembaca."}},
		"admin":     {30, []string{"sebagai administrator.", "dirilis, seperti bagi pengelola, dari semua instansi."}},
	} {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			cookie := enter(t, k, sheet, role)
			r := visit(k, http.MethodGet, sheet, cookie)
			if r.StatusCode != http.StatusOK || rows(r) != want.rows || r.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("the sheet: %d, %d rows, want %d, Cache-Control %q", r.StatusCode, rows(r), want.rows, r.Header.Get("Cache-Control"))
			}
			text := strings.Join(strings.Fields(r.HTML().Find(".reader").Text()), " ")
			for _, tells := range want.tells {
				if !strings.Contains(text, tells) {
					t.Errorf("the sheet does not tell %q: %s", tells, text)
				}
			}
			if bar := r.HTML().Find(".me"); bar.Find("form[action^='/keluar']").Length() != 1 || bar.Find("a[href^='/masuk']").Length() != 1 {
				t.Errorf("no way out or to another role: %s", bar.Text())
			}
			// Whom anybody may be has no password, and nobody sees or ends others' sessions.
			account := visit(k, http.MethodGet, "/akun", cookie)
			if account.HTML().Find("input[name=old], button[name=sesi]").Length() != 0 {
				t.Error("the account of a demonstration can be changed")
			}
			if r := submit(k, "/akun", url.Values{web.FormField: {tokenOf(account)}, "sesi": {"lain"}}, cookie); r.StatusCode != http.StatusForbidden {
				t.Errorf("others' sessions can be ended: %d", r.StatusCode)
			}
			if got := leave(k, "/keluar", cookie); got.StatusCode != http.StatusSeeOther || visit(k, http.MethodGet, "/lke", cookie).StatusCode != http.StatusSeeOther {
				t.Errorf("leaving: %d", got.StatusCode)
			}
		})
	}
}

func TestInADemonstrationOnlyTheEvaluatorsSheetIsLive(t *testing.T) {
	t.Parallel()
	k := opened(t, testkit.New(t, testkit.City))
	for range 15 { // of which none is released before there are twenty
		k.PostJSON(responsesPath, k.Response(nil))
	}
	k.Refresh()
	demo := asDemo(t, k)
	const sheet = "/lke?lang=id&period=2026-s1&sort=unit"
	for role, want := range map[string]string{"evaluator": "4,00", "manager": "–", "admin": "–"} {
		answers := "0 dari 15"
		if role == "evaluator" {
			answers = "15"
		}
		row := visit(demo, http.MethodGet, sheet, enter(t, demo, sheet, role)).HTML().Find("table.lke tbody tr:has(a[href^='/lke/dukcapil-loket'])")
		if n, ipak := strings.TrimSpace(row.Find("td").Eq(0).Text()), strings.Fields(row.Find("td").Eq(1).Text())[0]; !strings.HasPrefix(n, answers) || ipak != want {
			t.Errorf("%s sees %q answers and IPAK %q, want %q", role, n, ipak, want)
		}
	}
}

func TestWhoEntersAsAnotherRoleIsNoLongerTheFirst(t *testing.T) {
	t.Parallel()
	k := asDemo(t, opened(t, testkit.New(t, testkit.City)))
	const sheet = "/lke?lang=en&period=2025-s2&sort=unit"
	v := newVisitor(k)
	v.press(t, "/masuk?lang=en", "manager")
	first := v.cookies[sessionCookie]
	if to := v.press(t, v.get(sheet).HTML().Find(".me a[href^='/masuk']").AttrOr("href", "/nowhere"), "admin"); to != "/meja?lang=en" {
		t.Errorf("led to %q", to)
	}
	if r := v.get(sheet); rows(r) != 2 || !strings.Contains(r.HTML().Find(".reader").Text(), "all agencies") {
		t.Errorf("the second: %d rows", rows(r))
	}
	if r := visit(k, http.MethodGet, sheet, first); r.StatusCode != http.StatusSeeOther {
		t.Errorf("the first session is open: %d", r.StatusCode)
	}
}

func TestTheDoorIsOpenForThePeopleOfADemonstrationAlone(t *testing.T) {
	t.Parallel()
	demo := asDemo(t, opened(t, testkit.New(t, testkit.City)))
	closed := opened(t, testkit.New(t, testkit.City))
	shut(t, closed, access.DemoID(access.Admin))
	revoked := asDemo(t, closed)
	known := opened(t, testkit.New(t, testkit.City))
	changePerson(t, known, access.DemoID(access.Admin), func(p *access.Person) { p.Password = "$argon2id$" })
	city := opened(t, testkit.New(t, testkit.City))
	for _, tc := range []struct {
		name string
		kit  *testkit.Kit
		form url.Values
		ways int
	}{
		{"a real city, whatever people it has, manager", city, url.Values{"role": {"manager"}}, 0},
		{"a real city, evaluator", city, url.Values{"role": {"evaluator"}}, 0},
		{"a real city, by their address", city, url.Values{"email": {access.DemoID(access.Admin) + "@peragaan.example"}, "password": {""}}, 0},
		{"a demonstration without such people", asDemo(t, testkit.New(t, testkit.City)), url.Values{"role": {"evaluator"}}, 0},
		{"one whose account was closed", revoked, url.Values{"role": {"admin"}}, 4},
		{"one who was given a password", asDemo(t, known), url.Values{"role": {"admin"}}, 4},
		{"a role that nobody has", demo, url.Values{"role": {"walikota"}}, 5},
		{"the public", demo, url.Values{"role": {"public"}}, 5},
		{"no role", demo, url.Values{"role": {""}}, 5},
		{"their address, which has no password", demo, url.Values{"email": {access.DemoID(access.Admin) + "@peragaan.example"}, "password": {""}}, 5},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := ways(tc.kit.Get("/masuk")); len(got) != tc.ways {
				t.Errorf("there are ways for %v", got)
			}
			r := tc.kit.Do(fromDoor(t, tc.form))
			if doc := r.HTML(); r.StatusCode != http.StatusUnauthorized || given(r, sessionCookie) != nil || doc.Find(".alert").Length() != 1 || len(ways(r)) != tc.ways {
				t.Errorf("%d, cookies %v", r.StatusCode, r.Cookies())
			}
		})
	}
	if r := demo.Get("/masuk?role=evaluator"); given(r, sessionCookie) != nil {
		t.Errorf("a link is enough: %d", r.StatusCode)
	}
	// A session of a demonstration opens nothing once the city is real.
	k := opened(t, testkit.New(t, testkit.City))
	cookie := k.Session(access.DemoID(access.Evaluator))
	if r := visit(k, http.MethodGet, "/lke", cookie); r.StatusCode != http.StatusSeeOther {
		t.Errorf("it opens a real city's sheet: %d", r.StatusCode)
	}
	if r := visit(asDemo(t, k), http.MethodGet, "/lke", cookie); r.StatusCode != http.StatusOK {
		t.Errorf("and not the demonstration's: %d", r.StatusCode)
	}
}

func TestAnotherSiteCannotMakeABrowserEnterADemonstration(t *testing.T) {
	t.Parallel()
	k := asDemo(t, opened(t, testkit.New(t, testkit.City)))
	for _, tc := range []struct {
		name    string
		headers []string
		want    int
	}{
		{"its own page", []string{"Origin: http://example.com", "Sec-Fetch-Site: same-origin"}, http.StatusSeeOther},
		{"another site", []string{"Origin: https://jahat.example"}, http.StatusForbidden},
		{"another site that hides its origin", []string{"Origin: null", "Sec-Fetch-Site: cross-site"}, http.StatusForbidden},
		{"a sister site", []string{"Origin: https://lain.kota.go.id", "Sec-Fetch-Site: same-site"}, http.StatusForbidden},
	} {
		r := fromDoor(t, url.Values{"role": {"evaluator"}})
		for _, h := range tc.headers {
			name, v, _ := strings.Cut(h, ": ")
			r.Header.Set(name, v)
		}
		if got := k.Do(r); got.StatusCode != tc.want || (len(got.Cookies()) > 0) != (tc.want == http.StatusSeeOther) {
			t.Errorf("%s: %d, want %d, cookies %v", tc.name, got.StatusCode, tc.want, got.Cookies())
		}
	}
}

// Each click stores a session, and nobody needs a password for it.
func TestWhoEntersADemonstrationTooOftenIsHeldBack(t *testing.T) {
	t.Parallel()
	k := asDemo(t, opened(t, testkit.New(t, testkit.City)), func(d *testkit.Deps) {
		d.Trusted, d.Limits = trustedHere, web.Limits{Device: web.Pace{Burst: 3, PerSecond: 0.1}}
	})
	click := func(from string) *testkit.Reply {
		r := fromDoor(t, url.Values{"role": {"admin"}})
		r.Header.Set("X-Forwarded-For", from)
		return k.Do(r)
	}
	for i, want := range []int{303, 303, 303, 429} {
		if r := click("203.0.113.7"); r.StatusCode != want || (r.Header.Get("Retry-After") != "") != (want == 429) || (given(r, sessionCookie) != nil) != (want == 303) {
			t.Errorf("click %d: %d, want %d", i+1, r.StatusCode, want)
		}
	}
	if r := click("203.0.113.8"); r.StatusCode != http.StatusSeeOther {
		t.Errorf("somebody elsewhere: %d", r.StatusCode)
	}
}

// Whoever is anonymous in a demonstration is the public, and a role's session
// opens pages alone.
func TestTheAPIOfADemonstrationNeedsAKeyAsElsewhere(t *testing.T) {
	t.Parallel()
	k := asDemo(t, opened(t, testkit.New(t, testkit.City)))
	cookie := enter(t, k, "/lke?lang=id&period=2025-s2&sort=unit", "evaluator")
	for _, path := range []string{indicators, "/api/v1/results/breakdown?period=2026-s1&unit=dukcapil-loket&by=sex"} {
		for name, r := range map[string]*testkit.Reply{"anonymous": k.Get(path), "a session": visit(k, http.MethodGet, path, cookie), "a person's id": k.GetAs(access.DemoID(access.Evaluator), path)} {
			if r.StatusCode != http.StatusUnauthorized || r.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s, %s: %d, Cache-Control %q", path, name, r.StatusCode, r.Header.Get("Cache-Control"))
			}
		}
		if r := k.GetAs(k.Key(access.Manager, "dukcapil"), path+"&agency=dukcapil"); r.StatusCode != http.StatusOK && r.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s with a key: %d", path, r.StatusCode)
		}
	}
}

package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"persepsi/handlers"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

// opened adds the keys that a demonstration lets anybody in by, before the
// application looks at any: its clock stands still. The manager is dukcapil's.
func opened(t *testing.T, k *testkit.Kit) *testkit.Kit {
	t.Helper()
	for _, role := range []access.Role{access.Manager, access.Evaluator, access.Admin} {
		on := access.City()
		if role == access.Manager {
			on = access.Agency("dukcapil")
		}
		if err := k.Store.AddKey(t.Context(), access.DemoKey("Peragaan: "+string(role), role, on, testkit.Noon())); err != nil {
			t.Fatal(err)
		}
	}
	return k
}

// asDemo is an application on the same store, whose city is a demonstration.
func asDemo(t *testing.T, k *testkit.Kit, change ...func(*handlers.Deps)) *testkit.Kit {
	t.Helper()
	c := *k.Register.Directory().Catalogue()
	c.City.Demo, c.Version = true, c.Version+1
	if err := k.Store.PutCatalogue(t.Context(), &c); err != nil {
		t.Fatal(err)
	}
	if err := k.Register.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	return k.With(change...)
}

// ways lists the roles that a page has a button for, in its order.
func ways(r *testkit.Reply) (out []string) {
	r.HTML().Find("form[method=post][action^='/lke?'] button[name=role]").Each(func(_ int, b *goquery.Selection) {
		out = append(out, b.AttrOr("value", ""))
	})
	return out
}

// enter presses a role's button and returns the session's cookie.
func enter(t *testing.T, k *testkit.Kit, path, role string, with ...*http.Cookie) *http.Cookie {
	t.Helper()
	page := httptest.NewRequest(http.MethodGet, path, nil)
	for _, c := range with {
		page.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	form := k.Do(page).HTML().Find("form:has(button[name=role][value=" + role + "])")
	r := httptest.NewRequest(http.MethodPost, form.AttrOr("action", "/nowhere"), strings.NewReader(url.Values{"role": {role}, web.FormField: {form.Find("input[name="+web.FormField+"]").AttrOr("value", "")}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, c := range with {
		r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	reply := k.Do(r)
	if to := reply.Header.Get("Location"); reply.StatusCode != http.StatusSeeOther || to != path {
		t.Fatalf("%s: %d to %q, want %q", role, reply.StatusCode, to, path)
	}
	list := reply.Cookies()
	if len(list) != 1 || list[0].Name != sessionCookie || !access.IsToken(list[0].Value) || !list[0].HttpOnly {
		t.Fatalf("%s: no session: %v", role, list)
	}
	return list[0]
}

func TestADemonstrationLetsAnybodyInAsEachRoleByOneClick(t *testing.T) {
	t.Parallel()
	k := newDemo(t)
	const sheet = "/lke?lang=id&period=2026-s1&sort=ipak"
	door := k.Get(sheet)
	if got := ways(door); door.StatusCode != http.StatusOK || rows(door) != 0 || !slices.Equal(got, []string{"manager", "evaluator", "admin"}) {
		t.Fatalf("the door: %d, %d rows, %v", door.StatusCode, rows(door), got)
	}
	if doc := door.HTML(); doc.Find(".demo").Length() != 1 || doc.Find("input[name=key]").Length() != 1 || doc.Find(".alert, form[action^='/keluar']").Length() != 0 {
		t.Error("the door is not marked, takes no key, or has a fault or a way out")
	}
	for role, want := range map[string]struct {
		rows  int
		tells []string
		other []string
	}{
		"manager":   {3, []string{"sebagai pengelola.", "sudah dirilis, hanya dari Dinas Kependudukan dan Pencatatan Sipil."}, []string{"evaluator", "admin"}},
		"evaluator": {30, []string{"sebagai penilai.", "setiap jawaban di semua instansi."}, []string{"manager", "admin"}},
		"admin":     {30, []string{"sebagai administrator.", "dirilis, seperti bagi pengelola, dari semua instansi."}, []string{"manager", "evaluator"}},
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
			if got := ways(r); !slices.Equal(got, want.other) {
				t.Errorf("other ways: %v, want %v", got, want.other)
			}
			if out := r.HTML().Find("form[action^='/keluar']"); out.Length() != 1 {
				t.Errorf("%d ways out", out.Length())
			}
			if got := leave(k, "/keluar", cookie); got.StatusCode != http.StatusSeeOther || len(ways(visit(k, http.MethodGet, "/lke", cookie))) != 3 {
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
	first := enter(t, k, sheet, "manager")
	second := enter(t, k, sheet, "admin", first)
	if r := visit(k, http.MethodGet, sheet, second); rows(r) != 2 || !strings.Contains(r.HTML().Find(".reader").Text(), "all agencies") {
		t.Errorf("the second: %d rows", rows(r))
	}
	if r := visit(k, http.MethodGet, sheet, first); rows(r) != 0 || len(ways(r)) != 3 {
		t.Errorf("the first session is open: %d rows", rows(r))
	}
}

func TestAKeyOpensTheSheetOfADemonstrationToo(t *testing.T) {
	t.Parallel()
	k := asDemo(t, opened(t, testkit.New(t, testkit.City)))
	cookie := signIn(t, k, "/lke", k.Key(access.Evaluator, "dinkes"))
	r := visit(k, http.MethodGet, "/lke", cookie)
	if text := r.HTML().Find(".reader").Text(); rows(r) != 1 || !strings.Contains(text, "penilai") || !strings.Contains(text, "Dinas Kesehatan") || len(ways(r)) != 3 {
		t.Errorf("%d rows, %s", rows(r), text)
	}
	if r := k.PostForm("/lke", url.Values{"key": {"psp_wrong"}}); r.StatusCode != http.StatusUnauthorized || given(r, sessionCookie) != nil || r.HTML().Find(".alert").Length() != 1 || len(ways(r)) != 3 {
		t.Errorf("a wrong key: %d", r.StatusCode)
	}
}

func TestTheDoorIsOpenForTheKeysOfADemonstrationAlone(t *testing.T) {
	t.Parallel()
	demo := asDemo(t, opened(t, testkit.New(t, testkit.City)))
	closed := opened(t, testkit.New(t, testkit.City))
	if err := closed.Store.RevokeKey(t.Context(), access.DemoKeyID(access.Admin), testkit.Noon()); err != nil {
		t.Fatal(err)
	}
	revoked := asDemo(t, closed)
	for _, tc := range []struct {
		name string
		kit  *testkit.Kit
		form url.Values
		ways int
	}{
		{"a real city, whatever keys it has, manager", opened(t, testkit.New(t, testkit.City)), url.Values{"role": {"manager"}}, 0},
		{"a real city, evaluator", opened(t, testkit.New(t, testkit.City)), url.Values{"role": {"evaluator"}}, 0},
		{"a real city, admin", opened(t, testkit.New(t, testkit.City)), url.Values{"role": {"admin"}, "key": {""}}, 0},
		{"a demonstration without such keys", asDemo(t, testkit.New(t, testkit.City)), url.Values{"role": {"evaluator"}}, 0},
		{"a key that was revoked", revoked, url.Values{"role": {"admin"}}, 2},
		{"a role that no key has", demo, url.Values{"role": {"walikota"}}, 3},
		{"the public", demo, url.Values{"role": {"public"}}, 3},
		{"no role", demo, url.Values{"role": {""}}, 3},
		{"a key's id for its secret", demo, url.Values{"key": {access.DemoKeyID(access.Evaluator)}}, 3},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := ways(tc.kit.Get("/lke")); len(got) != tc.ways {
				t.Errorf("there are ways for %v", got)
			}
			r := tc.kit.PostForm("/lke", tc.form)
			if doc := r.HTML(); r.StatusCode != http.StatusUnauthorized || given(r, sessionCookie) != nil || rows(r) != 0 || doc.Find("input[name=key]").Length() != 1 || doc.Find(".alert").Length() != 1 {
				t.Errorf("%d, cookies %v", r.StatusCode, r.Cookies())
			}
			if got := len(ways(r)); got != tc.ways {
				t.Errorf("%d ways beside the fault, want %d", got, tc.ways)
			}
		})
	}
	// In a real city a role counts as a wrong key does: too many are held back.
	k := opened(t, testkit.New(t, testkit.City))
	last := 0
	for range 12 {
		last = k.PostForm("/lke", url.Values{"role": {"evaluator"}}).StatusCode
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the twelfth try: %d", last)
	}
	if r := demo.Get("/lke?role=evaluator"); rows(r) != 0 || given(r, sessionCookie) != nil {
		t.Errorf("a link is enough: %d", r.StatusCode)
	}
	if r := demo.GetAs(access.DemoKeyID(access.Evaluator), indicators); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("a key's id opens the API: %d", r.StatusCode)
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
		for _, path := range []string{"/lke", "/lke?lang=en&period=2026-s1"} {
			r := httptest.NewRequest(http.MethodPost, path, strings.NewReader("role=evaluator"))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			for _, h := range tc.headers {
				name, v, _ := strings.Cut(h, ": ")
				r.Header.Set(name, v)
			}
			if got := k.Do(r); got.StatusCode != tc.want || (len(got.Cookies()) > 0) != (tc.want == http.StatusSeeOther) {
				t.Errorf("%s: %d, want %d, cookies %v", tc.name, got.StatusCode, tc.want, got.Cookies())
			}
		}
	}
}

// Each click stores a session, and nobody needs a key for it.
func TestWhoEntersADemonstrationTooOftenIsHeldBack(t *testing.T) {
	t.Parallel()
	k := asDemo(t, opened(t, testkit.New(t, testkit.City)), func(d *handlers.Deps) {
		d.Trusted, d.Limits = trustedHere, web.Limits{Device: web.Pace{Burst: 3, PerSecond: 0.1}}
	})
	click := func(from string) *testkit.Reply {
		r := httptest.NewRequest(http.MethodPost, "/lke", strings.NewReader("role=admin"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Forwarded-For", from)
		return k.Do(r)
	}
	for i, want := range []int{303, 303, 303, 429} {
		if r := click("203.0.113.7"); r.StatusCode != want || (r.Header.Get("Retry-After") != "") != (want == 429) || (len(r.Cookies()) > 0) != (want == 303) {
			t.Errorf("click %d: %d, want %d", i+1, r.StatusCode, want)
		}
	}
	if r := click("203.0.113.8"); r.StatusCode != http.StatusSeeOther {
		t.Errorf("somebody elsewhere: %d", r.StatusCode)
	}
}

// Whoever is anonymous in a demonstration is the public, and a role's session
// opens the sheet alone.
func TestTheAPIOfADemonstrationNeedsAKeyAsElsewhere(t *testing.T) {
	t.Parallel()
	k := asDemo(t, opened(t, testkit.New(t, testkit.City)))
	cookie := enter(t, k, "/lke?lang=id&period=2025-s2&sort=unit", "evaluator")
	for _, path := range []string{indicators, "/api/v1/results/breakdown?period=2026-s1&unit=dukcapil-loket&by=sex"} {
		for name, r := range map[string]*testkit.Reply{"anonymous": k.Get(path), "a session": visit(k, http.MethodGet, path, cookie)} {
			if r.StatusCode != http.StatusUnauthorized || r.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s, %s: %d, Cache-Control %q", path, name, r.StatusCode, r.Header.Get("Cache-Control"))
			}
		}
		if r := k.GetAs(k.Key(access.Manager, "dukcapil"), path+"&agency=dukcapil"); r.StatusCode != http.StatusOK && r.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s with a key: %d", path, r.StatusCode)
		}
	}
}

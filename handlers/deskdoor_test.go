package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

// unitsOnDesk lists the codes of the units that a page of the desk shows.
func unitsOnDesk(r *testkit.Reply) (out []string) {
	r.HTML().Find("[data-unit]").Each(func(_ int, s *goquery.Selection) {
		if code := s.AttrOr("data-unit", ""); !slices.Contains(out, code) {
			out = append(out, code)
		}
	})
	return out
}

func TestADeskHoldsWhatItsPersonWasGrantedAndNothingElse(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for name, tc := range map[string]struct {
		grants []access.Grant
		units  []string
		of     string
	}{
		"a manager of an agency": {[]access.Grant{{Role: access.Manager, Scope: access.Agency("dukcapil")}}, []string{"dukcapil-loket"}, "Unit Pelayanan"},
		"an officer of a unit":   {[]access.Grant{{Role: access.Officer, Scope: access.Unit("dinkes", "pkm")}}, []string{"pkm"}, "Puskesmas Melati"},
		"a viewer of the city":   {[]access.Grant{{Role: access.Viewer, Scope: access.City()}}, []string{"dukcapil-loket", "pkm"}, "Kota Contoh"},
		"an evaluator":           {[]access.Grant{{Role: access.Evaluator, Scope: access.Agency("dinkes")}}, []string{"pkm"}, "Dinas Kesehatan"},
		"an administrator":       {[]access.Grant{{Role: access.Admin, Scope: access.City()}}, []string{"dukcapil-loket", "pkm"}, "Kota Contoh"},
		"somebody of two units of two agencies": {
			[]access.Grant{{Role: access.Officer, Scope: access.Unit("dinkes", "pkm")}, {Role: access.Manager, Scope: access.Unit("dukcapil", "dukcapil-loket")}},
			[]string{"dukcapil-loket", "pkm"},
			"Kota Contoh",
		},
	} {
		_, cookie := k.Granted(tc.grants...)
		r := visit(k, http.MethodGet, "/meja?period=2026-s1", cookie)
		if r.StatusCode != http.StatusOK || !slices.Equal(unitsOnDesk(r), tc.units) {
			t.Errorf("%s: %d, units %q, want %q", name, r.StatusCode, unitsOnDesk(r), tc.units)
		}
		if where := r.HTML().Find(".where").Text(); !strings.HasPrefix(where, tc.of+" · Senin, 2 Maret 2026") {
			t.Errorf("%s: the desk is of %q", name, where)
		}
		if r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: a cache may keep it", name)
		}
	}
	if r := k.Get("/meja"); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/masuk?ke=%2Fmeja" {
		t.Errorf("who is not signed in: %d to %q", r.StatusCode, r.Header.Get("Location"))
	}
}

// What is somebody else's and what is nowhere are refused in the same words, so that
// nobody learns what exists.
func TestADeskTellsNothingOfWhatIsNotOnIt(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	cookie := k.SignIn(access.Manager, "dukcapil")
	bodies := map[string]bool{}
	for _, query := range []string{"opd=dinkes", "opd=nowhere", "period=nowhere", "opd=dinkes&period=2026-s1"} {
		r := visit(k, http.MethodGet, "/meja?"+query, cookie)
		if r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", query, r.StatusCode)
		}
		bodies[strings.TrimSpace(r.HTML().Find("main").Text())] = true
	}
	if len(bodies) != 1 {
		t.Errorf("%d different refusals", len(bodies))
	}
	for _, query := range []string{"opd=dukcapil", "period=2026-s1", "opd=dukcapil&period=2025-s2"} {
		if r := visit(k, http.MethodGet, "/meja?"+query, cookie); r.StatusCode != http.StatusOK || !slices.Equal(unitsOnDesk(r), []string{"dukcapil-loket"}) {
			t.Errorf("%s: %d %q", query, r.StatusCode, unitsOnDesk(r))
		}
	}
	// A period of units that are not on a desk is none there.
	_, unitOnly := k.Granted(access.Grant{Role: access.Officer, Scope: access.Unit("dinkes", "pkm-tutup")})
	if r := visit(k, http.MethodGet, "/meja?period=2026-s1", unitOnly); r.StatusCode != http.StatusNotFound {
		t.Errorf("a period that the only unit takes no part in: %d", r.StatusCode)
	}
}

func TestWhoIsSignedInIsLedBackToTheirDesk(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	manager := k.SignIn(access.Manager, "dinkes")
	if r := visit(k, http.MethodGet, "/lke", manager); r.HTML().Find(".me a[href='/meja?lang=id']").Length() != 1 {
		t.Error("the sheet does not lead to the desk")
	}
	_, nobody := k.Granted(access.Grant{Role: access.Manager, Scope: access.Agency("dinkes"), Until: testkit.Noon()})
	for name, tc := range map[string]struct {
		path   string
		cookie *http.Cookie
		status int
		links  int
	}{
		"what is not on the desk":        {"/meja?opd=nowhere", manager, http.StatusNotFound, 1},
		"a sheet that is nowhere":        {"/lke/nowhere", manager, http.StatusNotFound, 1},
		"who has no desk":                {"/meja", nobody, http.StatusForbidden, 0},
		"a page that asks nobody's name": {"/hasil/nowhere", manager, http.StatusNotFound, 0},
	} {
		r := visit(k, http.MethodGet, tc.path, tc.cookie)
		if n := r.HTML().Find("main a[href='/meja?lang=id']").Length(); r.StatusCode != tc.status || n != tc.links {
			t.Errorf("%s: %d, %d links to the desk", name, r.StatusCode, n)
		}
	}
	if own := visit(k, http.MethodGet, "/akun", nobody); own.HTML().Find(".me a[href^='/meja']").Length() != 0 {
		t.Error("who has no desk is led to one")
	}
	if r := k.Get("/"); r.HTML().Find("main a[href='/meja?lang=id']").Length() != 1 {
		t.Error("the first page shows people who work here no way in")
	}
}

// What people see who don't sign in carries nothing of the desk: no byte of it.
func TestPagesOfCitizensCarryNothingOfTheDesk(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for _, path := range []string{"/s/KUPARI47", "/s/KUPARI47?mode=kiosk", "/hasil/dukcapil-loket", "/privasi", "/s"} {
		r := k.Get(path)
		for _, part := range []string{"desk", "meja", "data-live", `id="late"`} {
			if r.StatusCode != http.StatusOK || strings.Contains(r.Text, part) {
				t.Errorf("%s: %d, holds %q", path, r.StatusCode, part)
			}
		}
		if policy := r.Header.Get("Content-Security-Policy"); strings.Contains(policy, "connect-src") {
			t.Errorf("%s may fetch: %s", path, policy)
		}
	}
	r := visit(k, http.MethodGet, "/meja", k.SignIn(access.Manager, "dukcapil"))
	if policy := r.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "script-src 'self'; connect-src 'self'") || strings.Contains(policy, "unsafe") {
		t.Errorf("the desk's policy is %s", policy)
	}
}

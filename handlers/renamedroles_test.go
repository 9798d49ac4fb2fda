package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

// Grants hold what agency and unit were first called: another code takes nobody's sheet
// away, and opens nobody else's.
func TestWhoIsBoundToARenamedOfficeKeepsItsSheet(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	type bound struct {
		name   string
		cookie *http.Cookie
		writes bool
		choice bool // between that office and another
	}
	var people []bound
	for _, role := range access.Roles() {
		writes := role == access.Evaluator || role == access.Admin
		agency, unit := access.Grant{Role: role, Scope: access.Agency("dukcapil")}, access.Grant{Role: role, Scope: access.Unit("dukcapil", "dukcapil-loket")}
		_, ofAgency := k.Granted(agency)
		_, ofUnit := k.Granted(unit)
		_, ofBoth := k.Granted(access.Grant{Role: access.Viewer, Scope: access.Agency("dinkes")}, unit)
		people = append(people,
			bound{string(role) + " of the agency", ofAgency, writes, false},
			bound{string(role) + " of the unit", ofUnit, writes, false},
			bound{string(role) + " of the unit, beside another agency", ofBoth, writes, true})
	}
	stranger := k.SignIn(access.Evaluator, "dinkes")

	k.Apply(`agencies: [{code: capil, was: dukcapil, units: [{code: muka, was: dukcapil-loket}]}]`)
	k.Refresh()
	for _, who := range people {
		list := visit(k, http.MethodGet, "/lke?period=2026-s1&sort=unit", who.cookie)
		if who.choice {
			other := list.HTML().Find("nav a[href*='bagian=unit']")
			if other.Length() != 1 || !slices.Equal(unitsOf(list), []string{"pkm"}) {
				t.Errorf("%s has %d choices beside %v", who.name, other.Length(), unitsOf(list))
				continue
			}
			list = visit(k, http.MethodGet, other.AttrOr("href", ""), who.cookie)
		}
		if got := unitsOf(list); !slices.Equal(got, []string{"muka"}) {
			t.Errorf("%s: the sheet has %v", who.name, got)
		}
		if fill := list.HTML().Find("a[href^='/lke/muka'][href$='#capaian_kinerja']").Length(); (fill == 1) != who.writes {
			t.Errorf("%s: %d links to fill in", who.name, fill)
		}
		for _, path := range []string{"/lke/muka?period=2026-s1", unitSheet} {
			r := visit(k, http.MethodGet, path, who.cookie)
			if r.StatusCode != http.StatusOK || (r.HTML().Find("form.entries").Length() == 1) != who.writes {
				t.Errorf("%s at %s: %d", who.name, path, r.StatusCode)
			}
			want := http.StatusForbidden
			if who.writes {
				want = http.StatusUnprocessableEntity // for what is missing
			}
			if r := submit(k, path, url.Values{web.FormField: {tokenOf(list)}, "version": {"0"}}, who.cookie); r.StatusCode != want {
				t.Errorf("%s sends to %s: %d, want %d", who.name, path, r.StatusCode, want)
			}
		}
	}
	for _, path := range []string{"/lke/muka?period=2026-s1", unitSheet} {
		if r := visit(k, http.MethodGet, path, stranger); r.StatusCode != http.StatusNotFound {
			t.Errorf("another agency's evaluator at %s: %d", path, r.StatusCode)
		}
	}
}

// Whoever fills in several units is led on through them all, whatever they are called now.
func TestAnEvaluatorIsLedOnThroughTheUnitsOfARenamedAgency(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	_, cookie := k.Granted(access.Grant{Role: access.Evaluator, Scope: access.Agency("dukcapil")}, access.Grant{Role: access.Evaluator, Scope: access.Unit("dinkes", "pkm")})
	k.Apply(`agencies: [{code: capil, was: dukcapil, units: [{code: muka, was: dukcapil-loket}]}, {code: sehat, was: dinkes, units: [{code: puskesmas, was: pkm}]}]`)
	k.Refresh()
	page := visit(k, http.MethodGet, "/lke/muka?period=2026-s1&lang=id", cookie)
	r := submit(k, "/lke/muka?period=2026-s1&lang=id", filledIn(page, whole()...), cookie)
	if r.StatusCode != http.StatusSeeOther {
		t.Fatalf("the first of two: %d", r.StatusCode)
	}
	doc := visit(k, http.MethodGet, r.Header.Get("Location"), cookie).HTML()
	if href := doc.Find(".saved a").AttrOr("href", ""); !strings.HasPrefix(href, "/lke/puskesmas?") || doc.Find("a[rel=next]").Length() != 1 {
		t.Errorf("after the first of two: to %q, %s", href, text(doc.Find(".saved")))
	}
}

package handlers_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

// From the sheet to the first unit that lacks something, and from each to the next.
func TestAnEvaluatorIsLedFromUnitToUnit(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, unitsInARow(5))
	cookie := k.SignIn(access.Evaluator, "")
	at := visit(k, http.MethodGet, "/lke?period=2026-s1&lang=id", cookie).HTML().Find("a[href$='#capaian_kinerja']").AttrOr("href", "")
	if !strings.HasPrefix(at, "/lke/unit-1?") {
		t.Errorf("the sheet leads to %q first", at)
	}
	at = strings.Replace(at, "unit-1", "unit-4", 1)
	// The third is filled in already: nobody is led there.
	third := "/lke/unit-3?period=2026-s1&lang=id"
	submit(k, third, filledIn(visit(k, http.MethodGet, third, cookie), whole()...), cookie)
	var went []string
	for range 6 {
		address, fragment, _ := strings.Cut(at, "#")
		page := visit(k, http.MethodGet, address, cookie)
		if page.StatusCode != 200 || page.HTML().Find("[id='"+fragment+"'][name=capaian_kinerja]").Length() != 1 {
			t.Fatalf("%q: %d", at, page.StatusCode)
		}
		went = append(went, strings.TrimPrefix(strings.Split(address, "?")[0], "/lke/"))
		r := submit(k, address, filledIn(page, whole()...), cookie)
		next := visit(k, http.MethodGet, r.Header.Get("Location"), cookie).HTML().Find(".saved[autofocus], .saved [autofocus]")
		if next.Length() != 1 {
			t.Fatalf("after %s nothing has the focus", at)
		}
		if at = next.AttrOr("href", ""); at == "" {
			break
		}
	}
	if got := strings.Join(went, " "); got != "unit-4 unit-5 unit-1 unit-2" {
		t.Errorf("the way led to %s", got)
	}
	doc := visit(k, http.MethodGet, third, cookie).HTML()
	if doc.Find("a[rel=prev][href^='/lke/unit-2?']").Length() != 1 || doc.Find("a[rel=next][href^='/lke/unit-4?']").Length() != 1 {
		t.Error("a unit's neighbours are others")
	}
	if doc := visit(k, http.MethodGet, "/lke?period=2026-s1", cookie).HTML(); doc.Find("a[href$='#capaian_kinerja']").Length() != 0 || doc.Find("tbody a[href^='/lke/unit-']").Length() != 5 {
		t.Error("where all is filled in the sheet still leads on, or its rows lead nowhere")
	}
	// A manager is led nowhere: there is nothing to fill in.
	manager := k.SignIn(access.Manager, "dinas")
	if doc := visit(k, http.MethodGet, "/lke/unit-1?period=2026-s2", manager).HTML(); doc.Find("a[href$='#capaian_kinerja']").Length() != 0 {
		t.Error("who may enter nothing is asked to")
	}
}

// unitsInARow is a city of one agency.
func unitsInARow(n int) string {
	var out strings.Builder
	out.WriteString("city: {name: Kota Contoh}\nagencies:\n  - {code: dinas, name: Dinas, units: [")
	for i := range n {
		fmt.Fprintf(&out, "{code: unit-%d, name: Unit %d, services: [{code: a, name: A}], points: [{code: TITIK%dA, name: L}]}, ", i+1, i+1, i+1)
	}
	out.WriteString("]}\nperiods: [{code: 2026-s1, name: S1, from: 2026-01-01, to: 2026-06-30, instrument: terpadu-16}]\n")
	return out.String()
}

// Anybody may write in a demonstration, and each form is stored.
func TestWhoStoresTooOftenInADemonstrationIsHeldBack(t *testing.T) {
	t.Parallel()
	for name, kit := range map[string]*testkit.Kit{
		"a demonstration": asDemo(t, testkit.New(t, testkit.City), held), "a real city": testkit.New(t, testkit.City, held),
	} {
		cookie := kit.SignIn(access.Evaluator, "")
		var got []int
		for range 4 {
			form := filledIn(visit(kit, http.MethodGet, unitSheet, cookie), "why", "uji coba")
			r := httptest.NewRequest(http.MethodPost, unitSheet, strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("X-Forwarded-For", "203.0.113.7")
			r.AddCookie(&http.Cookie{Name: cookie.Name, Value: cookie.Value})
			got = append(got, kit.Do(r).StatusCode)
		}
		want := []int{303, 303, 303, 303}
		if name == "a demonstration" {
			want = []int{303, 303, 303, 429}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// So is who adds evidence, or brings workbooks.
func TestWhoSendsTooOftenInADemonstrationIsHeldBack(t *testing.T) {
	t.Parallel()
	for path, fields := range map[string][]string{proofs: {"row", "follow_up", "title", "Kursi baru"}, upload: nil} {
		for _, demo := range []bool{true, false} {
			k := testkit.New(t, testkit.City, held)
			if demo {
				k = asDemo(t, k, held)
			}
			c := k.SignIn(access.Evaluator, "")
			body, kind := evidenceForm(t, "", "", append(fields, web.FormField, tokenOf(visit(k, http.MethodGet, "/lke", c)))...)
			last := 0
			for range 4 {
				r := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(body))
				r.Header.Set("Content-Type", kind)
				r.Header.Set("X-Forwarded-For", "203.0.113.7")
				r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
				last = k.Do(r).StatusCode
			}
			if want := map[bool]int{true: 429, false: 422}[demo]; last != want {
				t.Errorf("%s, a demonstration: %t: %d, want %d", path, demo, last, want)
			}
		}
	}
}

// held lets three of a device pass.
func held(d *testkit.Deps) {
	d.Trusted, d.Limits = trustedHere, web.Limits{Device: web.Pace{Burst: 3, PerSecond: 0.1}}
}

// Who reads in one place and writes in another has the form there alone, and is led to
// no unit where they may not write.
func TestWhoMayEnterSomewhereIsLedThroughThoseUnitsAlone(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	_, cookie := k.Granted(access.Grant{Role: access.Evaluator, Scope: access.Unit("dinkes", "pkm")}, access.Grant{Role: access.Manager, Scope: access.Agency("dukcapil")})
	read, write := visit(k, http.MethodGet, unitSheet, cookie), visit(k, http.MethodGet, "/lke/pkm?period=2026-s1&lang=id", cookie)
	if read.StatusCode != 200 || read.HTML().Find("form.entries").Length() != 0 || write.StatusCode != 200 || write.HTML().Find("form.entries").Length() != 1 {
		t.Errorf("reading: %d, writing: %d", read.StatusCode, write.StatusCode)
	}
	if r := submit(k, unitSheet, filledIn(write, whole()...), cookie); r.StatusCode != http.StatusForbidden {
		t.Errorf("entering where one reads: %d", r.StatusCode)
	}
	r := submit(k, "/lke/pkm?period=2026-s1&lang=id", filledIn(write, whole()...), cookie)
	if doc := visit(k, http.MethodGet, r.Header.Get("Location"), cookie).HTML(); !strings.Contains(text(doc.Find(".saved")), "Unit lain sudah terisi semua.") || doc.Find("a[rel=prev], a[rel=next]").Length() != 0 {
		t.Errorf("after the only unit: %s", text(doc.Find(".saved")))
	}
}

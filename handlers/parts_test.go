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

// unitsOf lists the units of a sheet, sorted.
func unitsOf(r *testkit.Reply) (out []string) {
	r.HTML().Find("table.lke tbody tr a[href^='/lke/']").Each(func(_ int, a *goquery.Selection) {
		out = append(out, strings.Split(strings.TrimPrefix(a.AttrOr("href", ""), "/lke/"), "?")[0])
	})
	slices.Sort(out)
	return slices.Compact(out)
}

func TestWhoHasRolesInSeveralOfficesChoosesWhichSheetToSee(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for range 15 { // none is released before there are twenty
		k.PostJSON(responsesPath, k.Response(nil))
	}
	k.Refresh()
	_, cookie := k.Granted(
		access.Grant{Role: access.Manager, Scope: access.Agency("dinkes")}, access.Grant{Role: access.Evaluator, Scope: access.Agency("dukcapil")},
	)
	first := visit(k, http.MethodGet, "/lke?period=2026-s1&sort=unit", cookie)
	if got := unitsOf(first); !slices.Equal(got, []string{"pkm"}) || !strings.Contains(first.HTML().Find(".reader").Text(), "pengelola") {
		t.Errorf("first: %v, %s", got, first.HTML().Find(".reader").Text())
	}
	other := first.HTML().Find("nav:has(b:contains('Dinas Kesehatan')) a")
	if other.Length() != 1 || !strings.Contains(other.Text(), "Kependudukan") {
		t.Fatalf("%d other parts: %s", other.Length(), other.Text())
	}
	second := visit(k, http.MethodGet, other.AttrOr("href", ""), cookie)
	if got := unitsOf(second); !slices.Contains(got, "dukcapil-loket") || slices.Contains(got, "pkm") || !strings.Contains(second.HTML().Find(".reader").Text(), "penilai") {
		t.Errorf("the other one: %v, %s", got, second.HTML().Find(".reader").Text())
	}
	// It stays chosen, and what nobody granted can't be chosen.
	second.HTML().Find("nav.periods a[href*='sort='][href*='period=']").Each(func(_ int, a *goquery.Selection) {
		if href := a.AttrOr("href", ""); !strings.Contains(href, "bagian=") {
			t.Errorf("%s forgets what was chosen", href)
		}
	})
	for _, code := range []string{"city", "agency:perizinan", "unit:dukcapil/dukcapil-loket", "x", ""} {
		if got := unitsOf(visit(k, http.MethodGet, "/lke?period=2026-s1&sort=unit&bagian="+code, cookie)); !slices.Equal(got, []string{"pkm"}) {
			t.Errorf("%q shows %v", code, got)
		}
	}
	if n := visit(k, http.MethodGet, "/lke", k.SignIn(access.Evaluator)).HTML().Find("a[href*='bagian=']").Length(); n != 0 {
		t.Errorf("who sees the city has %d choices", n)
	}
}

func TestAKeyOfSeveralOfficesReadsTheIndicatorsOfAllEachAsItsRoleDoes(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for range 15 {
		k.PostJSON(responsesPath, k.Response(nil))
	}
	k.Refresh()
	read := func(grants ...access.Grant) map[string]bool {
		key, secret, err := access.NewKey("kunci", grants, testkit.Noon())
		if err != nil {
			t.Fatal(err)
		}
		if err := k.Store.RecordKey(t.Context(), key); err != nil {
			t.Fatal(err)
		}
		var rows []struct {
			Satker string   `json:"satker"`
			IPAK   *float64 `json:"ipak"`
		}
		k.GetAs(secret, "/api/v1/zi/indicators?period=2026-s1").JSON(&rows)
		out := map[string]bool{}
		for _, row := range rows {
			if _, twice := out[row.Satker]; twice {
				t.Errorf("%s is there twice", row.Satker)
			}
			out[row.Satker] = row.IPAK != nil
		}
		return out
	}
	dinkes, dukcapil := access.Grant{Role: access.Manager, Scope: access.Agency("dinkes")}, access.Grant{Role: access.Evaluator, Scope: access.Agency("dukcapil")}
	unit := access.Grant{Role: access.Viewer, Scope: access.Unit("dukcapil", "dukcapil-loket")}
	if got := read(dinkes, dukcapil, unit); len(got) < 2 || !got["dukcapil-loket"] || got["pkm"] {
		t.Errorf("both: %v", got)
	}
	if got := read(unit); len(got) != 1 || got["dukcapil-loket"] {
		t.Errorf("a viewer of one unit, whose figures are not released: %v", got)
	}
}

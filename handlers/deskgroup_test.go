package handlers_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"persepsi/analytics"
	"persepsi/internal/access"
	"persepsi/internal/cache"
	"persepsi/internal/testkit"
)

// groupCity is a city of several units, some told apart, one with too few answers.
func groupCity(t *testing.T) *testkit.Kit {
	t.Helper()
	k, _ := timed(t)
	k.Apply(manyUnits)
	for i, unit := range []string{"dukcapil-loket", "layanan", "nol", "kecil", "tanpa"} {
		answerRows(t, k, "2026-s1", unit, 40+i, always(2+i%3, nil))
		answerRows(t, k, "2025-s2", unit, 60, always(3, nil))
	}
	answerRows(t, k, "2026-s1", "pkm", 7, always(1, nil))
	k.Refresh()
	return k.With(func(*testkit.Deps) {}) // with a desk of now
}

func TestTheDesksPagesOfCityAndAgencyShowTheFiguresOfTheAPI(t *testing.T) {
	t.Parallel()
	k := groupCity(t)
	cookie := k.SignIn(access.Viewer)
	all := resultsOf(t, k, "period=2026-s1")
	groups := slices.Concat(all.Agencies, []*analytics.GroupResult{all.City})
	for _, g := range groups {
		for _, code := range []string{"ikm", "ipak"} {
			path := "/meja/kota?period=2026-s1&indeks=" + code
			if g != all.City {
				path = "/meja/opd/" + g.Agency + "?period=2026-s1&indeks=" + code
			}
			page := visit(k, http.MethodGet, path, cookie).HTML()
			x := g.Indexes[code]
			if x == nil {
				if got := words(page.Find("h1")); !strings.HasPrefix(got, "Belum ada nilai untuk ") || page.Find(".ranking").Length() > 0 {
					t.Errorf("%s, which has no figure: %q", path, got)
				}
				continue
			}
			says := func(kind string, parts ...string) {
				t.Helper()
				card := words(page.Find(".card[data-mean=" + kind + "]"))
				for _, part := range parts {
					if !strings.Contains(card, part) {
						t.Errorf("%s, %s: %q does not say %q", path, kind, card, part)
					}
				}
			}
			says("answer", comma(x.Shown), "mutu "+x.Mutu, "Rentang "+fixed(x.CI95[0])+"–"+fixed(x.CI95[1]))
			says("unit", fixed(*x.UnitMean))
			if s := x.Stratified; s != nil {
				says("citizen", comma(s.Shown), "mutu "+s.Mutu, "Rentang "+fixed(s.CI95[0])+"–"+fixed(s.CI95[1]))
			}
			rows := page.Find(".ranking tbody tr")
			last := 1e9
			for _, row := range rows.EachIter() {
				name := words(row.Find("th a"))
				for _, u := range all.Units {
					y := u.Indexes[code]
					if u.UnitName != name || y == nil {
						continue
					}
					if got := words(row.Find(".of")); got != comma(y.Shown) || y.Value > last {
						t.Errorf("%s: %s has %q, want %s, in the order of values", path, name, got, y.Shown)
					}
					last = y.Value
				}
			}
		}
	}
	// Small multiples have every agency, over the periods, with the API's figures.
	small := visit(k, http.MethodGet, "/meja/kota?period=2026-s1", cookie).HTML().Find("figure").Last()
	earlier := resultsOf(t, k, "period=2025-s2")
	for i, g := range all.Agencies {
		row := words(small.Find("tbody tr").Eq(i))
		if x := g.Indexes["ikm"]; !strings.HasPrefix(row, g.Name) || x != nil && (!strings.Contains(row, comma(x.Shown)) || !strings.Contains(row, comma(earlier.Agencies[i].Indexes["ikm"].Shown)) || !strings.Contains(row, " nyata")) {
			t.Errorf("small multiples say %q of %s", row, g.Name)
		}
	}
	// The least sure is last, in words; nobody has a number.
	page := visit(k, http.MethodGet, "/meja/kota?period=2026-s1", cookie).HTML()
	text := words(page.Find("main"))
	for _, want := range []string{"dari 7 unit cukup pasti bermutu B atau lebih.", "Belum ditampilkan: baru 7 jawaban, paling sedikit 10.", "mungkin ", "keyakinan 95 %", "Belum ada jawaban."} {
		if !strings.Contains(text, want) {
			t.Errorf("the city does not say %q: %s", want, text)
		}
	}
	if page.Find("main ol").Length() > 0 || page.Find(".ranking tbody tr").Last().Find(".withheld").Length() != 1 {
		t.Error("units are numbered, or those without a figure are not last")
	}
}

func TestGroupsOnTheDeskAreForWhoSeesAllOfThem(t *testing.T) {
	t.Parallel()
	k := groupCity(t)
	paths := []string{"/meja/kota", "/meja/opd/dukcapil", "/meja/opd/dinkes", "/meja/opd/nowhere", "/meja/banding?opd=dukcapil&opd=dinkes", "/meja/banding?unit=layanan&unit=pkm", "/meja/banding?unit=layanan&unit=nowhere", "/meja/banding?unit=layanan&unit=nol"}
	for name, tc := range map[string]struct {
		grant access.Grant
		may   string // by path, 1: may
	}{
		"a viewer of the city":   {access.Grant{Role: access.Viewer, Scope: access.City()}, "11101101"},
		"a manager of an agency": {access.Grant{Role: access.Manager, Scope: access.Agency("dukcapil")}, "01000001"},
		"an officer of a unit":   {access.Grant{Role: access.Officer, Scope: access.Unit("dukcapil", "layanan")}, "00000000"},
	} {
		_, cookie := k.Granted(tc.grant)
		refusals := map[string]bool{}
		for i, path := range paths {
			r := visit(k, http.MethodGet, path, cookie)
			if may := tc.may[i] == '1'; (r.StatusCode == http.StatusOK) != may || !may && r.StatusCode != http.StatusNotFound {
				t.Errorf("%s at %s: %d", name, path, r.StatusCode)
			} else if !may {
				refusals[words(r.HTML().Find("main"))] = true
			}
		}
		if len(refusals) > 1 {
			t.Errorf("%s is refused in %d ways: %v", name, len(refusals), refusals)
		}
		links := visit(k, http.MethodGet, "/meja", cookie).HTML().Find(".deskbar")
		if city, agency := links.Find("a[href^='/meja/kota']").Length(), links.Find("a[href^='/meja/opd/dukcapil']").Length(); city != int(tc.may[0]-'0') || agency != int(tc.may[1]-'0')*(1-city) {
			t.Errorf("the bar of %s leads to the city %d times, to the agency %d times", name, city, agency)
		}
	}
	cookie := k.SignIn(access.Viewer)
	for _, query := range []string{"/meja/kota?period=nowhere", "/meja/kota?banding=nowhere", "/meja/opd/dukcapil?period=nanti2", "/meja/banding?period=nowhere"} {
		if r := visit(k, http.MethodGet, query, cookie); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", query, r.StatusCode)
		}
	}
	if r := k.Get("/meja/kota"); r.StatusCode != http.StatusSeeOther {
		t.Errorf("who is not signed in: %d", r.StatusCode)
	}
}

func TestTwoUnitsAgenciesAndPeriodsAreComparedWithTheRangeOfTheirDifference(t *testing.T) {
	t.Parallel()
	k := groupCity(t)
	cookie := k.SignIn(access.Viewer)
	all := resultsOf(t, k, "period=2026-s1")
	index := map[string]*analytics.Index{}
	for _, u := range all.Units {
		index[u.Unit] = u.Indexes["ikm"]
	}
	row := func(path string) string {
		t.Helper()
		return words(visit(k, http.MethodGet, path, cookie).HTML().Find("[data-difference=ikm]").First())
	}
	// 4 everywhere against 2 everywhere.
	got := row("/meja/banding?period=2026-s1&unit=nol&unit=dukcapil-loket")
	by := fixed(index["nol"].Value - index["dukcapil-loket"].Value)
	for _, want := range []string{comma(index["nol"].Shown), comma(index["dukcapil-loket"].Shown), "Gerai Nol lebih tinggi " + by + ": nyata", " sampai "} {
		if !strings.Contains(got, want) {
			t.Errorf("two units: %q does not say %q", got, want)
		}
	}
	other := row("/meja/banding?period=2026-s1&unit=dukcapil-loket&unit=nol")
	if !strings.Contains(other, "Gerai Nol lebih tinggi "+by+": nyata") {
		t.Errorf("the other way round: %q", other)
	}
	// By how much the one is higher is no matter of which was named first.
	_, first, _ := strings.Cut(got, "nyata")
	_, second, _ := strings.Cut(other, "nyata")
	if first != second || strings.ContainsAny(first, "-−–") {
		t.Errorf("the range is %q, and %q the other way round", first, second)
	}
	if got := row("/meja/banding?period=2026-s1&unit=nol&unit=pkm"); !strings.Contains(got, "belum ada nilai") {
		t.Errorf("with a unit without a figure: %q", got)
	}
	if got := visit(k, http.MethodGet, "/meja/banding?unit=nol&unit=nol", cookie).Text; !strings.Contains(got, "Pilih dua yang berbeda.") {
		t.Error("a unit is compared with itself")
	}
	now, before := index["dukcapil-loket"], resultsOf(t, k, "period=2025-s2&unit=dukcapil-loket").Units[0].Indexes["ikm"]
	page := visit(k, http.MethodGet, "/meja/opd/dukcapil?period=2026-s1&banding=2025-s2", cookie).HTML()
	over := ""
	for _, s := range page.Find("[data-difference=ikm]").EachIter() {
		if strings.HasPrefix(words(s), "Unit Pelayanan, IKM") {
			over = words(s)
		}
	}
	for _, want := range []string{comma(before.Shown), comma(now.Shown), "Turun " + fixed(before.Value-now.Value) + ": nyata"} {
		if !strings.Contains(over, want) {
			t.Errorf("over time: %q does not say %q", over, want)
		}
	}
}

// Two worlds with the same releases, and other answers that wait for theirs, show the same.
func TestTheDesksPagesOfCityAndAgencyTellNothingOfWhatIsNotReleased(t *testing.T) {
	t.Parallel()
	var shown [2]string
	for i, value := range []int{1, 4} {
		k, _ := timed(t)
		answerRows(t, k, "2025-s2", "dukcapil-loket", 50, always(3, nil))
		answerRows(t, k, "2026-s1", "dukcapil-loket", 40, always(3, nil))
		k.Refresh()
		answerRows(t, k, "2026-s1", "dukcapil-loket", 9, always(value, nil))
		answerRows(t, k, "2026-s1", "pkm", 9, always(value, nil))
		k.Refresh()
		k = k.With()
		_, cookie := k.Granted(access.Grant{Role: access.Evaluator, Scope: access.City()})
		for _, path := range []string{"/meja/kota?banding=2025-s2", "/meja/opd/dukcapil?period=2026-s1", "/meja/opd/dinkes", "/meja/banding?opd=dukcapil&opd=dinkes", "/meja/banding?unit=dukcapil-loket&unit=pkm"} {
			r := visit(k, http.MethodGet, path, cookie)
			if r.StatusCode != http.StatusOK {
				t.Fatalf("%s: %d", path, r.StatusCode)
			}
			shown[i] += words(r.HTML().Find("main")) + "\n"
		}
	}
	if shown[0] != shown[1] || !strings.Contains(shown[0], "Rentang") {
		t.Errorf("%s\nor\n%s", shown[0], shown[1])
	}
}

// 8 units, then the others folded, without a script; 600 are ranked once for all who ask.
func TestALongRankingIsFoldedAndMadeOnce(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 10, 11, 600} {
		k := testkit.New(t, manyCity(n))
		for i := range min(n, 60) {
			answerRows(t, k, "2026-s1", fmt.Sprint("u", i*(n/min(n, 60))), 40, always(1+i%4, nil))
		}
		k.Refresh()
		var kept *cache.Cache
		k = k.With(func(d *testkit.Deps) { kept = d.Cache })
		cookie := k.SignIn(access.Viewer)
		page := visit(k, http.MethodGet, "/meja/kota", cookie)
		if page.StatusCode != http.StatusOK {
			t.Fatalf("%d units: %d %s", n, page.StatusCode, page.Text)
		}
		doc := page.HTML()
		first, rest := doc.Find("main>figure .ranking tbody tr").Length(), doc.Find("details:not([open]) .ranking tbody tr").Length()
		if wantFirst := map[bool]int{true: n, false: 8}[n <= 10]; first != wantFirst || first+rest != n {
			t.Errorf("%d units: %d shown and %d folded", n, first, rest)
		}
		if n > 10 && !strings.Contains(doc.Text(), fmt.Sprintf("Tampilkan %d unit lagi", n-8)) {
			t.Errorf("%d units: nothing says how many more there are", n)
		}
		made := kept.Stats().Misses
		visit(k, http.MethodGet, "/meja/kota", cookie)
		if now := kept.Stats().Misses; now != made {
			t.Errorf("%d units: the page is made %d times more", n, now-made)
		}
	}
}

// Where nobody has a figure no empty pictures stand, and nothing is offered to compare with
// where there is nothing earlier.
func TestTheDesksPageOfACityWithoutFiguresIsShort(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	cookie := k.SignIn(access.Viewer)
	page := visit(k, http.MethodGet, "/meja/kota?period=2025-s2", cookie).HTML()
	if page.Find("h1").Length() != 1 || page.Find("figure.chart").Length() > 0 || page.Find("#banding").Length() > 0 {
		t.Errorf("%d pictures, %d offers", page.Find("figure.chart").Length(), page.Find("#banding").Length())
	}
	if n := visit(k, http.MethodGet, "/meja/kota?period=2026-s1", cookie).HTML().Find("#banding").Length(); n != 1 {
		t.Error("a period before it cannot be chosen")
	}
}

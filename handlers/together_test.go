package handlers_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"persepsi/analytics"
	"persepsi/internal/cache"
	"persepsi/internal/testkit"
)

// apiResults are the public results as the API tells them.
type apiResults struct {
	Units []struct {
		Unit     string                      `json:"unit"`
		UnitName string                      `json:"unit_name"`
		Withheld string                      `json:"withheld"`
		Indexes  map[string]*analytics.Index `json:"indexes"`
	} `json:"units"`
	Agencies []*analytics.GroupResult `json:"agencies"`
	City     *analytics.GroupResult   `json:"city"`
}

func resultsOf(t *testing.T, k *testkit.Kit, query string) (out apiResults) {
	t.Helper()
	if err := json.Unmarshal([]byte(k.Get("/api/v1/results?"+query).Text), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// comma writes a number as Bahasa Indonesia does.
func comma(number string) string { return strings.Replace(number, ".", ",", 1) }

func fixed(x float64) string { return comma(analytics.ShownFloat(x, 2)) }

// saysAsAPI compares the figures of a public page of an agency or the city with the API's.
func saysAsAPI(t *testing.T, path string, page *goquery.Document, api apiResults, group *analytics.GroupResult) {
	t.Helper()
	unknown := func(_ string, x *analytics.Index) bool { return x == nil } // null: nobody answered
	maps.DeleteFunc(group.Indexes, unknown)
	cards := page.Find(".means [data-index]")
	if cards.Length() != len(group.Indexes) {
		t.Errorf("%s has %d figures, the API %d", path, cards.Length(), len(group.Indexes))
	}
	for code, x := range group.Indexes {
		card := cards.Filter("[data-index=" + code + "]")
		answer, citizen, unit := words(card.Find("[data-mean=answer]")), words(card.Find("[data-mean=citizen]")), words(card.Find("[data-mean=unit]"))
		if want := fmt.Sprintf("%s Mutu %s · rentang %s–%s · %d responden", comma(x.Shown), x.Mutu, fixed(x.CI95[0]), fixed(x.CI95[1]), x.N); !strings.HasPrefix(answer, want) {
			t.Errorf("%s, %s: %q, want %q", path, code, answer, want)
		}
		if s := x.Stratified; s != nil && !strings.HasPrefix(citizen, fmt.Sprintf("%s Mutu %s · rentang %s–%s", comma(s.Shown), s.Mutu, fixed(s.CI95[0]), fixed(s.CI95[1]))) {
			t.Errorf("%s, %s per citizen: %q", path, code, citizen)
		}
		if !strings.HasPrefix(unit, fixed(*x.UnitMean)) {
			t.Errorf("%s, %s of the units: %q, want %v", path, code, unit, *x.UnitMean)
		}
	}
	for _, u := range api.Units {
		maps.DeleteFunc(u.Indexes, unknown)
		row := page.Find("[data-unit='" + u.Unit + "']")
		if row.Length() != 1 || row.Find("a[href^='/hasil/"+u.Unit+"?']").Length() != 1 {
			t.Errorf("%s has %d rows of %s", path, row.Length(), u.Unit)
		}
		if figures := row.Find("[data-index]").Length(); figures != len(u.Indexes) || (row.Find(".none").Length() == 1) != (figures == 0) {
			t.Errorf("%s: %d figures of %s, the API has %d: %s", path, figures, u.Unit, len(u.Indexes), words(row))
		}
		for code, x := range u.Indexes {
			if got, want := words(row.Find("[data-index="+code+"]")), fmt.Sprintf("%s %s (%s)", strings.ToUpper(code), comma(x.Shown), x.Mutu); !strings.HasPrefix(got, want) {
				t.Errorf("%s: %s says %q, want %q", path, u.Unit, got, want)
			}
		}
	}
}

func TestThePublicPagesOfAgencyAndCityShowTheFiguresOfTheAPI(t *testing.T) {
	t.Parallel()
	k, _ := timed(t)
	k.Apply(manyUnits)
	for i, unit := range []string{"dukcapil-loket", "layanan", "nol", "kecil", "tanpa"} {
		answerRows(t, k, "2026-s1", unit, 40+i, always(2+i%3, nil))
	}
	answerRows(t, k, "2026-s1", "pkm", 7, always(1, nil))
	k.Refresh()
	all := resultsOf(t, k, "period=2026-s1")
	page := k.Get("/hasil?period=2026-s1").HTML()
	saysAsAPI(t, "the city", page, all, all.City)
	if got, want := words(page.Find(".finding")), fmt.Sprintf("IKM Kota Contoh %s, mutu %s.", comma(all.City.Indexes["ikm"].Stratified.Shown), all.City.Indexes["ikm"].Stratified.Mutu); got != want {
		t.Errorf("the city is %q, want %q", got, want)
	}
	if got := words(page.Find(".lead")); !strings.Contains(got, "Dari 5 dari 7 unit") {
		t.Errorf("the city is of %q", got)
	}
	for _, g := range all.Agencies {
		path := "/hasil/opd/" + g.Agency
		if page.Find("a[href^='"+path+"?period=2026-s1']").Length() != 1 {
			t.Errorf("the city does not lead to %s", path)
		}
		own := k.Get(path + "?period=2026-s1").HTML()
		saysAsAPI(t, path, own, resultsOf(t, k, "period=2026-s1&agency="+g.Agency), g)
		if own.Find("a[href^='/hasil?period=2026-s1']").Length() != 1 {
			t.Errorf("%s does not lead to the city", path)
		}
	}
	// Too few answers are told in words; an agency without any figure has none.
	pkm := k.Get("/hasil/opd/dinkes?period=2026-s1").HTML()
	if got := words(pkm.Find("[data-unit=pkm] .none")); !strings.HasPrefix(got, "7 jawaban: belum cukup") {
		t.Errorf("the unit with too few answers says %q", got)
	}
	if got := words(pkm.Find(".finding")); got != "Belum ada nilai untuk Dinas Kesehatan pada periode ini." || pkm.Find(".means").Length() != 0 {
		t.Errorf("the agency without a figure says %q", got)
	}
	// Units stand as they are declared, whatever their figures are, and have no numbers.
	var order, declared []string
	for _, s := range page.Find("[data-unit]").EachIter() {
		order = append(order, s.AttrOr("data-unit", ""))
	}
	for _, u := range all.Units {
		declared = append(declared, u.Unit)
	}
	if !slices.Equal(order, declared) || page.Find("main ol").Length() > 0 || !strings.Contains(page.Text(), "Urutan ini bukan peringkat.") {
		t.Errorf("units stand as %q, want %q", order, declared)
	}
}

func TestPublicPagesOfAgencyAndCityAreFoundAndRefused(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for _, path := range []string{"/hasil/opd/nowhere", "/hasil/opd/pkm", "/hasil?period=nowhere", "/hasil/opd/dinkes?period=nowhere"} {
		if r := k.Get(path); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
	for _, path := range []string{"/hasil", "/hasil/opd/dinkes", "/hasil/opd/dinkes?lang=en&period=2026-s1", "/hasil?lang=xx", "/hasil?other=1"} {
		r := k.Get(path)
		if r.StatusCode != http.StatusOK || strings.Contains(r.Text, "noindex") || strings.Contains(r.Text, "<script") {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
	if r := k.Get("/"); r.HTML().Find("main a[href='/hasil?lang=id']").Length() != 1 || r.HTML().Find("main a[href='/hasil/opd/dinkes?lang=id']").Length() != 1 {
		t.Error("the first page does not lead to agency and city")
	}
	if r := k.Get("/hasil/pkm?period=2026-s1"); r.HTML().Find(".where a[href='/hasil/opd/dinkes?period=2026-s1&lang=id']").Length() != 1 {
		t.Error("a unit's result does not lead to its agency")
	}
	none := testkit.New(t, "city: {name: Kota Baru}\nagencies: [{code: a, name: Dinas A, units: [{code: u, name: Unit}]}]\n")
	for _, path := range []string{"/hasil", "/hasil/opd/a"} {
		if r := none.Get(path); r.StatusCode != http.StatusOK || !strings.Contains(r.Text, "belum pernah disurvei") {
			t.Errorf("%s before any period: %d", path, r.StatusCode)
		}
	}
}

// Two cities with the same releases, and other answers that wait for theirs, have the same
// public pages but for the numbers of answers.
func TestPublicPagesOfAgencyAndCityTellNothingOfWhatIsNotReleased(t *testing.T) {
	t.Parallel()
	var shown [2]string
	for i, value := range []int{1, 4} {
		k, _ := timed(t)
		answerRows(t, k, "2026-s1", "dukcapil-loket", 40, always(3, nil))
		k.Refresh()
		answerRows(t, k, "2026-s1", "dukcapil-loket", 9, always(value, nil))
		answerRows(t, k, "2026-s1", "pkm", 9, always(value, nil))
		k.Refresh()
		for _, path := range []string{"/hasil", "/hasil/opd/dukcapil", "/hasil/opd/dinkes"} {
			shown[i] += k.Get(path).Text
		}
	}
	if shown[0] != shown[1] || !strings.Contains(shown[0], "data-mean") {
		t.Errorf("%s\nor\n%s", shown[0], shown[1])
	}
}

// manyCity is a city of n units, ten to an agency.
func manyCity(n int) string {
	var b strings.Builder
	b.WriteString("city: {name: Kota Besar}\nagencies:\n")
	for i := range n {
		if i%10 == 0 {
			fmt.Fprintf(&b, "  - code: a%d\n    name: Dinas Nomor %d\n    units:\n", i/10, i/10)
		}
		fmt.Fprintf(&b, "      - {code: u%d, name: Unit Pelayanan Nomor %d}\n", i, i)
	}
	b.WriteString("periods:\n  - {code: 2026-s1, name: Semester I 2026, from: 2026-01-01, to: 2026-06-30, instrument: terpadu-16}\n")
	return b.String()
}

// A city of 600 units is made once for all who ask, and is light.
func TestThePublicPageOfACityOfSixHundredUnitsIsLightAndMadeOnce(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, manyCity(600))
	for i := range 60 {
		answerRows(t, k, "2026-s1", fmt.Sprint("u", i*10), 40, always(1+i%4, nil))
	}
	k.Refresh()
	var kept *cache.Cache
	k = k.With(func(d *testkit.Deps) { kept = d.Cache })
	get := func(path string) *testkit.Reply {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Accept-Encoding", "gzip")
		return k.Do(r)
	}
	first := get("/hasil")
	for path, most := range map[string]int{"/hasil": 30_000, "/hasil/opd/a3": 5_000} {
		if n := len(get(path).Text); n > most || n < 1000 {
			t.Errorf("%s has %d bytes, want at most %d", path, n, most)
		}
	}
	made := kept.Stats().Misses
	for range 20 {
		if again := get("/hasil"); again.Text != first.Text {
			t.Fatal("it is another page")
		}
	}
	if n := kept.Stats().Misses - made; n > 0 {
		t.Errorf("a page that was made is made %d times more", n)
	}
}

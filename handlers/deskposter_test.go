package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"persepsi/internal/access"
	"persepsi/internal/racetest"
	"persepsi/internal/testkit"
	"persepsi/internal/testtools"
)

// A manager finds the posters of the open counters where answers are lacking.
func TestAManagerFindsThePostersOfOpenPoints(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	page := visit(k, http.MethodGet, unitPage+"/sampel", k.SignIn(access.Manager, "dukcapil"))
	var links []string
	page.HTML().Find("#poster a").Each(func(_ int, a *goquery.Selection) { links = append(links, a.AttrOr("href", "")) })
	if want := []string{"/poster/KUPARI47.pdf", "/poster/KUPARI47.pdf?size=a6", "/poster/KUPARI47.pdf?size=tent"}; !slices.Equal(links, want) {
		t.Fatalf("%q, want %q", links, want)
	}
	for _, l := range links {
		if r := k.Get(l); r.StatusCode != http.StatusOK || !strings.HasPrefix(r.Text, "%PDF-") {
			t.Errorf("%s: %d", l, r.StatusCode)
		}
	}
}

// secondPoint gives a unit two open points, and closes all of another.
const secondPoint = `
agencies:
  - {code: dukcapil, units: [{code: dukcapil-loket, points: [{code: LOKETB55, name: Loket 2}]}]}
  - {code: dinkes, units: [{code: pkm-tutup, points: [{code: TUTUPA22, closed: true}]}]}`

func TestPostersOfAUnitAnAgencyAndTheCityAreOneFileWithASheetForEachOpenPoint(t *testing.T) {
	t.Parallel()
	racetest.Skip(t) // drawing is one goroutine's work
	k := testkit.New(t, testkit.City)
	k.Apply(secondPoint)
	manager, viewer := k.SignIn(access.Manager, "dukcapil"), k.SignIn(access.Viewer)
	for _, tc := range []struct {
		page, file, name string
		who              *http.Cookie
		codes            []string
		marks            int // bookmarks: of agencies, units and points
		closed           string
	}{
		{unitPage + "/sampel", unitPage + "/poster.pdf?size=a4&lang=id", "poster-dukcapil-loket-a4.pdf", manager, []string{"KUPARI47", "LOKETB55"}, 4, "Loket lama, Unit Pelayanan (BEDATO92)"},
		{"/meja/opd/dukcapil/poster", "/meja/opd/dukcapil/poster.pdf?size=tent&lang=id", "poster-dukcapil-tent.pdf", manager, []string{"KUPARI47", "LOKETB55"}, 4, "Loket lama, Unit Pelayanan (BEDATO92)"},
		{"/meja/kota/poster", "/meja/kota/poster.pdf?size=a6&lang=en", "poster-a6.pdf", viewer, []string{"KUPARI47", "LOKETB55", "MELATI38"}, 7, "Pendaftaran, Puskesmas Tutup (TUTUPA22)"},
	} {
		page := visit(k, http.MethodGet, tc.page, tc.who)
		if got := page.HTML().Find(".posterfiles a[href='" + tc.file + "']").Length(); page.StatusCode != http.StatusOK || got != 1 {
			t.Errorf("%s: %d, leads to the file by %d links", tc.page, page.StatusCode, got)
		}
		if got := words(page.HTML().Find("#tutup")); !strings.Contains(got, "tanpa poster") || !strings.Contains(got, tc.closed) {
			t.Errorf("%s names as closed %q, want %s", tc.page, got, tc.closed)
		}
		r := visit(k, http.MethodGet, tc.file, tc.who)
		if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "application/pdf" || r.Header.Get("Cache-Control") != "no-store" || r.Header.Get("Content-Disposition") != "attachment; filename="+tc.name {
			t.Fatalf("%s: %d, %v", tc.file, r.StatusCode, r.Header)
		}
		sheets := testtools.PDFText(t, []byte(r.Text))
		if len(sheets) != len(tc.codes) || strings.Count(r.Text, "/Dest [") != tc.marks {
			t.Fatalf("%s: %d sheets with %d bookmarks, want %d with %d", tc.file, len(sheets), strings.Count(r.Text, "/Dest ["), len(tc.codes), tc.marks)
		}
		for i, code := range tc.codes {
			if !strings.Contains(sheets[i], code) {
				t.Errorf("%s: sheet %d is not that of %s", tc.file, i+1, code)
			}
		}
		if head := visit(k, http.MethodHead, tc.file, tc.who); head.StatusCode != http.StatusOK || head.Header.Get("Content-Type") != "application/pdf" {
			t.Errorf("%s, its headers alone: %d", tc.file, head.StatusCode)
		}
	}
	last := visit(k, http.MethodGet, "/meja/kota/poster.pdf?size=a6&lang=id", viewer)
	img := testtools.PDFPages(t, []byte(last.Text), 150, "-f", "3", "-l", "3")[0]
	if got := testtools.Scan(t, img); len(got) != 1 || got[0] != "https://survei.kota.go.id/s/MELATI38" {
		t.Errorf("the symbol of the last sheet leads to %q", got)
	}
	for path, from := range map[string]string{"/meja/opd/dukcapil/poster": "/meja/opd/dukcapil", "/meja/kota/poster": "/meja/kota"} {
		if visit(k, http.MethodGet, from, viewer).HTML().Find("a[href='"+path+"?lang=id']").Length() != 1 {
			t.Errorf("%s does not lead to %s", from, path)
		}
	}
}

func TestPostersOfOthersAreNotOnADeskAndWrongSizesAreNamed(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	_, officer := k.Granted(access.Grant{Role: access.Officer, Scope: access.Unit("dukcapil", "dukcapil-loket")})
	dinkes := k.SignIn(access.Manager, "dinkes")
	for _, path := range []string{unitPage + "/poster.pdf", "/meja/opd/dukcapil/poster.pdf", "/meja/opd/dukcapil/poster", "/meja/kota/poster.pdf", "/meja/kota/poster", "/meja/unit/nowhere/poster.pdf", "/meja/opd/nowhere/poster"} {
		if r := visit(k, http.MethodGet, path, dinkes); r.StatusCode != http.StatusNotFound || strings.Contains(r.Text, "BEDATO92") {
			t.Errorf("%s of another agency's manager: %d", path, r.StatusCode)
		}
		want := http.StatusNotFound
		if path == unitPage+"/poster.pdf" {
			want = http.StatusOK
		}
		if r := visit(k, http.MethodGet, path, officer); r.StatusCode != want {
			t.Errorf("%s of an officer of one unit: %d, want %d", path, r.StatusCode, want)
		}
		if r := k.Get(path); !toDoor(r, path) {
			t.Errorf("%s without a session: %d", path, r.StatusCode)
		}
	}
	if r := visit(k, http.MethodGet, unitPage+"/poster.pdf?size=a3", officer); r.StatusCode != http.StatusUnprocessableEntity || strings.HasPrefix(r.Text, "%PDF") {
		t.Errorf("a size that there is not: %d", r.StatusCode)
	}
	k.Apply("agencies: [{code: dinkes, units: [{code: pkm, points: [{code: MELATI38, closed: true}]}]}]")
	if r := visit(k, http.MethodGet, "/meja/unit/pkm/poster.pdf", dinkes); r.StatusCode != http.StatusNotFound || r.Header.Get("Content-Disposition") != "" {
		t.Errorf("a unit whose points are closed: %d", r.StatusCode)
	}
	if page := visit(k, http.MethodGet, "/meja/unit/pkm/sampel", dinkes).HTML().Find("#poster"); !strings.Contains(words(page), "ditutup, jadi tidak ada poster") || page.Find("a").Length() != 0 {
		t.Errorf("its page says %q", words(page))
	}
	unset := k.With(func(d *testkit.Deps) { d.PublicURL = "" })
	if r := visit(unset, http.MethodGet, unitPage+"/poster.pdf", officer); r.StatusCode == http.StatusOK || !strings.Contains(r.Text, "--public-url") || r.Header.Get("Content-Disposition") != "" {
		t.Errorf("without an address: %d", r.StatusCode)
	}
}

func TestTheBackOfATentIsOfWhatTheUnitPublishedLast(t *testing.T) {
	t.Parallel()
	racetest.Skip(t)
	k, wait := months(t)
	manager := k.SignIn(access.Manager, "dukcapil")
	shows := func(when string) {
		t.Helper()
		shown := comma(resultsOf(t, k, "period=2026-s1&unit=dukcapil-loket").Units[0].Indexes["ikm"].Shown)
		for _, r := range []*testkit.Reply{k.Get("/poster/KUPARI47.pdf?size=tent"), visit(k, http.MethodGet, unitPage+"/poster.pdf?size=tent", manager)} {
			if page := strings.Join(strings.Fields(testtools.PDFText(t, []byte(r.Text))[0]), " "); !strings.Contains(page, shown+" Mutu ") || !strings.Contains(page, "kami berbenah") {
				t.Errorf("%s: the back does not say %s: %s", when, shown, page)
			}
		}
		if page := strings.Join(strings.Fields(testtools.PDFText(t, []byte(k.Get("/poster/MELATI38.pdf?size=tent").Text))[0]), " "); strings.Contains(page, "kami berbenah") {
			t.Errorf("%s: a unit without figures tells of some: %s", when, page)
		}
	}
	shows("first")
	before := resultsOf(t, k, "period=2026-s1&unit=dukcapil-loket").Units[0].Indexes["ikm"].Shown
	give(t, k, wait, 40, 1)
	k.Refresh()
	if after := resultsOf(t, k, "period=2026-s1&unit=dukcapil-loket").Units[0].Indexes["ikm"].Shown; after == before {
		t.Fatalf("40 answers made no release: %s", after)
	}
	shows("after another release")
}

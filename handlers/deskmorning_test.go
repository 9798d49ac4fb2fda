package handlers_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

// deskTexts are the texts under a selector, each without its line breaks.
func deskTexts(s *goquery.Selection) (out []string) {
	s.Each(func(_ int, s *goquery.Selection) { out = append(out, strings.Join(strings.Fields(s.Text()), " ")) })
	return out
}

func deskSays(t *testing.T, where string, doc *goquery.Document, sentences ...string) {
	t.Helper()
	text := strings.Join(deskTexts(doc.Find("main")), " ")
	for _, want := range sentences {
		if !strings.Contains(text, want) {
			t.Errorf("%s does not say %q: %s", where, want, text)
		}
	}
}

func TestADeskSaysWhatIsToBeDoneThenThatTheRestIsCalmThenTheUnits(t *testing.T) {
	t.Parallel()
	k := newDemo(t)
	cookie := k.SignIn(access.Manager, "dukcapil")
	r := visit(k, http.MethodGet, "/meja", cookie)
	doc := r.HTML()
	items := doc.Find(".attention li").Length()
	if h1 := doc.Find("h1").Text(); items == 0 || !strings.HasSuffix(h1, "perlu dilihat pagi ini.") {
		t.Fatalf("%d items under %q", items, h1)
	}
	doc.Find(".attention li").Each(func(_ int, li *goquery.Selection) {
		if li.Find(".tag").Text() == "" || li.Find(".finding").Text() == "" || !strings.HasPrefix(li.Find("a").AttrOr("href", ""), "/") {
			t.Errorf("an item is not whole: %s", strings.Join(deskTexts(li), " "))
		}
	})
	deskSays(t, "the desk", doc, "Selebihnya tenang: perubahan lain minggu ini masih dalam kewajaran.", "Tiga unit Anda", "Semester I 2026 ditutup", "hari lagi")
	if n := doc.Find(".unitcards .deskunit").Length(); n != 3 {
		t.Errorf("%d cards", n)
	}
	// Every picture has a title, and its numbers stand in the table.
	if pictures := doc.Find(".deskunit figure.chart svg"); pictures.Length() != pictures.Find("title").Length() || pictures.Length() < 12 {
		t.Errorf("%d pictures, %d titles", pictures.Length(), pictures.Find("title").Length())
	}
	numbers := strings.Join(deskTexts(doc.Find("details.numbers td.num")), " ")
	doc.Find(".deskunit .value").Each(func(_ int, v *goquery.Selection) {
		if !strings.Contains(" "+numbers+" ", " "+v.Text()+" ") {
			t.Errorf("%s is in no table", v.Text())
		}
	})
	// The same number as on the API and the public page.
	var results struct {
		Units []struct {
			Unit    string
			Indexes map[string]*struct{ Shown string }
		}
	}
	if err := json.Unmarshal([]byte(k.GetAs(k.Key(access.Manager, "dukcapil"), "/api/v1/results?agency=dukcapil&period="+periodOf(t, doc)).Text), &results); err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, u := range results.Units {
		for code, x := range u.Indexes {
			if x == nil {
				continue
			}
			compared++
			on := doc.Find("#unit-" + u.Unit + " [data-index=" + code + "] .value").Text()
			if want := strings.Replace(x.Shown, ".", ",", 1); on != want || !strings.Contains(k.Get("/hasil/"+u.Unit+"?period="+periodOf(t, doc)).Text, want) {
				t.Errorf("%s of %s: %q on the desk, %q on the API, or another number on the public page", code, u.Unit, on, want)
			}
		}
	}
	if compared < 9 {
		t.Errorf("%d figures were compared", compared)
	}
	english := visit(k, http.MethodGet, "/meja?lang=en", cookie).HTML()
	if text := strings.Join(deskTexts(english.Find("main")), " "); !strings.Contains(text, "this morning") {
		t.Errorf("in English: %s", text)
	} else {
		for _, foreign := range []string{"Mutu", "jawaban", "Sampel", "dari ", "nyata", "kewajaran", "rilis", "seminggu", "besok"} {
			if strings.Contains(text, foreign) {
				t.Errorf("the English desk says %q", foreign)
			}
		}
	}
}

// periodOf returns the period that a desk's units stand in.
func periodOf(t *testing.T, doc *goquery.Document) string {
	t.Helper()
	_, code, ok := strings.Cut(doc.Find(".deskunit h3 a").AttrOr("href", ""), "period=")
	if !ok {
		t.Fatal("no unit leads to its result")
	}
	code, _, _ = strings.Cut(code, "&")
	return code
}

func TestADeskLooksAsFinishedWithoutFigures(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	cookie := k.SignIn(access.Manager, "dukcapil")
	page := func(period string) *goquery.Document {
		return visit(k, http.MethodGet, "/meja?period="+period, cookie).HTML()
	}
	empty := page("2026-s1")
	deskSays(t, "without answers", empty, "Satu hal perlu dilihat pagi ini.", "Dengan laju sekarang, sampel tidak akan tercapai.", "Baru 0 dari 249; perlu 14 jawaban seminggu, sekarang 0.", "Semester I 2026 ditutup 120 hari lagi, pada 30 Juni.", "Belum ada jawaban sejak 1 Januari.", "Periksa apakah poster sudah terpasang", "Unit Anda", "0 jawaban", "dari 249")
	if n := empty.Find(".figure.none svg").Length(); n == 0 || empty.Find(".figure.none .dot").Length() != 0 {
		t.Errorf("%d axes, %d dots", n, empty.Find(".figure.none .dot").Length())
	}
	deskSays(t, "before it begins", page("2026-s2"), "Semester II 2026 dimulai 1 Juli, 121 hari lagi.", "Poster dan formulir sudah siap.", "Kecukupan sampel belum dapat dihitung.")
	over := page("2025-s2")
	deskSays(t, "after it closed", over, "Semester II 2025 ditutup 31 Desember 2025.", "Tidak ada jawaban dalam periode ini.")
	if said := over.Text(); strings.Contains(said, "sedang disiapkan") || strings.Contains(said, "dapat dikenali") {
		t.Error("a period without answers waits for figures, or hides nobody")
	}
	answers(k, 7)
	deskSays(t, "with seven answers", page("2026-s1"), "7 jawaban. Nilai ditampilkan mulai 10 jawaban.", "orang yang menjawab dapat dikenali")
	answers(k, 23)
	whole := page("2026-s1")
	deskSays(t, "with a release", whole, "30 jawaban", "Mutu A, bisa B", "Belum ada periode pembanding", "100,00 dari 100")
	if whole.Find(".figure.none").Length() != 0 || whole.Find("[data-index=ikm] .dot").Length() == 0 {
		t.Error("the figures are not drawn")
	}
	deskSays(t, "where nothing is amiss", visit(k, http.MethodGet, "/meja?period=2026-s1", k.SignIn(access.Officer, "dinkes")).HTML(), "Tidak ada yang mendesak pagi ini.", "Perubahan minggu ini masih dalam kewajaran.")
	_, nothing := k.Granted(access.Grant{Role: access.Officer, Scope: access.Unit("dinkes", "nowhere")})
	deskSays(t, "without a unit", visit(k, http.MethodGet, "/meja", nothing).HTML(), "Belum ada periode survei untuk unit di sini.")
}

func TestADeskSaysThatItsFiguresAreLate(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	late := k.With(func(d *testkit.Deps) { d.Now = func() time.Time { return time.Now().Add(2 * time.Hour) } })
	r := visit(late, http.MethodGet, "/meja", late.SignIn(access.Manager, "dukcapil"))
	deskSays(t, "the desk", r.HTML(), "Angka ini dari pukul", "pembaruan terlambat.", "Jawaban tetap diterima dan tidak ada yang hilang.")
	away := k.With(func(d *testkit.Deps) { d.Figures = k.Builder(k.Store) })
	if r := visit(away, http.MethodGet, "/meja", away.SignIn(access.Manager, "dukcapil")); r.StatusCode != http.StatusServiceUnavailable || strings.Contains(r.Text, "Belum ada jawaban") {
		t.Errorf("before any figure was loaded: %d", r.StatusCode)
	}
}

// cityOf is a city of so many units, in agencies of ten.
func cityOf(n int) string {
	var out strings.Builder
	out.WriteString("city: {name: Kota Besar}\nagencies:\n")
	for i := range n {
		if i%10 == 0 {
			fmt.Fprintf(&out, "  - code: d%d\n    name: Dinas Nomor %d\n    units:\n", i/10, i/10)
		}
		fmt.Fprintf(&out, "      - {code: u%d, name: Loket Layanan %d, points: [{code: AAAA%04d, name: Loket}]}\n", i, i, i)
	}
	out.WriteString("periods: [{code: 2026-s1, name: Semester I 2026, from: 2026-01-01, to: 2026-06-30, instrument: skm-9}]\n")
	return out.String()
}

// What many units have in common stands there once, with the first of them and a way to all,
// on the desk and on the page of the city.
func TestWhatManyUnitsHaveInCommonIsSaidOnce(t *testing.T) {
	t.Parallel()
	var people []string
	for i := range 12 {
		people = append(people, fmt.Sprintf("u%d: 703", i))
	}
	text := strings.Replace(cityOf(12), "instrument: skm-9}", "instrument: skm-9, population: {"+strings.Join(people, ", ")+"}}, {code: 2025-s2, name: Semester II 2025, from: 2025-07-01, to: 2025-12-31, instrument: skm-9}", 1)
	k := testkit.New(t, strings.ReplaceAll(text, "AAAA", "K"))
	cookie := k.SignIn(access.Viewer)
	finding, all := "Di 12 unit sampel tidak akan tercapai dengan laju sekarang.", "Lihat ke-12 unit"
	for path, more := range map[string]string{"/meja": "/meja?lang=id&semua=1#item-sample_missed-2026-s1-", "/meja/kota": "/meja?semua=1&lang=id#item-sample_missed-2026-s1-"} {
		doc := visit(k, http.MethodGet, path, cookie).HTML()
		deskSays(t, path, doc, finding, all, "Loket Layanan 0: baru 0 dari 249")
		if n, named := doc.Find(".attention>li").Length(), doc.Find(".alike li").Length(); n != 1 || named != 3 {
			t.Errorf("%s: %d items, %d units named", path, n, named)
		}
		if to := doc.Find(".attention .act a").AttrOr("href", ""); to != more {
			t.Errorf("%s leads to %s", path, to)
		}
		if to := doc.Find(".alike a").First().AttrOr("href", ""); to != "/meja/unit/u0/sampel?period=2026-s1&lang=id" {
			t.Errorf("%s names a unit with %s", path, to)
		}
	}
	deskSays(t, "the desk", visit(k, http.MethodGet, "/meja", cookie).HTML(), "Satu hal perlu dilihat pagi ini.")
	doc := visit(k, http.MethodGet, "/meja?semua=1", cookie).HTML()
	if doc.Find("#item-sample_missed-2026-s1- .alike li").Length() != 12 || strings.Contains(doc.Text(), all) {
		t.Error("not all of them are named where all are asked for")
	}
	// An agency's page leads to its own; one that is over tells nothing of today.
	agency := visit(k, http.MethodGet, "/meja/opd/d0", cookie).HTML()
	if to := agency.Find(".attention .act a").AttrOr("href", ""); to != "/meja?opd=d0&semua=1&lang=id#item-sample_missed-2026-s1-" {
		t.Errorf("an agency leads to %s", to)
	}
	if n := visit(k, http.MethodGet, "/meja/kota?period=2025-s2", cookie).HTML().Find(".attention").Length(); n > 0 {
		t.Error("the page of a period that is over tells of today")
	}
	deskSays(t, "an agency", agency, "Di 10 unit sampel tidak akan tercapai dengan laju sekarang.")
}

func TestADeskOfManyUnitsListsAgenciesAndSearchesWithoutAScript(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, strings.ReplaceAll(cityOf(600), "AAAA", "K"))
	cookie := k.SignIn(access.Viewer)
	r := visit(k, http.MethodGet, "/meja", cookie)
	doc := r.HTML()
	if n := doc.Find(".agencylist li").Length(); r.StatusCode != http.StatusOK || n != 60 || len(unitsOnDesk(r)) > 30 {
		t.Errorf("%d, %d agencies, %d units", r.StatusCode, n, len(unitsOnDesk(r)))
	}
	if len(r.Text) > 150_000 {
		t.Errorf("the page has %d bytes", len(r.Text))
	}
	if found := unitsOnDesk(visit(k, http.MethodGet, "/meja?q=layanan+599", cookie)); len(found) != 1 || found[0] != "u599" {
		t.Errorf("a search finds %q", found)
	}
	found := visit(k, http.MethodGet, "/meja?q=loket", cookie)
	if n := len(unitsOnDesk(found)); n != 60 {
		t.Errorf("%d are listed of 600 that are found", n)
	}
	deskSays(t, "a search that finds many", found.HTML(), "540 unit lain tidak ditampilkan. Persempit pencariannya.")
	deskSays(t, "a search that finds none", visit(k, http.MethodGet, "/meja?q=xyz", cookie).HTML(), "Tidak ada unit yang cocok")
	link := doc.Find(".agencylist a").First().AttrOr("href", "")
	if of := unitsOnDesk(visit(k, http.MethodGet, link, cookie)); len(of) != 10 || of[0] != "u0" {
		t.Errorf("%s shows %q", link, of)
	}
	if r := visit(k, http.MethodGet, "/meja?q="+strings.Repeat("%F0%9F%98%80", 300), cookie); r.StatusCode != http.StatusOK {
		t.Errorf("a long search: %d", r.StatusCode)
	}
}

// A number of comments that nobody has read leads to as many.
func TestANumberOfUnreadCommentsLeadsToThem(t *testing.T) {
	t.Parallel()
	k := newDemo(t)
	cookie := k.SignIn(access.Manager, "dukcapil")
	desk := visit(k, http.MethodGet, "/meja", cookie).HTML()
	for _, at := range []string{".calm a[href*=komentar]", ".foot a[href*=komentar]"} {
		links := desk.Find(at)
		if links.Length() == 0 {
			t.Errorf("there is no %s", at)
		}
		links.Each(func(_ int, a *goquery.Selection) {
			number, _, _ := strings.Cut(a.Text(), " ")
			if h1 := strings.TrimSpace(visit(k, http.MethodGet, a.AttrOr("href", ""), cookie).HTML().Find("h1").Text()); !strings.HasPrefix(h1, number+" komentar belum dibaca") {
				t.Errorf("%q leads to %q", a.Text(), h1)
			}
		})
	}
}

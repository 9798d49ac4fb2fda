package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

const (
	badgePath = "/hasil/dukcapil-loket/lencana.svg"
	cardPath  = "/hasil/dukcapil-loket/kartu"
)

// shownBadge is what a badge says, and what it shows.
func shownBadge(t *testing.T, k *testkit.Kit, path string, status int) string {
	t.Helper()
	r := k.Get(path)
	if r.StatusCode != status || r.Header.Get("Content-Type") != "image/svg+xml" || r.Header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Fatalf("%s: %d %v", path, r.StatusCode, r.Header)
	}
	doc := r.HTML()
	return words(doc.Find("desc")) + " | " + words(doc.Find("text"))
}

// Badge and card show released figures alone, with their age; what may not be shown they
// tell in words.
func TestBadgeAndCardShowReleasedFiguresAlone(t *testing.T) {
	t.Parallel()
	k, wait := timed(t)
	number := regexp.MustCompile(`\d+[,.]\d\d`)
	withheld := func(when, says string) {
		t.Helper()
		badge, card := shownBadge(t, k, badgePath, http.StatusOK), k.Get(cardPath)
		if number.MatchString(badge) || !strings.Contains(badge, says) {
			t.Errorf("%s the badge says %q, want %q", when, badge, says)
		}
		if text := words(card.HTML().Find("main")); card.StatusCode != http.StatusOK || number.MatchString(text) {
			t.Errorf("%s the card says %q", when, text)
		}
	}
	withheld("before the first answer", "Belum ada jawaban")
	answerRows(t, k, "2026-s1", "dukcapil-loket", 9, always(4, nil))
	k.Refresh()
	withheld("with nine answers", "Nilai belum dapat ditampilkan")
	answerRows(t, k, "2026-s1", "dukcapil-loket", 21, always(4, nil))
	wait(time.Minute)
	k.Refresh()
	for _, want := range []string{"IKM 100,00 dari 100", "Mutu A, sangat baik", "20 responden, belum memadai", "Sementara, sampai"} {
		said, shown, _ := strings.Cut(shownBadge(t, k, badgePath, http.StatusOK), " | ")
		if !strings.Contains(said, want) || !strings.Contains(strings.ReplaceAll(shown, " ", ""), strings.ReplaceAll(want, " ", "")) {
			t.Errorf("the badge does not say or show %q: %q, %q", want, said, shown)
		}
	}
	if got := shownBadge(t, k, badgePath+"?indeks=ipak&lang=en", http.StatusOK); !strings.Contains(got, "IPAK 4.00 of 4") {
		t.Errorf("of another index in English: %q", got)
	}
	card := k.Get(cardPath).HTML().Find("main")
	for _, want := range []string{"dinilai sangat baik oleh 20 warga", "100,00", "4,00", "baru 20 responden dari", "Angka sementara, dihitung sampai"} {
		if !strings.Contains(words(card), want) {
			t.Errorf("the card does not say %q: %s", want, words(card))
		}
	}
	if n := k.Get(cardPath).HTML().Find("header, footer").Length(); n != 0 {
		t.Errorf("a card has %d heads and feet of a page of its own", n)
	}
	if a := card.Find(`a[target="_blank"][rel="noopener"]`); !strings.HasPrefix(a.AttrOr("href", ""), "/hasil/dukcapil-loket?") {
		t.Errorf("the card leads to %q", a.AttrOr("href", ""))
	}
	// A new release is a new picture; the same one need not be sent again.
	first := k.Get(badgePath)
	again := httptest.NewRequest(http.MethodGet, badgePath, nil)
	again.Header.Set("If-None-Match", first.Header.Get("ETag"))
	if got := k.Do(again); got.StatusCode != http.StatusNotModified || first.Header.Get("Cache-Control") != "public, max-age=300" {
		t.Errorf("again: %d, kept by %q", got.StatusCode, first.Header.Get("Cache-Control"))
	}
	wait(24 * time.Hour)
	answerRows(t, k, "2026-s1", "dukcapil-loket", 30, always(3, nil))
	wait(time.Minute)
	k.Refresh()
	if now := k.Get(badgePath); now.Text == first.Text || now.Header.Get("ETag") == first.Header.Get("ETag") {
		t.Error("a newer release shows the same picture")
	}
	// The last day of a period is one of it.
	wait(119 * 24 * time.Hour)
	for _, running := range []bool{true, false} {
		badge, card := shownBadge(t, k, "/hasil/pkm/lencana.svg?period=2026-s1", http.StatusOK), words(k.Get(cardPath+"?period=2026-s1").HTML().Find("main"))
		if strings.Contains(badge, "Belum ada jawaban") != running || strings.Contains(card, "baru 50 responden dari") != running {
			t.Errorf("running %v: the badge says %q, the card %q", running, badge, card)
		}
		wait(24 * time.Hour)
	}
}

func TestWhatThereIsNotIsToldByAPictureAndACard(t *testing.T) {
	t.Parallel()
	k, _ := timed(t)
	for path, says := range map[string]string{
		"/hasil/nobody/lencana.svg":         "Alamat ini tidak dikenal",
		badgePath + "?period=1999":          "Alamat ini tidak dikenal",
		badgePath + "?indeks=xyz":           "Indeks ini tidak dinilai di sini",
		"/hasil/nobody/lencana.svg?lang=en": "This address is not known",
		"/hasil/pkm-tutup/lencana.svg":      "Belum pernah disurvei",
	} {
		if kept := k.Get(path).Header.Get("Cache-Control"); kept != "no-store" {
			t.Errorf("%s is kept by %q, though there may be one soon", path, kept)
		}
		if got := shownBadge(t, k, path, http.StatusNotFound); !strings.Contains(got, says) {
			t.Errorf("%s says %q, want %q", path, got, says)
		}
	}
	if r := k.Get("/hasil/pkm-tutup/kartu"); r.StatusCode != http.StatusNotFound || !strings.Contains(words(r.HTML().Find("main")), "Belum pernah disurvei") || r.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("a card before the first period: %d %s", r.StatusCode, words(r.HTML().Find("main")))
	}
	if kept := k.Get(cardPath).Header.Get("Cache-Control"); kept != "public, max-age=300" {
		t.Errorf("a card is kept by %q", kept)
	}
	if r := k.Get("/hasil/nobody/kartu"); r.StatusCode != http.StatusNotFound || !strings.Contains(words(r.HTML().Find("main")), "tidak menunjuk ke unit") {
		t.Errorf("a card of no unit: %d %s", r.StatusCode, words(r.HTML().Find("main")))
	}
}

// What was rendered for one is not shown to who asks for another: of each unit, period, index
// and language there is the same as from a service that rendered nothing before.
func TestABadgeAndACardAreOfWhatIsAskedFor(t *testing.T) {
	t.Parallel()
	k, wait := timed(t)
	answerRows(t, k, "2026-s1", "dukcapil-loket", 30, always(4, nil))
	wait(time.Minute)
	k.Refresh()
	seen := map[string]string{}
	var paths []string
	for _, unit := range []string{"dukcapil-loket", "pkm"} {
		for _, query := range []string{"", "?lang=en", "?period=2025-s2", "?period=2025-s2&lang=en"} {
			paths = append(paths, "/hasil/"+unit+"/kartu"+query, "/hasil/"+unit+"/lencana.svg"+query)
		}
		paths = append(paths, "/hasil/"+unit+"/lencana.svg?indeks=ipak")
	}
	for _, path := range paths {
		if other, same := seen[k.Get(path).Text]; same {
			t.Errorf("%s shows what %s does", path, other)
		}
		seen[k.Get(path).Text] = path
	}
	for _, path := range []string{"/hasil/pkm/kartu?period=2026-s1", "/hasil/pkm/lencana.svg?period=2026-s1"} {
		before := k.Get(path).Text
		if !strings.Contains(before, "Belum ada jawaban") {
			t.Errorf("%s says %s", path, before)
		}
	}
	wait(180 * 24 * time.Hour)
	for _, path := range []string{"/hasil/pkm/kartu?period=2026-s1", "/hasil/pkm/lencana.svg?period=2026-s1"} {
		if after := k.Get(path).Text; !strings.Contains(after, "Tidak ada jawaban") {
			t.Errorf("after the period %s says %s", path, after)
		}
	}
}

// A card that was packed for one browser is not sent to another that cannot unpack it.
func TestACardIsSentAsItsBrowserCanReadIt(t *testing.T) {
	t.Parallel()
	k, _ := timed(t)
	for range 2 {
		r := httptest.NewRequest(http.MethodGet, cardPath, nil)
		r.Header.Set("Accept-Encoding", "gzip")
		packed, plain := k.Do(r), k.Get(cardPath)
		if packed.Header.Get("Content-Encoding") != "gzip" || !strings.HasPrefix(packed.Text, "\x1f\x8b") {
			t.Errorf("packed as %q: %.20q", packed.Header.Get("Content-Encoding"), packed.Text)
		}
		if plain.Header.Get("Content-Encoding") != "" || !strings.HasPrefix(strings.ToLower(plain.Text), "<!doctype html>") {
			t.Errorf("plain as %q: %.20q", plain.Header.Get("Content-Encoding"), plain.Text)
		}
	}
}

// On whatever site they stand, badge and card of a demonstration say that they are of one.
func TestBadgeAndCardOfADemonstrationSayThatTheyAre(t *testing.T) {
	t.Parallel()
	for _, demo := range []bool{true, false} {
		k, _ := timed(t)
		k.Register.Directory().City().Demo = demo
		said, shown, _ := strings.Cut(shownBadge(t, k, badgePath, http.StatusOK), " | ")
		card := words(k.Get(cardPath).HTML().Find("main"))
		const mark = "Kota peragaan, angka dibuat-buat"
		if strings.Contains(said, mark) != demo || strings.Contains(shown, mark) != demo || strings.Contains(card, "Ini kota peragaan") != demo {
			t.Errorf("a demonstration: %t; the badge says %q and shows %q, the card says %q", demo, said, shown, card)
		}
	}
}

// Other sites may frame the result card and nothing else, and be sent the badge whatever they
// ask of pictures; neither knows who asks.
func TestNothingButTheCardCanBeFramed(t *testing.T) {
	t.Parallel()
	k, _ := timed(t)
	cookie := k.SignIn(access.Manager, "dukcapil")
	fill := strings.NewReplacer(":unit", "dukcapil-loket", ":agency", "dukcapil", ":point", "KUPARI47")
	param := regexp.MustCompile(`:\w+\??|\*\w*|\+\w*`)
	framed := 0
	for _, route := range k.App.GetRoutes(true) {
		if route.Method != http.MethodGet || route.Path == "/meja/kejadian" { // which has no end
			continue
		}
		r := visit(k, http.MethodGet, param.ReplaceAllString(fill.Replace(route.Path), "x"), cookie)
		policy, card := r.Header.Get("Content-Security-Policy"), route.Path == "/hasil/:unit/kartu"
		if card {
			framed++
		}
		if strings.HasSuffix(policy, "frame-ancestors *") != card || strings.Contains(policy, "frame-ancestors 'none'") == card {
			t.Errorf("%s: %s", route.Path, policy)
		}
		if across := r.Header.Get("Cross-Origin-Resource-Policy"); (across != "") != (route.Path == "/hasil/:unit/lencana.svg") {
			t.Errorf("%s may be shown by %q", route.Path, across)
		}
	}
	if framed != 1 {
		t.Errorf("%d cards", framed)
	}
	other, _ := timed(t) // which has made nothing for anybody yet
	for _, path := range []string{badgePath, cardPath} {
		stranger, known := other.Get(path), visit(k, http.MethodGet, path, cookie)
		if known.Header.Get("Set-Cookie") != "" || stranger.Text != known.Text || strings.Contains(known.Text, "<form") || strings.Contains(known.Text, "<script") {
			t.Errorf("%s knows who asks, or takes something in", path)
		}
	}
}

// The code that officers copy leads to the address of the service, and shows what they copy.
func TestOfficersFindTheCodeToCopy(t *testing.T) {
	t.Parallel()
	k, _ := timed(t)
	page := visit(k, http.MethodGet, "/meja/unit/dukcapil-loket/laporan", k.SignIn(access.Manager, "dukcapil")).HTML().Find("details.embed")
	var codes []string
	page.Find("textarea[readonly]").Each(func(_ int, s *goquery.Selection) { codes = append(codes, s.Text()) })
	if len(codes) != 4 {
		t.Fatalf("%d codes: %q", len(codes), codes)
	}
	for i, want := range []string{"lencana.svg?indeks=ikm&amp;lang=id", "lencana.svg?indeks=ipkp", "lencana.svg?indeks=ipak", "kartu?lang=id"} {
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(codes[i]))
		if err != nil || !strings.Contains(codes[i], want) {
			t.Errorf("%s: %v", codes[i], err)
			continue
		}
		src := doc.Find("img, iframe").AttrOr("src", "")
		_, path, _ := strings.Cut(src, "/hasil/")
		if !strings.HasPrefix(src, "http") || k.Get("/hasil/"+path).StatusCode != http.StatusOK {
			t.Errorf("%s leads nowhere", src)
		}
	}
	if page.Find("img").Length() != 3 {
		t.Error("the badges are not shown")
	}
}

package handlers_test

import (
	"bytes"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/testkit"
	"persepsi/internal/testtools"
)

// sheetText is the text of a unit's sheet, with one space between words.
func sheetText(t *testing.T, k *testkit.Kit, path string) string {
	t.Helper()
	r := k.Get(path)
	if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "application/pdf" {
		t.Fatalf("%s: %d %s", path, r.StatusCode, r.Text)
	}
	return strings.Join(strings.Fields(strings.Join(testtools.PDFText(t, []byte(r.Text)), " ")), " ")
}

func TestAUnitWithoutAReleasedFigureHasNoSheetAndIsToldWhy(t *testing.T) {
	t.Parallel()
	k, _ := timed(t)
	check := func(path, says string) {
		t.Helper()
		if r := k.Get(path); r.StatusCode != http.StatusNotFound || !strings.Contains(words(r.HTML().Find("main")), says) {
			t.Errorf("%s: %d %s, want 404 and %q", path, r.StatusCode, words(r.HTML().Find("main")), says)
		}
	}
	check("/hasil/dukcapil-loket/lembar.pdf", "Belum ada jawaban pada periode ini.")
	check("/hasil/dukcapil-loket/lembar.pdf?period=2025-s2&size=a3", "Tidak ada jawaban pada periode ini.")
	check("/hasil/pkm-tutup/lembar.pdf", "Puskesmas Tutup")
	check("/hasil/nobody/lembar.pdf", "Halaman ini tidak ada")
	check("/hasil/pkm/lembar.pdf?period=2001", "Halaman ini tidak ada")
	answerRows(t, k, "2026-s1", "dukcapil-loket", 9, always(4, nil))
	k.Refresh()
	check("/hasil/dukcapil-loket/lembar.pdf", "9 jawaban")
	if k.Get("/hasil/dukcapil-loket").HTML().Find(`a[href*="lembar.pdf"]`).Length() != 0 {
		t.Error("its page leads to a sheet that there is not")
	}
}

func TestASheetSaysWhatItsReleaseSays(t *testing.T) {
	t.Parallel()
	k, _ := timed(t)
	k.Apply(twoOfNine)
	answerRows(t, k, "p9", "two9", 70, func(_ int, q string) int {
		if q == "waktu" || q == "biaya" {
			return 4
		}
		return 0
	})
	k.Refresh()
	text := sheetText(t, k, "/hasil/two9/lembar.pdf?period=p9")
	for _, want := range []string{
		"Mutu A untuk unsur yang terjawab; mutu seluruhnya belum dapat dipastikan.", "hanya dari 2 dari 9 unsur", "Jumlah responden belum memadai", "60 (diperlukan 59)",
		"Sementara. Angka dihitung sampai", "terlalu sedikit jawaban, tidak dihitung",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the sheet does not say %q: %s", want, text)
		}
	}
	if badge := shownBadge(t, k, "/hasil/two9/lencana.svg?period=p9", http.StatusOK); !strings.Contains(badge, "2 dari 9 unsur") {
		t.Errorf("the badge does not say of how much it is: %s", badge)
	}
	if english := sheetText(t, k, "/hasil/two9/lembar.pdf?period=p9&lang=en"); !strings.Contains(english, "Provisional. Counted up to") {
		t.Errorf("in English: %s", english)
	}
	path := "/hasil/two9/lembar.pdf?period=p9&size=a3"
	first := k.Get(path)
	again := httptest.NewRequest(http.MethodGet, path, nil)
	again.Header.Set("If-None-Match", first.Header.Get("ETag"))
	if got := k.Do(again); first.Header.Get("ETag") == "" || got.StatusCode != http.StatusNotModified {
		t.Errorf("again: %d, want 304", got.StatusCode)
	}
	if r := k.Get("/hasil/two9/lembar.pdf?size=a6"); r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a size that there is not: %d", r.StatusCode)
	}
	for _, page := range []*testkit.Reply{k.Get("/hasil/two9?period=p9"), visit(k, http.MethodGet, "/meja/unit/two9/laporan?period=p9", k.SignIn(access.Manager, "dukcapil"))} {
		for _, format := range []string{"pdf", "png"} {
			if page.HTML().Find(`a[href^="/hasil/two9/lembar.`+format+`?period=p9"]`).Length() == 0 {
				t.Errorf("no link leads from the page to the sheet as %s", format)
			}
		}
	}
}

// Whom a release hides its sheet hides too: few told that they are women, so that neither
// their number nor that of those who told nothing stands there.
func TestASheetHidesWhomItsReleaseHides(t *testing.T) {
	t.Parallel()
	k, wait := timed(t)
	for i := range 20 {
		if r := k.PostJSON(responsesPath, k.Response(func(b map[string]any) {
			b["respondent"] = map[string]string{"sex": []string{"P", "L", "L", "L", "L"}[i%5]}
		})); r.StatusCode != http.StatusCreated {
			t.Fatal(r.Text)
		}
		wait(time.Minute)
	}
	k.Refresh()
	text := sheetText(t, k, "/hasil/dukcapil-loket/lembar.pdf")
	if !strings.Contains(text, "disembunyikan") || !strings.Contains(text, "Kelompok yang lebih kecil dari 5 orang tidak ditampilkan") {
		t.Errorf("nobody is hidden: %s", text)
	}
}

// Whoever scans a print is told whether it is of the newest figures.
func TestAPrintTellsWhetherItIsTheNewest(t *testing.T) {
	t.Parallel()
	k, wait := timed(t)
	says := func(mark string) string {
		return words(k.Get("/hasil/dukcapil-loket?terbit=" + mark).HTML().Find("#cetakan"))
	}
	answerRows(t, k, "2026-s1", "dukcapil-loket", 30, always(4, nil))
	wait(time.Minute)
	k.Refresh()
	symbol := testtools.Scan(t, testtools.PDFPages(t, []byte(k.Get("/hasil/dukcapil-loket/lembar.pdf").Text), 150)[0])
	if len(symbol) != 1 {
		t.Fatalf("scanned %q", symbol)
	}
	_, printed, _ := strings.Cut(symbol[0], "/hasil/dukcapil-loket?terbit=")
	if got := says(printed); got != "Cetakan yang Anda pindai masih yang terbaru." {
		t.Errorf("the newest: %q", got)
	}
	for _, mark := range []string{"", "2026-s1.99", "2026-s1.0", "2026-s1", "2026-s2.1", "nothing.1", "2026-s1.x"} {
		if got := says(mark); got != "" {
			t.Errorf("%q, which no print bears: %q", mark, got)
		}
	}
	for _, mark := range []string{"2025-s2.3", strings.Replace(printed, "2026-s1", "2025-s2", 1)} {
		if got := says(mark); !strings.HasPrefix(got, "Sudah ada angka yang lebih baru") {
			t.Errorf("%s, of the period before: %q", mark, got)
		}
	}
	wait(24 * time.Hour)
	answerRows(t, k, "2026-s1", "dukcapil-loket", 30, always(3, nil))
	wait(time.Minute)
	k.Refresh()
	if got := says(printed); !strings.HasPrefix(got, "Sudah ada angka yang lebih baru") {
		t.Errorf("outdone: %q", got)
	}
}

// A sheet as pixels is the sheet that the PDF shows, to the last line, and its symbol is read.
func TestASheetAsPixelsShowsWhatItsPDFDoes(t *testing.T) {
	t.Parallel()
	k, wait := timed(t)
	answerRows(t, k, "2026-s1", "dukcapil-loket", 30, always(4, nil))
	wait(time.Minute)
	k.Refresh()
	for size, width := range map[string]int{"a4": 1240, "a3": 1754} {
		path := "/hasil/dukcapil-loket/lembar.png?size=" + size
		r := k.Get(path)
		img, err := png.Decode(bytes.NewReader([]byte(r.Text)))
		if err != nil || r.Header.Get("Content-Type") != "image/png" {
			t.Fatalf("%s: %d %s: %v", path, r.StatusCode, r.Header.Get("Content-Type"), err)
		}
		if img.Bounds().Dx() != width {
			t.Errorf("%s is %d pixels wide, want %d", size, img.Bounds().Dx(), width)
		}
		if got := testtools.Scan(t, img); len(got) != 1 || !strings.Contains(got[0], "/hasil/dukcapil-loket?terbit=2026-s1.1") {
			t.Errorf("%s: its symbol says %q", size, got)
		}
		page := testtools.PDFPages(t, []byte(k.Get("/hasil/dukcapil-loket/lembar.pdf?size="+size).Text), 150)[0]
		if mean, most := testtools.Apart(t, img, page); mean > 0.004 || most > 0.2 {
			t.Errorf("%s: %.4f apart from the PDF, %.4f at the most, of 1", size, mean, most)
		}
	}
}

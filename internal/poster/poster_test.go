package poster_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"persepsi/internal/poster"
	"persepsi/internal/racetest"
	"persepsi/internal/testtools"
	"persepsi/survey"
)

// city is a city of so many agencies, each with two units of two points; of each unit's
// points the second is closed where shut is true.
func city(t testing.TB, agencies int, shut bool) *survey.Directory {
	t.Helper()
	c := survey.Catalogue{City: survey.City{Name: "Kota Cendana", TimeZone: "Asia/Makassar"}}
	for a := range agencies {
		agency := survey.Agency{Code: fmt.Sprintf("a%d", a), Name: "Dinas Kependudukan dan Pencatatan Sipil " + fmt.Sprint(a+1)}
		for u := range 2 {
			unit := survey.Unit{Code: fmt.Sprintf("a%d-u%d", a, u), Name: "Unit Pelayanan Administrasi Kependudukan " + fmt.Sprint(u+1), Services: []survey.Service{{Code: "ktp", Name: "KTP-el"}}}
			for p := range 2 {
				unit.Points = append(unit.Points, survey.Point{Code: fmt.Sprintf("NU%03dX%d%d", a, u, p), Name: fmt.Sprintf("Loket %d", p+1), Closed: shut && p == 1})
			}
			agency.Units = append(agency.Units, unit)
		}
		c.Agencies = append(c.Agencies, agency)
	}
	return directory(t, &c)
}

func directory(t testing.TB, c *survey.Catalogue) *survey.Directory {
	t.Helper()
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	methods, err := survey.LoadMethods()
	if err != nil {
		t.Fatal(err)
	}
	instrument, err := lib.Resolve("terpadu-16")
	if err != nil {
		t.Fatal(err)
	}
	c.Periods = []survey.Period{{Code: "2026-s2", Name: "Semester II 2026", From: survey.DateOf(time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC), time.UTC), To: survey.DateOf(time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC), time.UTC), Instruments: []string{instrument}}}
	d, err := survey.NewDirectory(c, lib, methods)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

const address = "https://cendana.example"

func order(t testing.TB, d *survey.Directory, size poster.Size) poster.Order {
	t.Helper()
	racetest.Skip(t) // drawing is one goroutine's work
	open, _ := poster.Select(d, "", "", "")
	return poster.Order{Directory: d, Places: open, Address: address, Size: size, At: time.Date(2026, 7, 1, 20, 0, 0, 0, time.UTC)}
}

func fittedText(t testing.TB, o poster.Order) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := poster.Write(&out, o); err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("PERSEPSI_PICTURES"); dir != "" { // for the eye
		if err := os.WriteFile(filepath.Join(dir, strings.ReplaceAll(t.Name(), "/", "-")+"-"+string(o.Size)+".pdf"), out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

func TestEverySymbolIsScannedFromItsPageAlsoSmallAndInGrey(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("not in a short run: every page is drawn and scanned twice")
	}
	for _, base := range []string{"https://x.id", address, "https://survei.kabupaten-penajam-paser-utara.go.id/kepuasan"} {
		for _, size := range poster.Sizes() {
			o := order(t, city(t, 1, false), size)
			o.Address = base
			if base != address {
				o.Places = o.Places[:1]
			}
			data := fittedText(t, o)
			for what, pages := range map[string][]image.Image{"as printed": testtools.PDFPages(t, data, 150), "at 60 % and in grey": testtools.PDFPages(t, data, 90, "-gray")} {
				if len(pages) != len(o.Places) {
					t.Fatalf("%d sheets for %d points", len(pages), len(o.Places))
				}
				for i, img := range pages {
					got := testtools.Scan(t, img)
					slices.Sort(got)
					if got = slices.Compact(got); !slices.Equal(got, []string{base + "/s/" + o.Places[i].Point.Code}) {
						t.Errorf("%s, %s, %s: scanned %q", base, size, what, got)
					}
				}
			}
		}
	}
}

// dark returns the box around what is darker than 128 within a part of a page; all in
// millimetres.
func dark(img image.Image, x0, y0, x1, y1, dots float64) (left, top, right, bottom float64) {
	k := dots / 25.4
	left, top = 1e9, 1e9
	for y := int(y0 * k); y < int(y1*k); y++ {
		for x := int(x0 * k); x < int(x1*k); x++ {
			if color.GrayModel.Convert(img.At(x, y)).(color.Gray).Y < 128 {
				left, top = min(left, float64(x)/k), min(top, float64(y)/k)
				right, bottom = max(right, float64(x+1)/k), max(bottom, float64(y+1)/k)
			}
		}
	}
	return left, top, right, bottom
}

func TestSymbolsAreAsLargeAsPromisedAndNothingIsNearThem(t *testing.T) {
	t.Parallel()
	const modules, quiet = 33, 4 // of an address of 34 letters
	for _, tc := range []struct {
		size   poster.Size
		dark   float64 // how wide the symbol is
		x0, y0 float64 // of its quiet zone
		least  float64
	}{{poster.A4, 83, 17, 91, 80}, {poster.A6, 57, 9 + (87-57.0*41/33)/2, 35.3, 55}, {poster.Tent, 57, 10 - 57.0*quiet/modules/2, 105 + 18, 55}} {
		img := testtools.PDFPages(t, fittedText(t, order(t, city(t, 1, false), tc.size)), 150, "-f", "1", "-l", "1")[0]
		zone := tc.dark * quiet / modules
		const inset = 2.8 // the frame's rounded corners are within the zone
		left, top, right, bottom := dark(img, tc.x0+inset, tc.y0+inset, tc.x0+tc.dark+2*zone-inset, tc.y0+tc.dark+2*zone-inset, 150)
		if right-left < tc.least || bottom-top < tc.least || math.Abs(right-left-tc.dark) > 0.4 || math.Abs(bottom-top-tc.dark) > 0.4 {
			t.Errorf("%s: the symbol is %.1f × %.1f mm, want %.1f", tc.size, right-left, bottom-top, tc.dark)
		}
		if math.Abs(left-tc.x0-zone) > 0.3 || math.Abs(top-tc.y0-zone) > 1 {
			t.Errorf("%s: %.2f and %.2f mm are white around the symbol, want %.2f", tc.size, left-tc.x0, top-tc.y0, zone)
		}
	}
}

func TestAPosterSaysWhatACitizenNeeds(t *testing.T) {
	t.Parallel()
	for _, size := range poster.Sizes() {
		for lang, want := range map[string][]string{
			"id": {"Kota Cendana", "Dinas Kependudukan dan Pencatatan Sipil 1", "Bagaimana pelayanan tadi?", "Jawab tanpa nama.", "cendana.example/s", "NU000X00", "Tidak ada biaya. Petugas tidak boleh mengarahkan jawaban Anda.", "Loket 1", "Semester II 2026"},
			"en": {"How was the service?", "Answer without your name.", "It costs nothing. Staff may not tell you what to answer.", "NU000X00"},
		} {
			if size == poster.A4 {
				want = append(want, map[string][]string{
					"id": {"Buka kamera ponsel", "Arahkan ke kotak hitam putih ini", "Jawab, sekitar 4 menit", "Kami tidak menyimpan nomor atau alamat internet Anda.", "Tidak membawa ponsel?", "SP4N-LAPOR!", "How was the service?", "Scan and answer without your name.", "dicetak 2 Juli 2026", "Unit Pelayanan Administrasi Kependudukan 1"},
					"en": {"Answer, about 4 minutes", "Bagaimana pelayanan tadi?", "printed 2 July 2026"},
				}[lang]...)
			}
			o := order(t, city(t, 1, false), size)
			o.Lang = lang
			page := strings.Join(strings.Fields(testtools.PDFText(t, fittedText(t, o))[0]), "")
			for _, w := range want {
				if !strings.Contains(page, strings.Join(strings.Fields(w), "")) {
					t.Errorf("%s, %s: no %q in %q", size, lang, w, page)
				}
			}
		}
	}
}

// A poster that hangs somewhere else says that nobody is asked in earnest; a real one doesn't.
func TestAPosterOfADemonstrationSaysThatItIsOne(t *testing.T) {
	t.Parallel()
	for _, size := range poster.Sizes() {
		for lang, mark := range map[string]string{"id": "Kota peragaan: bukan survei sungguhan", "en": "A demonstration: not a real survey"} {
			for _, demo := range []bool{true, false} {
				o := order(t, city(t, 1, false), size)
				o.Lang, o.Places = lang, o.Places[:1]
				o.Directory.Catalogue().City.Demo = demo
				page := strings.Join(strings.Fields(testtools.PDFText(t, fittedText(t, o))[0]), " ")
				want := 0
				if demo {
					want = map[poster.Size]int{poster.A4: 1, poster.A6: 1, poster.Tent: 2}[size] // a face each
				}
				if got := strings.Count(page, mark); got != want {
					t.Errorf("%s, %s, a demonstration: %t: the mark stands there %d times: %s", size, lang, demo, got, page)
				}
			}
		}
	}
}

func TestAClosedPointHasNoPoster(t *testing.T) {
	t.Parallel()
	d := city(t, 3, true)
	d.Catalogue().Agencies[2].Closed = true
	d.Catalogue().Agencies[1].Units[0].Closed = true
	codes := func(all []survey.Place) (out []string) {
		for _, p := range all {
			out = append(out, p.Point.Code)
		}
		return out
	}
	for _, tc := range []struct {
		agency, unit, point string
		open, closed        []string
	}{
		{"", "", "", []string{"NU000X00", "NU000X10", "NU001X10"}, []string{"NU000X01", "NU000X11", "NU001X00", "NU001X01", "NU001X11", "NU002X00", "NU002X01", "NU002X10", "NU002X11"}},
		{"a0", "", "", []string{"NU000X00", "NU000X10"}, []string{"NU000X01", "NU000X11"}},
		{"", "a1-u1", "", []string{"NU001X10"}, []string{"NU001X11"}},
		{"", "", "nu000-x00", []string{"NU000X00"}, nil},
		{"", "", "NU002X00", nil, []string{"NU002X00"}},
		{"nowhere", "", "", nil, nil},
	} {
		open, closed := poster.Select(d, tc.agency, tc.unit, tc.point)
		if !slices.Equal(codes(open), tc.open) || !slices.Equal(codes(closed), tc.closed) {
			t.Errorf("%q %q %q: %q and %q, want %q and %q", tc.agency, tc.unit, tc.point, codes(open), codes(closed), tc.open, tc.closed)
		}
	}
}

func TestLongNamesStayOnTheSheet(t *testing.T) {
	t.Parallel()
	d := city(t, 1, false)
	c := d.Catalogue()
	c.City.Name = strings.Repeat("Kabupaten Penajam Paser Utara ", 4)
	c.Agencies[0].Name = strings.Repeat("Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu ", 4)
	c.Agencies[0].Units[0].Name = strings.Repeat("Unit Pelayanan Administrasi ", 7)
	c.Agencies[0].Units[0].Points[0].Name = strings.Repeat("LoketPengambilanDokumen", 9)
	c.Periods[0].Name = strings.Repeat("Semester Kedua ", 12)
	for _, size := range poster.Sizes() {
		for _, base := range []string{address, "https://survei-kepuasan-masyarakat.dinas-kependudukan.kabupaten-penajam-paser-utara.go.id/kepuasan/warga"} {
			o := order(t, d, size)
			o.Address, o.Places = base, o.Places[:1]
			if text := testtools.PDFText(t, fittedText(t, o))[0]; !strings.Contains(text, "NU000X00") {
				t.Errorf("%s, %s: the code is cut: %q", size, base, text)
			}
			img := testtools.PDFPages(t, fittedText(t, o), 60)[0]
			wide, high := float64(img.Bounds().Dx())/60*25.4, float64(img.Bounds().Dy())/60*25.4
			for _, edge := range [][4]float64{{0, 0, 6, high}, {wide - 6, 0, wide, high}, {0, high - 3, wide, high}} {
				if l, top, _, _ := dark(img, edge[0], edge[1], edge[2], edge[3], 60); l < 1e9 && (size != poster.Tent || math.Abs(top-high/2) > 1) {
					t.Errorf("%s, %s: printed at the edge, %.1f, %.1f mm", size, base, l, top)
				}
			}
		}
	}
}

// The posters of a large city: go test -bench City -benchmem ./internal/poster.
// With arms and 199 logos.
func BenchmarkPostersOfACity(b *testing.B) {
	o := order(b, dressed(b, city(b, 200, false)), poster.A4)
	if len(o.Places) != 800 {
		b.Fatal(len(o.Places))
	}
	b.ReportAllocs()
	for b.Loop() {
		out := &counter{}
		if err := poster.Write(out, o); err != nil {
			b.Fatal(err)
		}
		b.SetBytes(out.n)
	}
}

type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}

package pdf_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"persepsi/internal/chart"
	"persepsi/internal/ink"
	"persepsi/internal/pdf"
	"persepsi/internal/testtools"
)

func newFile(t testing.TB) *pdf.File {
	t.Helper()
	f, err := pdf.New(pdf.Info{Title: "Judul", Lang: "id", At: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func written(t testing.TB, f *pdf.File) []byte {
	t.Helper()
	var out bytes.Buffer
	n, err := f.WriteTo(&out)
	if err != nil || n != int64(out.Len()) {
		t.Fatalf("%d bytes of %d: %v", n, out.Len(), err)
	}
	return out.Bytes()
}

func text() pdf.Style { return pdf.Style{Size: 10, Color: ink.Black} }

func TestLinesHoldAllLettersAndNoneIsWiderThanItsRoom(t *testing.T) {
	t.Parallel()
	f := newFile(t)
	rapid.Check(t, func(r *rapid.T) {
		room := rapid.Float64Range(6, 170).Draw(r, "room")
		var spans []pdf.Span
		all := ""
		for range rapid.IntRange(0, 5).Draw(r, "spans") {
			s := pdf.Span{Style: pdf.Style{Face: pdf.Face(rapid.IntRange(0, 3).Draw(r, "face")), Size: rapid.Float64Range(6, 14).Draw(r, "size")}, Text: rapid.StringMatching(`([A-Za-z0-9,.À-ž]{0,40}[ \n]?){0,12}`).Draw(r, "text")}
			spans, all = append(spans, s), all+s.Text
		}
		got := ""
		for _, line := range f.Lines(spans, room) {
			wide := 0.0
			for _, s := range line {
				wide += f.Width(s.Style, s.Text)
				got += s.Text
			}
			if wide > room+1e-6 {
				r.Fatalf("a line of %.3f in %.3f: %v", wide, room, line)
			}
			got += " "
		}
		if squeezed(got) != squeezed(all) {
			r.Fatalf("%q became %q", all, got)
		}
	})
}

func squeezed(s string) string { return strings.Join(strings.Fields(s), "") }

func TestWordsAreBrokenBetweenEachOtherWhereThatDoes(t *testing.T) {
	t.Parallel()
	f := newFile(t)
	lines := f.Lines([]pdf.Span{{Style: text(), Text: "Nilai IKM "}, {Style: pdf.Style{Face: pdf.Bold, Size: 10}, Text: "86,02"}, {Style: text(), Text: ", mutu B.\n\nAkhir"}}, 30)
	var got []string
	for _, l := range lines {
		s := ""
		for _, one := range l {
			s += one.Text
		}
		got = append(got, s)
	}
	if want := []string{"Nilai IKM 86,02,", "mutu B.", "", "Akhir"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestAFittingTextIsNotWiderThanItsRoom(t *testing.T) {
	t.Parallel()
	f := newFile(t)
	if s, shown := f.Fit(text(), "Unit Pelayanan", 100, 6); s != text() || shown != "Unit Pelayanan" {
		t.Errorf("%v %q, though it had room", s, shown)
	}
	for _, words := range []string{"Unit", "Unit Pelayanan", "Loket 1, lantai 2"} { // of a place that was made for them
		wide := f.Width(text(), words)
		if s, shown := f.Fit(text(), words, wide, 6); s != text() || shown != words {
			t.Errorf("%v %q, though it had room", s, shown)
		}
		if lines := f.Lines([]pdf.Span{{Style: text(), Text: words}}, wide); len(lines) != 1 {
			t.Errorf("%q is broken in its own width: %v", words, lines)
		}
	}
	if s, shown := f.Fit(text(), "Unit Pelayanan", 20, 6); s.Size >= 10 || s.Size < 6 || shown != "Unit Pelayanan" || f.Width(s, shown) > 20 {
		t.Errorf("%v %q", s, shown)
	}
	if s, shown := f.Fit(text(), strings.Repeat("Unit Pelayanan ", 9), 20, 6); s.Size != 6 || !strings.HasSuffix(shown, "…") || f.Width(s, shown) > 20 {
		t.Errorf("%v %q", s, shown)
	}
}

func TestWhatTheFontsLackIsShownAsLacking(t *testing.T) {
	t.Parallel()
	f := newFile(t)
	for in, want := range map[string]string{
		"biasa":                  "biasa",
		"a\tb\x00c\u200dd\ufe0f": "a bcd",
		"senang 😀!":              "senang \ufffd!",
		"\xff":                   "\ufffd",
		"− × ≥ ≤ → ✓ ✕ – … α √ é Ž": "− × ≥ ≤ → ✓ ✕ – … α √ é Ž",
		"dua\nbaris": "dua\nbaris",
	} {
		if got := f.Clean(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
	f.Page(pdf.A4())
	for i := range 4 { // the faces of codes lack some letters that others have
		f.Text(20, 20+10*float64(i), pdf.Style{Face: pdf.Face(i), Size: 10}, "✕ ﷲ 😀 Ž")
	}
	if got := testtools.PDFText(t, written(t, f))[0]; strings.Count(got, "Ž") != 4 {
		t.Errorf("%q", got)
	}
}

func TestASymbolIsScannedFromAPrintOf150DotsAnInch(t *testing.T) {
	t.Parallel()
	f := newFile(t)
	var want []string
	for n := 8; n < 150; n += 17 {
		address := "https://survei.example/" + strings.Repeat("a", n)
		want = append(want, address)
		f.Page(pdf.A6())
		wide, err := f.SymbolWidth(address, 0.52, 19)
		if err != nil || wide < 19 {
			t.Fatal(wide, err)
		}
		if err := f.Symbol(address, 17.3, 21.7, wide); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, page := range testtools.PDFPages(t, written(t, f), 150) {
		got = append(got, testtools.Scan(t, page)...)
	}
	if !slices.Equal(got, want) {
		t.Errorf("scanned %q, want %q", got, want)
	}
	f.Page(pdf.A6())
	if err := f.Symbol(strings.Repeat("x", 3000), 0, 0, 50); err == nil {
		t.Error("an address that no symbol holds was drawn")
	}
}

func at(img image.Image, x, y float64) color.RGBA {
	k := float64(img.Bounds().Dx()) / 105
	r, g, b, _ := img.At(int(x*k), int(y*k)).RGBA()
	return color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 255}
}

func rgba(c ink.Color) color.RGBA {
	r, g, b := c.RGB()
	return color.RGBA{r, g, b, 255}
}

func TestAChartIsDrawnInItsSizeAndItsColours(t *testing.T) {
	t.Parallel()
	f := newFile(t)
	f.Page(pdf.A6())
	const pixel = 25.4 / 96
	f.Chart(&chart.Drawing{Width: 300, Height: 200, Commands: []chart.Command{
		chart.Rect{Role: chart.Band, X: 0, Y: 0, Width: 100, Height: 50},
		chart.Circle{Role: chart.Dot, X: 150, Y: 25, Radius: 20},
		chart.Path{Role: chart.Fill, Closed: true, Points: []chart.Point{{X: 200, Y: 0}, {X: 300, Y: 0}, {X: 300, Y: 50}, {X: 200, Y: 50}}},
		chart.Path{Role: chart.Needed, Points: []chart.Point{{X: 0, Y: 100}, {X: 300, Y: 100}}},
		chart.Text{Role: chart.Amber, X: 300, Y: 150, Anchor: chart.End, Words: "86,02"},
	}}, 10, 10, 1)
	data := written(t, f)
	img := testtools.PDFPages(t, data, 150)[0]
	for _, p := range []struct {
		x, y float64
		want ink.Color
	}{{50, 25, ink.Band}, {110, 25, ink.White}, {150, 25, ink.Accent}, {250, 25, ink.Accent}, {150, 100, ink.Black}, {150, 60, ink.White}} {
		if got := at(img, 10+p.x*pixel, 10+p.y*pixel); got != rgba(p.want) {
			t.Errorf("at %.0f, %.0f: %v, want %v", p.x, p.y, got, rgba(p.want))
		}
	}
	if got := testtools.PDFText(t, data)[0]; strings.TrimSpace(got) != "86,02" {
		t.Errorf("%q is written", got)
	}
}

func TestColoursHoldBeyondWhatIsTurned(t *testing.T) {
	t.Parallel()
	f := newFile(t)
	f.Page(pdf.A6())
	f.Paint(ink.Accent)
	f.Turn(52.5, 74, func() {
		f.Paint(ink.Warn)
		f.Box(10, 10, 10, 10, 0, pdf.Filled) // is at 85 to 95, 128 to 138
		f.Text(10, 40, text(), "terbalik")
	})
	f.Text(10, 60, text(), "tegak")
	f.Paint(ink.Accent)
	f.Turn(52.5, 74, func() { f.Paint(ink.Black) })
	f.Text(40, 100, pdf.Style{Size: 40, Color: ink.Black}, "█") // of the colour that was filled with within
	f.Paint(ink.Band)
	f.Box(10, 10, 10, 10, 1, pdf.Filled)
	data := written(t, f)
	img := testtools.PDFPages(t, data, 150)[0]
	if at(img, 90, 133) != rgba(ink.Warn) || at(img, 15, 15) != rgba(ink.Band) {
		t.Errorf("%v and %v", at(img, 90, 133), at(img, 15, 15))
	}
	if got := at(img, 44, 97); got != rgba(ink.Black) {
		t.Errorf("a black letter is %v", got)
	}
	if got := testtools.PDFText(t, data)[0]; !strings.Contains(got, "tegak") || !strings.Contains(got, "terbalik") {
		t.Errorf("%q", got)
	}
}

func TestBookmarksOfSheetsOfAnySizeLeadToTheirPlace(t *testing.T) {
	t.Parallel()
	f := newFile(t)
	for i, s := range []pdf.Size{pdf.A4(), pdf.A4().Turned(), pdf.A6()} {
		f.Page(s)
		f.Bookmark(fmt.Sprintf("Lembar %d", i+1), 2*i, 20)
	}
	data := written(t, f)
	var got []string
	for _, m := range regexp.MustCompile(`XYZ 0 ([\d.]+) null`).FindAllSubmatch(data, -1) {
		got = append(got, string(m[1]))
	}
	// Height in points less 20 mm, which are 56.69.
	if want := []string{"785.20", "538.58", "362.83"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestAPictureIsAsLargeAsItsBoxAllows(t *testing.T) {
	t.Parallel()
	f := newFile(t)
	f.Page(pdf.A6())
	if _, err := f.Picture([]byte("GIF89a"), "image/gif"); err == nil || !strings.Contains(err.Error(), "image/gif") {
		t.Errorf("error %v", err)
	}
	if _, err := f.Picture([]byte("\x89PNG\r\n\x1a\n"), "image/png"); err == nil {
		t.Error("half a picture was taken")
	}
	deep := image.NewNRGBA64(image.Rect(0, 0, 40, 20)) // of sixteen bits
	for i := range deep.Pix {
		deep.Pix[i] = 0xff
	}
	var data bytes.Buffer
	if err := png.Encode(&data, deep); err != nil {
		t.Fatal(err)
	}
	p, err := f.Picture(data.Bytes(), "image/png")
	if err != nil || p.Width != 40 || p.Height != 20 {
		t.Fatal(p, err)
	}
	if w, h := f.Place(p, 10, 10, 6, 6); w != 6 || h != 3 {
		t.Errorf("%.1f × %.1f, want 6 × 3", w, h)
	}
	const sharp = 40 * 25.4 / 150 // of so many pixels at 150 an inch
	for _, enlarged := range []float64{1, 2} {
		f.Enlarge(enlarged, func() {
			if w, h := f.Place(p, 10, 10, 30, 30); math.Abs(w-sharp/enlarged) > 1e-9 || math.Abs(h-w/2) > 1e-9 {
				t.Errorf("%.1f × %.1f when all is %g times as large: not sharp, or distorted", w, h, enlarged)
			}
		})
	}
	huge := image.NewPaletted(image.Rect(0, 0, 6001, 1), color.Palette{color.White})
	data.Reset()
	if err := png.Encode(&data, huge); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Picture(data.Bytes(), "image/png"); err == nil || !strings.Contains(err.Error(), "6001") {
		t.Errorf("error %v", err)
	}
	if got := testtools.PDFText(t, written(t, f)); len(got) != 1 {
		t.Errorf("%d pages after a broken picture", len(got))
	}
}

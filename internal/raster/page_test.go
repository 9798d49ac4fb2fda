package raster_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"persepsi/internal/chart"
	"persepsi/internal/ink"
	"persepsi/internal/pdf"
	"persepsi/internal/raster"
	"persepsi/internal/testtools"
)

const dots = 150

// drawn draws on an A6 as a PDF and as pixels.
func drawn(t *testing.T, on func(f *pdf.File)) (file []byte, page *raster.Page) {
	t.Helper()
	f, err := pdf.New(pdf.Info{Title: "Gambar", Lang: "id", At: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	f.Page(pdf.A6())
	page = raster.New(pdf.A6(), dots)
	f.Mirror(page)
	on(f)
	f.Page(pdf.A6())
	f.Text(20, 20, pdf.Style{Size: 40}, "not on the first sheet")
	var out bytes.Buffer
	if _, err := f.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), page
}

func picture(t *testing.T) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 60, 40))
	draw.Draw(img, img.Bounds(), image.NewUniform(color.NRGBA{0x14, 0x6c, 0x5f, 0xff}), image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(0, 0, 20, 20), image.NewUniform(color.NRGBA{0x8a, 0x4b, 0, 0xff}), image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(40, 20, 60, 40), image.Transparent, image.Point{}, draw.Src)
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// All that a sheet can hold stands on the pixels where another program draws it from the
// PDF: no place of 8 × 8 pixels is much lighter or darker.
func TestPixelsShowWhatThePDFDoes(t *testing.T) {
	t.Parallel()
	text := pdf.Style{Size: 11, Color: ink.Black}
	drawing := &chart.Drawing{Commands: []chart.Command{
		chart.Path{Role: chart.Course, Points: []chart.Point{{X: 0, Y: 0}, {X: 60, Y: 50}, {X: 120, Y: 0}}},
		chart.Path{Role: chart.Fill, Closed: true, Points: []chart.Point{{X: 130, Y: 0}, {X: 190, Y: 0}, {X: 160, Y: 50}}},
		chart.Path{Role: chart.Bracket, Closed: true, Points: []chart.Point{{X: 200, Y: 0}, {X: 250, Y: 0}, {X: 250, Y: 50}}},
		chart.Rect{Role: chart.Soft, X: 0, Y: 60, Width: 90, Height: 30, Round: 6},
		chart.Circle{Role: chart.Dot, X: 130, Y: 75, Radius: 12},
		chart.Text{Role: chart.Strong, X: 250, Y: 80, Anchor: chart.End, Words: "86,02"},
	}}
	sharp := &chart.Drawing{Commands: []chart.Command{
		chart.Path{Role: chart.Course, Points: []chart.Point{{X: 0, Y: 0}, {X: 8, Y: 20}, {X: 16, Y: 0}, {X: 32, Y: 20}}},
		chart.Path{Role: chart.Course, Points: []chart.Point{{X: 2, Y: 28}, {X: 30, Y: 30}, {X: 2, Y: 32}}},
	}}
	for name, on := range map[string]func(f *pdf.File){
		"letters": func(f *pdf.File) {
			for i := range 4 {
				s := text
				s.Face, s.Size = pdf.Face(i), float64(8+5*i)
				f.Text(8, float64(20+15*i), s, "Mutu B, ≥ 76,61 – Kepuasan")
			}
		},
		"lines": func(f *pdf.File) {
			f.Stroke(ink.Black, 0.8)
			f.Rule(10, 20, 90, 20)
			f.Rule(10, 30, 90, 60)
			f.Stroke(ink.Warn, 1, 3, 2)
			f.Rule(10, 70, 90, 70)
			f.Rule(10, 80, 90, 100)
		},
		"areas": func(f *pdf.File) {
			f.Stroke(ink.Warn, 0.6)
			f.Paint(ink.Amber)
			f.Box(10, 10, 40, 20, 2, pdf.Edged)
			f.Box(55, 10, 40, 20, 5, pdf.Both)
			f.Box(10, 40, 40, 20, 0, pdf.Filled)
			f.Box(55, 40, 40, 20, 0, pdf.Both)
			f.Stroke(ink.Accent, 2)
			f.Dot(30, 80, 12, pdf.Both)
			f.Dot(70, 80, 12, pdf.Edged)
		},
		"corners": func(f *pdf.File) {
			f.Stroke(ink.Black, 8)
			f.Box(15, 15, 50, 30, 0, pdf.Edged)
			f.Chart(sharp, 15, 60, 8)
		},
		"a symbol": func(f *pdf.File) {
			if err := f.Symbol("https://survei.example/hasil/rsud-igd?terbit=2026-s1.4", 20, 20, 60); err != nil {
				t.Error(err)
			}
		},
		"a chart": func(f *pdf.File) { f.Chart(drawing, 10, 20, 1.2) },
		"a picture": func(f *pdf.File) {
			p, err := f.Picture(picture(t), "image/png")
			if err != nil {
				t.Error(err)
				return
			}
			f.Paint(ink.Band)
			f.Box(5, 5, 95, 135, 0, pdf.Filled) // is seen where the picture is clear
			f.Place(p, 12, 12, 75, 75)
		},
		"what is turned and enlarged, letters too": func(f *pdf.File) {
			p, err := f.Picture(picture(t), "image/png")
			if err != nil {
				t.Error(err)
				return
			}
			part := func() {
				f.Stroke(ink.Black, 1, 3, 1)
				f.Box(10, 10, 30, 12, 3, pdf.Edged)
				f.Text(12, 18, text, "Loket 1")
				f.Place(p, 12, 24, 15, 15)
			}
			f.Paint(ink.Black)
			f.Enlarge(1.5, func() {
				part()
				f.Turn(35, 45, part)
				f.Dot(50, 15, 4, pdf.Filled) // white: what was told before a turn is forgotten
			})
			f.Dot(90, 130, 8, pdf.Filled) // white too
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, page := drawn(t, on)
			want := testtools.PDFPages(t, file, dots)[0]
			if dir := os.Getenv("PERSEPSI_PICTURES"); dir != "" { // for the eye
				save(t, filepath.Join(dir, name+".png"), page.Image())
				save(t, filepath.Join(dir, name+" (poppler).png"), want)
			}
			mean, most := testtools.Apart(t, page.Image(), want)
			t.Logf("%.4f, %.4f", mean, most)
			bound := 0.075
			if strings.Contains(name, "letters") { // which the other program puts on whole pixels
				bound = 0.2
			}
			if mean > 0.004 || most > bound {
				t.Errorf("%.4f apart, and %.4f at the most: of 1", mean, most)
			}
			white := 1.0
			for _, v := range testtools.Shades(page.Image(), page.Image().Bounds()) {
				white = min(white, v)
			}
			if white > 0.9 {
				t.Error("nothing is drawn")
			}
		})
	}
}

func save(t *testing.T, name string, img image.Image) {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// What is drawn beyond the sheet is cut off.
func TestASheetEndsAtItsEdges(t *testing.T) {
	t.Parallel()
	_, page := drawn(t, func(f *pdf.File) {
		f.Paint(ink.Accent)
		f.Box(-50, -50, 300, 45, 0, pdf.Filled)
		f.Box(400, 10, 100, 100, 0, pdf.Filled)
		f.Box(-50, 140, 300, 300, 20, pdf.Filled)
		f.Text(200, 200, pdf.Style{Size: 10}, "jauh")
	})
	img := page.Image()
	if b := img.Bounds(); b.Dx() != 620 || b.Dy() != 874 {
		t.Fatalf("%v of an A6", b)
	}
	if r, _, _, _ := img.At(300, 400).RGBA(); r != 0xffff {
		t.Error("what is outside is drawn inside")
	}
	if r, g, b, _ := img.At(619, 873).RGBA(); r>>8 != 0x14 || g>>8 != 0x6c || b>>8 != 0x5f {
		t.Error("what reaches beyond the edge is not drawn up to it")
	}
}

func TestAPNGSaysHowLargeItIsOnPaper(t *testing.T) {
	t.Parallel()
	_, page := drawn(t, func(f *pdf.File) { f.Text(10, 10, pdf.Style{Size: 10}, "Gambar") })
	var out bytes.Buffer
	if err := page.WritePNG(&out); err != nil {
		t.Fatal(err)
	}
	// 5906 pixels of a metre are 150 of an inch.
	if !bytes.Contains(out.Bytes(), []byte("pHYs\x00\x00\x17\x12\x00\x00\x17\x12\x01")) {
		t.Error("it does not say how many pixels a metre has")
	}
	img, err := png.Decode(bytes.NewReader(out.Bytes())) // checks each part's sum
	if err != nil || img.Bounds() != page.Image().Bounds() {
		t.Errorf("read back: %v", err)
	}
}

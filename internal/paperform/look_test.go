package paperform_test

import (
	"image"
	"image/color"
	"math"
	"testing"

	"persepsi/internal/testtools"
	"persepsi/survey"
)

func plain(t *testing.T, width, height int, c color.NRGBA) *survey.Picture {
	t.Helper()
	p, err := survey.NewPicture(testtools.PNG(t, width, height, c))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// bounds returns where a colour stands, in millimetres of a page at 100 dots an inch.
func bounds(page image.Image, c color.NRGBA) (left, top, right, bottom float64) {
	const mm = 25.4 / 100
	near := func(a, b uint8) bool { return max(a, b)-min(a, b) <= 3 }
	var at image.Rectangle
	for y := range page.Bounds().Dy() {
		for x := range page.Bounds().Dx() {
			got, _ := color.NRGBAModel.Convert(page.At(x, y)).(color.NRGBA)
			if near(got.R, c.R) && near(got.G, c.G) && near(got.B, c.B) {
				at = at.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return float64(at.Min.X) * mm, float64(at.Min.Y) * mm, float64(at.Max.X) * mm, float64(at.Max.Y) * mm
}

func TestArmsLogoAndColourOfTheCityStandOnAFormThatIsOneSheetStill(t *testing.T) {
	t.Parallel()
	red, blue, maroon := color.NRGBA{0xe0, 0, 0, 0xff}, color.NRGBA{0, 0, 0xe0, 0xff}, color.NRGBA{0x7a, 0x1f, 0x2b, 0xff}
	o := order(t, shipped(t)["terpadu-16"], "id")
	o.City.Colour, o.City.Arms, o.Place.Agency.Logo = "#7a1f2b", plain(t, 300, 400, red), plain(t, 600, 200, blue)
	pages := testtools.PDFPages(t, drawn(t, o), 100)
	if len(pages) > 2 {
		t.Errorf("%d pages", len(pages))
	}
	l, top, r, b := bounds(pages[0], red)
	if math.Abs(b-top-12) > 0.6 || math.Abs(r-l-9) > 0.6 {
		t.Errorf("the arms are %.1f × %.1f mm, want 9 × 12", r-l, b-top)
	}
	l, top, r, b = bounds(pages[0], blue)
	if math.Abs(r-l-24) > 0.6 || math.Abs(b-top-8) > 0.6 || r > 210-44-6 {
		t.Errorf("the logo is %.1f × %.1f mm and ends at %.1f, want 24 × 8 before the clerk's boxes", r-l, b-top, r)
	}
	if l, _, r, _ := bounds(pages[0], maroon); r-l < 10 {
		t.Error("no heading has the city's colour")
	}
}

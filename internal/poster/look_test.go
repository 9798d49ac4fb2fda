package poster_test

import (
	"bytes"
	"image"
	"image/color"
	"math"
	"testing"

	"persepsi/internal/poster"
	"persepsi/internal/testtools"
	"persepsi/survey"
)

// plain returns a picture of one colour.
func plain(t testing.TB, width, height int, c color.NRGBA) *survey.Picture {
	t.Helper()
	p, err := survey.NewPicture(testtools.PNG(t, width, height, c))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var (
	red  = color.NRGBA{0xe0, 0, 0, 0xff}
	blue = color.NRGBA{0, 0, 0xe0, 0xff}
	// maroon is the city's.
	maroon = color.NRGBA{0x7a, 0x1f, 0x2b, 0xff}
)

// dressed gives a city a colour, arms that are higher than wide and, of each agency but the
// last, a logo that is three times as wide as high.
func dressed(t testing.TB, d *survey.Directory) *survey.Directory {
	t.Helper()
	c := d.Catalogue()
	c.City.Colour, c.City.Arms = "#7a1f2b", plain(t, 300, 400, red)
	for i := range c.Agencies {
		if i == 0 || i < len(c.Agencies)-1 {
			c.Agencies[i].Logo = plain(t, 600+i, 200, blue)
		}
	}
	return d
}

// like reports whether a colour is another one, but for what drawing rounds.
func like(drawn color.Color, c color.NRGBA) bool {
	got, _ := color.NRGBAModel.Convert(drawn).(color.NRGBA)
	near := func(a, b uint8) bool { return max(a, b)-min(a, b) <= 3 }
	return near(got.R, c.R) && near(got.G, c.G) && near(got.B, c.B)
}

// box returns where a colour is on a page, in millimetres.
func box(img image.Image, c color.NRGBA, dots float64) (left, top, right, bottom float64) {
	b := img.Bounds()
	at := image.Rectangle{Min: b.Max, Max: b.Min}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if like(img.At(x, y), c) {
				at.Min = image.Pt(min(at.Min.X, x), min(at.Min.Y, y))
				at.Max = image.Pt(max(at.Max.X, x+1), max(at.Max.Y, y+1))
			}
		}
	}
	k := 25.4 / dots
	return float64(at.Min.X) * k, float64(at.Min.Y) * k, float64(at.Max.X) * k, float64(at.Max.Y) * k
}

func TestArmsAndLogoStandAtTheHeadInTheirProportionsFarFromTheSymbol(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		size        poster.Size
		from, until float64 // the head, in millimetres; the symbol's zone begins below it
		high        float64
	}{{poster.A4, 0, 35, 16}, {poster.A6, 0, 20, 11.5}, {poster.Tent, 105, 105 + 17, 9}} {
		o := order(t, dressed(t, city(t, 1, false)), tc.size)
		img := testtools.PDFPages(t, fittedText(t, o), 150, "-f", "1", "-l", "1")[0]
		if tc.size == poster.Tent { // the lower face
			half := image.NewNRGBA(img.Bounds())
			for y := img.Bounds().Dy() / 2; y < img.Bounds().Dy(); y++ {
				for x := range img.Bounds().Dx() {
					half.Set(x, y, img.At(x, y))
				}
			}
			img = half
		}
		l, top, r, b := box(img, red, 150)
		if math.Abs((r-l)/(b-top)-0.75) > 0.03 || math.Abs(b-top-tc.high) > 0.5 || top < tc.from+3 || b > tc.until {
			t.Errorf("%s: the arms are %.1f × %.1f mm from %.1f to %.1f, want 3 : 4 and %.1f high", tc.size, r-l, b-top, top, b, tc.high)
		}
		l, top, r, b = box(img, blue, 150)
		if math.Abs((r-l)/(b-top)-3) > 0.15 || math.Abs(r-l-2*tc.high) > 0.5 || top < tc.from+3 || b > tc.until {
			t.Errorf("%s: the logo is %.1f × %.1f mm from %.1f to %.1f, want 3 : 1 and %.1f wide", tc.size, r-l, b-top, top, b, 2*tc.high)
		}
	}
}

func TestSymbolsBelowArmsAreScannedAlsoSmallAndInGrey(t *testing.T) {
	t.Parallel()
	for _, size := range poster.Sizes() {
		o := order(t, dressed(t, city(t, 1, false)), size)
		o.Places = o.Places[:1]
		data := fittedText(t, o)
		for what, pages := range map[string][]image.Image{"as printed": testtools.PDFPages(t, data, 150), "at 60 % and in grey": testtools.PDFPages(t, data, 90, "-gray")} {
			got := testtools.Scan(t, pages[0])
			for _, text := range got {
				if text != address+"/s/"+o.Places[0].Point.Code {
					t.Errorf("%s, %s: scanned %q", size, what, got)
				}
			}
			if len(got) == 0 {
				t.Errorf("%s, %s: nothing scanned", size, what)
			}
		}
	}
}

func TestAPosterHasTheColourOfTheCityWhereItCanBeRead(t *testing.T) {
	t.Parallel()
	ours := color.NRGBA{0x14, 0x6c, 0x5f, 0xff}
	for colour, want := range map[string]color.NRGBA{"#7a1f2b": maroon, "": ours, "#f5d033": ours} {
		for _, size := range poster.Sizes() {
			d := city(t, 1, false)
			d.Catalogue().City.Colour = colour
			o := order(t, d, size)
			o.Places = o.Places[:1]
			img := testtools.PDFPages(t, fittedText(t, o), 75)[0]
			for _, c := range []color.NRGBA{maroon, ours} {
				if _, _, right, _ := box(img, c, 75); (right > 0) != (c == want) {
					t.Errorf("%s, colour %q: %v is on the sheet: %v", size, colour, c, right > 0)
				}
			}
		}
	}
}

// A picture is in the file once, whatever the number of sheets, and the sheets of an agency
// without a logo have none.
func TestAPictureIsInTheFileOnce(t *testing.T) {
	t.Parallel()
	d := dressed(t, city(t, 20, false))
	shared := d.Catalogue().Agencies[0].Logo
	for i := range 10 {
		again := *shared // as it is read from a store
		d.Catalogue().Agencies[i].Logo = &again
	}
	data := fittedText(t, order(t, d, poster.A6))
	if got, want := bytes.Count(data, []byte("/Subtype /Image")), 1+1+9; got != want {
		t.Errorf("%d pictures for 80 sheets, want %d", got, want)
	}
	if !bytes.Equal(data, fittedText(t, order(t, d, poster.A6))) {
		t.Error("two files of one day differ")
	}
	last := testtools.PDFPages(t, data, 60, "-f", "80", "-l", "80")[0]
	if _, _, right, _ := box(last, blue, 60); right > 0 {
		t.Error("an agency without a logo has that of another one")
	}
	if _, _, right, _ := box(last, red, 60); right == 0 {
		t.Error("the last sheet has no arms")
	}
}

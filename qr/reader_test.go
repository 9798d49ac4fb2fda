package qr_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"persepsi/internal/testtools"
)

// A reader is an independent program that finds a symbol in a picture; none of
// them shares code with what draws the symbols. It returns "" where it finds none.
type reader struct {
	name string
	read func(t *testing.T, img image.Image) string
}

func gozxingReader() reader { return reader{"gozxing", readByGozxing} }

func readByGozxing(t *testing.T, img image.Image) string {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		return ""
	}
	return result.GetText()
}

// zbarReader needs the program zbarimg and skips the test without it.
func zbarReader(t *testing.T) reader {
	t.Helper()
	testtools.Program(t, "zbarimg")
	return reader{"zbarimg", func(t *testing.T, img image.Image) string {
		t.Helper()
		return strings.Join(testtools.Scan(t, img), "\n")
	}}
}

// eachReader runs a test with every reader that is installed.
func eachReader(t *testing.T, test func(t *testing.T, r reader)) {
	t.Helper()
	t.Run("gozxing", func(t *testing.T) {
		t.Parallel()
		test(t, gozxingReader())
	})
	t.Run("zbarimg", func(t *testing.T) {
		t.Parallel()
		test(t, zbarReader(t))
	})
}

// decodePNG opens a picture that the package made.
func decodePNG(t *testing.T, data []byte, err error) image.Image {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// grey copies a picture to one that can be drawn on.
func grey(img image.Image) *image.Gray {
	out := image.NewGray(img.Bounds())
	draw.Draw(out, out.Bounds(), img, img.Bounds().Min, draw.Src)
	return out
}

// raster draws modules as a picture, scale pixels each.
func raster(modules [][]bool, scale int) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, len(modules[0])*scale, len(modules)*scale))
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			shade := color.Gray{Y: 255}
			if modules[y/scale][x/scale] {
				shade.Y = 0
			}
			out.SetGray(x, y, shade)
		}
	}
	return out
}

// rotated turns a picture about its middle on a white sheet that holds all of
// it, as a phone held at an angle sees it: each pixel is mixed from the four
// nearest ones.
func rotated(img *image.Gray, degrees float64) *image.Gray {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	w, h := float64(img.Rect.Dx()), float64(img.Rect.Dy())
	side := int(math.Ceil(math.Hypot(w, h))) + 2
	out := image.NewGray(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			dx, dy := float64(x)+0.5-float64(side)/2, float64(y)+0.5-float64(side)/2
			out.SetGray(x, y, color.Gray{Y: between(img, cos*dx+sin*dy+w/2-0.5, cos*dy-sin*dx+h/2-0.5)})
		}
	}
	return out
}

// between is the shade at a place between pixels; beyond the edge all is white.
func between(img *image.Gray, x, y float64) uint8 {
	at := func(x, y int) float64 {
		if !image.Pt(x, y).In(img.Rect) {
			return 255
		}
		return float64(img.GrayAt(x, y).Y)
	}
	x0, y0 := math.Floor(x), math.Floor(y)
	fx, fy := x-x0, y-y0
	i, j := int(x0), int(y0)
	top := at(i, j)*(1-fx) + at(i+1, j)*fx
	bottom := at(i, j+1)*(1-fx) + at(i+1, j+1)*fx
	return uint8(math.Round(top*(1-fy) + bottom*fy))
}

package raster_test

import (
	"image"
	"image/color"
	"slices"
	"testing"

	"golang.org/x/image/math/f64"

	"persepsi/internal/ink"
	"persepsi/internal/pdf"
	"persepsi/internal/raster"
)

func polygon(closed bool, points ...pdf.Point) (o pdf.Outline) {
	for i, p := range points {
		kind := pdf.Line
		if i == 0 {
			kind = pdf.Move
		}
		o = append(o, pdf.Step{Kind: kind, Points: [3]pdf.Point{p}})
	}
	if closed {
		o = append(o, pdf.Step{Kind: pdf.Close})
	}
	return o
}

// pixels returns what is drawn on an A6.
func pixels(t *testing.T, on func(p *raster.Page)) *image.RGBA {
	t.Helper()
	p := raster.New(pdf.A6(), 75)
	on(p)
	img, ok := p.Image().(*image.RGBA)
	if !ok {
		t.Fatalf("a page is a %T", p.Image())
	}
	return img
}

// dark returns how many pixels of a part, in millimetres, something is drawn on.
func dark(img *image.RGBA, x0, y0, x1, y1 float64) (n int) {
	const dots = 75 / 25.4
	for y := int(y0 * dots); y < int(y1*dots); y++ {
		for x := int(x0 * dots); x < int(x1*dots); x++ {
			if img.RGBAAt(x, y).R < 0x80 {
				n++
			}
		}
	}
	return n
}

// As in a PDF, what is filled is closed, each of its parts by itself.
func TestAnOpenShapeIsFilledAsAClosedOne(t *testing.T) {
	t.Parallel()
	var drawn [2]*image.RGBA
	for i, closed := range []bool{false, true} {
		one := polygon(closed, pdf.Point{X: 10, Y: 10}, pdf.Point{X: 40, Y: 15}, pdf.Point{X: 20, Y: 50})
		two := polygon(closed, pdf.Point{X: 60, Y: 70}, pdf.Point{X: 90, Y: 75}, pdf.Point{X: 70, Y: 130})
		drawn[i] = pixels(t, func(p *raster.Page) { p.Fill(append(one, two...), ink.Black) })
	}
	if !slices.Equal(drawn[0].Pix, drawn[1].Pix) || dark(drawn[0], 0, 0, 50, 60) == 0 || dark(drawn[0], 60, 70, 90, 130) == 0 {
		t.Error("an open shape is not the closed one")
	}
}

// A picture that is cut out of another one is drawn as if it were the whole, turned or not.
func TestAPictureCutOutOfAnotherStandsInItsPlace(t *testing.T) {
	t.Parallel()
	large, whole := image.NewRGBA(image.Rect(0, 0, 60, 50)), image.NewRGBA(image.Rect(0, 0, 20, 10))
	at := image.Pt(30, 25)
	for y := range 10 {
		for x := range 20 {
			c := color.RGBA{uint8(x * 12), uint8(y * 20), 0x40, 0xff}
			whole.SetRGBA(x, y, c)
			large.SetRGBA(at.X+x, at.Y+y, c)
		}
	}
	for name, place := range map[string]f64.Aff3{"upright": {40, 0, 20, 0, 20, 30}, "turned": {10, -20, 50, 30, 15, 20}} {
		var drawn [2]*image.RGBA
		for i, img := range []image.Image{whole, large.SubImage(image.Rectangle{at, at.Add(image.Pt(20, 10))})} {
			drawn[i] = pixels(t, func(p *raster.Page) { p.Picture(img, place) })
		}
		if !slices.Equal(drawn[0].Pix, drawn[1].Pix) || dark(drawn[0], 0, 0, 105, 148) == 0 {
			t.Errorf("%s: the part is drawn otherwise than the whole", name)
		}
	}
}

// The side that closes a shape has dashes as the others have, and is not drawn where it is open.
func TestTheSideThatClosesAShapeHasItsDashes(t *testing.T) {
	t.Parallel()
	for _, closed := range []bool{true, false} {
		square := polygon(closed, pdf.Point{X: 20, Y: 20}, pdf.Point{X: 60, Y: 20}, pdf.Point{X: 60, Y: 60}, pdf.Point{X: 20, Y: 60})
		img := pixels(t, func(p *raster.Page) { p.Stroke(square, ink.Black, 2, []float64{5, 5}) })
		right, left := dark(img, 57, 24, 63, 56), dark(img, 17, 24, 23, 56)
		if right == 0 || closed && (left < right*3/4 || left > right*5/4) || !closed && left != 0 {
			t.Errorf("closed %t: %d pixels of the right side, %d of the left", closed, right, left)
		}
	}
}

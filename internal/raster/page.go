// Package raster draws a printed sheet as pixels: what internal/pdf tells a Painter, so that
// a PNG shows what the PDF does. The same sheet gives the same pixels.
package raster

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/draw"
	"golang.org/x/image/math/f64"
	"golang.org/x/image/vector"

	"persepsi/internal/ink"
	"persepsi/internal/pdf"
)

// Page is a sheet as pixels; it is a pdf.Painter. It takes four bytes a pixel.
type Page struct {
	dots float64 // pixels of a millimetre
	img  *image.RGBA
	area vector.Rasterizer
}

const perInch = 25.4 // millimetres

// New makes a white sheet with so many dots an inch.
func New(size pdf.Size, dots float64) *Page {
	p := &Page{dots: dots / perInch}
	p.img = image.NewRGBA(image.Rect(0, 0, int(math.Round(size.Width*p.dots)), int(math.Round(size.Height*p.dots))))
	draw.Draw(p.img, p.img.Bounds(), image.White, image.Point{}, draw.Src)
	return p
}

// Image returns the sheet as it is drawn so far.
func (p *Page) Image() image.Image { return p.img }

// Fill fills what an outline winds about.
func (p *Page) Fill(o pdf.Outline, c ink.Color) {
	within := p.bounds(o)
	if within.Empty() {
		return
	}
	p.area.Reset(within.Dx(), within.Dy())
	at := func(q pdf.Point) (x, y float32) {
		return float32(q.X*p.dots - float64(within.Min.X)), float32(q.Y*p.dots - float64(within.Min.Y))
	}
	open := false
	for i := range o {
		points := o[i].Used()
		switch o[i].Kind {
		case pdf.Move:
			if open {
				p.area.ClosePath()
			}
			p.area.MoveTo(at(points[0]))
			open = true
		case pdf.Line:
			p.area.LineTo(at(points[0]))
		case pdf.Quad:
			x1, y1 := at(points[0])
			x2, y2 := at(points[1])
			p.area.QuadTo(x1, y1, x2, y2)
		case pdf.Cube:
			x1, y1 := at(points[0])
			x2, y2 := at(points[1])
			x3, y3 := at(points[2])
			p.area.CubeTo(x1, y1, x2, y2, x3, y3)
		case pdf.Close:
			p.area.ClosePath()
			open = false
		}
	}
	if open {
		p.area.ClosePath()
	}
	r, g, b := c.RGB()
	p.area.Draw(p.img, within, image.NewUniform(color.RGBA{r, g, b, 0xff}), image.Point{})
}

// bounds returns the pixels that an outline may touch: of curves those between their points.
func (p *Page) bounds(o pdf.Outline) image.Rectangle {
	left, top, right, bottom := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for i := range o {
		for _, q := range o[i].Used() {
			left, right = min(left, q.X), max(right, q.X)
			top, bottom = min(top, q.Y), max(bottom, q.Y)
		}
	}
	if left > right {
		return image.Rectangle{}
	}
	// What is far outside is cut off before it is made a whole number.
	pixel := func(v float64, most int) int { return int(min(max(v*p.dots, 0), float64(most))) }
	size := p.img.Bounds().Max
	return image.Rect(pixel(left, size.X), pixel(top, size.Y), min(pixel(right, size.X)+1, size.X), min(pixel(bottom, size.Y)+1, size.Y))
}

// Stroke draws a line along an outline.
func (p *Page) Stroke(o pdf.Outline, c ink.Color, width float64, dash []float64) {
	const step = 0.25 // pixels, of the chords of a curve
	p.Fill(stroked(o, width/2, dash, step/p.dots), c)
}

// Picture draws an image where at brings the square between 0 and 1.
func (p *Page) Picture(img image.Image, at f64.Aff3) {
	from := img.Bounds()
	x, y := p.dots/float64(from.Dx()), p.dots/float64(from.Dy())
	place := f64.Aff3{at[0] * x, at[1] * y, at[2] * p.dots, at[3] * x, at[4] * y, at[5] * p.dots}
	// The places are those of an image that begins at 0.
	place[2] -= place[0]*float64(from.Min.X) + place[1]*float64(from.Min.Y)
	place[5] -= place[3]*float64(from.Min.X) + place[4]*float64(from.Min.Y)
	draw.BiLinear.Transform(p.img, place, img, from, draw.Over, nil)
}

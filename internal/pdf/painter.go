package pdf

import (
	"image"
	"math"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/f64"
	"golang.org/x/image/math/fixed"

	"persepsi/internal/ink"
)

// Painter is what a sheet is drawn on beside the file: pixels. Letters reach it as outlines,
// turned and enlarged things where they end up. Places and lengths are millimetres from the
// upper left corner of the sheet.
type Painter interface {
	// Fill fills what an outline winds about.
	Fill(o Outline, c ink.Color)
	// Stroke draws a line along an outline. Dash are the lengths of dashes and gaps in turn;
	// none: a whole line.
	Stroke(o Outline, c ink.Color, width float64, dash []float64)
	// Picture draws an image; at brings the square between 0 and 1, whose upper left corner
	// is the image's, to its place.
	Picture(img image.Image, at f64.Aff3)
}

// Outline is a shape: lines and curves.
type Outline []Step

// Step is a part of an outline. Of its points a Quad uses two and a Cube three, the last of
// them the end; a Close none.
type Step struct {
	Kind   Kind
	Points [3]Point
}

// Point is a place on a sheet.
type Point struct{ X, Y float64 }

// Kind is the kind of a drawing step.
type Kind int

// The kinds: the beginning of a part, a line, Bézier curves of two and three points, and a
// line back to the beginning.
const (
	Move Kind = iota
	Line
	Quad
	Cube
	Close
)

// Used returns the points that the step uses.
func (s *Step) Used() []Point {
	return s.Points[:[...]int{Move: 1, Line: 1, Quad: 2, Cube: 3, Close: 0}[s.Kind]]
}

// Mirror draws what follows on the newest sheet on a painter too. No more than one painter
// does so at a time, and none on the sheet after it.
func (f *File) Mirror(p Painter) { f.mirror.painter, f.mirror.view = p, f64.Aff3{1, 0, 0, 0, 1, 0} }

// mirror is what the painter of a sheet is told, by the lines and colours that the file
// was told last.
type mirror struct {
	painter Painter // nil: none
	view    f64.Aff3
	fill    ink.Color
	stroke  ink.Color
	width   float64
	dash    []float64
}

// within draws with another view, that before it and then this one.
func (m *mirror) within(view f64.Aff3, draw func()) {
	before := *m
	m.view = then(view, m.view)
	draw()
	*m = before
}

// then returns the view that a first and a second make.
func then(first, second f64.Aff3) f64.Aff3 {
	a, b := second, first
	return f64.Aff3{
		a[0]*b[0] + a[1]*b[3], a[0]*b[1] + a[1]*b[4], a[0]*b[2] + a[1]*b[5] + a[2],
		a[3]*b[0] + a[4]*b[3], a[3]*b[1] + a[4]*b[4], a[3]*b[2] + a[4]*b[5] + a[5],
	}
}

// times is how many times as large the view shows things.
func (m *mirror) times() float64 {
	return math.Sqrt(math.Abs(m.view[0]*m.view[4] - m.view[1]*m.view[3]))
}

// shown returns an outline where the view shows it.
func (m *mirror) shown(o Outline) Outline {
	v := m.view
	for i := range o {
		for j, p := range o[i].Points {
			o[i].Points[j] = Point{v[0]*p.X + v[1]*p.Y + v[2], v[3]*p.X + v[4]*p.Y + v[5]}
		}
	}
	return o
}

// draw draws a shape as the file was told to.
func (m *mirror) draw(o Outline, mode Mode) {
	if m.painter == nil {
		return
	}
	o = m.shown(o)
	if mode != Edged {
		m.painter.Fill(o, m.fill)
	}
	if mode != Filled {
		k := m.times()
		dash := make([]float64, len(m.dash))
		for i, d := range m.dash {
			dash[i] = d * k
		}
		m.painter.Stroke(o, m.stroke, m.width*k, dash)
	}
}

// picture draws an image into a box.
func (m *mirror) picture(img func() (image.Image, error), x, y, width, height float64) error {
	if m.painter == nil {
		return nil
	}
	data, err := img()
	if err == nil {
		m.painter.Picture(data, then(f64.Aff3{width, 0, x, 0, height, y}, m.view))
	}
	return err
}

// words draws the letters of a text that stand on y and begin at x.
func (f *File) words(x, y float64, s Style, text string) {
	if f.mirror.painter == nil {
		return
	}
	t := f.fonts[s.Face]
	size := s.Size * perPoint
	var o Outline
	for _, r := range text {
		if i, err := t.known.GlyphIndex(&t.buf, r); err == nil {
			o = append(o, t.glyph(i, x, y, size)...)
		}
		x += float64(f.width(s.Face, r)) / 1000 * size
	}
	f.mirror.painter.Fill(f.mirror.shown(o), s.Color)
}

// glyph returns the shape of a letter so large; one without a shape has none.
func (t *font) glyph(i sfnt.GlyphIndex, x, y, size float64) (o Outline) {
	unit := fixed.I(int(t.known.UnitsPerEm()))
	segments, err := t.known.LoadGlyph(&t.buf, i, unit, nil)
	if err != nil {
		return nil
	}
	kinds := [...]Kind{sfnt.SegmentOpMoveTo: Move, sfnt.SegmentOpLineTo: Line, sfnt.SegmentOpQuadTo: Quad, sfnt.SegmentOpCubeTo: Cube}
	for _, s := range segments {
		step := Step{Kind: kinds[s.Op]}
		for j, p := range s.Args {
			step.Points[j] = Point{x + size*float64(p.X)/float64(unit), y + size*float64(p.Y)/float64(unit)}
		}
		o = append(o, step)
	}
	return o
}

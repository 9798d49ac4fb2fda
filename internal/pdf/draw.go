package pdf

import (
	"fmt"
	"strings"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/math/f64"

	"persepsi/internal/chart"
	"persepsi/internal/ink"
	"persepsi/qr"
)

// Stroke chooses how lines are drawn: their width and the lengths of dashes and gaps in
// millimetres.
func (f *File) Stroke(c ink.Color, width float64, dash ...float64) {
	f.out.SetDrawColor(channels(c))
	f.out.SetLineWidth(width)
	f.out.SetDashPattern(dash, 0)
	f.mirror.stroke, f.mirror.width, f.mirror.dash = c, width, dash
}

// Paint chooses what areas are filled with.
func (f *File) Paint(c ink.Color) {
	f.out.SetFillColor(channels(c))
	f.mirror.fill = c
}

func channels(c ink.Color) (red, green, blue int) {
	r, g, b := c.RGB()
	return int(r), int(g), int(b)
}

// Rule draws a line as Stroke chose.
func (f *File) Rule(x1, y1, x2, y2 float64) {
	f.out.Line(x1, y1, x2, y2)
	f.mirror.draw(straight(false, Point{x1, y1}, Point{x2, y2}), Edged)
}

// Mode says whether a shape is filled, bounded by a line, or both.
type Mode string

// The modes.
const (
	Filled Mode = "F"
	Edged  Mode = "D"
	Both   Mode = "FD"
)

// Box draws an upright rectangle; round is the radius of its corners.
func (f *File) Box(x, y, width, height, round float64, m Mode) {
	if round = min(round, width/2, height/2); round > 0 {
		f.out.RoundedRect(x, y, width, height, round, "1234", string(m))
	} else {
		f.out.Rect(x, y, width, height, string(m))
	}
	f.mirror.draw(rounded(x, y, width, height, round), m)
}

// Mark writes a line in a box, in the middle of a width and smaller where it is long: what
// must be seen before all else, as that figures are not final, or made up. The box is 0.675 mm
// high for each point of the letters.
func (f *File) Mark(text string, x, y, width, size float64, c ink.Color) {
	const pad, least = 3.0, 5.5
	style, words := f.Fit(Style{Face: Bold, Size: size, Color: c}, text, width-2*pad-2, least)
	wide := f.Width(style, words)
	left := x + (width-wide)/2
	f.Stroke(c, 0.3)
	f.Box(left-pad, y, wide+2*pad, 0.675*size, 1.2, Edged)
	f.Text(left, y+0.4625*size, style, words)
}

// Dot draws a circle.
func (f *File) Dot(x, y, radius float64, m Mode) {
	f.out.Circle(x, y, radius, string(m))
	f.mirror.draw(rounded(x-radius, y-radius, 2*radius, 2*radius, radius), m)
}

// Turn draws what is drawn within it turned by 180° about a point.
func (f *File) Turn(x, y float64, draw func()) {
	f.out.TransformBegin()
	f.out.TransformRotate(180, x, y)
	f.mirror.within(f64.Aff3{-1, 0, 2 * x, 0, -1, 2 * y}, draw)
	f.out.TransformEnd()
	f.pen = pen{} // what was told within is forgotten with it
	f.Paint(ink.White)
}

// Enlarge draws what is drawn within it so many times as large, from the upper left corner
// of the sheet. Links keep their places.
func (f *File) Enlarge(times float64, draw func()) {
	const percent = 100
	f.out.TransformBegin()
	f.out.TransformScale(percent*times, percent*times, 0, 0)
	f.enlarged *= times
	f.mirror.within(f64.Aff3{times, 0, 0, 0, times, 0}, draw)
	f.enlarged /= times
	f.out.TransformEnd()
	f.pen = pen{} // what was told within is forgotten with it
	f.Paint(ink.White)
}

// Symbol draws the QR symbol of an address as vectors; its dark part is as wide and high as
// that. The quiet zone of four modules around it is the caller's to keep.
func (f *File) Symbol(address string, x, y, width float64) error {
	rows, err := qr.Modules(address)
	if err != nil {
		return fmt.Errorf("draw a symbol: %w", err)
	}
	// One path in units of modules: no reader of the file leaves seams between them.
	module := width / float64(len(rows))
	var path strings.Builder
	var shape Outline
	fmt.Fprintf(&path, "q 0 g %.5f 0 0 %.5f %.3f %.3f cm\n", module/perPoint, module/perPoint, x/perPoint, (f.sheets[len(f.sheets)-1].Height-y-width)/perPoint)
	for i, row := range rows {
		for j := 0; j < len(row); j++ {
			start := j
			for j < len(row) && row[j] {
				j++
			}
			if j > start {
				fmt.Fprintf(&path, "%d %d %d 1 re\n", start, len(rows)-1-i, j-start)
				shape = append(shape, rounded(x+module*float64(start), y+module*float64(i), module*float64(j-start), module, 0)...)
			}
		}
	}
	path.WriteString("f Q")
	f.out.RawWriteStr(path.String())
	if f.mirror.painter != nil {
		f.mirror.painter.Fill(f.mirror.shown(shape), 0)
	}
	return nil
}

// SymbolWidth returns how wide the symbol of an address must be for its modules, and for
// the whole of it, to be as wide as that at least.
func (*File) SymbolWidth(address string, module, least float64) (float64, error) {
	rows, err := qr.Modules(address)
	if err != nil {
		return 0, fmt.Errorf("measure a symbol: %w", err)
	}
	return max(least, module*float64(len(rows))), nil
}

// Chart draws a drawing with its upper left corner at x and y. Scale 1 is its own size, a
// CSS pixel being a 96th of an inch: letters of 13 pixels are 9.75 points then.
func (f *File) Chart(d *chart.Drawing, x, y, scale float64) {
	k := perPixel * scale
	for _, c := range d.Commands {
		switch c := c.(type) {
		case chart.Path:
			points := make([]Point, len(c.Points))
			for i, p := range c.Points {
				points[i] = Point{x + p.X*k, y + p.Y*k}
			}
			f.shape(ink.Of(c.Role), k, func(m Mode) { f.course(points, c.Closed, m) })
		case chart.Rect:
			f.shape(ink.Of(c.Role), k, func(m Mode) { f.Box(x+c.X*k, y+c.Y*k, c.Width*k, c.Height*k, c.Round*k, m) })
		case chart.Circle:
			f.shape(ink.Of(c.Role), k, func(m Mode) { f.Dot(x+c.X*k, y+c.Y*k, c.Radius*k, m) })
		case chart.Text:
			f.label(c, x+c.X*k, y+c.Y*k, k)
		}
	}
}

// shape draws with the look of a role.
func (f *File) shape(look ink.Look, k float64, draw func(m Mode)) {
	m := Filled
	if look.Stroke != nil {
		dash := make([]float64, len(look.Dash))
		for i, d := range look.Dash {
			dash[i] = d * k
		}
		f.Stroke(*look.Stroke, look.Width*k, dash...)
		m = Edged
	}
	if look.Fill != nil {
		f.Paint(*look.Fill)
		if m == Edged {
			m = Both
		}
	}
	draw(m)
}

// course draws a line through points; only what is closed can be filled.
func (f *File) course(points []Point, closed bool, m Mode) {
	if !closed {
		m = Edged
	}
	f.mirror.draw(straight(closed, points...), m)
	if closed {
		corners := make([]fpdf.PointType, len(points))
		for i, p := range points {
			corners[i] = fpdf.PointType(p)
		}
		f.out.Polygon(corners, string(m))
		return
	}
	for i, p := range points {
		if i == 0 {
			f.out.MoveTo(p.X, p.Y)
		} else {
			f.out.LineTo(p.X, p.Y)
		}
	}
	f.out.DrawPath(string(m))
}

func (f *File) label(c chart.Text, x, y, k float64) {
	look := ink.Of(c.Role)
	s := Style{Size: c.Role.Size() * k / perPoint}
	if look.Fill != nil {
		s.Color = *look.Fill
	}
	if look.Bold {
		s.Face = Bold
	}
	switch c.Anchor {
	case chart.Middle:
		x -= f.Width(s, c.Words) / 2
	case chart.End:
		x -= f.Width(s, c.Words)
	case chart.Start:
	}
	f.Text(x, y, s, c.Words)
}

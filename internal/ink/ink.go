// Package ink is how printed things look: the colours of documents and posters, and what
// the roles of a chart's marks look like on white paper. Every writer of a format takes
// them from here, so that a PDF and a DOCX of the same report look alike. On screens a
// style sheet says the same (chart.css of handlers/view).
package ink

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"persepsi/internal/chart"
)

// Color is red, green and blue, a byte each: 0x146c5f.
type Color uint32

// The colours of print, all legible in grey too.
const (
	Black  Color = 0x16211f // texts
	Soft   Color = 0x4d5b58 // notes, names of values
	Accent Color = 0x146c5f
	Warn   Color = 0x8a4b00
	Edge   Color = 0x84908c // lines that bound something
	Line   Color = 0xd5d9d4 // faint lines
	Band   Color = 0xa8d3c8
	Amber  Color = 0xf0cf9b // the band of what needs a look
	Ghost  Color = 0xeceeea
	White  Color = 0xffffff
)

// Look is how a mark is drawn. Fill and Stroke are nil where there is none. Lengths are
// CSS pixels, those of a chart's commands.
type Look struct {
	Fill, Stroke *Color
	Width        float64
	Dash         []float64 // lengths of line and gap in turn; nil: a whole line
	Bold         bool      // of texts, whose colour is Fill
}

// Of returns the look of a role; every role of chart has one.
func Of(role chart.Role) Look {
	line := func(c Color, width float64, dash ...float64) Look { return Look{Stroke: &c, Width: width, Dash: dash} }
	area := func(c Color) Look { return Look{Fill: &c} }
	edged := func(fill, edge Color, width float64) Look { return Look{Fill: &fill, Stroke: &edge, Width: width} }
	words := func(c Color, bold bool) Look { return Look{Fill: &c, Bold: bold} }
	switch role {
	case chart.Axis:
		return line(Line, 2)
	case chart.Rule:
		return line(Line, 1)
	case chart.Limiting:
		return line(Edge, 1.5)
	case chart.Inside:
		return line(Black, 2)
	case chart.Band:
		return area(Band)
	case chart.BandWarn:
		return area(Amber)
	case chart.Ghost:
		return area(Ghost)
	case chart.Cap, chart.Course:
		return line(Accent, 2)
	case chart.CapWarn, chart.CrossBad:
		return line(Warn, 2)
	case chart.Dot:
		return edged(Accent, White, 1.5)
	case chart.DotWarn, chart.Outside:
		return edged(Warn, White, 1.5)
	case chart.Hollow:
		return edged(White, Soft, 1.5)
	case chart.Control:
		return line(Soft, 1, 5, 4)
	case chart.Break:
		return line(Black, 1.5, 2, 3)
	case chart.Target:
		return line(Black, 2, 4, 3)
	case chart.Bracket:
		return line(Accent, 1.5)
	case chart.Cross:
		return line(Edge, 1.5)
	case chart.Fill:
		return area(Accent)
	case chart.Soft, chart.Rail:
		return edged(Ghost, Edge, 1)
	case chart.Paced:
		return line(Accent, 1.5, 3, 2)
	case chart.Needed:
		return line(Black, 2.5)
	case chart.Label, chart.Small:
		return words(Soft, false)
	case chart.Plain:
		return words(Black, false)
	case chart.Strong:
		return words(Black, true)
	case chart.Amber:
		return words(Warn, true)
	}
	return Look{}
}

// Steps are the shades of a table of counts, the lightest first, and the colour of the
// letters on each.
func Steps() (ground, letters [chart.Steps]Color) {
	const dark Color = 0x0c1614
	return [chart.Steps]Color{0xeef5f2, 0xd3e8e2, Band, 0x5aa797, Accent},
		[chart.Steps]Color{Black, Black, Black, dark, White}
}

// RGB returns red, green and blue.
func (c Color) RGB() (r, g, b uint8) {
	return uint8(c >> 16 & 0xff), uint8(c >> 8 & 0xff), uint8(c & 0xff) //nolint:mnd,gosec // bytes of the number
}

// LeastContrast is what a colour needs on white to be read as text, by WCAG 2 (1.4.3).
const LeastContrast = 4.5

// Parse reads a colour as style sheets write it, "#146c5f"; false: it is none.
func Parse(text string) (Color, bool) {
	digits, ok := strings.CutPrefix(text, "#")
	n, err := strconv.ParseUint(digits, 16, 24)
	if !ok || len(digits) != len("146c5f") || err != nil {
		return 0, false
	}
	return Color(n), true
}

// AccentOf returns the accent of a city's prints: the colour that it names ("#7a1f2b"),
// where it can be read on white, else ours. Charts keep our colours, which mean something.
func AccentOf(colour string) Color {
	if c, ok := Parse(colour); ok && c.Readable() {
		return c
	}
	return Accent
}

// Readable reports whether a colour can be read on white, and white on it.
func (c Color) Readable() bool { return c.Contrast() >= LeastContrast }

// Contrast returns the contrast of a colour with white: from 1 to 21, by the relative luminance of
// WCAG 2. That of #767676 is 4.54, that of #777777 is 4.48.
func (c Color) Contrast() float64 {
	r, g, b := c.RGB()
	linear := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 1.05 / (0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b) + 0.05)
}

// Ground returns the light ground of an accent, on which Black is read as on white.
func (c Color) Ground() Color {
	const part = 0.18 // of the accent
	r, g, b := c.RGB()
	mix := func(v uint8) Color { return Color(math.Round(255 - part*float64(255-v))) }
	return mix(r)<<16 | mix(g)<<8 | mix(b)
}

// Hex writes a colour in six digits, as CSS (after "#") and Office do: "146c5f".
func (c Color) Hex() string { return fmt.Sprintf("%06x", uint32(c)) }

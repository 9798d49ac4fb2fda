package pdf

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/dejavu/dejavusanscondensed"
	"github.com/go-fonts/dejavu/dejavusanscondensedbold"
	"github.com/go-fonts/dejavu/dejavusanscondensedoblique"
	"github.com/go-fonts/dejavu/dejavusansmonobold"
	"golang.org/x/image/font/sfnt"

	"persepsi/internal/ink"
)

// Face is one of the embedded fonts; of each only the letters that a file uses are in it.
type Face int

// The faces. Codes and addresses that are typed are in Code, where no letter is taken for
// another.
const (
	Regular Face = iota
	Bold
	Italic
	Code
	faces
)

// Style is how a text looks. Size is in points.
type Style struct {
	Face  Face
	Size  float64
	Color ink.Color
}

// perPoint is millimetres of a point, perPixel of a CSS pixel.
const (
	perPoint = 25.4 / 72
	perPixel = 25.4 / 96
)

// Leading returns how far the lines of a style stand apart, in millimetres.
func (s Style) Leading() float64 {
	const lines = 1.42
	return s.Size * lines * perPoint
}

// font is a face and what was measured of it.
type font struct {
	family string
	known  *sfnt.Font
	buf    sfnt.Buffer
	widths map[rune]int // thousandths of the letters' size; lacking: none
}

// lacking is the width of a letter that a font has not.
const lacking = -1

// fontData returns the file of a font.
func fontData(face Face) []byte {
	return [faces][]byte{dejavusanscondensed.TTF, dejavusanscondensedbold.TTF, dejavusanscondensedoblique.TTF, dejavusansmonobold.TTF}[face]
}

func load(out *fpdf.Fpdf, face Face) (*font, error) {
	data := fontData(face)
	known, err := sfnt.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("read font %d: %w", face, err)
	}
	f := &font{family: [faces]string{"regular", "bold", "italic", "code"}[face], known: known, widths: map[rune]int{}}
	// A copy, for fpdf writes into what it is given (where letters share a width, getMetrics
	// appends to a part of it): files that are made at once would change each other's font.
	out.AddUTF8FontFromBytes(f.family, "", bytes.Clone(data))
	return f, nil
}

// choose makes a face the one that is written with.
func (f *File) choose(face Face, size float64) {
	if f.pen.known && f.pen.face == face && f.pen.size == size {
		return
	}
	f.out.SetFont(f.fonts[face].family, "", size)
	f.pen.face, f.pen.size, f.pen.known = face, size, true
}

// width returns a letter's width in thousandths of its size, or lacking.
func (f *File) width(face Face, r rune) int {
	t := f.fonts[face]
	w, ok := t.widths[r]
	if ok {
		return w
	}
	w = lacking
	if i, err := t.known.GlyphIndex(&t.buf, r); err == nil && i != 0 && r <= 0xffff {
		f.choose(face, max(f.pen.size, 1))
		w = f.out.GetStringSymbolWidth(string(r))
	}
	t.widths[r] = w
	return w
}

// Clean returns a text as it can be printed: what the fonts lack is a box with a question
// mark, what has no shape (joiners, variants, controls) is left out, line ends stay.
func (f *File) Clean(text string) string {
	clean := true
	for _, r := range text {
		if r < ' ' || r > '~' {
			clean = false
			break
		}
	}
	if clean {
		return text
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r):
			return -1
		case f.width(Regular, r) == lacking:
			return '\ufffd'
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
}

// letter is what a face writes in the place of a letter: those of the text's own face lack
// some that Regular has.
func (f *File) letter(face Face, r rune) rune {
	if f.width(face, r) != lacking {
		return r
	}
	return '\ufffd'
}

// Width returns how wide a text is in one line, in millimetres.
func (f *File) Width(s Style, text string) float64 {
	sum := 0
	for _, r := range f.Clean(text) {
		if r == '\n' {
			continue
		}
		sum += f.width(s.Face, f.letter(s.Face, r))
	}
	return float64(sum) / 1000 * s.Size * perPoint
}

// Text writes one line whose letters stand on y and begin at x.
func (f *File) Text(x, y float64, s Style, text string) {
	text = strings.Map(func(r rune) rune {
		if r == '\n' {
			return -1
		}
		return f.letter(s.Face, r)
	}, f.Clean(text))
	if text == "" {
		return
	}
	f.choose(s.Face, s.Size)
	if f.pen.text != s.Color {
		r, g, b := s.Color.RGB()
		f.out.SetTextColor(int(r), int(g), int(b))
		f.pen.text = s.Color
	}
	f.out.Text(x, y, text)
	f.words(x, y, s, text)
}

// Fit returns a style and a text that stand in a line of that width: the letters are made
// smaller down to the least size, then the text is cut short.
func (f *File) Fit(s Style, text string, width, least float64) (fitting Style, shown string) {
	if w := f.Width(s, text); w > width {
		s.Size = max(least, s.Size*width/w*0.999)
	}
	if f.Width(s, text) <= width {
		return s, text
	}
	letters := []rune(text)
	for len(letters) > 0 && f.Width(s, string(letters)+"…") > width {
		letters = letters[:len(letters)-1]
	}
	return s, strings.TrimRight(string(letters), " ") + "…"
}

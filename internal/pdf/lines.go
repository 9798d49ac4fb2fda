package pdf

import (
	"strings"
	"unicode/utf8"
)

// Span is a piece of a text in one style. Address is where it leads, empty where it is no
// link.
type Span struct {
	Style         Style
	Text, Address string
}

// part is a piece of a word.
type part struct {
	span  Span
	width float64
}

// Lines breaks a text into lines no wider than that. A word that is wider by itself is
// broken between letters; a line end in the text ends a line. An empty text has no lines.
func (f *File) Lines(spans []Span, width float64) [][]Span {
	b := breaker{file: f, room: width}
	for _, s := range spans {
		rest := f.Clean(s.Text)
		for rest != "" {
			i := strings.IndexAny(rest, " \n")
			switch {
			case i < 0:
				b.add(s, rest)
				rest = ""
			case i > 0:
				b.add(s, rest[:i])
				rest = rest[i:]
			default:
				b.word()
				if rest[0] == '\n' {
					b.end()
				} else {
					b.space = &part{Span{s.Style, " ", s.Address}, f.Width(s.Style, " ")}
				}
				rest = rest[1:]
			}
		}
	}
	b.word()
	if len(b.line) > 0 {
		b.end()
	}
	return b.lines
}

// breaker collects the parts of a word, words in a line, and lines.
type breaker struct {
	file  *File
	room  float64
	lines [][]Span
	line  []Span
	used  float64 // of the line
	space *part   // before the word
	parts []part  // of the word
	wide  float64 // the word's width
}

func (b *breaker) add(s Span, text string) {
	s.Text = text
	w := b.file.Width(s.Style, text)
	b.parts, b.wide = append(b.parts, part{s, w}), b.wide+w
}

// word puts the word that was collected into a line.
func (b *breaker) word() {
	if len(b.parts) == 0 {
		return
	}
	parts, wide := b.parts, b.wide
	b.parts, b.wide = nil, 0
	before := 0.0
	if len(b.line) > 0 && b.space != nil {
		before = b.space.width
	}
	const hair = 1e-6
	if len(b.line) > 0 && b.used+before+wide > b.room+hair {
		b.end()
		before = 0
	}
	if before > 0 {
		b.put(*b.space)
	}
	b.space = nil
	for _, p := range parts {
		if b.used+p.width <= b.room+hair {
			b.put(p)
			continue
		}
		b.letters(p.span)
	}
}

// letters puts a piece that is too wide for its line, as many letters a line as it holds.
func (b *breaker) letters(s Span) {
	rest := s.Text
	for rest != "" {
		n, w := 0, 0.0
		for n < len(rest) {
			_, size := utf8.DecodeRuneInString(rest[n:])
			one := b.file.Width(s.Style, rest[n:n+size])
			if b.used+w+one > b.room && (n > 0 || len(b.line) > 0) {
				break
			}
			n, w = n+size, w+one
		}
		if n > 0 {
			b.put(part{Span{s.Style, rest[:n], s.Address}, w})
		}
		if rest = rest[n:]; rest != "" {
			b.end()
		}
	}
}

func (b *breaker) put(p part) {
	if n := len(b.line); n > 0 && b.line[n-1].Style == p.span.Style && b.line[n-1].Address == p.span.Address {
		b.line[n-1].Text += p.span.Text
	} else {
		b.line = append(b.line, p.span)
	}
	b.used += p.width
}

func (b *breaker) end() {
	b.lines = append(b.lines, b.line)
	b.line, b.used, b.space = nil, 0, nil
}

// Align is the side that a line keeps to.
type Align int

// The sides.
const (
	Left Align = iota
	Center
	Right
)

// Line writes one of the lines that Lines returned, at y, in a column of that width.
func (f *File) Line(x, y, width float64, align Align, line []Span) {
	if align != Left {
		used := 0.0
		for _, s := range line {
			used += f.Width(s.Style, s.Text)
		}
		if align == Center {
			x += (width - used) / 2
		} else {
			x += width - used
		}
	}
	for _, s := range line {
		w := f.Width(s.Style, s.Text)
		f.Text(x, y, s.Style, s.Text)
		if s.Address != "" {
			rise := s.Style.Size * perPoint
			f.Link(s.Address, x, y-rise, w, rise*1.3)
			f.Stroke(s.Style.Color, rise/16)
			f.Rule(x, y+rise/8, x+w, y+rise/8)
		}
		x += w
	}
}

package typeset

import (
	"fmt"
	"slices"

	"persepsi/internal/document"
	"persepsi/internal/ink"
	"persepsi/internal/pdf"
)

// picture sets an image as large as it is sharp and fits.
func (s *setter) picture(b document.Picture) []piece {
	p, err := s.file.Picture(b.Data, b.Type)
	if err != nil {
		s.fail(fmt.Errorf("%q: %w", b.Alt, err))
		return nil
	}
	f := frameOf(false)
	w, h := s.file.Within(p, f.width, 0.6*f.height)
	return []piece{{above: 4, height: h, paint: func(x, y float64) { s.file.Place(p, x, y, w, h) }}}
}

// signatures sets who signs beside each other, at most three in a row; none is cut.
func (s *setter) signatures(b document.Signatures) []piece {
	var out []piece
	for group := range slices.Chunk(b.Signers, 3) {
		out = append(out, s.signers(group))
	}
	return out
}

func (s *setter) signers(group []document.Signature) piece {
	const room, gap = 22.0, 8.0 // for a signature and a stamp
	width := frameOf(false).width
	column := (width - gap*float64(max(len(group), 2)-1)) / float64(max(len(group), 2))
	style, name := body(), strong(10)
	broken := func(style pdf.Style, texts ...string) (out [][]pdf.Span) {
		for _, t := range texts {
			out = append(out, s.file.Lines([]pdf.Span{{Style: style, Text: t}}, column)...)
		}
		return out
	}
	above, names, below := 0, 1, 0
	for _, g := range group {
		above = max(above, len(broken(style, g.Above...)))
		names = max(names, len(broken(name, g.Name)))
		below = max(below, len(broken(style, g.Below...)))
	}
	line := style.Leading()
	return piece{above: 10, height: float64(above+names+below)*line + room, paint: func(x, y float64) {
		x += float64(max(len(group), 2)-len(group)) * (column + gap) // one alone stands right
		for _, g := range group {
			at := y + baseline(style)
			write := func(lines [][]pdf.Span) {
				for _, l := range lines {
					s.file.Line(x, at, column, pdf.Left, l)
					at += line
				}
			}
			write(broken(style, g.Above...))
			at = y + float64(above)*line + room + baseline(style)
			if g.Name == "" {
				s.file.Stroke(ink.Black, 0.25)
				s.file.Rule(x, at+0.8, x+min(column, 60), at+0.8)
				at += line
			} else {
				write(broken(name, g.Name))
			}
			write(broken(style, g.Below...))
			x += column + gap
		}
	}}
}

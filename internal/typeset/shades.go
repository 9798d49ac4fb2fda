package typeset

import (
	"persepsi/internal/chart"
	"persepsi/internal/ink"
	"persepsi/internal/pdf"
)

// grid sets counts as shaded cells, the numbers in them.
func (s *setter) grid(g *chart.Grid) []piece {
	width := frameOf(false).width
	name := 0.0
	style := pdf.Style{Size: 8, Color: ink.Soft}
	for _, r := range g.Rows {
		name = max(name, s.file.Width(style, r.Name)+3)
	}
	name = min(name, width/3)
	cell := (width - name) / float64(max(len(g.Columns), 1))
	write := func(x, y, wide float64, side pdf.Align, c ink.Color, text string) {
		one, shown := s.file.Fit(pdf.Style{Size: 8, Color: c}, text, wide, 5)
		s.file.Line(x, y, wide, side, []pdf.Span{{Style: one, Text: shown}})
	}
	const high = 6.5
	head := piece{above: 3, height: 5, tied: true, paint: func(x, y float64) {
		for i, c := range g.Columns {
			write(x+name+float64(i)*cell, y+3.6, cell, pdf.Center, ink.Soft, c)
		}
	}}
	out := []piece{head}
	ground, letters := ink.Steps()
	for i := range g.Rows {
		r := &g.Rows[i]
		out = append(out, piece{height: high, again: &head, paint: func(x, y float64) {
			write(x, y+high*0.65, name-2, pdf.Left, ink.Soft, r.Name)
			for k, c := range r.Cells {
				at, text, on := x+name+float64(k)*cell, c.Text, ink.Soft
				switch {
				case c.Closed != "":
					text = "–"
				case c.Step > 0:
					s.file.Paint(ground[c.Step-1])
					s.file.Box(at+0.25, y+0.25, cell-0.5, high-0.5, 0.6, pdf.Filled)
					on = letters[c.Step-1]
				default:
					s.file.Paint(ink.Ghost)
					s.file.Box(at+0.25, y+0.25, cell-0.5, high-0.5, 0.6, pdf.Filled)
				}
				write(at, y+high*0.65, cell, pdf.Center, on, text)
			}
		}})
	}
	return out
}

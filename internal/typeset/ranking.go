package typeset

import (
	"persepsi/internal/chart"
	"persepsi/internal/ink"
	"persepsi/internal/pdf"
)

// The styles of a ranking.
func rankName() pdf.Style { return pdf.Style{Size: 9, Color: ink.Black} }
func rankNote() pdf.Style { return pdf.Style{Size: 8, Color: ink.Soft} }

// ranks is where the columns of a ranking stand: names, strips on one axis, values, possible
// places and counts.
type ranks struct {
	name, strip, value, places, n float64 // widths in millimetres
}

const rankGap = 3.0

func (r *ranks) stripAt(x float64) float64  { return x + r.name + rankGap }
func (r *ranks) valueAt(x float64) float64  { return r.stripAt(x) + r.strip + rankGap }
func (r *ranks) placesAt(x float64) float64 { return r.valueAt(x) + r.value + rankGap }
func (r *ranks) nAt(x float64) float64      { return r.placesAt(x) + r.places + rankGap }

// ranking sets units on one axis, a row each.
func (s *setter) ranking(r *chart.Ranking) []piece {
	width := frameOf(false).width
	const strips, widest = 0.36, 34.0 // parts of the width, and millimetres
	axis, scale, ok := fitting(r.Head, width*strips)
	c := ranks{}
	if ok {
		c.strip = axis.Width * pixel * scale
	}
	c.value, _ = s.extent(r.Words.Value, strong(8.5))
	_, c.places = s.extent(r.Words.Ranks, strong(8.5))
	c.n, _ = s.extent(r.Words.N, strong(8.5))
	for i := range r.Rows {
		row := &r.Rows[i]
		if row.Index != nil {
			c.value = max(c.value, s.file.Width(strong(9), row.Index.Mean.Text))
		}
		c.places = max(c.places, s.file.Width(rankName(), row.Places))
		c.n = max(c.n, s.file.Width(rankName(), row.N))
	}
	c.places = min(c.places, widest)
	c.name = width - c.strip - c.value - c.places - c.n - 4*rankGap
	head := s.rankHead(r, &c, axis, scale)
	out := []piece{head}
	for i := range r.Rows {
		one := s.rankRow(&r.Rows[i], &c, width)
		if i > 0 {
			one.again = &head
		}
		one.tied = len(r.Rows) > 1 && (i == 0 || i == len(r.Rows)-2)
		out = append(out, one)
	}
	return out
}

// column breaks a text into the lines of a column; high is how much room they take.
func (s *setter) column(style pdf.Style, width float64, text string) (lines [][]pdf.Span, high float64) {
	lines = s.file.Lines([]pdf.Span{{Style: style, Text: text}}, width)
	return lines, float64(len(lines)) * style.Leading()
}

// write writes a text into a column from y downwards; it returns how much room that took.
func (s *setter) write(x, y, width float64, to pdf.Align, style pdf.Style, text string) float64 {
	lines, high := s.column(style, width, text)
	for i, l := range lines {
		s.file.Line(x, y+float64(i)*style.Leading()+baseline(style), width, to, l)
	}
	return high
}

func (s *setter) rankHead(r *chart.Ranking, c *ranks, axis *chart.Drawing, scale float64) piece {
	style := strong(8.5)
	high := 0.0
	for _, one := range []struct {
		width float64
		text  string
	}{{c.name, r.Words.Name}, {c.value, r.Words.Value}, {c.places, r.Words.Ranks}, {c.n, r.Words.N}} {
		_, h := s.column(style, one.width+0.1, one.text)
		high = max(high, h)
	}
	if axis != nil {
		high = max(high, axis.Height*pixel*scale)
	}
	return piece{above: 3, height: high + 1, tied: true, paint: func(x, y float64) {
		s.write(x, y, c.name, pdf.Left, style, r.Words.Name)
		if axis != nil {
			s.file.Chart(axis, c.stripAt(x), y+high-axis.Height*pixel*scale, scale)
		}
		s.write(c.valueAt(x), y, c.value+0.1, pdf.Right, style, r.Words.Value)
		s.write(c.placesAt(x), y, c.places+0.1, pdf.Left, style, r.Words.Ranks)
		s.write(c.nAt(x), y, c.n+0.1, pdf.Right, style, r.Words.N)
	}}
}

func (s *setter) rankRow(row *chart.RankingRow, c *ranks, width float64) piece {
	const padding = 1.2
	_, high := s.column(rankName(), c.name, row.Name)
	_, note := s.column(rankNote(), c.name, row.Note)
	high += note
	said := width - c.name - rankGap
	if row.Index == nil {
		_, h := s.column(rankNote(), said, row.Withheld)
		high = max(high, h)
	} else {
		_, h := s.column(rankName(), c.places+0.1, row.Places)
		high = max(high, h)
	}
	d, scale, drawn := fitting(row.Drawings, c.strip)
	if drawn {
		high = max(high, d.Height*pixel*scale)
	}
	return piece{height: high + 2*padding, paint: func(x, y float64) {
		s.file.Stroke(ink.Line, 0.25)
		s.file.Rule(x, y, x+width, y)
		y += padding
		below := s.write(x, y, c.name, pdf.Left, rankName(), row.Name)
		s.write(x, y+below, c.name, pdf.Left, rankNote(), row.Note)
		if row.Index == nil {
			s.write(c.stripAt(x), y, said, pdf.Left, rankNote(), row.Withheld)
			return
		}
		if drawn { // beside the first line
			s.file.Chart(d, c.stripAt(x), y+max(0, (rankName().Leading()-d.Height*pixel*scale)/2), scale)
		}
		s.write(c.valueAt(x), y, c.value+0.1, pdf.Right, strong(9), row.Index.Mean.Text)
		s.write(c.placesAt(x), y, c.places+0.1, pdf.Left, rankName(), row.Places)
		s.write(c.nAt(x), y, c.n+0.1, pdf.Right, rankName(), row.N)
	}}
}

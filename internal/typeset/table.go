package typeset

import (
	"strings"

	"persepsi/internal/document"
	"persepsi/internal/ink"
	"persepsi/internal/pdf"
)

// grid is the columns of a table as they are set.
type grid struct {
	columns []document.Column
	widths  []float64
	size    float64 // of the letters, in points
	pad     float64 // left and right of a cell's text
	width   float64 // of the table
}

// shortTable is up to how many rows a table is not parted if a page can hold it.
const shortTable = 12

// table sets a table: caption, heads, rows and note.
func (s *setter) table(b document.Table) []piece {
	f := frameOf(b.Landscape)
	g := s.columns(b, f.width)
	var out []piece
	if b.Caption != "" {
		out = s.set(s.file.Lines([]pdf.Span{{Style: strong(11), Text: b.Caption}}, f.width), strong(11), 0, 6)
		for i := range out {
			out[i].tied = true
		}
	}
	head := s.tableHead(g)
	if head != nil {
		one := *head
		one.above, one.tied = 1, len(b.Rows) > 0
		if len(out) == 0 {
			one.above = 4
		}
		out = append(out, one)
	}
	first := len(out)
	for i, r := range b.Rows {
		rows := s.row(g, r, f.height)
		if i == 0 || i == len(b.Rows)-2 || len(b.Rows) <= shortTable {
			rows[len(rows)-1].tied = true // no row stands alone
		}
		for k := range rows {
			rows[k].again = head
		}
		out = append(out, rows...)
	}
	if n := len(out); n > 0 {
		out[n-1].tied = false
		if head != nil && first < n {
			out[first].again = nil // its heads stand above it already
		}
	}
	if b.Note != "" {
		note := s.set(s.file.Lines([]pdf.Span{{Style: small(), Text: b.Note}}, f.width), small(), 0, 1.5)
		if n := len(out); n > 0 && len(note) > 0 {
			out[n-1].tied = true
		}
		out = append(out, note...)
	}
	for i := range out {
		out[i].wide = b.Landscape
	}
	return out
}

// columns gives each column its part of the width, more where others need less, and room
// for its longest word; where the words don't fit all letters get smaller.
func (s *setter) columns(b document.Table, width float64) grid {
	g := grid{columns: b.Columns, width: width, pad: 1.2}
	least, whole := make([]float64, len(b.Columns)), make([]float64, len(b.Columns))
	for _, size := range []float64{9, 8.5, 8, 7.5, 7, 6.5, 6} {
		g.size = size
		sum := 0.0
		for i, c := range b.Columns {
			least[i], whole[i] = s.extent(c.Title, strong(size-0.5))
			for _, r := range b.Rows {
				if i >= len(r.Cells) {
					continue
				}
				word, line := s.extent(r.Cells[i], g.style(r))
				least[i], whole[i] = max(least[i], word), max(whole[i], line)
			}
			const hair = 0.1
			least[i] = min(least[i]+2*g.pad+hair, width/2)
			whole[i] += 2*g.pad + hair
			sum += least[i]
		}
		if sum <= width {
			break
		}
	}
	g.widths = share(b.Columns, least, whole, width)
	return g
}

// extent returns the width of a text's widest word, and that of the text in one line.
func (s *setter) extent(text string, style pdf.Style) (word, line float64) {
	space := s.file.Width(style, " ")
	for i, w := range strings.Fields(text) {
		wide := s.file.Width(style, w)
		word, line = max(word, wide), line+wide
		if i > 0 {
			line += space
		}
	}
	return word, line
}

// share divides a width: to each column its part, or its least or all that it needs; what
// is left goes to those that need more, then to all.
func share(columns []document.Column, least, whole []float64, width float64) []float64 {
	parts, words := 0.0, 0.0
	for i, c := range columns {
		parts, words = parts+part(c), words+least[i]
	}
	if words > width { // they are broken between letters
		for i := range least {
			least[i] *= width / words
		}
	}
	out, need := make([]float64, len(columns)), make([]float64, len(columns))
	sum, more, over := 0.0, 0.0, 0.0
	for i, c := range columns {
		out[i] = max(least[i], min(whole[i], width*part(c)/parts))
		sum += out[i]
		need[i] = max(0, whole[i]-out[i])
		more += need[i]
		over += out[i] - least[i]
	}
	left := width - sum
	for i, c := range columns {
		switch {
		case left < 0 && over > 0: // others' longest words need it
			out[i] += left * (out[i] - least[i]) / over
		case left > 0 && more > left:
			out[i] += left * need[i] / more
		case left > 0:
			out[i] += need[i] + (left-more)*part(c)/parts
		}
	}
	return out
}

// part is a column's part of the width; one that says nothing has as much as the others.
func part(c document.Column) float64 {
	if c.Wide <= 0 {
		return 1
	}
	return c.Wide
}

// style returns the style of a row's letters.
func (g *grid) style(r document.Row) pdf.Style {
	if r.Strong {
		return strong(g.size)
	}
	return pdf.Style{Size: g.size, Color: ink.Black}
}

func side(a document.Align) pdf.Align {
	return [...]pdf.Align{document.Left: pdf.Left, document.Right: pdf.Right, document.Center: pdf.Center}[a]
}

// cells breaks the texts of a row into the lines of its columns.
func (s *setter) cells(g grid, style pdf.Style, texts []string) (broken [][][]pdf.Span, lines int) {
	broken = make([][][]pdf.Span, len(g.columns))
	for i := range g.columns {
		if i < len(texts) {
			broken[i] = s.file.Lines([]pdf.Span{{Style: style, Text: texts[i]}}, g.widths[i]-2*g.pad)
		}
		lines = max(lines, len(broken[i]))
	}
	return broken, max(lines, 1)
}

// tableHead sets the heads of columns; nil: no column has one.
func (s *setter) tableHead(g grid) *piece {
	titles, said := make([]string, len(g.columns)), false
	for i, c := range g.columns {
		titles[i] = c.Title
		said = said || c.Title != ""
	}
	if !said {
		return nil
	}
	style := strong(g.size - 0.5)
	broken, lines := s.cells(g, style, titles)
	height := float64(lines)*style.Leading() + 2.4
	return &piece{height: height, paint: func(x, y float64) {
		s.paintCells(g, broken, x, func(i int) float64 { // they stand on their rule
			return y + 1 + float64(lines-len(broken[i]))*style.Leading() + baseline(style)
		}, style)
		s.file.Stroke(ink.Black, 0.35)
		s.file.Rule(x, y+height, x+g.width, y+height)
	}}
}

// row sets a row as one piece; only one that no page holds is cut, between lines.
func (s *setter) row(g grid, r document.Row, most float64) []piece {
	style := g.style(r)
	broken, lines := s.cells(g, style, r.Cells)
	const padding = 1.5
	whole := max(int((most*0.8-2*padding)/style.Leading()), 1) // the heads may need room too
	var out []piece
	for from := 0; from < lines; from += whole {
		n := min(whole, lines-from)
		part := make([][][]pdf.Span, len(broken))
		for i, b := range broken {
			part[i] = b[min(from, len(b)):min(from+n, len(b))]
		}
		height := float64(n)*style.Leading() + 2*padding
		last := from+n == lines
		out = append(out, piece{height: height, paint: func(x, y float64) {
			s.paintCells(g, part, x, func(int) float64 { return y + padding + baseline(style) }, style)
			if last {
				s.file.Stroke(ink.Line, 0.25)
				s.file.Rule(x, y+height, x+g.width, y+height)
			}
		}})
	}
	return out
}

// paintCells writes the lines of a row's cells; top returns where the first line of a column
// stands.
func (s *setter) paintCells(g grid, broken [][][]pdf.Span, x float64, top func(column int) float64, style pdf.Style) {
	for i, lines := range broken {
		for k, line := range lines {
			s.file.Line(x+g.pad, top(i)+float64(k)*style.Leading(), g.widths[i]-2*g.pad, side(g.columns[i].Align), line)
		}
		x += g.widths[i]
	}
}

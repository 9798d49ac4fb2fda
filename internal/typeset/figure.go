package typeset

import (
	"persepsi/internal/chart"
	"persepsi/internal/document"
)

// millimetres of a CSS pixel.
const pixel = 25.4 / 96

// figure sets a chart with its caption, note and, where that is asked for, its numbers.
func (s *setter) figure(b document.Figure) []piece {
	out := s.lines(document.Plain(b.Caption), strong(11), 0, 6)
	for i := range out {
		out[i].tied = true
	}
	if b.Chart != nil {
		out = append(out, s.chart(b.Chart)...)
	}
	note := s.lines(document.Plain(b.Note), small(), 0, 1.5)
	if len(note) > 0 && len(out) > 0 {
		out[len(out)-1].tied = true
	}
	out = append(out, note...)
	if b.Data && b.Chart != nil && len(b.Chart.Table.Rows) > 0 {
		out = append(out, s.table(numbers(b.Chart.Table))...)
	}
	return out
}

// chart sets what a chart is drawn as: drawings, rows of a ranking or shaded cells.
func (s *setter) chart(c *chart.Chart) []piece {
	var out []piece
	if d, scale, ok := fitting(c.Drawings, frameOf(false).width); ok {
		out = append(out, piece{above: 2, height: d.Height * pixel * scale, paint: func(x, y float64) { s.file.Chart(d, x, y, scale) }})
	}
	if c.Ranking != nil {
		out = append(out, s.ranking(c.Ranking)...)
	}
	if c.Grid != nil {
		out = append(out, s.grid(c.Grid)...)
	}
	return out
}

// fitting returns the widest drawing that a width in millimetres holds. Its letters keep
// their size: only a chart that was drawn for nothing as narrow, or that is higher than a
// page, is made smaller.
func fitting(all []chart.Drawing, width float64) (d *chart.Drawing, scale float64, ok bool) {
	if len(all) == 0 {
		return nil, 0, false
	}
	d = &all[0]
	for i := range all {
		if all[i].Width*pixel <= width+0.01 {
			d = &all[i]
		}
	}
	const least = 0.92 // of a page: its caption stands above it
	return d, min(1, width/(d.Width*pixel), least*frameOf(false).height/(d.Height*pixel)), true
}

// numbers is the table of a chart as one of a document: names left, numbers right. Columns
// that say nothing are left out.
func numbers(t chart.Table) document.Table {
	var out document.Table
	most := len(t.Columns)
	for _, r := range t.Rows {
		most = max(most, len(r))
	}
	out.Rows = make([]document.Row, len(t.Rows))
	for i := range most {
		said := false
		for _, r := range t.Rows {
			said = said || i < len(r) && r[i] != ""
		}
		if !said {
			continue
		}
		c := document.Column{Wide: 1, Align: document.Right}
		if i == 0 {
			c = document.Column{Wide: 2}
		}
		if i < len(t.Columns) {
			c.Title = t.Columns[i]
		}
		out.Columns = append(out.Columns, c)
		for k, r := range t.Rows {
			cell := ""
			if i < len(r) {
				cell = r[i]
			}
			out.Rows[k].Cells = append(out.Rows[k].Cells, cell)
		}
	}
	return out
}

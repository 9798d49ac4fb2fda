package docx

import (
	"persepsi/internal/document"
	"persepsi/internal/ink"
)

// Lengths of the cover, in twips and millimetres.
const (
	emblemHigh = 1020 // 18 mm
	emblemWide = 2 * emblemHigh
	emblemGap  = 230
	symbolRoom = 1700
	symbolSide = 24 // mm
)

// cover writes the first page. The page after it begins by itself: contents and chapters do.
func (x *writer) cover(c *document.Cover) error {
	if err := x.office(c); err != nil {
		return err
	}
	x.paragraph("Title", "", run(c.Title, look{}))
	x.paragraph("Subtitle", "", run(c.Of, look{}))
	x.paragraph("CoverTime", "", run(c.When, look{}))
	if len(c.Finding) > 0 {
		x.paragraph("Finding", "", x.runs(c.Finding))
	}
	if c.Chart != nil {
		if d := widest(c.Chart.Drawings, width(false)); d != nil {
			x.paragraph("Drawing", "", x.drawing(c.Chart, d))
		}
	}
	if c.Note != "" {
		x.paragraph("Small", "", run(c.Note, look{}))
	}
	return x.foot(c)
}

// office writes whose the document is, between the arms at the left and the logo at the right.
func (x *writer) office(c *document.Cover) error {
	// LibreOffice 7.4 shows no words in the charts of a span of pages that begins with a table.
	x.paragraph("Drawing", "", "")
	g := grid{style: "Plain"}
	var row []cell
	rest := width(false)
	emblem := func(p *document.Picture, at document.Align) error {
		if p == nil {
			return nil
		}
		content, wide, err := x.picture(*p, emblemWide, emblemHigh)
		if err != nil {
			return err
		}
		g.widths = append(g.widths, wide+emblemGap)
		row = append(row, cell{style: "TableText", text: content, align: at, middle: true})
		rest -= wide + emblemGap
		return nil
	}
	if err := emblem(c.Arms, document.Left); err != nil {
		return err
	}
	at := len(row)
	g.widths, row = append(g.widths, 0), append(row, cell{})
	if err := emblem(c.Logo, document.Right); err != nil {
		return err
	}
	g.widths[at] = rest
	text := run(c.City, look{bold: true, halves: 25})
	if c.Office != "" {
		text += `<w:r><w:br/></w:r>` + run(c.Office, look{color: ink.Soft.Hex()})
	}
	row[at] = cell{style: "TableText", text: text, middle: true}
	g.rows = [][]cell{row}
	x.grid(g)
	return nil
}

// foot writes what stands beneath the result: regulation, place and day, and where to look
// for what is newer.
func (x *writer) foot(c *document.Cover) error {
	left := cell{style: "Small", text: lines(c.Basis)}
	if c.Age == nil {
		x.paragraph("CoverFoot", "", left.text)
		return nil
	}
	symbol, err := x.symbol(c.Age.Address, symbolSide)
	if err != nil {
		return err
	}
	beside := ""
	for i, l := range c.Age.Lines {
		if i > 0 {
			beside += `<w:r><w:br/></w:r>`
		}
		beside += run(l, look{bold: i == 0})
	}
	x.paragraph("CoverFoot", "", "")
	rest := width(false) - symbolRoom
	x.grid(grid{style: "Plain", widths: []int{rest / 2, symbolRoom, rest - rest/2}, rows: [][]cell{{
		left, {style: "TableText", text: symbol}, {style: "Small", text: beside},
	}}})
	return nil
}

package docx

import (
	"fmt"

	"persepsi/internal/chart"
	"persepsi/internal/document"
	"persepsi/internal/ink"
)

// side is what the schema calls the side to which a cell keeps.
func side(a document.Align) string {
	switch a {
	case document.Right:
		return `<w:jc w:val="right"/>`
	case document.Center:
		return `<w:jc w:val="center"/>`
	default:
		return ""
	}
}

// cell is a cell of a table: its text, and what its paragraph and its ground look like.
type cell struct {
	style, text, ground string
	align               document.Align
	keep                bool // on the page of the next row
	middle              bool // of the row's height
}

// grid is a table whose columns are as wide as they are told, in twips.
type grid struct {
	style  string
	widths []int
	head   bool // the first row names the columns
	rows   [][]cell
}

func (x *writer) grid(g grid) {
	total := 0
	for _, w := range g.widths {
		total += w
	}
	look := `<w:tblLook w:val="0000"/>`
	if g.head {
		look = `<w:tblLook w:val="0020" w:firstRow="1"/>`
	}
	x.write(`<w:tbl><w:tblPr><w:tblStyle w:val="`, g.style, `"/>`, fmt.Sprintf(`<w:tblW w:w="%d" w:type="dxa"/>`, total),
		`<w:tblLayout w:type="fixed"/>`, look, `</w:tblPr><w:tblGrid>`)
	for _, w := range g.widths {
		x.write(fmt.Sprintf(`<w:gridCol w:w="%d"/>`, w))
	}
	x.write(`</w:tblGrid>`)
	for i, row := range g.rows {
		x.write(`<w:tr><w:trPr><w:cantSplit/>`)
		if g.head && i == 0 {
			x.write(`<w:tblHeader/>`)
		}
		x.write(`</w:trPr>`)
		for k, c := range row {
			x.write(fmt.Sprintf(`<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>`, g.widths[k]))
			if c.ground != "" {
				x.write(`<w:shd w:val="clear" w:color="auto" w:fill="`, c.ground, `"/>`)
			}
			if c.middle {
				x.write(`<w:vAlign w:val="center"/>`)
			}
			props := side(c.align)
			if c.keep {
				props = `<w:keepNext/>` + props
			}
			x.write(`</w:tcPr>`)
			x.paragraph(c.style, props, c.text)
			x.write(`</w:tc>`)
		}
		x.write(`</w:tr>`)
	}
	x.write(`</w:tbl>`)
}

// split returns the parts of a width, by the weights of columns.
func split(total int, columns []document.Column) []int {
	sum := 0.0
	for _, c := range columns {
		sum += weight(c)
	}
	out, left := make([]int, len(columns)), total
	for i, c := range columns {
		out[i] = int(float64(total) * weight(c) / sum)
		left -= out[i]
	}
	out[0] += left
	return out
}

// weight is a column's part; one that doesn't tell has that of the others.
func weight(c document.Column) float64 {
	if c.Wide <= 0 {
		return 1
	}
	return c.Wide
}

func (x *writer) table(t document.Table) {
	if t.Caption != "" {
		x.paragraph("Caption", `<w:keepNext/>`, run(t.Caption, look{}))
	}
	g := grid{style: "Numbers", widths: split(width(t.Landscape), t.Columns), head: true}
	var head []cell
	for _, c := range t.Columns {
		head = append(head, cell{style: "TableHead", text: run(c.Title, look{}), align: c.Align, keep: true})
	}
	g.rows = append(g.rows, head)
	for i, r := range t.Rows {
		var row []cell
		for k, text := range r.Cells {
			// The last rows stay together with the sum, and with what is said of the table.
			keep := i >= len(t.Rows)-2 && (i < len(t.Rows)-1 || t.Note != "")
			row = append(row, cell{style: "TableText", text: run(text, look{bold: r.Strong}), align: t.Columns[k].Align, keep: keep})
		}
		g.rows = append(g.rows, row)
	}
	x.grid(g)
	x.paragraph("Small", "", run(t.Note, look{}))
}

// facts are rows of a name and what stands beside it.
func (x *writer) facts(f document.Facts) {
	const name = 2600 // twips: "Jumlah responden" in one line
	g := grid{style: "Plain", widths: []int{name, width(false) - name}}
	for _, r := range f.Rows {
		g.rows = append(g.rows, []cell{
			{style: "TableText", text: run(r.Name, look{color: ink.Soft.Hex()})},
			{style: "TableText", text: x.runs(r.Value)},
		})
	}
	x.grid(g)
	x.paragraph("Small", "", "")
}

// signatures stand beside each other: lines above, room to sign, a name and what is below.
func (x *writer) signatures(s document.Signatures) {
	if len(s.Signers) == 0 {
		return
	}
	// A single one stands on the right half, as letters of offices have it.
	columns := max(len(s.Signers), 2)
	g := grid{style: "Plain"}
	rows := make([][]cell, 3)
	for i := range columns {
		g.widths = append(g.widths, width(false)/columns)
		at := i - (columns - len(s.Signers))
		if at < 0 {
			for k := range rows {
				rows[k] = append(rows[k], cell{style: "TableText", keep: k < 2})
			}
			continue
		}
		who, name := s.Signers[at], s.Signers[at].Name
		if name == "" {
			name = "................................................"
		}
		rows[0] = append(rows[0], cell{style: "Signature", text: lines(who.Above), keep: true})
		rows[1] = append(rows[1], cell{style: "SignatureRoom", keep: true})
		rows[2] = append(rows[2], cell{style: "Signature", text: run(name, look{bold: who.Name != ""}) + lines(append([]string{""}, who.Below...))})
	}
	g.rows = rows
	x.grid(g)
	x.paragraph("Small", "", "")
}

// lines returns lines below each other.
func lines(all []string) string {
	out := ""
	for i, l := range all {
		if i > 0 {
			out += `<w:r><w:br/></w:r>`
		}
		if l != "" {
			out += run(l, look{})
		}
	}
	return out
}

// shaded writes a table whose cells are the darker the more they count.
func (x *writer) shaded(c *chart.Grid) {
	ground, letters := ink.Steps()
	const most = 5 // times as wide as a column of counts may the names be
	columns := []document.Column{{Wide: 2}}
	head := []cell{{style: "TableHead"}}
	for _, title := range c.Columns {
		columns = append(columns, document.Column{Wide: 1})
		head = append(head, cell{style: "TableHead", text: run(title, look{}), align: document.Center})
	}
	if len(c.Columns) < most {
		columns[0].Wide = 1
	}
	g := grid{style: "Numbers", widths: split(width(false), columns), head: true, rows: [][]cell{head}}
	for _, r := range c.Rows {
		row := []cell{{style: "TableText", text: run(r.Name, look{})}}
		for _, v := range r.Cells {
			at := cell{style: "TableText", align: document.Center, ground: ink.Ghost.Hex(), text: run(v.Text, look{color: ink.Soft.Hex()})}
			switch {
			case v.Closed != "":
				at.text = run("–", look{color: ink.Soft.Hex()})
			case v.Step > 0:
				at.ground = ground[v.Step-1].Hex()
				at.text = run(v.Text, look{color: letters[v.Step-1].Hex()})
			}
			row = append(row, at)
		}
		g.rows = append(g.rows, row)
	}
	x.grid(g)
	x.paragraph("Small", "", "") // tables without a paragraph between them are one
}

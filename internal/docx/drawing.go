package docx

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg" // of pictures that a city gave
	_ "image/png"
	"math"
	"strings"
	"unicode/utf8"

	"persepsi/internal/chart"
	"persepsi/internal/document"
	"persepsi/internal/ink"
	"persepsi/qr"
)

// Lengths of drawings are EMU: 914,400 an inch, 9,525 a CSS pixel.
const (
	emuPerPixel = 9525
	emuPerTwip  = 635
	emuPerMM    = 36000
)

// pictureHigh is how high a picture between texts may be, in twips.
const pictureHigh = 8500 // 150 mm

func emu(pixels float64) int { return int(math.Round(pixels * emuPerPixel)) }

// figure writes a chart with its caption, its note and, where asked, the table of its numbers.
func (x *writer) figure(f document.Figure) {
	c := f.Chart
	if f.Caption != "" {
		x.paragraph("Caption", `<w:keepNext/>`, run(f.Caption, look{}))
	}
	d := widest(c.Drawings, width(false))
	switch {
	case d != nil:
		keep := `<w:keepNext/>`
		if f.Note == "" && !f.Data {
			keep = ""
		}
		x.paragraph("Drawing", keep, x.drawing(c, d))
	case c.Grid != nil:
		x.shaded(c.Grid)
	}
	if f.Note != "" {
		x.paragraph("Small", "", run(f.Note, look{}))
	}
	if len(c.Table.Rows) > 0 && (f.Data || d == nil && c.Grid == nil) {
		x.table(numbers(c.Table))
	}
}

// numbers returns the table of a chart, which has rows. One without heads has a name and a
// number a row.
func numbers(t chart.Table) document.Table {
	heads := t.Columns
	if len(heads) == 0 {
		heads = make([]string, len(t.Rows[0]))
	}
	var out document.Table
	for i, h := range heads {
		c := document.Column{Title: h, Align: document.Right, Wide: 1}
		if i == 0 {
			c.Align, c.Wide = document.Left, 2.5
		}
		out.Columns = append(out.Columns, c)
	}
	for _, r := range t.Rows {
		cells := make([]string, len(heads))
		copy(cells, r)
		out.Rows = append(out.Rows, document.Row{Cells: cells})
	}
	return out
}

// widest returns the widest drawing that has room, else the narrowest; nil: there is none.
func widest(all []chart.Drawing, room int) *chart.Drawing {
	var out *chart.Drawing
	for i := range all {
		if out == nil || all[i].Width*twipsPerPixel <= float64(room) {
			out = &all[i]
		}
	}
	return out
}

// drawing returns a run with a chart as a group of shapes. Programs that know no groups show
// its description.
func (x *writer) drawing(c *chart.Chart, d *chart.Drawing) string {
	w, h := emu(d.Width), emu(d.Height)
	var shapes strings.Builder
	for _, command := range d.Commands {
		switch m := command.(type) {
		case chart.Rect:
			shapes.WriteString(x.shape(m.X, m.Y, m.Width, m.Height, corner(m), ink.Of(m.Role)))
		case chart.Circle:
			shapes.WriteString(x.shape(m.X-m.Radius, m.Y-m.Radius, 2*m.Radius, 2*m.Radius, preset("ellipse"), ink.Of(m.Role)))
		case chart.Path:
			left, top, wide, high, outline := course(m)
			shapes.WriteString(x.shape(left, top, wide, high, outline, ink.Of(m.Role)))
		case chart.Text:
			shapes.WriteString(x.words(m))
		}
	}
	return `<w:r><mc:AlternateContent><mc:Choice Requires="wpg"><w:drawing>` + inline(w, h, x.id(), c.Title, c.Desc) +
		`<a:graphic xmlns:a="` + nsDrawing + `"><a:graphicData uri="` + nsGroup + `"><wpg:wgp><wpg:cNvGrpSpPr/><wpg:grpSpPr><a:xfrm><a:off x="0" y="0"/>` +
		fmt.Sprintf(`<a:ext cx="%d" cy="%d"/><a:chOff x="0" y="0"/><a:chExt cx="%d" cy="%d"/>`, w, h, w, h) +
		`</a:xfrm></wpg:grpSpPr>` + shapes.String() + `</wpg:wgp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice>` +
		`<mc:Fallback><w:t>` + escape(c.Desc) + `</w:t></mc:Fallback></mc:AlternateContent></w:r>`
}

// inline begins a drawing that stands in a line of text, with its name and what it shows.
func inline(w, h, id int, title, desc string) string {
	return `<wp:inline distT="0" distB="0" distL="0" distR="0">` + fmt.Sprintf(`<wp:extent cx="%d" cy="%d"/>`, w, h) +
		fmt.Sprintf(`<wp:docPr id="%d" name="%s" descr="%s"/>`, id, escape(title), escape(desc)) + `<wp:cNvGraphicFramePr/>`
}

func preset(name string) string { return `<a:prstGeom prst="` + name + `"><a:avLst/></a:prstGeom>` }

// corner returns the outline of a rectangle. The radius is told by parts of 100,000 of its
// shorter side.
func corner(r chart.Rect) string {
	if r.Round <= 0 {
		return preset("rect")
	}
	part := min(50_000, int(100_000*r.Round/max(min(r.Width, r.Height), 1)))
	return fmt.Sprintf(`<a:prstGeom prst="roundRect"><a:avLst><a:gd name="adj" fmla="val %d"/></a:avLst></a:prstGeom>`, part)
}

// course returns where a path is and its outline.
func course(p chart.Path) (left, top, wide, high float64, outline string) {
	left, top = p.Points[0].X, p.Points[0].Y
	right, bottom := left, top
	for _, q := range p.Points {
		left, right, top, bottom = min(left, q.X), max(right, q.X), min(top, q.Y), max(bottom, q.Y)
	}
	wide, high = right-left, bottom-top
	out := fmt.Sprintf(`<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/><a:rect l="0" t="0" r="r" b="b"/><a:pathLst><a:path w="%d" h="%d">`, emu(wide), emu(high))
	for i, q := range p.Points {
		step := "lnTo"
		if i == 0 {
			step = "moveTo"
		}
		out += fmt.Sprintf(`<a:%s><a:pt x="%d" y="%d"/></a:%s>`, step, emu(q.X-left), emu(q.Y-top), step)
	}
	if p.Closed {
		out += `<a:close/>`
	}
	return left, top, wide, high, out + `</a:path></a:pathLst></a:custGeom>`
}

// shape returns a shape of a group.
func (x *writer) shape(left, top, wide, high float64, outline string, l ink.Look) string {
	fill, line := `<a:noFill/>`, `<a:ln><a:noFill/></a:ln>`
	if l.Fill != nil {
		fill = solid(*l.Fill)
	}
	if l.Stroke != nil {
		dash := ""
		for i := 0; i+1 < len(l.Dash); i += 2 {
			dash += fmt.Sprintf(`<a:ds d="%.0f" sp="%.0f"/>`, 100_000*l.Dash[i]/l.Width, 100_000*l.Dash[i+1]/l.Width)
		}
		if dash != "" {
			dash = `<a:custDash>` + dash + `</a:custDash>`
		}
		line = fmt.Sprintf(`<a:ln w="%d" cap="flat">%s%s<a:round/></a:ln>`, emu(l.Width), solid(*l.Stroke), dash)
	}
	return x.wsp(left, top, wide, high, outline+fill+line, "", `<wps:bodyPr/>`)
}

func solid(c ink.Color) string {
	return `<a:solidFill><a:srgbClr val="` + c.Hex() + `"/></a:solidFill>`
}

// wsp returns one shape of a group with what is in it.
func (x *writer) wsp(left, top, wide, high float64, looks, content, body string) string {
	id := x.id()
	kind := `<wps:cNvSpPr/>`
	if content != "" {
		kind = `<wps:cNvSpPr txBox="1"/>`
	}
	return fmt.Sprintf(`<wps:wsp><wps:cNvPr id="%d" name="%d"/>`, id, id) + kind +
		fmt.Sprintf(`<wps:spPr><a:xfrm><a:off x="%d" y="%d"/><a:ext cx="%d" cy="%d"/></a:xfrm>`, emu(left), emu(top), emu(wide), emu(high)) +
		looks + `</wps:spPr>` + content + body + `</wps:wsp>`
}

// Of the letters of the document's font: how far the highest reach above their line, how
// high a line is, and how wide a letter is at most on the average, by their size.
const (
	ascent     = 0.905
	lineHeight = 1.2
	letter     = 0.66
	halfPoints = 1.5 // a pixel
)

// words returns a line of words as a box without borders, wide enough for them.
func (x *writer) words(t chart.Text) string {
	size := t.Role.Size()
	l := ink.Of(t.Role)
	wide := size * (letter*float64(utf8.RuneCountInString(t.Words)) + 1)
	left, side := t.X, ""
	switch t.Anchor {
	case chart.Middle:
		left, side = t.X-wide/2, `<w:jc w:val="center"/>`
	case chart.End:
		left, side = t.X-wide, `<w:jc w:val="right"/>`
	}
	color := ""
	if l.Fill != nil {
		color = l.Fill.Hex()
	}
	content := `<wps:txbx><w:txbxContent><w:p><w:pPr><w:pStyle w:val="ChartText"/>` + side + `</w:pPr>` +
		run(t.Words, look{bold: l.Bold, color: color, halves: int(size * halfPoints)}) + `</w:p></w:txbxContent></wps:txbx>`
	return x.wsp(left, t.Y-ascent*size, wide, lineHeight*size+1, preset("rect")+`<a:noFill/><a:ln><a:noFill/></a:ln>`, content,
		`<wps:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"><a:noAutofit/></wps:bodyPr>`)
}

// sharpest is how large a pixel of a picture may be: 150 are an inch.
const sharpest = 914_400 / 150 // EMU

// picture returns a run with an image as large as it is sharp and has room, and how wide it
// is. All lengths are twips.
func (x *writer) picture(p document.Picture, room, high int) (content string, wide int, err error) {
	at, _, err := image.DecodeConfig(bytes.NewReader(p.Data))
	if err != nil || at.Width == 0 || at.Height == 0 || ending(p.Type) == "" {
		return "", 0, fmt.Errorf("picture %q is no PNG and no JPEG: %w", p.Alt, err)
	}
	k := min(sharpest, float64(room*emuPerTwip)/float64(at.Width), float64(high*emuPerTwip)/float64(at.Height))
	w, h := int(k*float64(at.Width)), int(k*float64(at.Height))
	return x.image(p, w, h), (w + emuPerTwip - 1) / emuPerTwip, nil
}

// ending returns the ending of the file that holds a picture; empty: it may be none.
func ending(kind string) string {
	return map[string]string{"image/png": "png", "image/jpeg": "jpeg"}[kind]
}

// image returns a run with a picture of a size in EMU.
func (x *writer) image(p document.Picture, w, h int) string {
	x.media = append(x.media, p)
	name := fmt.Sprintf("image%d.%s", len(x.media), ending(p.Type))
	rel := x.relation("image", "media/"+name, false)
	id := x.id()
	return `<w:r><w:drawing>` + inline(w, h, id, name, p.Alt) + `<a:graphic xmlns:a="` + nsDrawing + `"><a:graphicData uri="` + nsPicture + `"><pic:pic xmlns:pic="` + nsPicture + `">` +
		fmt.Sprintf(`<pic:nvPicPr><pic:cNvPr id="%d" name="%s"/><pic:cNvPicPr/></pic:nvPicPr>`, id, name) +
		`<pic:blipFill><a:blip r:embed="` + rel + `"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>` +
		fmt.Sprintf(`<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%d" cy="%d"/></a:xfrm>`, w, h) + preset("rect") +
		`</pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`
}

// symbol returns a run with the symbol of an address, some millimetres wide.
func (x *writer) symbol(address string, millimetres int) (string, error) {
	const pixels = 492 // 12 a module of the usual symbol
	png, err := qr.PNG(address, pixels)
	if err != nil {
		return "", err
	}
	side := millimetres * emuPerMM
	return x.image(document.Picture{Data: png, Type: "image/png", Alt: address}, side, side), nil
}

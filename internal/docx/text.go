package docx

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"persepsi/internal/document"
)

// escape returns a text as XML holds it. What no XML may hold becomes the sign for that.
func escape(s string) string {
	var out strings.Builder
	_ = xml.EscapeText(&out, []byte(s)) // a Builder takes everything
	return out.String()
}

// look is how a piece of a text differs from the style of its paragraph.
type look struct {
	style, color string
	bold, italic bool
	halves       int // of a point; 0: as the style has it
}

// run returns a piece of a text. A new line in it is one in the document.
func run(text string, l look) string {
	props := ""
	if l.style != "" {
		props += `<w:rStyle w:val="` + l.style + `"/>`
	}
	if l.bold {
		props += `<w:b/>`
	}
	if l.italic {
		props += `<w:i/>`
	}
	if l.color != "" {
		props += `<w:color w:val="` + l.color + `"/>`
	}
	if l.halves > 0 {
		props += fmt.Sprintf(`<w:sz w:val="%d"/>`, l.halves)
	}
	if props != "" {
		props = `<w:rPr>` + props + `</w:rPr>`
	}
	out := `<w:r>` + props
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			out += `<w:br/>`
		}
		out += `<w:t xml:space="preserve">` + escape(line) + `</w:t>`
	}
	return out + `</w:r>`
}

// runs returns a text of several pieces.
func (x *writer) runs(all []document.Run) string {
	out := ""
	for _, r := range all {
		l := look{bold: r.Bold, italic: r.Italic}
		if r.Address == "" {
			out += run(r.Text, l)
			continue
		}
		l.style = "Hyperlink"
		out += `<w:hyperlink r:id="` + x.relation("hyperlink", r.Address, true) + `">` + run(r.Text, l) + `</w:hyperlink>`
	}
	return out
}

// paragraph writes a paragraph of a style; props are its other properties, in the order of
// the schema.
func (x *writer) paragraph(style, props, content string) {
	x.write(`<w:p><w:pPr><w:pStyle w:val="`, style, `"/>`, props, `</w:pPr>`, content, `</w:p>`)
}

// bookmark returns the name that a section's heading has for links.
func bookmark(section int) string { return "_Toc" + strconv.Itoa(section+1) }

func (x *writer) section(i int) error {
	s := &x.doc.Sections[i]
	x.turn(false)
	props := ""
	if s.Apart {
		props = `<w:pageBreakBefore/>`
	}
	n := x.id()
	mark := fmt.Sprintf(`<w:bookmarkStart w:id="%d" w:name="%s"/>%s<w:bookmarkEnd w:id="%d"/>`, n, bookmark(i), run(s.Title, look{}), n)
	x.paragraph(fmt.Sprintf("Heading%d", s.Level), props, mark)
	for _, b := range s.Blocks {
		if err := x.block(b); err != nil {
			return err
		}
		x.doc.Pause()
	}
	return nil
}

func (x *writer) block(b document.Block) error {
	if t, ok := b.(document.Table); ok && t.Landscape {
		x.turn(true)
	} else {
		x.turn(false)
	}
	switch b := b.(type) {
	case document.Paragraph:
		style := "BodyText"
		switch {
		case b.Quote:
			style = "Quote"
		case b.Small:
			style = "Small"
		}
		x.paragraph(style, "", x.runs(b.Runs))
	case document.List:
		x.list(b)
	case document.Table:
		x.table(b)
	case document.Figure:
		x.figure(b)
	case document.Facts:
		x.facts(b)
	case document.Picture:
		content, _, err := x.picture(b, width(false), pictureHigh)
		if err != nil {
			return err
		}
		x.paragraph("BodyText", "", content)
	case document.Signatures:
		x.signatures(b)
	default:
		return fmt.Errorf("a %T can't be written", b)
	}
	return nil
}

// The numbering of lists: the first is of dots, each further one counts from 1.
const dots = 1

func (x *writer) list(l document.List) {
	style, numbering := "ListBullet", dots
	if l.Numbered {
		x.numbered++
		style, numbering = "ListNumber", dots+x.numbered
	}
	for _, item := range l.Items {
		x.paragraph(style, fmt.Sprintf(`<w:numPr><w:ilvl w:val="0"/><w:numId w:val="%d"/></w:numPr>`, numbering), x.runs(item))
	}
}

// field returns one that Word computes; until then it shows a text.
func field(instruction, shown string) string {
	return `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> ` + instruction +
		` </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>` + run(shown, look{}) + `<w:r><w:fldChar w:fldCharType="end"/></w:r>`
}

// contents lists the chapters and their parts with their pages, which only the program that
// sets the pages knows: it is told to look when the file is opened.
func (x *writer) contents() {
	x.paragraph("ContentsHeading", `<w:pageBreakBefore/>`, run(x.doc.Contents, look{}))
	begin := `<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r><w:r><w:instrText xml:space="preserve"> TOC \o "1-2" \h \z \u </w:instrText></w:r>` +
		`<w:r><w:fldChar w:fldCharType="separate"/></w:r>`
	for i := range x.doc.Sections {
		s := &x.doc.Sections[i]
		if s.Level > contentsLevels {
			continue
		}
		entry := `<w:hyperlink w:anchor="` + bookmark(i) + `" w:history="1">` + run(s.Title, look{}) + `<w:r><w:tab/></w:r>` +
			field("PAGEREF "+bookmark(i)+` \h`, "–") + `</w:hyperlink>`
		x.paragraph(fmt.Sprintf("TOC%d", s.Level), "", begin+entry)
		begin = ""
	}
	x.paragraph("Small", "", begin+`<w:r><w:fldChar w:fldCharType="end"/></w:r>`)
}

// contentsLevels is how deep the contents go.
const contentsLevels = 2

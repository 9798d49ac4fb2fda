// Package docx writes a document.Document as a file of Word (Office Open XML, ECMA-376,
// "transitional"): real styles, contents, header and footer, tables whose heads repeat, and
// charts as groups of shapes that can be edited. Nothing in it is a picture of a text.
//
// The same document gives the same bytes: times are those of its figures.
package docx

import (
	"archive/zip"
	"fmt"
	"io"
	"strings"

	"persepsi/internal/document"
)

// Lengths of the page: A4, and margins that leave room for a binding on the left. A twip is
// a twentieth of a point, 1440 an inch.
const (
	pageShort = 11906 // 210 mm
	pageLong  = 16838 // 297 mm
	marginTop = 1247  // 22 mm
	marginIn  = 1361  // 24 mm, at the binding
	marginOut = 964   // 17 mm

	twipsPerPixel = 15 // of CSS, 96 an inch
)

// width returns the room for text, in twips.
func width(landscape bool) int {
	if landscape {
		return pageLong - marginIn - marginOut
	}
	return pageShort - marginIn - marginOut
}

// writer holds what is written of a document so far.
type writer struct {
	doc      *document.Document
	body     strings.Builder
	links    []link
	media    []document.Picture
	ids      int // of drawings, bookmarks and what else needs a number of its own
	numbered int // lists that count from 1
	sideways bool
	spans    int // of pages that ended, upright or on their side
}

// link is where a relation of the document leads.
type link struct {
	kind, target string
	outside      bool
}

// Write writes a document. Errors: those of w; a picture of another type than PNG and JPEG;
// an address that no symbol can hold.
func Write(w io.Writer, d *document.Document) error {
	x := &writer{doc: d}
	if err := x.all(); err != nil {
		return fmt.Errorf("write %q as DOCX: %w", d.Title, err)
	}
	pack := zip.NewWriter(w)
	for _, p := range x.parts() {
		part, err := pack.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate, Modified: d.At.UTC()})
		if err != nil {
			return fmt.Errorf("write %q as DOCX: %w", d.Title, err)
		}
		if _, err := part.Write(p.data); err != nil {
			return fmt.Errorf("write %q as DOCX: %w", d.Title, err)
		}
		d.Pause()
	}
	if err := pack.Close(); err != nil {
		return fmt.Errorf("write %q as DOCX: %w", d.Title, err)
	}
	return nil
}

func (x *writer) all() error {
	if x.doc.Cover != nil {
		if err := x.cover(x.doc.Cover); err != nil {
			return err
		}
	}
	if x.doc.Contents != "" {
		x.contents()
	}
	for i := range x.doc.Sections {
		if err := x.section(i); err != nil {
			return fmt.Errorf("section %q: %w", x.doc.Sections[i].ID, err)
		}
	}
	x.turn(false)
	return nil
}

// id returns a number that nothing else of the document has.
func (x *writer) id() int {
	x.ids++
	return x.ids
}

// relation returns the name by which the document's text speaks of what is elsewhere.
func (x *writer) relation(kind, target string, outside bool) string {
	for i, l := range x.links {
		if l == (link{kind, target, outside}) {
			return fmt.Sprintf("rId%d", i+firstRelation)
		}
	}
	x.links = append(x.links, link{kind, target, outside})
	return fmt.Sprintf("rId%d", len(x.links)-1+firstRelation)
}

// turn begins a sheet upright or on its side where the last one was the other way.
func (x *writer) turn(sideways bool) {
	if x.sideways == sideways {
		return
	}
	x.write(`<w:p><w:pPr><w:pStyle w:val="Small"/>`, x.sheet(x.sideways), `</w:pPr></w:p>`)
	x.sideways = sideways
	x.spans++
}

// sheet returns the properties of a span of pages.
func (x *writer) sheet(sideways bool) string {
	w, h, way := pageShort, pageLong, ""
	if sideways {
		w, h, way = pageLong, pageShort, ` w:orient="landscape"`
	}
	out := `<w:sectPr><w:headerReference w:type="default" r:id="rId1"/><w:headerReference w:type="first" r:id="rId2"/>` +
		`<w:footerReference w:type="default" r:id="rId3"/><w:footerReference w:type="first" r:id="rId4"/>` +
		fmt.Sprintf(`<w:pgSz w:w="%d" w:h="%d"%s/>`, w, h, way) +
		fmt.Sprintf(`<w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="680" w:footer="567" w:gutter="0"/>`,
			marginTop, marginOut, marginTop, marginIn)
	if x.doc.Cover != nil && x.spans == 0 { // only the first span of pages has the cover
		out += `<w:titlePg/>`
	}
	return out + `</w:sectPr>`
}

func (x *writer) write(parts ...string) {
	for _, p := range parts {
		x.body.WriteString(p)
	}
}

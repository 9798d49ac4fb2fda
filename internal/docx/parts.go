package docx

import (
	_ "embed"
	"fmt"
	"strings"
	"time"

	"persepsi/internal/ink"
)

// The namespaces of what is written.
const (
	nsDrawing  = "http://schemas.openxmlformats.org/drawingml/2006/main"
	nsPicture  = "http://schemas.openxmlformats.org/drawingml/2006/picture"
	nsGroup    = "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup"
	nsWord     = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	nsRelation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	nsPackage  = "http://schemas.openxmlformats.org/package/2006/"

	declared = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	wordKind = "application/vnd.openxmlformats-officedocument.wordprocessingml."

	all = ` xmlns:w="` + nsWord + `" xmlns:r="` + nsRelation + `" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"` +
		` xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wpg="` + nsGroup + `"` +
		` xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"`
)

// firstRelation is the number after those that every document has: two headers, two footers,
// styles, numbering, settings.
const firstRelation = 8

//go:embed styles.xml
var styles string

// part is a file of the package.
type part struct {
	name string
	data []byte
}

func (x *writer) parts() []part {
	file := func(name, content string) part { return part{name, []byte(declared + content)} }
	out := []part{
		file("[Content_Types].xml", contentTypes),
		file("_rels/.rels", rootRelations),
		file("docProps/core.xml", x.core()),
		file("word/document.xml", `<w:document`+all+`><w:body>`+x.body.String()+x.sheet(false)+`</w:body></w:document>`),
		file("word/_rels/document.xml.rels", x.relations()),
		file("word/styles.xml", x.styles()),
		file("word/numbering.xml", x.numbering()),
		file("word/settings.xml", `<w:settings xmlns:w="`+nsWord+`"><w:defaultTabStop w:val="567"/>`+
			`<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>`),
		file("word/header1.xml", x.header()),
		file("word/header2.xml", `<w:hdr`+all+`>`+x.draft()+`</w:hdr>`),
		file("word/footer1.xml", x.footer()),
		file("word/footer2.xml", `<w:ftr`+all+`>`+x.marked(x.doc.Demo, "Footer")+`</w:ftr>`),
	}
	for i, p := range x.media {
		out = append(out, part{fmt.Sprintf("word/media/image%d.%s", i+1, ending(p.Type)), p.Data})
	}
	return out
}

// draft is what every page of an unfinished document says; an empty line else.
func (x *writer) draft() string { return x.marked(x.doc.Draft, "Header") }

// marked is what every page says of the whole document, in a style; an empty line where it
// says nothing.
func (x *writer) marked(words, style string) string {
	if words == "" {
		return `<w:p/>`
	}
	return `<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>` + run(words, look{bold: true, color: ink.Warn.Hex()}) + `</w:p>`
}

func (x *writer) header() string {
	out := `<w:hdr` + all + `>`
	if x.doc.Draft != "" {
		out += x.draft()
	}
	return out + `<w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr>` + run(x.doc.Head[0], look{}) + `<w:r><w:tab/></w:r>` + run(x.doc.Head[1], look{}) + `</w:p></w:hdr>`
}

// footer says which page it is of how many, in the words of the document around the fields
// that Word counts.
func (x *writer) footer() string {
	const page, pages = 71_001, 71_002 // stand where the counts will; no document has as many
	said := x.doc.PageOf(page, pages)
	content := ""
	for said != "" {
		at, of, what := len(said), 0, ""
		for n, instruction := range map[int]string{page: "PAGE", pages: "NUMPAGES"} {
			if i := strings.Index(said, fmt.Sprint(n)); i >= 0 && i < at {
				at, of, what = i, n, instruction
			}
		}
		if at > 0 {
			content += run(said[:at], look{})
		}
		if what == "" {
			break
		}
		content += field(what, "1")
		said = said[at+len(fmt.Sprint(of)):]
	}
	demo := ""
	if x.doc.Demo != "" {
		demo = x.marked(x.doc.Demo, "Footer")
	}
	return `<w:ftr` + all + `><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>` + run(x.doc.Foot, look{}) + `<w:r><w:tab/></w:r>` + content + `</w:p>` + demo + `</w:ftr>`
}

func (x *writer) styles() string {
	return strings.NewReplacer(
		"@lang", map[string]string{"id": "id-ID", "en": "en-GB"}[x.doc.Lang],
		"@ink", ink.Black.Hex(), "@soft", ink.Soft.Hex(), "@accent", ink.AccentOf(x.doc.Colour).Hex(), "@line", ink.Line.Hex(), "@edge", ink.Edge.Hex(),
	).Replace(strings.TrimPrefix(styles, declared))
}

// core is what a list of files shows of the document.
func (x *writer) core() string {
	at := x.doc.At.UTC().Format(time.RFC3339)
	return `<cp:coreProperties xmlns:cp="` + nsPackage + `metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"` +
		` xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<dc:title>` + escape(x.doc.Title) + `</dc:title><dc:subject>` + escape(x.doc.Subject) + `</dc:subject><dc:creator>` + escape(x.doc.Author) + `</dc:creator>` +
		`<dcterms:created xsi:type="dcterms:W3CDTF">` + at + `</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">` + at + `</dcterms:modified>` +
		`<dc:language>` + escape(x.doc.Lang) + `</dc:language></cp:coreProperties>`
}

func (x *writer) relations() string {
	out := `<Relationships xmlns="` + nsPackage + `relationships">`
	add := func(n int, kind, target string, outside bool) {
		mode := ""
		if outside {
			mode = ` TargetMode="External"`
		}
		out += fmt.Sprintf(`<Relationship Id="rId%d" Type="%s/%s" Target="%s"%s/>`, n, nsRelation, kind, escape(target), mode)
	}
	for i, p := range [firstRelation - 1][2]string{
		{"header", "header1.xml"},
		{"header", "header2.xml"},
		{"footer", "footer1.xml"},
		{"footer", "footer2.xml"},
		{"styles", "styles.xml"},
		{"numbering", "numbering.xml"},
		{"settings", "settings.xml"},
	} {
		add(i+1, p[0], p[1], false)
	}
	for i, l := range x.links {
		add(i+firstRelation, l.kind, l.target, l.outside)
	}
	return out + `</Relationships>`
}

// numbering declares dots, and one counting for each numbered list.
func (x *writer) numbering() string {
	level := func(id int, format, text string) string {
		return fmt.Sprintf(`<w:abstractNum w:abstractNumId="%d"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/>`, id) +
			`<w:numFmt w:val="` + format + `"/><w:lvlText w:val="` + text + `"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="397" w:hanging="397"/></w:pPr></w:lvl></w:abstractNum>`
	}
	out := `<w:numbering xmlns:w="` + nsWord + `">` + level(0, "bullet", "•")
	for i := range x.numbered {
		out += level(i+1, "decimal", "%1.")
	}
	for i := range x.numbered + 1 {
		out += fmt.Sprintf(`<w:num w:numId="%d"><w:abstractNumId w:val="%d"/></w:num>`, dots+i, i)
	}
	return out + `</w:numbering>`
}

const contentTypes = `<Types xmlns="` + nsPackage + `content-types">` +
	`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
	`<Default Extension="png" ContentType="image/png"/><Default Extension="jpeg" ContentType="image/jpeg"/>` +
	`<Override PartName="/word/document.xml" ContentType="` + wordKind + `document.main+xml"/><Override PartName="/word/styles.xml" ContentType="` + wordKind + `styles+xml"/>` +
	`<Override PartName="/word/numbering.xml" ContentType="` + wordKind + `numbering+xml"/><Override PartName="/word/settings.xml" ContentType="` + wordKind + `settings+xml"/>` +
	`<Override PartName="/word/header1.xml" ContentType="` + wordKind + `header+xml"/><Override PartName="/word/header2.xml" ContentType="` + wordKind + `header+xml"/>` +
	`<Override PartName="/word/footer1.xml" ContentType="` + wordKind + `footer+xml"/><Override PartName="/word/footer2.xml" ContentType="` + wordKind + `footer+xml"/>` +
	`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`

const rootRelations = `<Relationships xmlns="` + nsPackage + `relationships"><Relationship Id="rId1" Type="` + nsRelation + `/officeDocument" Target="word/document.xml"/>` +
	`<Relationship Id="rId2" Type="` + nsPackage + `relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`

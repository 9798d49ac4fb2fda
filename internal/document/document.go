// Package document is what a report, a sheet or a package says, apart from how it is
// written: paragraphs, tables, charts as drawing commands, and the words around them.
// Whoever makes a document chooses every number and sentence once; internal/typeset writes
// it as PDF, internal/docx as DOCX, handlers/view as a page, and none of them adds a figure.
//
// Texts are spoken already, in the language of the document; numbers stand in them as they
// are shown. A writer adds only what it alone can know: the numbers of its pages.
package document

import (
	"time"

	"persepsi/internal/chart"
)

// Document is one report or sheet. It is not changed once it is made.
type Document struct {
	// Lang is the language of all texts, as "id".
	Lang string
	// Title names the document in the reader's list of files, Subject what it is about, Author
	// the office whose it is.
	Title, Subject, Author string
	// Colour is for rules and links, as "#7a1f2b", where it can be read on white; empty:
	// ours. Charts have colours of their own, which mean something.
	Colour string
	// At is when the figures were made, not when the document was written: the same figures
	// give the same bytes.
	At time.Time
	// Head stands above each page but the cover, left and right; Foot beneath it, left.
	Head [2]string
	Foot string
	// PageOf writes the number of a page and of all pages, as "7 dari 24".
	PageOf func(page, pages int) string
	// Contents is the heading of the list of sections; empty: there is none.
	Contents string
	// Draft is said on every page of what isn't final: figures of a running period, say. Empty:
	// it is final.
	Draft string
	// Demo is said at the foot of every page of what is made up. Empty: it is real.
	Demo string
	// Rest is called between two pieces of the work of writing it, so that others get their
	// turn; nil: it is written in one go. It changes nothing of what is written.
	Rest func()

	Cover    *Cover // nil: it begins with the first section
	Sections []Section
}

// Pause rests where Rest says so.
func (d *Document) Pause() {
	if d.Rest != nil {
		d.Rest()
	}
}

// ChartWidth is the width that charts of a document are drawn for, in CSS pixels: that of
// an upright page between its margins, of which a 96th of an inch is one. CoverWidth is that
// of the chart on the cover. A writer takes the widest drawing that fits, so that all letters
// of a document have one size.
const (
	ChartWidth = chart.Sheet
	CoverWidth = chart.Cover
)

// Cover is the first page.
type Cover struct {
	// City and Office are who answers for it, with the pictures of the city's arms and of the
	// agency's logo where they gave them.
	City, Office string
	Arms, Logo   *Picture
	// Title is the document's in large letters, Of the office that it is about, When its time.
	Title, Of, When string
	// Finding is the result in a sentence or three, Chart the same as a picture with its Note.
	Finding []Run
	Chart   *chart.Chart
	Note    string
	// Basis are the lines beneath: the regulation, place and day.
	Basis []string
	Age   *Age // nil: nothing newer can be looked up
}

// Age leads from a print to the figure of today.
type Age struct {
	// Address is what the symbol holds. Lines stand beside it, the first is its question.
	Address string
	Lines   []string
}

// Section is a chapter or a part of one. Its ID is the same in every edition of a kind of
// document: an edited text finds its place by it.
type Section struct {
	ID    string
	Title string
	// Level is 1 for a chapter, 2 and 3 for parts of it.
	Level  int
	Blocks []Block
	// Apart begins on a page of its own.
	Apart bool
}

// Block is one of Paragraph, List, Table, Figure, Facts, Picture and Signatures.
type Block interface{ block() }

// Run is a piece of a text. Address is where a link leads; empty: it is none.
type Run struct {
	Text         string
	Bold, Italic bool
	Address      string
}

// Plain returns a text in one piece.
func Plain(text string) []Run { return []Run{{Text: text}} }

// Paragraph is a text. Small ones are notes and sources, Quote what a citizen wrote.
type Paragraph struct {
	Runs         []Run
	Small, Quote bool
}

// List is sentences below each other, numbered or not.
type List struct {
	Numbered bool
	Items    [][]Run
}

// Align says to which side the cells of a column keep.
type Align int

// The sides. Numbers stand right.
const (
	Left Align = iota
	Right
	Center
)

// Column is the head of a column. Wide is its part of the table's width, by that of others.
type Column struct {
	Title string
	Align Align
	Wide  float64
}

// Row is the cells of a row, one for each column; a Strong one is a sum or a result.
type Row struct {
	Cells  []string
	Strong bool
}

// Table is numbers with heads that are repeated on every page that it reaches.
type Table struct {
	Caption string // "Tabel 3. Pengolahan per unsur"
	Columns []Column
	Rows    []Row
	Note    string
	// Landscape is of a table that needs the width of a sheet on its side.
	Landscape bool
}

// Figure is a chart. Its numbers are those of its own table; where Data is set a writer shows
// that table beneath the picture.
type Figure struct {
	Caption string
	Chart   *chart.Chart
	Note    string
	Data    bool
}

// Fact is what stands beside a name: "Masa survei" and its days.
type Fact struct {
	Name  string
	Value []Run
}

// Facts are names and values below each other, without lines of a table.
type Facts struct{ Rows []Fact }

// Picture is an image as it was given: PNG or JPEG. Alt says what it shows.
type Picture struct {
	Data []byte
	Type string // image/png or image/jpeg
	Alt  string
}

// Signature is who signs: place and day above, room for the name, beneath it rank and number.
type Signature struct {
	Above []string // "Balikpapan, 2 Juli 2026", "Kepala Dinas …"
	Name  string   // empty: a line to write on
	Below []string // "Pembina Tk. I", "NIP …"
}

// Signatures stand beside each other at the end.
type Signatures struct{ Signers []Signature }

func (Paragraph) block()  {}
func (List) block()       {}
func (Table) block()      {}
func (Figure) block()     {}
func (Facts) block()      {}
func (Picture) block()    {}
func (Signatures) block() {}

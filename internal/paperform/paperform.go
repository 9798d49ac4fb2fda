// Package paperform draws the questionnaire on paper, for who answers without a phone: the
// same questions in the same order and words as on the page, with the codes beside the boxes
// that a clerk types into the file that internal/paper reads.
package paperform

import (
	"errors"
	"fmt"
	"io"

	"persepsi/internal/ink"
	"persepsi/internal/pdf"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// Order is which form shall be drawn. Nothing on it depends on the clock.
type Order struct {
	City   *survey.City
	Period *survey.Period
	Form   *survey.Form
	Place  survey.Place // without a unit: that is written in by hand
	Lang   string
}

// Write draws the form of an order on A4: on both sides of one sheet where its letters and
// boxes allow it, in three columns rather than two and without what helps to understand a
// question if need be. The same order gives the same bytes; errors are those of the
// catalogue and the writer's.
func Write(w io.Writer, o Order) error {
	said, err := wording.Load()
	if err != nil {
		return fmt.Errorf("draw a paper form: %w", err)
	}
	const sides = 2 // of a sheet
	d := &drawer{order: o, s: said.In(o.Lang), accent: ink.AccentOf(o.City.Colour)}
	if err = d.begin(); err != nil { // only to measure on
		return fmt.Errorf("draw a paper form: %w", err)
	}
	best := layout{}
	for _, l := range []layout{{columns: 2, helps: true}, {columns: 2}, {columns: 3, helps: true}, {columns: 3}} {
		l.pages = d.draw(l)
		if best.pages == 0 || l.pages < best.pages {
			best = l
		}
		if best.pages <= sides {
			break
		}
	}
	if err = d.begin(); err != nil {
		return fmt.Errorf("draw a paper form: %w", err)
	}
	d.draw(best)
	if err := errors.Join(d.faults...); err != nil {
		return fmt.Errorf("draw a paper form: %w", err)
	}
	if _, err := d.file.WriteTo(w); err != nil {
		return fmt.Errorf("draw a paper form: %w", err)
	}
	return nil
}

// layout is how what is asked stands on the pages.
type layout struct {
	columns int
	helps   bool // a question has the words that help to understand it
	pages   int  // how many there are; 0: not known yet
}

// Places on a sheet, in millimetres.
const (
	margin = 14.0
	inner  = 182.0 // between the margins
	gap    = 6.5   // between the columns
	top    = 11.0
	bottom = 283.0 // of the columns; the foot stands below
)

// Letters, in points: none is smaller than Least, which old eyes still read.
const (
	Least = 10.0
	plain = 10.0
	asked = 10.5
	part  = 12.5
)

// drawer draws a form. What goes wrong is kept, so that sentences read as such.
type drawer struct {
	order  Order
	s      *wording.Speaker
	layout layout
	column float64 // its width
	before int     // pages of the file that are of another drawing
	file   *pdf.File
	// accent is the city's colour where it can be read; arms and logo are nil where there are none.
	accent     ink.Color
	arms, logo *pdf.Picture
	faults     []error
}

// say returns a message.
func (d *drawer) say(key string, args ...any) string { return d.text(d.s.Say(key, args...)) }

// text returns what was said, and keeps why it could not be.
func (d *drawer) text(said string, err error) string {
	if err != nil {
		d.faults = append(d.faults, err)
	}
	return said
}

// begin begins an empty file.
func (d *drawer) begin() error {
	o := &d.order
	info := pdf.Info{Title: d.say("paperform.title"), Author: o.City.Name, Subject: o.Period.Name, Lang: d.s.Lang(), At: o.Period.From.Time()}
	if o.Place.Unit != nil {
		info.Subject = o.Place.Unit.Name + ", " + info.Subject
	}
	var err error
	if d.file, err = pdf.New(info); err != nil {
		return err
	}
	if d.arms, err = d.file.Picture(o.City.Arms.File()); err != nil {
		return fmt.Errorf("the city's arms: %w", err)
	}
	if o.Place.Agency != nil {
		if d.logo, err = d.file.Picture(o.Place.Agency.Logo.File()); err != nil {
			return fmt.Errorf("the agency's logo: %w", err)
		}
	}
	return nil
}

// draw draws the form and returns how many pages it has: what stands in the columns of each
// page flows from one into the next, and no question is cut.
func (d *drawer) draw(l layout) int {
	d.layout, d.column, d.before = l, (inner-gap*float64(l.columns-1))/float64(l.columns), d.file.Pages()
	d.file.Page(pdf.A4())
	d.mark()
	f := &flow{d: d, from: d.head()}
	f.y = f.from
	for _, b := range d.blocks() {
		f.put(b)
	}
	d.foot()
	return d.page()
}

// page is the number of the page that is drawn.
func (d *drawer) page() int { return d.file.Pages() - d.before }

// flow is where the next block goes.
type flow struct {
	d       *drawer
	from, y float64 // where the columns of the page begin, and where the next block does
	at      int     // the column, from 0
	waiting []block // kept with the next one
}

// put draws a block in this column or, where it has no room, in the next.
func (f *flow) put(b block) {
	f.waiting = append(f.waiting, b)
	if b.keeps {
		return
	}
	high := 0.0
	for _, w := range f.waiting {
		high += w.high
	}
	if f.y+high > bottom && f.y > f.from {
		f.next()
	}
	for _, w := range f.waiting {
		x := margin + float64(f.at)*(f.d.column+gap)
		w.draw(x, f.y)
		f.y += w.high
	}
	f.waiting = nil
}

// next goes on to the next column.
func (f *flow) next() {
	if f.at++; f.at == f.d.layout.columns {
		f.d.foot()
		f.d.file.Page(pdf.A4())
		f.d.mark()
		f.at, f.from = 0, f.d.again()
	}
	f.y = f.from
}

func letters(face pdf.Face, size float64, color ink.Color, text string) pdf.Span {
	return pdf.Span{Style: pdf.Style{Face: face, Size: size, Color: color}, Text: text}
}

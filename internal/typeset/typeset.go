// Package typeset sets a document on A4 pages and writes it as PDF: a cover, contents with
// the numbers of pages, bookmarks, tables whose heads are repeated and whose rows are never
// cut, charts as vectors whose letters all have one size. It adds no word and no figure.
package typeset

import (
	"fmt"
	"io"

	"persepsi/internal/document"
	"persepsi/internal/ink"
	"persepsi/internal/pdf"
)

// PDF writes a document. The same document gives the same bytes. Its errors name what can't
// be drawn, and are the writer's.
func PDF(w io.Writer, d *document.Document) error {
	file, err := pdf.New(pdf.Info{Title: d.Title, Subject: d.Subject, Author: d.Author, Lang: d.Lang, At: d.At, Rest: d.Rest})
	if err != nil {
		return fmt.Errorf("write a document as PDF: %w", err)
	}
	s := &setter{file: file, doc: d, accent: ink.AccentOf(d.Colour)}
	pages := s.pages()
	if s.fault == nil {
		s.paint(pages)
	}
	if s.fault != nil {
		return fmt.Errorf("write a document as PDF: %w", s.fault)
	}
	if _, err := file.WriteTo(w); err != nil {
		return fmt.Errorf("write a document as PDF: %w", err)
	}
	return nil
}

// Margins of a report in millimetres: the left one has room for a binding.
const (
	marginLeft   = 24.0
	marginRight  = 17.0
	marginTop    = 28.0
	marginBottom = 24.0
)

// frame is the part of a page that blocks stand in.
type frame struct {
	sheet                            pdf.Size
	x, y, width, height              float64
	headAt, ruleAt, footAt, draftTop float64
}

// frameOf returns the frame of an A4 page, upright or wide.
func frameOf(wide bool) frame {
	f := frame{sheet: pdf.A4(), x: marginLeft, y: marginTop, headAt: 17, ruleAt: 20.5, draftTop: 5.5}
	if wide {
		f.sheet, f.x = f.sheet.Turned(), marginRight
	}
	f.width = f.sheet.Width - f.x - marginRight
	f.height = f.sheet.Height - marginTop - marginBottom
	f.footAt = f.sheet.Height - 13
	return f
}

// The styles of a report.
func body() pdf.Style  { return pdf.Style{Size: 10, Color: ink.Black} }
func small() pdf.Style { return pdf.Style{Size: 8.5, Color: ink.Soft} }
func strong(size float64) pdf.Style {
	return pdf.Style{Face: pdf.Bold, Size: size, Color: ink.Black}
}

// setter sets a document: it breaks it into pieces and puts these on pages.
type setter struct {
	file   *pdf.File
	doc    *document.Document
	accent ink.Color
	heads  []*heading
	fault  error // the first
}

// fail keeps the first fault.
func (s *setter) fail(err error) {
	if s.fault == nil {
		s.fault = err
	}
}

// heading is a section as bookmarks and contents know it.
type heading struct {
	title  string
	level  int
	target pdf.Target
	page   int // on which it stands, from 1
}

// paint draws all pages.
func (s *setter) paint(pages []page) {
	all := len(pages)
	if s.doc.Cover != nil {
		all++
		f := frameOf(false)
		s.file.Page(f.sheet)
		s.draft(f)
		s.cover()
		s.doc.Pause()
	}
	for _, p := range pages {
		f := frameOf(p.wide)
		s.file.Page(f.sheet)
		s.around(f, s.file.Pages(), all)
		for _, at := range p.placed {
			if h := at.mark; h != nil {
				s.file.Bookmark(h.title, h.level-1, f.y+at.y-2)
				s.file.Here(h.target, f.y+at.y-2)
			}
			at.paint(f.x, f.y+at.y)
		}
		s.doc.Pause()
	}
}

// around draws what stands on every page but the cover.
func (s *setter) around(f frame, n, all int) {
	s.draft(f)
	const least, gap = 6, 6
	style := small()
	style.Size = 8
	right, words := s.file.Fit(style, s.doc.Head[1], f.width/2, least)
	used := s.file.Width(right, words)
	s.file.Text(f.x+f.width-used, f.headAt, right, words)
	left, words := s.file.Fit(style, s.doc.Head[0], f.width-used-gap, least)
	s.file.Text(f.x, f.headAt, left, words)
	if s.doc.Head != [2]string{} {
		s.file.Stroke(ink.Line, 0.25)
		s.file.Rule(f.x, f.ruleAt, f.x+f.width, f.ruleAt)
	}
	used = 0
	if s.doc.PageOf != nil {
		words = s.doc.PageOf(n, all)
		used = s.file.Width(style, words)
		s.file.Text(f.x+f.width-used, f.footAt, style, words)
	}
	left, words = s.file.Fit(style, s.doc.Foot, f.width-used-gap, least)
	s.file.Text(f.x, f.footAt, left, words)
}

// draft says at the top of a page that it isn't final, and at its foot that it is made up.
func (s *setter) draft(f frame) {
	if s.doc.Draft != "" {
		s.file.Mark(s.doc.Draft, f.x, f.draftTop, f.width, 8, ink.Warn)
	}
	if s.doc.Demo != "" {
		s.file.Mark(s.doc.Demo, f.x, f.footAt+1.3, f.width, 8, ink.Warn)
	}
}

package typeset

import (
	"errors"
	"fmt"

	"persepsi/internal/document"
	"persepsi/internal/ink"
	"persepsi/internal/pdf"
)

// Places on the cover, in millimetres.
const (
	coverTop    = 20.0  // of the arms
	coverTitle  = 92.0  // of the title, unless what stands below it needs more room
	coverHigh   = 50.0  // the highest that it may stand
	coverBottom = 276.0 // of the last line
	coverWide   = 140.0 // of title and finding
)

// coverPart is something of the cover with its height.
type coverPart struct {
	height float64
	paint  func(x, y float64)
}

// cover draws the first page: who answers for it, what it is, the result in a sentence and
// as a picture, on what it rests. Long texts get smaller letters.
func (s *setter) cover() {
	c := s.doc.Cover
	s.coverOffice(c)
	bottom := s.coverFoot(c)
	for _, k := range []float64{1, 0.9, 0.8, 0.7, 0.6, 0.5} {
		all := s.coverMiddle(c, k)
		sum := 0.0
		for _, one := range all {
			sum += one.height
		}
		y := min(coverTitle, bottom-8-sum)
		if y < coverHigh {
			continue
		}
		for _, one := range all {
			one.paint(marginLeft, y)
			y += one.height
		}
		return
	}
	s.fail(errors.New("the texts of the cover are too long for a page"))
}

// coverOffice draws the arms, city and office, and the logo at the right.
func (s *setter) coverOffice(c *document.Cover) {
	f := frameOf(false)
	const box = 18.0
	x, width := s.file.Emblems(s.image(c.Arms), s.image(c.Logo), f.x, coverTop, f.width, box)
	city, office := strong(12), pdf.Style{Size: 10, Color: ink.Black}
	above := s.file.Lines([]pdf.Span{{Style: city, Text: c.City}}, width)
	below := s.file.Lines([]pdf.Span{{Style: office, Text: c.Office}}, width)
	high := float64(len(above))*city.Leading() + float64(len(below))*office.Leading()
	y := coverTop + max(0, (box-high)/2)
	for _, l := range above {
		s.file.Line(x, y+baseline(city), width, pdf.Left, l)
		y += city.Leading()
	}
	for _, l := range below {
		s.file.Line(x, y+baseline(office), width, pdf.Left, l)
		y += office.Leading()
	}
}

func (s *setter) image(p *document.Picture) *pdf.Picture {
	if p == nil {
		return nil
	}
	out, err := s.file.Picture(p.Data, p.Type)
	if err != nil {
		s.fail(fmt.Errorf("%q: %w", p.Alt, err))
	}
	return out
}

// coverMiddle returns what stands in the middle, with letters k times as large.
func (s *setter) coverMiddle(c *document.Cover, k float64) []coverPart {
	var out []coverPart
	space := func(h float64) { out = append(out, coverPart{h, func(float64, float64) {}}) }
	text := func(style pdf.Style, runs []document.Run, tight float64) {
		for _, l := range s.file.Lines(s.spans(runs, style), coverWide) {
			out = append(out, coverPart{style.Leading() * tight, func(x, y float64) {
				s.file.Line(x, y+baseline(style)*tight, coverWide, pdf.Left, l)
			}})
		}
	}
	text(strong(32*k), document.Plain(c.Title), 0.86)
	space(6 * k)
	text(strong(15*k), document.Plain(c.Of), 1)
	text(pdf.Style{Size: 12.5 * k, Color: ink.Soft}, document.Plain(c.When), 1)
	if len(c.Finding) == 0 && c.Chart == nil {
		return out
	}
	out = append(out, coverPart{22 * k, func(x, y float64) {
		s.file.Stroke(s.accent, 0.5)
		s.file.Rule(x, y+14*k, x+coverWide, y+14*k)
	}})
	text(pdf.Style{Size: 14 * k, Color: ink.Black}, c.Finding, 1.05)
	if c.Chart != nil {
		if d, scale, ok := fitting(c.Chart.Drawings, coverWide); ok {
			space(5)
			out = append(out, coverPart{d.Height * pixel * scale, func(x, y float64) { s.file.Chart(d, x, y, scale) }})
		}
	}
	if c.Note != "" {
		space(2)
		text(small(), document.Plain(c.Note), 1)
	}
	return out
}

// coverFoot draws the basis at the left and the symbol of the print's age at the right; it
// returns where they begin.
func (s *setter) coverFoot(c *document.Cover) float64 {
	f := frameOf(false)
	const symbol, column, gap = 92.0, 76.0, 5.0 // from the left margin: where the symbol stands
	top, width := coverBottom, f.width
	if c.Age != nil {
		width = column
		top = s.age(c.Age, f.x+symbol, f.width-symbol, gap)
	}
	style := pdf.Style{Size: 9.5, Color: ink.Soft}
	var lines [][]pdf.Span
	for _, b := range c.Basis {
		lines = append(lines, s.file.Lines([]pdf.Span{{Style: style, Text: b}}, width)...)
	}
	y := coverBottom - float64(len(lines))*style.Leading()
	top = min(top, y)
	for _, l := range lines {
		s.file.Line(f.x, y+baseline(style), width, pdf.Left, l)
		y += style.Leading()
	}
	return top
}

// ageModule is the least width of a module, three dots of a print with 150 an inch; ageWide
// that of the symbol.
const ageModule, ageWide = 0.52, 19.0

// age draws the symbol that leads to today's figure, its lines beside it.
func (s *setter) age(a *document.Age, x, width, gap float64) float64 {
	wide, err := s.file.SymbolWidth(a.Address, ageModule, ageWide)
	if err == nil {
		err = s.file.Symbol(a.Address, x, coverBottom-wide, wide)
	}
	if err != nil {
		s.fail(fmt.Errorf("the age of the print: %w", err))
		return coverBottom
	}
	room := width - wide - gap
	var lines [][]pdf.Span
	for i, l := range a.Lines {
		style := pdf.Style{Size: 8, Color: ink.Soft}
		if i == 0 {
			style.Face = pdf.Bold
		}
		lines = append(lines, s.file.Lines([]pdf.Span{{Style: style, Text: l}}, room)...)
	}
	leading := pdf.Style{Size: 8}.Leading()
	y := coverBottom - max(wide, float64(len(lines))*leading)
	top := y
	for _, l := range lines {
		s.file.Line(x+wide+gap, y+leading*0.74, room, pdf.Left, l)
		y += leading
	}
	return top
}

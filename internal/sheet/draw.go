package sheet

import (
	"persepsi/analytics"
	"persepsi/internal/ink"
	"persepsi/internal/pdf"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// Places on an A4 sheet, in millimetres.
const (
	margin = 17.0
	inner  = 176.0 // between the margins
	right  = margin + inner
	half   = 83.0  // of two columns
	foot   = 262.0 // where the foot's rule is
)

// drawer draws a sheet. What goes wrong is kept, so that sentences read as such.
type drawer struct {
	in      *Input
	s       *wording.Speaker
	file    *pdf.File
	address string // in the symbol
	accent  ink.Color
	faults  []error

	arms, logo *pdf.Picture // nil: none was given
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

func (d *drawer) date(day survey.Date) string { return d.text(d.s.Date(day)) }

// title is what an index is called in full.
func (d *drawer) title(x *wording.NamedIndex) string {
	if x.Name != nil {
		return d.s.Text(x.Name)
	}
	return d.say("result.title." + x.Code)
}

// draw draws the sheet from its head to its foot. What was improved has its place first, as
// it is as long as people wrote it; the unsur share what is left.
func (d *drawer) draw() {
	main := d.in.Indexes[0]
	if d.in.City.Demo {
		d.file.Mark(d.say("print.demo"), margin, 4.5, inner, 9, ink.Warn)
	}
	y := d.head(main)
	below := d.facts(main, y)
	y = max(below, d.value(main, y, below-y)) + 6
	others := 0.0
	if len(d.in.Indexes) > 1 {
		others = 21
	}
	const least, most, gap = 4.9, 7.0, 2.0
	rows := float64(len(main.Aspects))
	var told textLines
	for size := 10.5; ; size -= 0.5 {
		told = d.improved(size)
		if size <= 7 || y+unsurHead+rows*least+gap+others+told.high <= foot-gap {
			break
		}
	}
	pitch := min(most, (foot-gap-told.high-others-gap-unsurHead-y)/rows)
	y = d.unsur(main, y, pitch) + gap
	if others > 0 {
		d.others(d.in.Indexes[1:], y)
		y += others
	}
	d.write(margin, y, told)
	d.foot()
}

// head writes who publishes what, and whether it is for now; it returns where that ends.
func (d *drawer) head(x *wording.NamedIndex) float64 {
	y := d.office(12) + 4
	name, shown := d.file.Fit(pdf.Style{Face: pdf.Bold, Size: 25, Color: ink.Black}, d.title(x), inner, 15)
	y = d.para(margin, y, inner, pdf.Span{Style: name, Text: shown}) + 0.5
	y = d.para(margin, y, inner, bold(14, d.in.Place.Unit.Name))
	y = d.para(margin, y, inner, soft(10.5, d.say("report.when", "Period", d.in.Period.Name, "From", d.date(d.in.Period.From), "To", d.date(d.in.Period.To)))) + 2
	if d.in.Result.Final {
		return y + 2
	}
	w := d.lay(inner-8, bold(10.5, d.say("publication.provisional", "Day", d.date(d.in.Through()))))
	d.file.Stroke(ink.Warn, 0.6)
	d.file.Box(margin, y, inner, w.high+3, 2, pdf.Edged)
	d.write(margin+4, y+1.5, w)
	return y + w.high + 7
}

// office writes city and agency, between their pictures where they have any; it returns
// where that ends.
func (d *drawer) office(y float64) float64 {
	const band = 14.0
	left, room := d.file.Emblems(d.arms, d.logo, margin, y, inner, band)
	city, agency := d.lay(room, bold(10.5, d.in.City.Name)), d.lay(room, plain(10, d.in.Place.Agency.Name))
	high := city.high + agency.high
	below := 1.0 // the place
	if d.arms != nil || d.logo != nil {
		below = max(0, band-high) / 2
		high = max(high, band-below)
	}
	d.write(left, d.write(left, y+below, city), agency)
	return y + below + high
}

// value draws the block with the index, its grade and how sure it is, so high at
// least; it returns where it ends.
func (d *drawer) value(x *wording.NamedIndex, y, least float64) float64 {
	const pad = 7.0
	white := func(face pdf.Face, size float64, text string) pdf.Span {
		return pdf.Span{Style: pdf.Style{Face: face, Size: size, Color: ink.White}, Text: text}
	}
	hero, of := d.say("result.hero.own"), d.say("result.of4")
	if x.Name == nil {
		hero = d.say("result.hero." + x.Code)
	}
	if x.Hundred() {
		of = d.say("result.of100")
	}
	room := half - 2*pad
	grade, word := d.file.Fit(white(pdf.Bold, 19, "").Style, d.grade(x), room, 12)
	parts := []textLines{
		d.lay(room, white(pdf.Regular, 12, hero)), d.tight(room, 0.82, white(pdf.Bold, 62, d.s.Shown(x.Shown))), d.lay(room, white(pdf.Regular, 12, of)),
		d.lay(room, pdf.Span{Style: grade, Text: word}),
	}
	for _, text := range d.certainty(x) {
		parts = append(parts, d.tight(room, 0.92, white(pdf.Regular, 10.5, text)))
	}
	high := 2*pad - 2
	for _, p := range parts {
		high += p.high
	}
	high = max(high, least)
	d.file.Paint(d.accent)
	d.file.Box(margin, y, half, high, 5, pdf.Filled)
	at := y + pad - 2
	for _, p := range parts {
		at = d.write(margin+pad, at, p)
	}
	return y + high
}

// grade writes the letter and its word.
func (d *drawer) grade(x *wording.NamedIndex) string {
	return d.say("publication.grade", "Grade", x.Mutu, "Word", d.say("rated."+x.Kinerja))
}

// certainty says how sure the grade is, of how much it is, and between what it lies.
func (d *drawer) certainty(x *wording.NamedIndex) []string {
	out := []string{d.text(d.s.Stability(x))}
	if x.Partial() {
		out = append(out, d.say("result.grade.part", "K", d.s.Whole(x.AspectsAnswered), "All", d.s.Whole(x.AspectsAll)))
	}
	return append(out, d.say("publication.range", "Low", d.s.Fixed(2, x.CI95[0]), "High", d.s.Fixed(2, x.CI95[1])))
}

// unsurHead is how much the title of the unsur and the names of limits need.
const unsurHead = 18.0

// unsur draws the aspects of an index in their official order, each with the band that its
// mean lies in; it returns where they end. The lowest are bold too, for a print in grey.
func (d *drawer) unsur(x *wording.NamedIndex, y, pitch float64) float64 {
	const names, values = 75.0, 12.0
	d.para(margin, y, inner, bold(12.5, d.lowest(x)))
	d.para(margin, y+6.3, inner, soft(9, d.say("publication.unsur.note")))
	ends := analytics.AspectIntervals(d.in.Result.Released.Tally, d.in.Form.Index(x.Code), x.Index)
	from := 2.6
	for i := range x.Aspects {
		if x.Aspects[i].Exact.Known() {
			from = min(from, ends[i][0])
		}
	}
	left, width := margin+names+3, inner-names-values-6
	at := func(v float64) float64 { return left + (v-from)/(4-from)*width }
	top, bottom := y+unsurHead-1, y+unsurHead+pitch*float64(len(x.Aspects))-1
	for _, g := range x.Grades {
		v := g.From.Float64() / 25
		if g.Mutu == "C" { // its line lies at the axis' end
			continue
		}
		d.file.Stroke(ink.Edge, 0.25)
		d.file.Rule(at(v), top, at(v), bottom)
		line := d.lay(30, soft(8.5, d.say("desk.limit", "Grade", g.Mutu)))
		d.file.Line(at(v)-15, top-1.2, 30, pdf.Center, line.lines[0])
	}
	for i, row := range x.Rows() {
		d.row(row, ends[i], y+unsurHead+pitch*(float64(i)+0.5)-1, at, left, width)
	}
	return bottom + 1
}

// row draws one aspect about a height.
func (d *drawer) row(row wording.NamedAspect, ends [2]float64, y float64, at func(float64) float64, left, width float64) {
	const baseline, high = 1.25, 2.6
	face, band, edge := pdf.Regular, ink.Band, ink.Accent
	if row.Low {
		face, band, edge = pdf.Bold, ink.Amber, ink.Warn
	}
	style, name := d.file.Fit(pdf.Style{Face: face, Size: 9.5, Color: ink.Black}, d.s.Text(row.Name), left-margin-3, 6.5)
	d.file.Text(margin, y+baseline, style, name)
	d.file.Stroke(ink.Line, 0.5)
	d.file.Rule(left, y, left+width, y)
	value := pdf.Span{Style: pdf.Style{Face: pdf.Bold, Size: 9.5, Color: ink.Black}, Text: "–"}
	if !row.Exact.Known() {
		d.file.Line(right-20, y+baseline, 20, pdf.Right, []pdf.Span{value})
		few := []pdf.Span{soft(8, d.say("publication.few"))}
		back := d.file.Width(few[0].Style, few[0].Text) + 3
		d.file.Paint(ink.White)
		d.file.Box(left+width/2-back/2, y-high/2, back, high, 0, pdf.Filled)
		d.file.Line(left, y+1.05, width, pdf.Center, few)
		return
	}
	d.file.Paint(band)
	d.file.Box(at(ends[0]), y-high/2, at(ends[1])-at(ends[0]), high, 0, pdf.Filled)
	d.file.Stroke(edge, 0.5)
	for _, end := range ends {
		d.file.Rule(at(end), y-high/2, at(end), y+high/2)
	}
	d.file.Stroke(ink.White, 0.4)
	d.file.Paint(edge)
	d.file.Dot(at(*row.Mean), y, 1.3, pdf.Both)
	value.Text = d.s.Shown(row.Shown())
	d.file.Line(right-20, y+baseline, 20, pdf.Right, []pdf.Span{value})
}

package paperform

import (
	"strings"

	"persepsi/internal/ink"
	"persepsi/internal/paper"
	"persepsi/internal/pdf"
)

// head writes who asks, what for and what becomes of it; it returns where the columns
// begin.
func (d *drawer) head() float64 {
	const office, emblem = 44.0, 12.0 // where the clerk writes; how high arms and logo are
	left, room := d.file.Emblems(d.arms, d.logo, margin, top, inner-office-6, emblem)
	place := d.order.Place
	list := []block{d.para(room, letters(pdf.Bold, plain, ink.Black, d.order.City.Name))}
	title := d.say("paperform.title")
	if place.Unit != nil {
		list = append(list, d.para(room, letters(pdf.Regular, plain, ink.Black, place.Agency.Name)))
		title = d.say("form.title", "Unit", place.Unit.Name)
	}
	list = append(list, stack(0.5, d.para(room, letters(pdf.Bold, 15, ink.Black, title))))
	p := d.order.Period
	list = append(list, d.para(room, letters(pdf.Regular, plain, ink.Soft, d.say("report.when", "Period", p.Name, "From", d.text(d.s.Date(p.From)), "To", d.text(d.s.Date(p.To))))))
	words := stack(0, list...)
	words.draw(left, top)
	y := max(top+words.high, d.number(margin+inner-office, top, office)) + 2
	if place.Unit == nil {
		y = d.labelled(margin, y, inner, d.say("paperform.unit"), d.heading(paper.ForUnit)) + 1.5
	}
	notice := d.notice()
	d.file.Stroke(ink.Edge, 0.3)
	d.file.Box(margin, y, inner, notice.high+3, 1.5, pdf.Edged)
	notice.draw(margin+2.5, y+1.5)
	y += notice.high + 3 + 2
	how := d.para(inner, letters(pdf.Bold, asked, ink.Black, d.say("paperform.how")))
	how.draw(margin, y)
	return y + how.high + 3
}

// mark says at the top of a page of a demonstration that it is one.
func (d *drawer) mark() {
	if d.order.City.Demo {
		d.file.Mark(d.say("print.demo.form"), margin, 4, inner, Least, ink.Warn)
	}
}

// number draws where the clerk numbers the sheet, and where the day is written; it returns
// where that ends.
func (d *drawer) number(x, y, width float64) float64 {
	const high, label = 8.0, 4.6
	for _, text := range []string{d.say("paperform.number"), d.say("paperform.date")} {
		d.file.Text(x, y+3.6, pdf.Style{Size: Least, Color: ink.Soft}, text)
		d.file.Stroke(ink.Black, 0.3)
		d.file.Box(x, y+label, width, high, 0, pdf.Edged)
		y += label + high + 1.5
	}
	return y
}

// labelled is a line to write on, with its name before it.
func (d *drawer) labelled(x, y, width float64, name, code string) float64 {
	const high = 7.0
	style := pdf.Style{Face: pdf.Bold, Size: asked, Color: ink.Black}
	mono := pdf.Style{Face: pdf.Code, Size: Least, Color: ink.Soft}
	d.file.Text(x, y+high-1.5, style, name)
	from := x + d.file.Width(style, name) + 2
	d.file.Text(from, y+high-1.5, mono, code)
	d.file.Stroke(ink.Edge, 0.25)
	d.file.Rule(from+d.file.Width(mono, code)+2, y+high-0.5, x+width, y+high-0.5)
	return y + high
}

// notice is what the citizen is told of their data (UU 27/2022), in short; where the city
// rests on consent, with the box for it.
func (d *drawer) notice() block {
	city := d.order.City
	width := inner - 5
	lines := append(d.s.ShortNotice(city, d.order.Period, "paperform.privacy"), d.say("paperform.rights"), d.contact())
	list := []block{d.para(width, letters(pdf.Regular, plain, ink.Black, strings.Join(lines, " ")))}
	if city.Notice.RestsOnConsent() {
		list = append(list, block{high: 1, draw: func(float64, float64) {}}, d.consent(width))
	}
	return stack(0, list...)
}

// heading is the heading of a column that is none of a question or field.
func (d *drawer) heading(what string) string {
	for _, b := range paper.Blanks(d.order.Form, nil, true) {
		if b.For == what {
			return b.Heading
		}
	}
	return ""
}

// contact says who answers questions about the data.
func (d *drawer) contact() string {
	n := &d.order.City.Notice
	if !n.Reachable() {
		return d.say("notice.contact.none")
	}
	var ways []string
	for _, way := range []string{n.Email, n.Phone} {
		if way != "" {
			ways = append(ways, way)
		}
	}
	return d.say("notice.contact") + " " + strings.Join(ways, ", ") + "."
}

func (d *drawer) consent(width float64) block {
	const beside = 2.0
	words := d.para(width-Box-beside, letters(pdf.Bold, plain, ink.Black, d.say("notice.agree")+" "), letters(pdf.Regular, plain, ink.Black, d.say("paperform.consent")))
	return block{high: max(Box, words.high), draw: func(x, y float64) {
		d.box(x, y)
		words.draw(x+Box+beside, y)
	}}
}

// again is the head of a page that is not the first; it returns where the columns begin.
func (d *drawer) again() float64 {
	what := d.order.Period.Name
	if d.order.Place.Unit != nil {
		what = d.order.Place.Unit.Name + " · " + what
	}
	style, shown := d.file.Fit(pdf.Style{Size: plain, Color: ink.Soft}, what, inner, Least)
	d.file.Text(margin, top+3.6, style, shown)
	d.file.Stroke(ink.Line, 0.25)
	d.file.Rule(margin, top+5.5, margin+inner, top+5.5)
	return top + 9
}

// comment has lines to write on.
func (d *drawer) comment() block {
	const lines = 3
	list := []block{d.coded(d.say("form.comment"), d.heading(paper.ForComment)), d.para(d.column, letters(pdf.Regular, plain, ink.Soft, d.say("paperform.comment")))}
	for range lines {
		list = append(list, d.line(d.column))
	}
	return stack(3, list...)
}

// end thanks, and says where to go with a complaint.
func (d *drawer) end() block {
	return stack(0,
		d.para(d.column, letters(pdf.Bold, asked, ink.Black, d.say("paperform.thanks"))),
		block{high: 1, draw: func(float64, float64) {}},
		d.para(d.column, letters(pdf.Regular, plain, ink.Black, d.say("poster.complaint")+" "+d.say("poster.complaint.text")+" "+d.say("poster.free"))),
	)
}

// foot writes what the codes are for, and on which side there is more.
func (d *drawer) foot() {
	const baseline = 290.5
	style := pdf.Style{Size: Least, Color: ink.Soft}
	d.file.Stroke(ink.Line, 0.25)
	d.file.Rule(margin, bottom+2.6, margin+inner, bottom+2.6)
	d.file.Text(margin, baseline, style, d.say("paperform.clerk"))
	if d.layout.pages < 2 {
		return
	}
	text := d.say("sheet.page", "Page", d.s.Whole(d.page()), "Pages", d.s.Whole(d.layout.pages))
	if n := d.page(); n%2 == 1 && n < d.layout.pages {
		text = d.say("paperform.turn") + " · " + d.s.Whole(n) + "/" + d.s.Whole(d.layout.pages) // as short as it has to be
	}
	d.file.Text(margin+inner-d.file.Width(style, text), baseline, style, text)
}

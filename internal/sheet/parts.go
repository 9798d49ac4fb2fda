package sheet

import (
	"strings"

	"persepsi/analytics"
	"persepsi/internal/ink"
	"persepsi/internal/pdf"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// textLines are lines of texts and how high they are.
type textLines struct {
	lines   [][]pdf.Span
	leading []float64 // of each line
	high    float64
}

// lay breaks a text into lines of a width.
func (d *drawer) lay(width float64, spans ...pdf.Span) textLines { return d.tight(width, 1, spans...) }

// tight is lay with lines that are so many times as far apart.
func (d *drawer) tight(width, times float64, spans ...pdf.Span) (w textLines) {
	for _, line := range d.file.Lines(spans, width) {
		most := 0.0
		for _, s := range line {
			most = max(most, times*s.Style.Leading())
		}
		w.lines, w.leading, w.high = append(w.lines, line), append(w.leading, most), w.high+most
	}
	return w
}

// below puts lines below others.
func (w *textLines) below(other textLines) {
	w.lines, w.leading, w.high = append(w.lines, other.lines...), append(w.leading, other.leading...), w.high+other.high
}

// write writes lines below a place; it returns where they end.
func (d *drawer) write(x, y float64, w textLines) float64 {
	for i, line := range w.lines {
		const baseline = 0.74 // of a line's height
		d.file.Line(x, y+baseline*w.leading[i], inner, pdf.Left, line)
		y += w.leading[i]
	}
	return y
}

// para writes a text of a width below a place; it returns where it ends.
func (d *drawer) para(x, y, width float64, spans ...pdf.Span) float64 {
	return d.write(x, y, d.lay(width, spans...))
}

func plain(size float64, text string) pdf.Span {
	return pdf.Span{Style: pdf.Style{Size: size, Color: ink.Black}, Text: text}
}

func soft(size float64, text string) pdf.Span {
	return pdf.Span{Style: pdf.Style{Size: size, Color: ink.Soft}, Text: text}
}

func bold(size float64, text string) pdf.Span {
	return pdf.Span{Style: pdf.Style{Face: pdf.Bold, Size: size, Color: ink.Black}, Text: text}
}

// facts draws what the index rests on, beside the value; it returns where they end.
func (d *drawer) facts(x *wording.NamedIndex, y float64) float64 {
	const names, size, pad, gap = 27.0, 10.0, 1.4, 3.0
	left := right - half
	fact := func(name string, spans ...pdf.Span) {
		a, b := d.lay(names-gap, soft(size, name)), d.lay(half-names, spans...)
		d.write(left, y+pad, a)
		d.write(left+names, y+pad, b)
		y += max(a.high, b.high) + 2*pad
		d.file.Stroke(ink.Line, 0.3)
		d.file.Rule(left, y, right, y)
	}
	fact(d.say("publication.service"), bold(size, d.services()))
	people := []pdf.Span{bold(size, d.s.Whole(x.Answered))}
	if x.Needed != nil {
		people = append(people, soft(size-1, " ("+d.say("result.needed", "N", d.s.Whole(x.Needed))+")"))
	}
	if !x.Adequate {
		people = append(people, bold(size-1, "\n"+d.say("publication.short")), soft(size-1.5, "\n"+d.text(d.s.Sample(x))))
	}
	fact(d.say("result.n"), people...)
	hidden := false
	for _, of := range [...]struct{ field, name string }{{"sex", "publication.people.sex"}, {"education", "publication.people.education"}} {
		at, ok := d.in.Form.FieldPosition(of.field)
		cells := analytics.RespondentCells(d.in.Form, at, d.in.Result.Released)
		if !ok || len(cells) == 0 {
			continue
		}
		spans, some := d.cells(&d.in.Form.Fields[at], cells, size)
		hidden = hidden || some
		fact(d.say(of.name), spans...)
	}
	fact(d.say("report.days"), bold(size, d.say("publication.days", "From", d.date(d.in.Period.From), "To", d.date(d.in.Period.To))))
	if hidden {
		return d.para(left, y+1, half, soft(7.5, d.say("result.people.note")))
	}
	return y
}

// cells writes how many respondents told what in a field, those who told nothing last. What
// a release hides is named as hidden.
func (d *drawer) cells(field *survey.Field, cells []analytics.CellResult, size float64) (spans []pdf.Span, hidden bool) {
	one := func(label string, c analytics.CellResult) {
		n := bold(size, d.s.Whole(c.N))
		if c.Suppressed {
			n, hidden = soft(size-1.5, d.say("result.hidden")), true
		}
		n.Text += "\u00a0\u00a0 " // apart from the next
		// A label and its number stand on one line.
		spans = append(spans, soft(size-1, strings.ReplaceAll(label, " ", "\u00a0")+"\u00a0"), n)
	}
	for _, c := range cells {
		for _, category := range field.Categories {
			if category.Code == c.Code {
				one(d.s.Text(category.Label), c)
			}
		}
	}
	for _, c := range cells {
		if c.Code == "" {
			one(d.say("result.untold"), c)
		}
	}
	return spans, hidden
}

// services names the unit's services; of more than fit it says how many there are.
func (d *drawer) services() string {
	var names []string
	for i := range d.in.Place.Unit.Services {
		names = append(names, d.in.Place.Unit.Services[i].Name)
	}
	const most = 90 // characters
	if text := strings.Join(names, ", "); len(names) > 0 && len([]rune(text)) <= most {
		return text
	}
	if len(names) == 0 {
		return d.in.Place.Unit.Name
	}
	return d.say("publication.services", "N", d.s.Whole(len(names)))
}

// lowest is what the unsur show: which is the lowest, as far as it is told apart.
func (d *drawer) lowest(x *wording.NamedIndex) string {
	switch {
	case x.Alone() || len(x.Weakest) == 0:
		return d.say("result.aspects")
	case x.Undecided():
		return d.say("publication.unsur.close")
	case len(x.Weakest) == 1:
		return d.say("publication.unsur.lowest", "Aspect", d.s.Text(x.Weakest[0].Name))
	case !x.Named():
		return d.say("publication.unsur.many", "Aspect", d.s.Text(x.Weakest[0].Name), "N", d.s.Whole(len(x.Weakest)-1))
	}
	return d.say("publication.unsur.some", "N", d.s.Whole(len(x.Weakest)))
}

// others draws the indexes but the first beside each other.
func (d *drawer) others(all []*wording.NamedIndex, y float64) {
	const gap = 10.0
	wide := (inner - gap*float64(len(all)-1)) / float64(len(all))
	for i, x := range all {
		left := margin + float64(i)*(wide+gap)
		d.file.Stroke(d.accent, 0.7)
		d.file.Rule(left, y, left+wide, y)
		style, name := d.file.Fit(plain(9.5, "").Style, d.title(x), wide, 7)
		at := d.para(left, y+1, wide, pdf.Span{Style: style, Text: name})
		of := d.say("result.of4")
		if x.Hundred() {
			of = d.say("result.of100")
		}
		sure := d.say("publication.other", "Of", of, "Grade", x.Mutu, "Low", d.s.Fixed(2, x.CI95[0]), "High", d.s.Fixed(2, x.CI95[1]))
		at = d.write(left, at, d.tight(wide, 0.8, bold(17, d.s.Shown(x.Shown)), soft(9, " "+sure)))
		if !x.Adequate {
			text := d.say("publication.short")
			if x.Partial() {
				text = d.say("result.grade.part", "K", d.s.Whole(x.AspectsAnswered), "All", d.s.Whole(x.AspectsAll))
			}
			d.para(left, at-0.5, wide, bold(8.5, text))
		}
	}
}

// improved lays out what the unit did, in letters of a size: nothing where nothing is said
// while the survey runs.
func (d *drawer) improved(size float64) (w textLines) {
	switch {
	case d.in.Earlier != nil:
		w = d.lay(inner, bold(size+2, d.say("result.improved.earlier", "Period", d.in.Earlier.Name)))
	case d.in.Improved != nil || d.in.Result.Final:
		w = d.lay(inner, bold(size+2, d.say("publication.improved")))
	}
	for _, i := range d.in.Improved {
		w.below(d.tight(inner, 0.95, plain(size, d.s.Text(i.Text)+" "), soft(size-1, d.date(i.Done))))
	}
	if d.in.Improved == nil && d.in.Result.Final {
		w.below(d.lay(inner, plain(size, d.say("result.improved.none"))))
	}
	return w
}

// foot thanks, and draws the symbol that tells the print's age.
func (d *drawer) foot() {
	const least, module, quiet = 19.0, 0.52, 4 // mm, mm, modules
	d.file.Stroke(ink.Line, 0.3)
	d.file.Rule(margin, foot, right, foot)
	d.write(margin, foot+4, d.tight(86, 0.95, pdf.Span{Style: pdf.Style{Face: pdf.Italic, Size: 9.5, Color: ink.Soft}, Text: d.say("result.thanks")}))
	width, err := d.file.SymbolWidth(d.address, module, least)
	if err != nil {
		d.faults = append(d.faults, err)
		return
	}
	one, err := d.file.SymbolWidth(d.address, 1, 1)
	if err != nil {
		d.faults = append(d.faults, err)
		return
	}
	zone := quiet * width / one
	const words = 53.0
	x := right - words - zone - width
	if err := d.file.Symbol(d.address, x, foot+max(zone, 4), width); err != nil {
		d.faults = append(d.faults, err)
	}
	day := d.say("publication.through", "Day", d.date(d.in.Through()))
	y := d.para(right-words, foot+5, words, bold(9.5, d.say("report.age.ask")))
	y = d.para(right-words, y, words, soft(9, d.say("report.age.scan")))
	d.para(right-words, y, words, soft(9, day))
}

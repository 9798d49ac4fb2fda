package paperform

import (
	"strconv"

	"persepsi/internal/ink"
	"persepsi/internal/paper"
	"persepsi/internal/pdf"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// block is what stays in one piece.
type block struct {
	high  float64
	keeps bool // with the next
	draw  func(x, y float64)
}

// stack puts blocks beneath each other into one.
func stack(below float64, list ...block) block {
	out := block{high: below}
	for _, b := range list {
		out.high += b.high
	}
	out.draw = func(x, y float64) {
		for _, b := range list {
			b.draw(x, y)
			y += b.high
		}
	}
	return out
}

// para is a paragraph in a width.
func (d *drawer) para(width float64, spans ...pdf.Span) block {
	lines, leading := d.file.Lines(spans, width), 0.0
	const tight, rise = 0.9, 0.76
	for _, s := range spans {
		leading = max(leading, s.Style.Leading()*tight)
	}
	return block{high: float64(len(lines)) * leading, draw: func(x, y float64) {
		for i, l := range lines {
			d.file.Line(x, y+(float64(i)+rise)*leading, width, pdf.Left, l)
		}
	}}
}

// Box is how wide and high the boxes are that are ticked, in millimetres.
const Box = 5.0

// pitch is how far boxes stand apart, from the top of one to the next.
const pitch = 6.0

// choice is a code that a clerk types, and what it stands for.
type choice struct{ code, label string }

// ticks are choices beneath each other, each with its box and code. What they stand for
// is aligned where the codes are short.
func (d *drawer) ticks(list []choice) []block {
	const beside, short = 1.6, 10.5
	style := pdf.Style{Face: pdf.Code, Size: Least, Color: ink.Black}
	wide := 0.0
	for _, c := range list {
		wide = max(wide, d.file.Width(style, c.code))
	}
	out := make([]block, len(list))
	for i, c := range list {
		spans := []pdf.Span{{Style: style, Text: c.code}}
		if c.label != c.code {
			spans = append(spans, letters(pdf.Regular, plain, ink.Black, " "+c.label))
		}
		words, inset := d.para(d.column-Box-beside, spans...), Box+beside
		if wide <= short && len(spans) > 1 {
			inset += wide + beside
			words = d.para(d.column-inset, letters(pdf.Regular, plain, ink.Black, c.label))
		}
		out[i] = block{high: max(pitch, words.high+0.8), draw: func(x, y float64) {
			d.box(x, y+(pitch-Box)/2)
			if inset > Box+beside {
				d.file.Text(x+Box+beside, y+4.3, style, c.code)
			}
			words.draw(x+inset, y+0.7)
		}}
	}
	return out
}

func (d *drawer) box(x, y float64) {
	d.file.Stroke(ink.Black, 0.3)
	d.file.Box(x, y, Box, Box, 0, pdf.Edged)
}

// blocks returns what the form asks, in the order of the page.
func (d *drawer) blocks() []block {
	out := append([]block{}, d.services()...)
	for _, g := range wording.Groups(d.order.Form) {
		title := d.s.Text(g.Title)
		if title == "" {
			title = d.say("form.group." + g.Key)
		}
		out = append(out, d.group(title))
		if g.Key == "honesty" {
			out = append(out, d.note(d.say("form.group.honesty.note.kiosk")))
		}
		for _, q := range g.Questions {
			out = append(out, d.question(q))
		}
	}
	if len(d.order.Form.Fields) > 0 {
		out = append(out, d.group(d.say("form.about")), d.note(d.say("form.about.note")))
	}
	for i := range d.order.Form.Fields {
		out = append(out, d.field(&d.order.Form.Fields[i]))
	}
	return append(out, d.comment(), d.end())
}

// group is the head of a part of the form.
func (d *drawer) group(title string) block {
	words := d.para(d.column, letters(pdf.Bold, part, d.accent, title))
	b := stack(1, block{high: 1, draw: func(x, y float64) {
		d.file.Stroke(d.accent, 0.5)
		d.file.Rule(x, y, x+d.column, y)
	}}, words)
	b.keeps = true
	return b
}

func (d *drawer) note(text string) block {
	b := stack(1.5, d.para(d.column, letters(pdf.Regular, plain, ink.Soft, text)))
	b.keeps = true
	return b
}

// services asks for the service: those that the unit offers now, or a line to write it on.
func (d *drawer) services() []block {
	var open []choice
	if d.order.Place.Unit != nil {
		for _, s := range d.order.Place.Unit.Services {
			if !s.Closed {
				open = append(open, choice{s.Code, s.Name})
			}
		}
	}
	head := d.coded(d.say("form.service"), d.heading(paper.ForService))
	if len(open) == 0 {
		return []block{stack(3, head, d.line(d.column))}
	}
	// A unit may offer more than a column holds: the list is cut between its lines.
	out := d.ticks(open)
	out[0] = stack(0, head, out[0])
	out[len(out)-1] = stack(3, out[len(out)-1])
	return out
}

// coded is a question with the heading of its column.
func (d *drawer) coded(text, code string) block {
	return stack(0.6, d.para(d.column, letters(pdf.Bold, asked, ink.Black, text+" "), letters(pdf.Code, Least, ink.Soft, code)))
}

// question is one of the scale, its options from worst to best.
func (d *drawer) question(q wording.NumberedQuestion) block {
	list := []block{d.coded(strconv.Itoa(q.N)+". "+d.s.Text(q.Text), q.Code)}
	if help := d.s.Text(q.Help); d.layout.helps && help != "" {
		list = append(list, stack(0.6, d.para(d.column, letters(pdf.Regular, plain, ink.Soft, help))))
	}
	var choices []choice
	for _, o := range q.Listed() {
		choices = append(choices, choice{strconv.Itoa(o.Value), d.s.Text(o.Label)})
	}
	if q.Declinable {
		choices = append(choices, choice{paper.Declined, d.say("form.declined")})
	}
	return stack(2.6, append(list, d.ticks(choices)...)...)
}

// field asks something about the respondent.
func (d *drawer) field(f *survey.Field) block {
	choices := make([]choice, len(f.Categories))
	for i, c := range f.Categories {
		choices[i] = choice{c.Code, d.s.Text(c.Label)}
	}
	return stack(2.6, append([]block{d.coded(d.s.Text(f.Text), f.Code)}, d.ticks(choices)...)...)
}

// line is one to write on.
func (d *drawer) line(width float64) block {
	const high = 8.0
	return block{high: high, draw: func(x, y float64) {
		d.file.Stroke(ink.Edge, 0.25)
		d.file.Rule(x, y+high-0.5, x+width, y+high-0.5)
	}}
}

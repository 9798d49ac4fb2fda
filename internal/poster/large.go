package poster

import (
	"persepsi/internal/ink"
	"persepsi/internal/pdf"
)

// Places on an A4 sheet, in millimetres.
const (
	margin      = 17.0
	inner       = 176.0 // between the margins
	boxTop      = 91.0
	symbolLeast = 83.0
	symbolMost  = 92.0
	moduleLeast = 2.0
	footRule    = 279.5
)

// large draws a poster of A4: the question, the symbol with the steps beside it, the address
// to type, what is promised, three helps, counter and period.
func (d *drawer) large(s pointTexts) error {
	d.mark(margin, 4.4, inner, 10)
	d.office(margin, 14, inner, 11.5, 16, bold(13, s.city), plain(10.5, s.agency))
	question := d.fit(inner, 2, 0.74, bold(47, d.words.question))
	promise := d.fit(inner, 1, 0.74, d.accented(question.size, d.words.promise))
	y := boxTop - 4 - question.height() - promise.height()
	y = d.write(margin, y, inner, pdf.Left, question)
	d.write(margin, y, inner, pdf.Left, promise)

	width, err := d.file.SymbolWidth(s.address, moduleLeast, symbolLeast)
	if err != nil {
		return err
	}
	width = min(width, symbolMost)
	zone, err := d.zone(s.address, width)
	if err != nil {
		return err
	}
	box := width + 2*zone
	d.file.Stroke(ink.Black, 0.5)
	d.file.Box(margin-0.25, boxTop-0.25, box+0.5, box+0.5, 4, pdf.Edged)
	if err := d.file.Symbol(s.address, margin+zone, boxTop+zone, width); err != nil {
		return err
	}
	d.steps(s, margin+box+8, boxTop+box/2)
	y = boxTop + box + 4
	y = d.typed(s, margin, y, inner, pdf.Left, 12) + 3
	y = d.promise(y) + 5
	d.helps(y)

	d.file.Stroke(ink.Line, 0.3)
	d.file.Rule(margin, footRule, margin+inner, footRule)
	when := d.fit(70, 2, 1, soft(10, d.period(s)))
	d.write(margin+inner-70, footRule+2, 70, pdf.Right, when)
	d.write(margin, footRule+2, inner-74, pdf.Left, d.fit(inner-74, 2, 1, bold(10, s.point), plain(10, " · "+s.unit)))
	return nil
}

// period says when the survey is and when the sheet was printed.
func (d *drawer) period(s pointTexts) string {
	if s.period == "" {
		return d.words.printed
	}
	return s.period + " · " + d.words.printed
}

// steps draws how to answer, about a height.
func (d *drawer) steps(s pointTexts, x, middle float64) {
	const round, gap, apart = 4.6, 13.0, 7.0
	room := margin + inner - x - gap
	var steps []fittedText
	high := -apart
	for _, text := range []string{d.words.camera, d.words.aim, s.answer} {
		w := d.fit(room, 4, 0.88, plain(15, text))
		steps = append(steps, w)
		high += max(w.height(), 2*round) + apart
	}
	y := middle - high/2
	for i, w := range steps {
		d.file.Stroke(d.accent, 0.35)
		d.file.Dot(x+round, y+round, round, pdf.Edged)
		number := d.accented(13, string(rune('1'+i)))
		d.file.Line(x, y+round+1.65, 2*round, pdf.Center, []pdf.Span{number})
		d.write(x+gap, y+max(0, round-w.leading/2), room, pdf.Left, w)
		y += max(w.height(), 2*round) + apart
	}
}

// promise draws what is promised on its ground; it returns where that ends.
func (d *drawer) promise(y float64) float64 {
	const pad = 6.0
	free := d.fit(inner-2*pad, 2, 0.92, bold(17, d.words.free))
	kept := d.fit(inner-2*pad, 2, 1, plain(12.5, d.words.kept))
	high := free.height() + kept.height() + 9
	d.file.Paint(d.accent.Ground())
	d.file.Box(margin, y, inner, high, 4, pdf.Filled)
	below := d.write(margin+pad, y+4, inner, pdf.Left, free)
	d.write(margin+pad, below+1, inner, pdf.Left, kept)
	return y + high
}

// helps draws what to do without a phone and with a complaint, and the other language.
func (d *drawer) helps(y float64) {
	const gap = 6.0
	wide := (inner - 2*gap) / 3
	for i, h := range d.words.helps {
		x := margin + float64(i)*(wide+gap)
		below := d.write(x, y, wide, pdf.Left, d.fit(wide, 1, 1, bold(12, h[0])))
		d.write(x, below, wide, pdf.Left, d.fit(wide, 3, 0.95, plain(10.5, h[1])))
	}
}

package poster

import (
	"persepsi/internal/ink"
	"persepsi/internal/pdf"
)

// symbolSmall is how wide a symbol is on a face of A6, in millimetres.
const symbolSmall = 57.0

// small draws a sheet of A6.
func (d *drawer) small(s pointTexts) error {
	const margin, inner, foot = 9.0, 87.0, 135.0
	d.office(margin, 6.5, inner, 5.5, 11.5, bold(9, s.city), plain(8, s.agency))
	question := d.fit(inner, 1, 0.78, bold(20, d.words.question))
	from, lines := 20.0, 2 // of the question, and of what is free
	if d.mark(margin, 18.3, inner, 7) {
		from, lines = 23.5, 1
	}
	y := d.write(margin, from, inner, pdf.Left, question)
	y = d.write(margin, y, inner, pdf.Left, d.fit(inner, 1, 0.78, d.accented(question.size, d.words.promise))) + 2
	zone, err := d.zone(s.address, symbolSmall)
	if err != nil {
		return err
	}
	box := symbolSmall + 2*zone
	x := margin + (inner-box)/2
	d.file.Stroke(ink.Black, 0.35)
	d.file.Box(x-0.2, y-0.2, box+0.4, box+0.4, 2.5, pdf.Edged)
	if err := d.symbol(s.address, x, y, symbolSmall); err != nil {
		return err
	}
	y += box + 2
	y = d.typed(s, margin, y, inner, pdf.Center, 8) + 0.8
	d.write(margin, y, inner, pdf.Center, d.fit(inner, lines, 0.95, bold(8.5, d.words.free)))
	d.file.Stroke(ink.Line, 0.25)
	d.file.Rule(margin, foot, margin+inner, foot)
	d.write(margin, foot+0.8, inner, pdf.Left, d.fit(inner, 2, 0.95, bold(7, s.point), soft(7, " · "+s.unit+" · "+d.period(s))))
	return nil
}

// tent draws a sheet of A5 that is folded in the middle. Its back is upside down on the sheet
// and tells the unit's newest result; where there is none, who sits on either side of the
// table sees the same face.
func (d *drawer) tent(s pointTexts, behind *backTexts) error {
	half := pdf.A5().Height / 2
	wide := pdf.A5().Width
	var err error
	d.file.Turn(wide/2, half, func() {
		if behind != nil {
			err = d.back(behind, half)
		} else {
			err = d.face(s, half)
		}
	})
	if err != nil {
		return err
	}
	d.file.Stroke(ink.Edge, 0.2, 1, 1)
	d.file.Rule(0, half, wide, half)
	return d.face(s, half)
}

// face draws one side of a tent below a height.
func (d *drawer) face(s pointTexts, top float64) error {
	const margin, inner, gap = 10.0, 128.0, 7.0
	const band = 9.0
	left, width := d.file.Emblems(d.arms, d.logo, margin, top+6.5, inner, band)
	d.write(left, top+7, width/2, pdf.Left, d.fit(width/2-2, 2, 0.95, soft(8.5, s.city+" · "+s.agency)))
	right := s.point
	if s.period != "" {
		right += " · " + s.period
	}
	d.write(left+width/2, top+7, width/2, pdf.Right, d.fit(width/2-2, 2, 0.95, soft(8.5, right)))
	d.mark(margin, top+1.2, inner, 7)
	zone, err := d.zone(s.address, symbolSmall)
	if err != nil {
		return err
	}
	box := symbolSmall + 2*zone
	if err := d.symbol(s.address, margin-zone/2, top+18, symbolSmall); err != nil {
		return err
	}
	x := margin - zone/2 + box + gap - zone/2
	room := margin + inner - x
	question := d.fit(room, 3, 0.82, bold(19, d.words.question))
	y := d.write(x, top+19, room, pdf.Left, question)
	y = d.write(x, y, room, pdf.Left, d.fit(room, 2, 0.82, d.accented(question.size, d.words.promise))) + 2
	y = d.write(x, y, room, pdf.Left, d.fit(room, 3, 0.95, plain(9.5, d.words.camera+". "+s.answer+"."))) + 1.5
	d.typed(s, x, y, room, pdf.Left, 8.5)
	d.file.Stroke(ink.Line, 0.25)
	d.file.Rule(margin, top+93, margin+inner, top+93)
	d.write(margin, top+94.5, inner, pdf.Left, d.fit(inner, 1, 1, bold(10, d.words.free)))
	return nil
}

package poster

import (
	"errors"
	"strings"

	"persepsi/internal/ink"
	"persepsi/internal/pdf"
	"persepsi/internal/sheet"
	"persepsi/internal/wording"
)

// backTexts are the texts on the back of a tent, of a unit's newest released figures.
type backTexts struct {
	unit, period, index, shown, sure, people, note string
	done                                           []string // what was improved
	address                                        string   // of the symbol, which tells the print's age
}

// mostDone is how many improvements stand on a back.
const mostDone = 3

// backOf returns the texts on the back of a tent; nil: the unit has no released figures, and both
// faces are the same.
func (d *drawer) backOf(in *sheet.Input) (*backTexts, error) {
	if in == nil {
		return nil, nil //nolint:nilnil // nothing to be told
	}
	var faults []error
	say := func(text string, err error) string {
		faults = append(faults, err)
		return text
	}
	x, s := in.Indexes[0], d.speaker
	out := &backTexts{
		unit: in.Place.Unit.Name, period: in.Period.Name, shown: s.Shown(x.Shown), address: in.Address(d.order.Address),
		index: title(s, x, say), sure: say(s.Stability(x)), people: say(s.Say("poster.back.people", "N", s.Whole(x.Answered))),
	}
	if !in.Result.Final {
		day, err := s.Date(in.Through())
		faults = append(faults, err)
		out.note = say(s.Say("publication.provisional", "Day", day))
	}
	for _, i := range in.Improved {
		if len(out.done) < mostDone {
			out.done = append(out.done, short(s.Text(i.Text)))
		}
	}
	return out, errors.Join(faults...)
}

// short cuts a text to what stands in three lines of a back.
func short(text string) string {
	const most = 110 // letters
	letters := []rune(strings.TrimSpace(text))
	if len(letters) <= most {
		return string(letters)
	}
	return strings.TrimRight(string(letters[:most-1]), " ,.") + "…"
}

func title(s *wording.Speaker, x *wording.NamedIndex, say func(string, error) string) string {
	if x.Name != nil {
		return s.Text(x.Name)
	}
	return say(s.Say("result.title." + x.Code))
}

// back draws the face of a tent that tells what came of earlier answers, below a height.
func (d *drawer) back(t *backTexts, top float64) error {
	const margin, inner, left, gap = 10.0, 128.0, 52.0, 8.0
	d.write(margin, top+7, inner*0.7, pdf.Left, d.fit(inner*0.68, 2, 0.95, soft(8.5, t.unit)))
	d.write(margin+inner*0.7, top+7, inner*0.3, pdf.Right, d.fit(inner*0.3, 2, 0.95, soft(8.5, t.period)))
	if d.words.figures != "" {
		d.file.Mark(d.words.figures, margin, top+1.2, inner, 7, ink.Warn)
	}
	y := d.write(margin, top+15, inner, pdf.Left, d.fit(inner, 1, 1, d.accented(18, d.words.heard))) + 2
	if t.note != "" {
		y = d.write(margin, y-1, inner, pdf.Left, d.fit(inner, 1, 1, soft(8, t.note))) + 2
	}

	// The figure with how sure it is at the left, what was done at the right.
	at := d.write(margin, y, left, pdf.Left, d.fit(left, 2, 0.95, plain(9.5, t.index)))
	at = d.write(margin, at, left, pdf.Left, d.fit(left, 1, 0.9, bold(38, t.shown)))
	at = d.write(margin, at, left, pdf.Left, d.fit(left, 2, 0.95, bold(10.5, t.sure)))
	d.write(margin, at, left, pdf.Left, d.fit(left, 1, 0.95, soft(9, t.people)))
	x, room := margin+left+gap, inner-left-gap
	if len(t.done) > 0 {
		y = d.write(x, y, room, pdf.Left, d.fit(room, 2, 0.95, bold(10, d.words.improved))) + 1
		rows := 9 / len(t.done) // of lines, so that all end above the foot
		for _, text := range t.done {
			y = d.write(x, y, room, pdf.Left, d.fit(room, rows, 0.95, plain(9, text))) + 1.2
		}
	}

	const least, module, foot = 19.0, 0.52, 76.0 // as on a publication sheet
	width, err := d.file.SymbolWidth(t.address, module, least)
	if err != nil {
		return err
	}
	zone, err := d.zone(t.address, width)
	if err != nil {
		return err
	}
	d.file.Stroke(ink.Line, 0.25)
	d.file.Rule(margin, top+foot, margin+inner, top+foot)
	if err := d.file.Symbol(t.address, margin, top+foot+min(zone, 3), width); err != nil {
		return err
	}
	x, room = margin+width+zone+3, inner-width-zone-3
	y = d.write(x, top+foot+4, room, pdf.Left, d.fit(room, 1, 1, bold(10, d.words.ask)))
	y = d.write(x, y, room, pdf.Left, d.fit(room, 2, 0.95, plain(9, d.words.scan)))
	d.write(x, y, room, pdf.Left, d.fit(room, 1, 0.95, soft(8, d.words.printed)))
	return nil
}

package chart

import "math"

// DistributionInput is how often each score of a question was given.
type DistributionInput struct {
	Head
	Rows []Share
}

// Share is one score, in the order of the scale. Silent marks those who did not answer.
type Share struct {
	Name    string // "4 Sangat baik"
	N       Value
	Percent string // "12 %"
	Silent  bool
}

// Distribution draws a bar for each score, all from zero, with count and percent beside
// it.
func Distribution(in DistributionInput, widths ...int) *Chart {
	table := Table{Columns: []string{in.Words.Name, in.Words.N, in.Words.Share}}
	for _, r := range in.Rows {
		table.Rows = append(table.Rows, []string{r.Name, r.N.Text, r.Percent})
	}
	return build(in.Head, table, widths, []int{Slot, Half}, in.draw)
}

func (in *DistributionInput) draw(d *Drawing) {
	widest, most := 0.0, 0.0
	said := func(r Share) string {
		if r.Percent == "" {
			return r.N.Text
		}
		return r.N.Text + " · " + r.Percent
	}
	for _, r := range in.Rows {
		widest, most = max(widest, Strong.width(said(r))), max(most, r.N.At)
	}
	s := scale{0, most, 0, d.Width - widest - 10}
	y := 0.0
	for _, r := range in.Rows {
		for _, line := range Plain.wrap(r.Name, d.Width) {
			y += lineHigh
			d.add(Text{Plain, 0, y - 3, Start, line})
		}
		role := Fill
		if r.Silent {
			role = Soft
		}
		x := 0.0
		if r.N.At > 0 {
			x = max(s.at(r.N.At), 2)
			d.add(Rect{role, 0.5, y + 2, x - 0.5, 14, 2})
			x += 6
		}
		d.add(Text{Strong, x, y + 13, Start, said(r)})
		y += 26
	}
	d.Height = max(y, 1)
}

// DaysInput is counts of answers by day.
type DaysInput struct {
	Head
	Days []Day
}

// Day is how many answers came. In a closed one none are expected: it has a pale ground,
// so that an empty open day is seen.
type Day struct {
	Label  string // "1", "12 Nov"
	Group  string // "November"
	N      Value
	Closed bool
}

// Days draws a column for each day, all from zero.
func Days(in DaysInput, widths ...int) *Chart {
	table := Table{Columns: []string{in.Words.Name, in.Words.N, in.Words.Note}}
	for _, day := range in.Days {
		note := ""
		if day.Closed {
			note = in.Words.Closed
		}
		table.Rows = append(table.Rows, []string{join2(day.Label, day.Group), day.N.Text, note})
	}
	return build(in.Head, table, widths, []int{Slot, Half, Full}, in.draw)
}

func (in *DaysInput) draw(d *Drawing) {
	d.Height = 180
	const top, left = 12.0, 34.0
	bottom := d.Height - 42
	most := 1.0
	for _, day := range in.Days {
		most = max(most, day.N.At)
	}
	p := &places{within: box{0, 0, d.Width, d.Height}}
	s := scale{0, most * 1.05, bottom, top}
	all, _ := ticks(0, s.to, 3)
	for _, v := range all {
		if v != math.Trunc(v) {
			continue
		}
		d.line(Rule, left, s.at(v), d.Width, s.at(v))
		if words := in.Numbers(0, v); Small.width(words) <= left-6 {
			p.put(d, Text{Small, left - 6, s.at(v) + 4, End, words})
		}
	}
	slot := (d.Width - left) / float64(max(1, len(in.Days)))
	gap := min(slot*0.2, 4)
	widest := 0.0
	for i, day := range in.Days {
		x := left + float64(i)*slot
		widest = max(widest, Small.width(day.Label))
		if day.Closed {
			d.add(Rect{Ghost, x, top, slot, bottom - top, 0})
		}
		if day.N.At > 0 {
			d.add(Rect{Fill, x + gap/2, s.at(day.N.At), slot - gap, bottom - s.at(day.N.At), 0})
		}
	}
	d.line(Axis, left, bottom, d.Width, bottom)
	step := max(1, int(math.Ceil((widest+7)/max(slot, 0.1))))
	for i, day := range in.Days {
		x := left + (float64(i)+0.5)*slot
		if i%step == 0 {
			p.put(d, Text{Small, x, bottom + 18, Middle, day.Label}, Text{Small, d.Width, bottom + 18, End, day.Label})
		}
		if i == 0 || in.Days[i-1].Group != day.Group {
			p.put(d, Text{Strong, x - slot/2, bottom + 36, Start, day.Group}, Text{Strong, d.Width, bottom + 36, End, day.Group})
		}
	}
}

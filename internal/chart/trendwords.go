package chart

import (
	"math"
	"sort"
)

// edge is a text in the column at the right of a trend, at the height of what it names.
type edge struct {
	role  Role
	y     float64
	words string
}

// named writes at the right edge what the lines are and the newest value; where two are
// at one height they move apart.
func (t *trend) named(lines []Limit) {
	var all []edge
	if last := t.last(); last != nil {
		all = append(all, edge{Strong, t.y.at(last.Mean.At), last.Mean.Text})
	}
	for _, l := range lines {
		all = append(all, edge{Plain, t.y.at(l.At), t.called(l)})
	}
	if c := t.newest(); c != nil {
		words := t.in.Words.Control
		if Label.width(words) <= t.Width-t.right-8 {
			all = append(all, edge{Label, t.y.at(c.Lower.At), words})
		} else {
			y := t.y.at(c.Lower.At)
			defer t.put(t.Drawing, Text{Label, t.right - 2, y + 14, End, words}, Text{Label, t.right - 2, y - 5, End, words},
				Text{Label, t.left + 2, y + 14, Start, words}, Text{Label, t.left + 2, y - 5, Start, words})
		}
	}
	sort.SliceStable(all, func(i, k int) bool { return all[i].y < all[k].y })
	const high = 16
	for i := range all {
		all[i].y = max(all[i].y, t.top)
		if i > 0 {
			all[i].y = max(all[i].y, all[i-1].y+high)
		}
	}
	for i := len(all) - 1; i >= 0; i-- { // back from the bottom, if they were pushed beyond it
		limit := t.bottom
		if i+1 < len(all) {
			limit = all[i+1].y - high
		}
		all[i].y = min(all[i].y, limit)
	}
	for _, e := range all {
		t.put(t.Drawing, Text{e.role, t.right + 8, e.y + 4, Start, e.words})
	}
}

// newest returns the limits of the newest point that has some.
func (t *trend) newest() *Controls {
	if n := len(t.spans); n > 0 {
		s := &t.spans[n-1]
		for i := len(s.Points) - 1; i >= 0; i-- {
			if c := s.limits(i); c != nil {
				return c
			}
		}
	}
	return nil
}

// notes writes beside points what is said of them, and into gaps why there is none.
func (t *trend) notes(s Span, at int) {
	for i, r := range s.Points {
		x := t.x(at + i)
		switch {
		case r.Withheld != "" && (i == 0 || s.Points[i-1].Withheld != r.Withheld):
			last := i
			for last+1 < len(s.Points) && s.Points[last+1].Withheld == r.Withheld {
				last++
			}
			t.gap((x+t.x(at+last))/2, r.Withheld)
		case r.Index != nil && r.Beyond:
			t.beyond(x, t.y.at(r.Index.Mean.At), r)
		}
	}
	if at > 0 {
		x := t.left + float64(at)*t.slot
		t.put(t.Drawing, Text{Plain, x + 6, t.top - 14, Start, s.Name}, Text{Plain, x - 6, t.top - 14, End, s.Name},
			Text{Plain, x + 6, t.top - 28, Start, s.Name}, Text{Plain, x - 6, t.top - 28, End, s.Name})
	} else if len(t.spans) > 1 && len(s.Points) > 0 {
		x := t.left + float64(len(s.Points))*t.slot
		t.put(t.Drawing, Text{Label, x - 6, t.top - 14, End, s.Name}, Text{Label, x - 6, t.top - 28, End, s.Name})
	}
}

// gap writes where nothing is shown why, from the bottom of the plot upwards.
func (t *trend) gap(x float64, words string) {
	for _, wide := range []float64{130, 90} {
		lines := Label.wrap(words, wide)
		for _, y := range []float64{t.bottom - 8, t.top + 12 + 15*float64(len(lines)-1), (t.top + t.bottom) / 2} {
			if t.together(Label, x, y, Middle, lines) || t.together(Label, min(x+t.slot/2, t.right), y, End, lines) || t.together(Label, max(x-t.slot/2, t.left), y, Start, lines) {
				return
			}
		}
	}
}

// beyond writes the number and the note of a point outside of its control limits.
func (t *trend) beyond(x, y float64, r Release) {
	number := r.Index.Mean.Text + " " + t.in.Words.Outside
	note := Label.wrap(r.Note, max(Amber.width(number), min(300, t.Width*0.45)))
	for _, way := range []struct {
		x, y   float64
		anchor Anchor
	}{
		{x + 11, y + 10, Start},
		{x - 11, y + 10, End},
		{x + 11, y - 4, Start},
		{x - 11, y - 4, End},
		{x, y + 24, Middle},
		{x, y - 12, Middle},
		{x, t.bottom - 6, Middle},
		{x + 11, t.bottom - 6, Start},
		{x - 11, t.bottom - 6, End},
		{t.left + 4, y + 24, Start},
		{t.right, y + 24, End},
		{t.left + 4, t.top + 4, Start},
		{t.right, t.top + 4, End},
	} {
		for _, more := range [][]string{note, nil} { // without the note rather than not at all
			if t.noted(way.x, way.y, way.anchor, number, more) {
				return
			}
		}
	}
	t.put(t.Drawing, Text{Amber, x, y - 12, Middle, r.Index.Mean.Text}, Text{Amber, x, y + 22, Middle, r.Index.Mean.Text},
		Text{Amber, x + 11, y + 4, Start, r.Index.Mean.Text}, Text{Amber, x - 11, y + 4, End, r.Index.Mean.Text})
}

func (t *trend) noted(x, y float64, anchor Anchor, number string, note []string) bool {
	head := Text{Amber, x, y, anchor, number}
	if !t.free(head) {
		return false
	}
	for i, line := range note {
		text := Text{Label, x, y + 15*float64(i+1), anchor, line}
		if !t.free(text) || text.bounds().bottom > t.bottom {
			return false
		}
	}
	t.put(t.Drawing, head)
	for i, line := range note {
		text := Text{Label, x, y + 15*float64(i+1), anchor, line}
		t.add(text)
		t.block(text.bounds())
	}
	return true
}

// together writes lines, the last one at y, if all are free.
func (t *trend) together(role Role, x, y float64, anchor Anchor, lines []string) bool {
	var all []Text
	for i, line := range lines {
		text := Text{role, x, y - 15*float64(len(lines)-1-i), anchor, line}
		if !t.free(text) {
			return false
		}
		all = append(all, text)
	}
	for _, text := range all {
		t.add(text)
		t.block(text.bounds())
	}
	return true
}

// months writes below the plot what each point is of: all, or every second, third … one.
func (t *trend) months() {
	var all []Release
	for _, s := range t.spans {
		all = append(all, s.Points...)
	}
	widest := 0.0
	for _, r := range all {
		widest = max(widest, Small.width(r.Label))
	}
	step := max(1, int(math.Ceil((widest+7)/max(t.slot, 1))))
	for i, r := range all {
		if i%step == 0 {
			t.put(t.Drawing, Text{Small, t.x(i), t.bottom + 18, Middle, r.Label})
		}
		if i == 0 || all[i-1].Group != r.Group {
			t.put(t.Drawing, Text{Strong, max(t.x(i), Strong.width(r.Group)/2), t.bottom + 36, Middle, r.Group})
		}
	}
}

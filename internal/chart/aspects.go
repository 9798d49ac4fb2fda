package chart

import (
	"cmp"
	"slices"
)

// AspectsInput is the unsur of an index, in any order.
type AspectsInput struct {
	Head
	From, To float64 // the ends of the axis, as 1 and 4
	// Limits are ticks on every row, named above the first: "batas B".
	Limits []Limit
	Rows   []Aspect
}

// Aspect is one row.
type Aspect struct {
	Name  string
	Index *Estimate
	// Withheld says why there is no Index.
	Withheld string
	// Lowest marks the lowest one and those that can't be told apart from it.
	Lowest bool
}

// said is its name, and why it has no value.
func (r *Aspect) said() string {
	if r.Index == nil && r.Withheld != "" {
		return r.Name + ": " + r.Withheld
	}
	return r.Name
}

// The layout of rows: a name of one or more lines above its axis.
const (
	lineHigh = 16.0
	rowHigh  = 26.0 // of an axis below its name
)

// Aspects draws the unsur of an index, the lowest first and the withheld last, with
// their values at the right. A bracket joins those that can't be told apart from the
// lowest, in amber; without others there is none to join.
func Aspects(in AspectsInput, widths ...int) *Chart {
	rows := slices.Clone(in.Rows)
	slices.SortStableFunc(rows, func(a, b Aspect) int {
		switch {
		case a.Index == nil || b.Index == nil:
			return cmp.Compare(btoi(a.Index == nil), btoi(b.Index == nil))
		default:
			return cmp.Compare(a.Index.Mean.At, b.Index.Mean.At)
		}
	})
	in.Rows = rows
	w := in.Words
	table := Table{Columns: []string{w.Name, w.Value, w.Low, w.High, w.Note}}
	joined := in.joined()
	for i, r := range rows {
		note := ""
		if len(joined) > 1 && slices.Contains(joined[1:], i) {
			note = w.Together
		}
		table.Rows = append(table.Rows, append(append([]string{r.Name}, r.Index.cells(r.Withheld)...), note))
	}
	for _, l := range in.Limits {
		table.Rows = append(table.Rows, []string{l.Name, l.Text, "", "", ""})
	}
	return build(in.Head, table, widths, []int{Slot, Half}, in.draw)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// joined returns the rows of the lowest.
func (in *AspectsInput) joined() (out []int) {
	for i, r := range in.Rows {
		if r.Lowest && r.Index != nil {
			out = append(out, i)
		}
	}
	return out
}

func (in *AspectsInput) draw(d *Drawing) {
	widest := Strong.width("0,00")
	for _, r := range in.Rows {
		if r.Index != nil {
			widest = max(widest, Strong.width(r.Index.Mean.Text))
		}
	}
	const bracket = 16
	s := scale{in.From, in.To, 6, d.Width - widest - bracket - 8}
	type placed struct {
		lines []string
		y     float64 // of the axis
	}
	var rows []placed
	y := 24.0
	for _, r := range in.Rows {
		role := Plain
		if r.Lowest {
			role = Strong
		}
		lines := role.wrap(r.said(), s.right)
		y += lineHigh*float64(len(lines)) + 10
		rows = append(rows, placed{lines, y})
		y += rowHigh - 10
	}
	d.Height = y
	p := &places{within: box{0, 0, d.Width, d.Height}}
	for _, l := range in.Limits {
		if len(rows) > 0 {
			p.put(d, Text{Small, s.at(l.At), 12, Middle, l.Name}, Text{Small, s.at(l.At), 12, Start, l.Name}, Text{Small, s.at(l.At), 12, End, l.Name})
		}
	}
	for i, r := range in.Rows {
		in.row(d, s, r, rows[i].lines, rows[i].y)
	}
	if joined := in.joined(); len(joined) > 1 {
		x := s.right + bracket - 6
		d.line(Bracket, x, rows[joined[0]].y, x, rows[joined[len(joined)-1]].y)
		for _, i := range joined {
			d.line(Bracket, x-5, rows[i].y, x, rows[i].y)
		}
	}
}

func (in *AspectsInput) row(d *Drawing, s scale, r Aspect, lines []string, y float64) {
	name := Plain
	if r.Lowest {
		name = Strong
	}
	for i, line := range lines {
		d.add(Text{name, 0, y - 14 - lineHigh*float64(len(lines)-1-i), Start, line})
	}
	d.line(Axis, s.left, y, s.right, y)
	for _, l := range in.Limits {
		role := Limiting
		if r.Index != nil && l.At > r.Index.Low.At && l.At < r.Index.High.At {
			role = Inside
		}
		defer d.line(role, s.at(l.At), y-6, s.at(l.At), y+6)
	}
	if r.Index == nil {
		d.add(Text{Label, d.Width, y + 4, End, "–"})
		return
	}
	d.band(s.at(r.Index.Low.At), s.at(r.Index.High.At), y, 6, r.Lowest)
	dot := Dot
	if r.Lowest {
		dot = DotWarn
	}
	defer d.add(Circle{dot, s.at(r.Index.Mean.At), y, 4.5})
	d.add(Text{Strong, d.Width, y + 4, End, r.Index.Mean.Text})
}

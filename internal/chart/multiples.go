package chart

import "math"

// MultiplesInput is several units or agencies over the same periods.
type MultiplesInput struct {
	Head
	Periods []string // of the points, for the table: "Semester I 2025"
	Limits  []Limit  // faint lines
	Series  []Series
}

// Series is one of them: a point for each period, nil where there is none to show.
type Series struct {
	Name   string
	Points []*Estimate
	// Withheld says of missing points why, in the table, and below where all are missing.
	Withheld string
	// Change is what became of it: "naik nyata". Real: more than chance. Fell: downwards.
	Change     string
	Real, Fell bool
}

// Multiples draws small trends, all on one axis, with the first and the last value and
// what became of it in words. A line never joins over a missing point.
func Multiples(in MultiplesInput, widths ...int) *Chart {
	w := in.Words
	table := Table{Columns: append([]string{w.Name}, append(append([]string{}, in.Periods...), w.Change)...)}
	for _, s := range in.Series {
		row := []string{s.Name}
		for i := range in.Periods {
			row = append(row, s.cell(i))
		}
		table.Rows = append(table.Rows, append(row, s.Change))
	}
	for _, l := range in.Limits {
		row := make([]string, len(table.Columns))
		row[0], row[1] = l.Name, l.Text
		table.Rows = append(table.Rows, row)
	}
	return build(in.Head, table, widths, []int{Slot, Half, Full}, in.draw)
}

// cell is a point in the table, its interval behind it.
func (s *Series) cell(i int) string {
	if i >= len(s.Points) || s.Points[i] == nil {
		return s.Withheld
	}
	p := s.Points[i]
	return p.Mean.Text + " (" + p.Low.Text + "–" + p.High.Text + ")"
}

// The room for one: its name, its plot and what became of it.
const (
	multipleWide = 150.0
	multiplePlot = 84.0
)

func (in *MultiplesInput) draw(d *Drawing) {
	columns := max(1, int(d.Width/(multipleWide+12)))
	if n := len(in.Series); n > columns { // lines of as many each
		columns = (n + (n+columns-1)/columns - 1) / ((n + columns - 1) / columns)
	}
	wide := (d.Width - 24*float64(columns-1)) / float64(columns)
	low, high := math.Inf(1), math.Inf(-1)
	for _, s := range in.Series {
		for _, p := range s.Points {
			if p != nil {
				low, high = min(low, p.Low.At), max(high, p.High.At)
			}
		}
	}
	if math.IsInf(low, 0) {
		low, high = 0, 1
	}
	pad := max((high-low)*0.08, 0.01*max(1, math.Abs(high)))
	y := 0.0
	for i := 0; i < len(in.Series); i += columns {
		line := in.Series[i:min(i+columns, len(in.Series))]
		names, most := make([][]string, len(line)), 1
		for k, s := range line {
			names[k] = Strong.wrap(s.Name, wide)
			most = max(most, len(names[k]))
		}
		top := y + lineHigh*float64(most) + 6
		for k, s := range line {
			left := float64(k) * (wide + 24)
			for n, words := range names[k] {
				d.add(Text{Strong, left, y + 13 + lineHigh*float64(n), Start, words})
			}
			in.one(d, s, left, wide, scale{low - pad, high + pad, top + multiplePlot, top})
		}
		y = top + multiplePlot + 40
	}
	d.Height = max(y-10, 1)
}

func (in *MultiplesInput) one(d *Drawing, s Series, left, wide float64, y scale) {
	n := len(s.Points)
	var last, first *Estimate
	for _, p := range s.Points {
		if p != nil {
			if first == nil {
				first = p
			}
			last = p
		}
	}
	room := 12.0
	if last != nil {
		room = Strong.width(last.Mean.Text) + 12
	}
	x := func(i int) float64 { return left + 6 + float64(i)*(wide-room-6)/float64(max(1, n-1)) }
	for _, l := range in.Limits {
		if l.At > y.from && l.At < y.to {
			d.line(Rule, left, y.at(l.At), left+wide-room, y.at(l.At))
		}
	}
	if last == nil {
		d.line(Axis, left, y.left, left+wide-room, y.left)
		for i, line := range Label.wrap(s.Withheld, wide) {
			if i < 4 {
				d.add(Text{Label, left, y.right + 16 + 15*float64(i), Start, line})
			}
		}
	}
	for i := 0; i < n; i++ {
		from := i
		for i < n && s.Points[i] != nil {
			i++
		}
		multipleRun(d, s.Points[from:i], func(k int) float64 { return x(from + k) }, y)
	}
	p := &places{within: box{left, y.right - 1, left + wide, y.left + 5}}
	end := -1
	for i, e := range s.Points {
		if e == nil {
			continue
		}
		p.block(box{x(i) - 4, y.at(e.Mean.At) - 4, x(i) + 4, y.at(e.Mean.At) + 4})
		end = i
	}
	if end >= 0 {
		d.add(Circle{Dot, x(end), y.at(last.Mean.At), 4})
		p.put(d, Text{Strong, x(end) + 8, y.at(last.Mean.At) + 4, Start, last.Mean.Text})
		if first != last {
			p.put(d, Text{Small, left + 2, y.at(first.High.At) - 4, Start, first.Mean.Text}, Text{Small, left + 2, y.at(first.Low.At) + 13, Start, first.Mean.Text})
		}
	}
	role := Label
	switch {
	case s.Real && s.Fell:
		role = Amber
	case s.Real:
		role = Strong
	}
	if words := role.cut(s.Change, wide); words != "" {
		d.add(Text{role, left, y.left + 20, Start, words})
	}
}

// multipleRun draws points without a gap between them.
func multipleRun(d *Drawing, points []*Estimate, x func(int) float64, y scale) {
	if len(points) == 0 {
		return
	}
	var upper, lower, course []Point
	for i, p := range points {
		upper = append(upper, Point{x(i), y.at(p.High.At)})
		lower = append([]Point{{x(i), y.at(p.Low.At)}}, lower...)
		course = append(course, Point{x(i), y.at(p.Mean.At)})
	}
	if len(points) == 1 {
		d.line(Cap, upper[0].X, upper[0].Y, upper[0].X, lower[0].Y)
		d.add(Circle{Dot, course[0].X, course[0].Y, 3})
		return
	}
	d.add(Path{Band, append(upper, lower...), true}, Path{Course, course, false})
}

package chart

import "math"

// bounded sets the upright scale by what is drawn, and returns the limits near it.
func (t *trend) bounded() []Limit {
	low, high := math.Inf(1), math.Inf(-1)
	see := func(v float64) { low, high = min(low, v), max(high, v) }
	for _, s := range t.spans {
		for i, r := range s.Points {
			if r.Index != nil {
				see(r.Index.Low.At)
				see(r.Index.High.At)
			}
			if c := s.limits(i); c != nil {
				see(c.Lower.At)
				see(c.Upper.At)
			}
		}
	}
	var lines []Limit
	if math.IsInf(low, 0) { // nothing to show: the limits alone make the axis
		for _, l := range t.in.Limits {
			see(l.At)
		}
	}
	if math.IsInf(low, 0) {
		low, high = 0, 1
	}
	if !(high > low) {
		high, low = high+max(1, math.Abs(high))*0.01, low-max(1, math.Abs(low))*0.01
	}
	pad := (high - low) * 0.12
	for _, l := range t.in.Limits {
		if l.At >= low-2*pad && l.At <= high+2*pad {
			lines = append(lines, l)
		}
	}
	for _, l := range lines {
		see(l.At)
	}
	t.y = scale{low - pad, high + pad, t.bottom, t.top}
	return lines
}

// ruled draws faint lines at round numbers.
func (t *trend) ruled() {
	at, digits := ticks(t.y.from, t.y.to, 4)
	for _, v := range at {
		y := t.y.at(v)
		t.line(Rule, t.left, y, t.right, y)
		if words := t.in.Numbers(digits, v); Small.width(words) <= t.left {
			t.put(t.Drawing, Text{Small, t.left - 6, y + 4, End, words})
		}
	}
}

// span draws the points of one form, and where it begins.
func (t *trend) span(i int, s Span, at int) {
	from, to := t.left+float64(at)*t.slot, t.left+float64(at+len(s.Points))*t.slot
	t.controls(s, from, to)
	if i > 0 {
		t.line(Break, from, t.top-22, from, t.bottom)
	}
	for k := 0; k < len(s.Points); k++ {
		first := k
		for k < len(s.Points) && s.Points[k].Index != nil {
			k++
		}
		t.run(s.Points[first:k], at+first)
	}
}

// controls draws the limits of a span: a line across it, or a step where a point has limits
// of its own.
func (t *trend) controls(s Span, from, to float64) {
	for k := 0; k < len(s.Points); {
		first, c := k, s.limits(k)
		for k < len(s.Points) && s.limits(k) == c {
			k++
		}
		if c == nil {
			continue
		}
		left, right := from+float64(first)*t.slot, from+float64(k)*t.slot
		if first == 0 {
			left += 2
		}
		if k == len(s.Points) {
			right = to - 2
		}
		for _, v := range []Value{c.Lower, c.Upper} {
			t.line(Control, left, t.y.at(v.At), right, t.y.at(v.At))
		}
	}
}

// run draws points without a gap between them.
func (t *trend) run(points []Release, at int) {
	if len(points) == 0 {
		return
	}
	var upper, lower, course []Point
	for i, r := range points {
		x := t.x(at + i)
		upper = append(upper, Point{x, t.y.at(r.Index.High.At)})
		lower = append([]Point{{x, t.y.at(r.Index.Low.At)}}, lower...)
		course = append(course, Point{x, t.y.at(r.Index.Mean.At)})
		t.block(box{x - 6, course[i].Y - 6, x + 6, course[i].Y + 6})
	}
	if len(points) == 1 {
		x := course[0].X
		t.add(Path{Band, []Point{{x - 4, upper[0].Y}, {x + 4, upper[0].Y}, {x + 4, lower[0].Y}, {x - 4, lower[0].Y}}, true})
	} else {
		t.add(Path{Band, append(upper, lower...), true}, Path{Course, course, false})
	}
	// A text may not cover the line; over the pale band it can be read.
	for i := 1; i < len(course); i++ {
		for f := 0.1; f < 1; f += 0.1 {
			x, y := course[i-1].X+f*(course[i].X-course[i-1].X), course[i-1].Y+f*(course[i].Y-course[i-1].Y)
			t.block(box{x - 2, y - 2, x + 2, y + 2})
		}
	}
	for i, r := range points {
		p := course[i]
		if r.Beyond {
			t.add(Path{Outside, []Point{{p.X, p.Y - 7}, {p.X + 7, p.Y}, {p.X, p.Y + 7}, {p.X - 7, p.Y}}, true})
			continue
		}
		t.add(Circle{Dot, p.X, p.Y, min(4, max(2, t.slot/3))})
	}
}

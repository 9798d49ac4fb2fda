package chart

import "math"

// TrendInput is an index over time: one point a month or period, each of a release.
type TrendInput struct {
	Head
	// Spans are what may be compared, the oldest first: between them the form changed, and
	// nothing is joined over that.
	Spans []Span
	// Limits are lines across the plot: "batas mutu A", Brief as it is called on a phone.
	// One far from every value is left out of the drawing and stays in the table.
	Limits []Limit
}

// Span is the points with one form. Name stands beside the line where the form changed.
type Span struct {
	Name   string
	Points []Release
	// Control are limits from a fixed baseline, the same for all points that have none of
	// their own; nil: there are none.
	Control *Controls
}

// limits returns the limits of a point of the span; nil where it has none.
func (s *Span) limits(i int) *Controls {
	if own := s.Points[i].Control; own != nil {
		return own
	}
	return s.Control
}

// Controls are the values between which a point is no surprise.
type Controls struct{ Lower, Upper Value }

// Release is one point: what was released at the end of a month or period.
type Release struct {
	Label string // "Jan"
	Group string // "2026": stands below the first of each
	Index *Estimate
	// Withheld says why there is no Index: "7 jawaban, tidak ditampilkan".
	Withheld string
	// Control are the limits of this point: those of a month of few answers are farther apart
	// than those of one of many. nil: it has those of its span.
	Control *Controls
	// Beyond tells that the point is outside of the control limits; Note is what is known of that.
	Beyond bool
	Note   string
}

// Trend draws points with straight lines and their band; each span by itself. Nothing is
// joined over a gap or a change of the form, and nothing is smoothed.
func Trend(in TrendInput, widths ...int) *Chart {
	w := in.Words
	table := Table{Columns: []string{w.Name, w.Value, w.Low, w.High, w.Lower, w.Upper, w.Note}}
	for _, s := range in.Spans {
		for i, r := range s.Points {
			lower, upper, note := "", "", r.Note
			if c := s.limits(i); c != nil {
				lower, upper = c.Lower.Text, c.Upper.Text
			}
			if r.Beyond {
				note = join(w.Outside, note)
			}
			table.Rows = append(table.Rows, append(append([]string{join2(r.Label, r.Group)}, r.Index.cells(r.Withheld)...), lower, upper, note))
		}
	}
	for _, l := range in.Limits {
		table.Rows = append(table.Rows, []string{l.Name, l.Text, "", "", "", "", ""})
	}
	return build(in.Head, table, widths, []int{Slot, Half, Full}, in.draw)
}

func join(a, b string) string {
	if b == "" {
		return a
	}
	return a + "; " + b
}

func join2(a, b string) string {
	if b == "" {
		return a
	}
	return a + " " + b
}

// trend is a drawing of TrendInput at work.
type trend struct {
	*Drawing
	*places
	in          *TrendInput
	spans       []Span
	y           scale
	left, right float64
	top, bottom float64
	slot        float64
	narrow      bool
}

func (in *TrendInput) draw(d *Drawing) {
	t := &trend{Drawing: d, in: in, narrow: d.Width < Half, top: 14}
	t.spans = in.spans(t.narrow)
	if len(t.spans) > 1 {
		t.top += 26 // for the names of the forms
	}
	d.Height = t.top + 260
	if t.narrow {
		d.Height = t.top + 210
	}
	t.places = &places{within: box{0, 0, d.Width, d.Height}}
	t.bottom = d.Height - 44
	n := 0
	for _, s := range t.spans {
		n += len(s.Points)
	}
	lines := t.bounded()
	t.left, t.right = 36, d.Width-14
	for _, l := range lines {
		t.right = min(t.right, d.Width-8-Plain.width(t.called(l)))
	}
	if last := t.last(); last != nil {
		t.right = min(t.right, d.Width-16-Strong.width(last.Mean.Text))
	}
	t.right = max(t.right, d.Width/2)
	t.slot = (t.right - t.left) / float64(max(n, 1))
	t.ruled()
	for _, l := range lines {
		t.line(Limiting, t.left, t.y.at(l.At), t.right, t.y.at(l.At))
	}
	at := 0
	for i, s := range t.spans {
		t.span(i, s, at)
		at += len(s.Points)
	}
	t.named(lines)
	at = 0
	for _, s := range t.spans {
		t.notes(s, at)
		at += len(s.Points)
	}
	t.months()
}

// A phone has room for a year: the running one, or where that has just begun the newest
// points.
const (
	recentMost  = 12
	recentLeast = 6
)

// spans returns those that a drawing shows: on a phone the newest points alone.
func (in *TrendInput) spans(narrow bool) []Span {
	if !narrow {
		return in.Spans
	}
	var all []Release
	for _, s := range in.Spans {
		all = append(all, s.Points...)
	}
	left := 0
	for i := len(all) - 1; i >= 0 && all[i].Group == all[len(all)-1].Group; i-- {
		left++
	}
	if left < recentLeast || left > recentMost {
		left = recentMost
	}
	var out []Span
	for i := len(in.Spans) - 1; i >= 0 && left > 0; i-- {
		s := in.Spans[i]
		s.Points = s.Points[max(0, len(s.Points)-left):]
		left -= len(s.Points)
		out = append([]Span{s}, out...)
	}
	return out
}

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

// called returns a limit's words at the edge.
func (t *trend) called(l Limit) string {
	if t.narrow && l.Brief != "" {
		return l.Brief
	}
	return l.Name
}

// last returns the newest value, if the newest point has one.
func (t *trend) last() *Estimate {
	for i := len(t.spans) - 1; i >= 0; i-- {
		if p := t.spans[i].Points; len(p) > 0 {
			return p[len(p)-1].Index
		}
	}
	return nil
}

func (t *trend) x(i int) float64 { return t.left + (float64(i)+0.5)*t.slot }

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

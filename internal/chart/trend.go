package chart

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

// spans returns the spans of a drawing: on a phone the newest points alone.
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

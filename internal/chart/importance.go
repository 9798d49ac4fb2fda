package chart

import (
	"math"
	"strconv"
)

// ImportanceInput is how strongly each unsur goes with satisfaction as a whole, against
// its score. With fewer than 100 answers a page shows a sentence instead.
type ImportanceInput struct {
	Head
	// Across and Up name the axes: "nilai makin tinggi →", "↑ makin berkaitan dengan kepuasan".
	Across, Up string
	// MiddleScore and MiddleLink are where the four corners meet.
	MiddleScore, MiddleLink float64
	// Corners are their words: upper left (low score, strong link: first), upper right,
	// lower left, lower right.
	Corners [4]string
	Items   []Important
}

// Important is one unsur: its score with the interval, and its link, of which none is known.
// First marks that which deserves to be first, in amber.
type Important struct {
	Name  string
	Score Estimate
	Link  Value
	First bool
}

// Importance draws each unsur with the interval of its score, and its name beside it; where
// names have no room, the number of its row in the table. Whether a link is a cause the
// picture can't say: the page does.
func Importance(in ImportanceInput, widths ...int) *Chart {
	w := in.Words
	table := Table{Columns: []string{w.Name, w.Value, w.Low, w.High, w.Link}}
	for i, x := range in.Items {
		table.Rows = append(table.Rows, []string{
			strconv.Itoa(i+1) + ". " + x.Name, x.Score.Mean.Text, x.Score.Low.Text, x.Score.High.Text, x.Link.Text,
		})
	}
	return build(in.Head, table, widths, []int{Slot, Half}, in.draw)
}

// span returns the ends of an axis around all intervals and the middle.
func span(middle float64, items []Important, of func(*Important) *Estimate) (from, to float64) {
	from, to = middle, middle
	for i := range items {
		e := of(&items[i])
		from, to = min(from, e.Low.At), max(to, e.High.At)
	}
	pad := max((to-from)*0.06, 1e-6*max(1, math.Abs(to)))
	return from - pad, to + pad
}

func (in *ImportanceInput) draw(d *Drawing) {
	const top = 24.0
	side := min(d.Width*0.8, 400)
	d.Height = top + side + 24
	frame := box{0.5, top, d.Width - 0.5, top + side}
	from, to := span(in.MiddleScore, in.Items, func(x *Important) *Estimate { return &x.Score })
	across := scale{from, to, frame.left + 8, frame.right - 8}
	from, to = span(in.MiddleLink, in.Items, func(x *Important) *Estimate { return &Estimate{x.Link, x.Link, x.Link} })
	up := scale{from, to, frame.bottom - 24, frame.top + 24} // the corner words have a line of their own
	mx, my := across.at(in.MiddleScore), up.at(in.MiddleLink)
	d.add(Rect{Ghost, frame.left, frame.top, mx - frame.left, my - frame.top, 0})
	d.add(Path{Rule, []Point{{frame.left, frame.top}, {frame.right, frame.top}, {frame.right, frame.bottom}, {frame.left, frame.bottom}}, true})
	d.line(Axis, mx, frame.top, mx, frame.bottom)
	d.line(Axis, frame.left, my, frame.right, my)
	p := &places{within: box{0, 0, d.Width, d.Height}}
	p.put(d, Text{Label, 0, 14, Start, Label.cut(in.Up, d.Width)})
	p.put(d, Text{Label, d.Width, d.Height - 6, End, Label.cut(in.Across, d.Width)})
	p.within = frame
	p.block(box{mx - 1, frame.top, mx + 1, frame.bottom}, box{frame.left, my - 1, frame.right, my + 1})
	p.put(d, Text{Strong, frame.left + 8, frame.top + 17, Start, in.Corners[0]})
	p.put(d, Text{Label, frame.right - 8, frame.top + 17, End, in.Corners[1]})
	p.put(d, Text{Label, frame.left + 8, frame.bottom - 8, Start, in.Corners[2]})
	p.put(d, Text{Label, frame.right - 8, frame.bottom - 8, End, in.Corners[3]})
	arms := make([]box, 0, 2*len(in.Items))
	for i := range in.Items {
		x := &in.Items[i]
		cross, dot := Cross, Dot
		if x.First {
			cross, dot = CrossBad, DotWarn
		}
		cx, cy := across.at(x.Score.Mean.At), up.at(x.Link.At)
		d.line(cross, across.at(x.Score.Low.At), cy, across.at(x.Score.High.At), cy)
		defer d.add(Circle{dot, cx, cy, 4.5})
		p.block(box{cx - 5, cy - 5, cx + 5, cy + 5})
		arms = append(arms, box{across.at(x.Score.Low.At), cy - 1, across.at(x.Score.High.At), cy + 1})
	}
	in.name(d, p, arms, across, up)
}

// name writes the names, first those that shall be seen first. A place without any arm
// is better than one across some.
func (in *ImportanceInput) name(d *Drawing, p *places, arms []box, across, up scale) {
	for _, first := range []bool{true, false} {
		for i := range in.Items {
			x := &in.Items[i]
			if x.First != first {
				continue
			}
			role := Plain
			if x.First {
				role = Amber
			}
			cx, cy := across.at(x.Score.Mean.At), up.at(x.Link.At)
			named := false
			for _, words := range []string{x.Name, strconv.Itoa(i + 1)} {
				if clear := (&places{p.within, append(append([]box{}, p.taken...), arms...)}); !named {
					for _, t := range around(role, cx, cy, words) {
						if clear.free(t) {
							p.put(d, t)
							named = true
							break
						}
					}
				}
				if !named {
					before := len(d.Commands)
					p.put(d, around(role, cx, cy, words)...)
					named = len(d.Commands) > before
				}
			}
		}
	}
}

// around returns the ways to write words beside a point, the best first.
func around(role Role, x, y float64, words string) (out []Text) {
	for _, far := range []float64{8, 14, 22} {
		above, below := y-2-far/2, y+10+far/2
		out = append(out,
			Text{role, x + far, above, Start, words}, Text{role, x - far, above, End, words}, Text{role, x + far, below, Start, words}, Text{role, x - far, below, End, words},
			Text{role, x + far, y + 4, Start, words}, Text{role, x - far, y + 4, End, words}, Text{role, x, y - far, Middle, words}, Text{role, x, y + far + 9, Middle, words})
	}
	return out
}

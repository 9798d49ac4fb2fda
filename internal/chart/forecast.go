package chart

import (
	"fmt"
	"slices"
	"strings"
)

// ForecastInput is what an index may be at the period's end.
type ForecastInput struct {
	Head
	// Values are equally likely ones, usually 25: the quantiles of the forecast.
	Values []float64
	// Grades are the lowest values of the grades, the lowest first; Now is the letter of
	// today. What is below the first has its letter.
	Grades []Limit
	Now    string
	// Most is the highest value that the index can have, 100 or 4: the axis ends there.
	Most float64
}

// Forecast draws one dot for each possible value, in heaps: filled where the grade is that
// of now, hollow where it is another. A dashed line is the limit between them; the counts
// stand above. It draws no fan and no single point: both look surer than they are.
func Forecast(in ForecastInput, widths ...int) *Chart {
	table := Table{}
	for _, z := range in.zones() {
		if len(z.values) > 0 {
			table.Rows = append(table.Rows, []string{z.grade, in.count(len(z.values))})
		}
	}
	return build(in.Head, table, widths, []int{Part, Half}, in.draw)
}

// zone is the values of one grade: from its lowest value to that of the next.
type zone struct {
	grade    string
	from, to float64
	values   []float64
}

func (in *ForecastInput) count(n int) string {
	return fmt.Sprintf("%d %s %d", n, in.Words.Of, len(in.Values))
}

// zones returns the grades with their values, without those beyond all values.
func (in *ForecastInput) zones() []zone {
	values := slices.Sorted(slices.Values(in.Values))
	if len(values) == 0 {
		return nil
	}
	var out []zone
	for i, g := range in.Grades {
		z := zone{grade: g.Name, from: g.At, to: values[len(values)-1]}
		if i == 0 {
			z.from = min(g.At, values[0])
		}
		if i+1 < len(in.Grades) {
			z.to = in.Grades[i+1].At
		}
		for _, v := range values {
			if v >= z.from && (v < z.to || i+1 == len(in.Grades)) {
				z.values = append(z.values, v)
			}
		}
		out = append(out, z)
	}
	first := slices.IndexFunc(out, func(z zone) bool { return len(z.values) > 0 })
	last := len(out) - 1
	for last > first && len(out[last].values) == 0 {
		last--
	}
	return out[max(first, 0) : last+1]
}

// The dots of a forecast, and the room for one.
const (
	dotRadius = 5.0
	dotRoom   = 13.0
	// forecastWide is how wide all heaps are together: dots that stand apart, each by itself,
	// would be no picture of what is likelier.
	forecastWide = 170.0
)

func (in *ForecastInput) draw(d *Drawing) {
	zones := in.zones()
	if len(zones) == 0 {
		d.Height = 40
		d.line(Axis, 6, 20, d.Width-6, 20)
		return
	}
	low, high := slices.Min(in.Values), slices.Max(in.Values)
	pad := max((high-low)*((d.Width-16)/forecastWide-1)/2, 0.005*max(high, 1))
	s := scale{low - pad, high + pad, 8, d.Width - 8}
	if in.Most > high {
		s.to = min(s.to, in.Most)
	}
	heaps := map[float64]int{} // by the middle of their column
	type dot struct {
		x   float64
		n   int
		now bool
	}
	var dots []dot
	highest := 1
	for i, z := range zones {
		left, right := s.left, s.right
		if i > 0 {
			left = s.at(z.from)
		}
		if i+1 < len(zones) {
			right = s.at(z.to)
		}
		for _, v := range z.values { // a heap stands wholly in its own grade
			room := max(1, float64(int((right-left)/dotRoom)))
			step := (right - left) / room
			column := min(room-1, max(0, float64(int((s.at(v)-left)/step))))
			x := left + (column+0.5)*step
			if room > 1 && step > 1.5*dotRoom {
				x = s.at(v)
			}
			heaps[x]++
			highest = max(highest, heaps[x])
			dots = append(dots, dot{x, heaps[x], z.grade == in.Now})
		}
	}
	room := min(dotRoom, 156/float64(highest)) // all in one heap: closer together
	base := 30 + room*float64(highest)
	d.Height = base + 24
	p := &places{within: box{0, 0, d.Width, d.Height}}
	d.line(Axis, s.left, base, s.right, base)
	for i, z := range zones {
		if i > 0 {
			d.line(Target, s.at(z.from), 4, s.at(z.from), base)
			p.block(box{s.at(z.from) - 1, 4, s.at(z.from) + 1, base})
		}
	}
	for _, o := range dots {
		role, radius := Hollow, dotRadius-0.8 // as large as a filled one, which has no line
		if o.now {
			role, radius = Dot, dotRadius
		}
		d.add(Circle{role, o.x, base - 1 - room*(float64(o.n)-0.5), radius})
	}
	in.counted(d, p, zones, s)
	all, digits := ticks(s.from, s.to, 5)
	for _, v := range all {
		p.put(d, Text{Small, s.at(v), base + 18, Middle, in.Numbers(digits, v)})
	}
}

// counted writes above each grade how many dots it has; where there is no room for the
// words, all stand in one line.
func (in *ForecastInput) counted(d *Drawing, p *places, zones []zone, s scale) {
	var whole []string
	said, room := make([]string, len(zones)), true
	for i, z := range zones {
		if len(z.values) == 0 {
			continue
		}
		said[i] = z.grade + ": " + in.count(len(z.values))
		whole = append(whole, said[i])
		left, right := 0.0, d.Width // the outermost reach beyond the axis
		if i > 0 {
			left = s.at(z.from)
		}
		if i+1 < len(zones) {
			right = s.at(z.to)
		}
		room = room && right-left >= Strong.width(said[i])+12
	}
	if !room {
		for _, line := range Strong.wrap(strings.Join(whole, " · "), d.Width) {
			d.Height += lineHigh
			d.add(Text{Strong, 0, d.Height - 4, Start, line})
		}
		return
	}
	for i, z := range zones {
		switch {
		case i == 0 && len(zones) == 1:
			p.put(d, Text{Strong, d.Width / 2, 14, Middle, said[i]})
		case i == 0:
			p.put(d, Text{Strong, s.at(z.to) - 6, 14, End, said[i]})
		default:
			p.put(d, Text{Strong, s.at(z.from) + 6, 14, Start, said[i]})
		}
	}
}

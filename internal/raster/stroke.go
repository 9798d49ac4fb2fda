package raster

import (
	"math"

	"persepsi/internal/pdf"
)

// course is a part of an outline as straight lines.
type course struct {
	points []pdf.Point
	closed bool
}

// courses makes straight lines of an outline, that leave its curves by about a step at most.
func courses(o pdf.Outline, step float64) (all []course) {
	for i := range o {
		points := o[i].Used()
		if o[i].Kind == pdf.Move {
			all = append(all, course{points: []pdf.Point{points[0]}})
			continue
		}
		if len(all) == 0 {
			continue
		}
		c := &all[len(all)-1]
		if o[i].Kind == pdf.Close {
			c.closed = true
			continue
		}
		curve := append([]pdf.Point{c.points[len(c.points)-1]}, points...)
		pieces := 1
		if len(curve) > 2 {
			long := 0.0
			for j := 1; j < len(curve); j++ {
				long += distance(curve[j-1], curve[j])
			}
			pieces = int(math.Ceil(math.Sqrt(long/step))) + 1
		}
		for j := 1; j <= pieces; j++ {
			c.points = append(c.points, along(curve, float64(j)/float64(pieces)))
		}
	}
	return all
}

// along returns the place on a Bézier curve (de Casteljau).
func along(curve []pdf.Point, t float64) pdf.Point {
	at := append([]pdf.Point(nil), curve...)
	for n := len(at) - 1; n > 0; n-- {
		for i := range n {
			at[i] = between(at[i], at[i+1], t)
		}
	}
	return at[0]
}

func between(a, b pdf.Point, t float64) pdf.Point {
	return pdf.Point{X: a.X + (b.X-a.X)*t, Y: a.Y + (b.Y-a.Y)*t}
}

func distance(a, b pdf.Point) float64 { return math.Hypot(b.X-a.X, b.Y-a.Y) }

// dashed cuts a line into its dashes.
func dashed(c course, dash []float64) (all []course) {
	round := 0.0
	for _, d := range dash {
		round += d
	}
	if round <= 0 {
		return []course{c}
	}
	points := c.points
	if c.closed {
		points = append(points[:len(points):len(points)], points[0])
	}
	n, left := 0, dash[0]
	now := course{points: points[:1:1]}
	for i := 1; i < len(points); i++ {
		from, to := points[i-1], points[i]
		for whole := distance(from, to); whole > left; whole = distance(from, to) {
			from = between(from, to, left/whole)
			if n%2 == 0 {
				all = append(all, course{points: append(now.points, from)})
			}
			now = course{points: []pdf.Point{from}}
			n++
			left = dash[n%len(dash)]
		}
		left -= distance(from, to)
		now.points = append(now.points, to)
	}
	if n%2 == 0 {
		all = append(all, now)
	}
	return all
}

// stroked returns the shape of a line so wide on either side of an outline: with ends that
// are cut straight, and corners that are sharp where they are not too long, as in a PDF.
func stroked(o pdf.Outline, half float64, dash []float64, step float64) (shape pdf.Outline) {
	for _, whole := range courses(o, step) {
		for _, c := range dashed(whole, dash) {
			shape = append(shape, side(c, half)...)
		}
	}
	return shape
}

// side draws each line of a course as a rectangle, and what is open between two of them.
func side(c course, half float64) (shape pdf.Outline) {
	points := c.points[:1:1]
	for _, q := range c.points[1:] { // a line without a length has no direction
		if distance(points[len(points)-1], q) > 1e-9 {
			points = append(points, q)
		}
	}
	if c.closed && len(points) > 1 && distance(points[len(points)-1], points[0]) > 1e-9 {
		points = append(points, points[0])
	}
	last := len(points) - 1
	for i := 1; i <= last; i++ {
		a, b := points[i-1], points[i]
		n := normal(a, b, half)
		shape = append(shape, piece(pdf.Point{X: a.X + n.X, Y: a.Y + n.Y}, pdf.Point{X: b.X + n.X, Y: b.Y + n.Y}, pdf.Point{X: b.X - n.X, Y: b.Y - n.Y}, pdf.Point{X: a.X - n.X, Y: a.Y - n.Y})...)
		switch {
		case i < last:
			shape = append(shape, corner(a, b, points[i+1], half)...)
		case c.closed:
			shape = append(shape, corner(a, b, points[1], half)...)
		}
	}
	return shape
}

// normal is as long as half a line is wide, and upright on it.
func normal(a, b pdf.Point, half float64) pdf.Point {
	k := half / distance(a, b)
	return pdf.Point{X: -(b.Y - a.Y) * k, Y: (b.X - a.X) * k}
}

// corner fills what two lines leave open on the outside of their bend.
func corner(a, b, c pdf.Point, half float64) pdf.Outline {
	u, v := normal(a, b, half), normal(b, c, half)
	if u.X*v.Y-u.Y*v.X > 0 {
		u, v = pdf.Point{X: -u.X, Y: -u.Y}, pdf.Point{X: -v.X, Y: -v.Y}
	}
	out := []pdf.Point{b, {X: b.X + u.X, Y: b.Y + u.Y}, {X: b.X + v.X, Y: b.Y + v.Y}}
	const longest = 10 // a corner's length in widths of the line, of a PDF that says nothing
	if k := 1 + (u.X*v.X+u.Y*v.Y)/(half*half); 2/k <= longest*longest {
		out = []pdf.Point{out[0], out[1], {X: b.X + (u.X+v.X)/k, Y: b.Y + (u.Y+v.Y)/k}, out[2]}
	}
	return piece(out...)
}

// piece is a shape with corners that winds the one way round, so that no two pieces of a
// line take each other out.
func piece(points ...pdf.Point) (o pdf.Outline) {
	area := 0.0
	for i, p := range points {
		q := points[(i+1)%len(points)]
		area += p.X*q.Y - q.X*p.Y
	}
	for i := range points {
		at, kind := i, pdf.Line
		if area < 0 {
			at = len(points) - 1 - i
		}
		if i == 0 {
			kind = pdf.Move
		}
		o = append(o, pdf.Step{Kind: kind, Points: [3]pdf.Point{points[at]}})
	}
	return append(o, pdf.Step{Kind: pdf.Close})
}

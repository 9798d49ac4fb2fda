package chart

import (
	"fmt"
	"math"
	"slices"
)

// Faults returns what no drawing may have: marks outside of it, texts that overlap or are
// empty, roles that nobody knows, places that are no numbers.
func (d *Drawing) Faults(roles []string) (out []string) {
	all := box{-0.01, -0.01, d.Width + 0.01, d.Height + 0.01}
	var texts []Text
	for _, c := range d.Commands {
		b := bounds(c)
		for _, v := range []float64{b.left, b.top, b.right, b.bottom} {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				out = append(out, fmt.Sprintf("%+v is nowhere", c))
			}
		}
		if !b.within(all) {
			out = append(out, fmt.Sprintf("%.0f×%.0f: %+v is outside", d.Width, d.Height, c))
		}
		role := Role("")
		switch c := c.(type) {
		case Path:
			role = c.Role
		case Rect:
			role = c.Role
			if c.Width < 0 || c.Height < 0 {
				out = append(out, fmt.Sprintf("%+v has no size", c))
			}
		case Circle:
			role = c.Role
		case Text:
			role = c.Role
			if c.Words == "" {
				out = append(out, fmt.Sprintf("%+v says nothing", c))
			}
			for _, o := range texts {
				if o.bounds().meets(c.bounds()) {
					out = append(out, fmt.Sprintf("%.0f: %+v and %+v overlap", d.Width, o, c))
				}
			}
			texts = append(texts, c)
		}
		if !slices.Contains(roles, string(role)) {
			out = append(out, fmt.Sprintf("%+v has a role that nobody knows", c))
		}
	}
	return out
}

// bounds is the box that a command fills.
func bounds(c Command) box {
	switch c := c.(type) {
	case Path:
		b := box{c.Points[0].X, c.Points[0].Y, c.Points[0].X, c.Points[0].Y}
		for _, q := range c.Points {
			b = box{min(b.left, q.X), min(b.top, q.Y), max(b.right, q.X), max(b.bottom, q.Y)}
		}
		return b
	case Rect:
		return box{c.X, c.Y, c.X + c.Width, c.Y + c.Height}
	case Circle:
		return box{c.X - c.Radius, c.Y - c.Radius, c.X + c.Radius, c.Y + c.Radius}
	case Text:
		return c.bounds()
	}
	return box{math.NaN(), 0, 0, 0}
}

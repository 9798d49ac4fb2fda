package view

import (
	"fmt"
	"strconv"
	"strings"

	"persepsi/analytics"
)

// Strip is a picture of how sure an index is: its value as a dot, the 95 % interval as a
// band, the limits of the grades as upright lines. All places are those of its SVG.
type Strip struct {
	*NamedIndex
	Dot, From, Width string
	To               string
	Limits           []StripLimit // within the axis, the best first
	All              []StripLimit // with that where the axis begins
	Letters          []StripLetter
	Low, High        string // the ends of the axis on the index's scale
	Outside          bool   // the value is below the axis
}

// StripLimit is the lowest value of a grade, on the index's scale: Brief has two
// decimals at most.
type StripLimit struct{ At, Mutu, Shown, Brief string }

// StripLetter is a grade below its part of the axis.
type StripLetter struct {
	At, Mutu string
	Own      bool
}

// The SVG's axis, in its own units.
const (
	stripLeft  = 10.0
	stripRight = 310.0
)

// Strip returns the picture of an index; its axis begins where the lowest grade but one
// does: at 65 of 100 by the table of 2017.
func (x *NamedIndex) Strip() *Strip {
	if len(x.Grades) == 0 {
		return nil
	}
	least, scale := x.Grades[len(x.Grades)-1].From.Float64(), 1.0
	if !x.Hundred() {
		scale = 25
	}
	at := func(on100 float64) float64 {
		return stripLeft + (min(max(on100, least), 100)-least)/(100-least)*(stripRight-stripLeft)
	}
	place := func(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }
	value, from, to := x.Mean*25, at(x.CI95[0]*scale), at(x.CI95[1]*scale)
	out := &Strip{
		NamedIndex: x, Dot: place(at(value)), From: place(from), To: place(to), Width: place(to - from), Outside: value < least,
		High: strconv.Itoa(int(100 / scale)),
	}
	right := stripRight
	for i, g := range x.Grades {
		left := at(g.From.Float64())
		out.Letters = append(out.Letters, StripLetter{At: place((left + right) / 2), Mutu: g.Mutu, Own: g.Mutu == x.Mutu})
		out.All = append(out.All, StripLimit{
			At: place(left), Mutu: g.Mutu, Shown: x.limit(g), Brief: strings.TrimSuffix(fmt.Sprintf("%.2f", g.From.Float64()/scale), ".00"),
		})
		if right = left; i == len(x.Grades)-1 {
			out.Limits, out.Low = out.All[:i], out.All[i].Brief
		}
	}
	return out
}

// limit returns the lowest value of a grade on the index's scale: 76.61, or 3.0644 of 4.
func (x *NamedIndex) limit(g analytics.Grade) string {
	if x.Hundred() {
		return fmt.Sprintf("%.2f", g.From.Float64())
	}
	return fmt.Sprintf("%.4f", g.From.Float64()/25)
}

package chart

import (
	"fmt"
	"slices"
	"testing"
)

func spoken(at float64) Value { return Value{at, fmt.Sprint(at)} }

func about(mean float64) *Estimate {
	return &Estimate{Mean: spoken(mean), Low: spoken(mean - 1), High: spoken(mean + 1)}
}

func wordsOfTests() Head {
	return Head{Title: "Bagan", Numbers: func(digits int, x float64) string { return fmt.Sprintf("%.*f", digits, x) }, Words: Words{Outside: "di luar batas"}}
}

// However few answered, the bar of a sample is no rounder than it is wide.
func TestNoCornerIsRounderThanItsBox(t *testing.T) {
	t.Parallel()
	for _, n := range []float64{0, 1, 20, 60, 3000} {
		needed, pace := spoken(3000), spoken(n+20)
		for _, d := range Meter(MeterInput{Head: wordsOfTests(), SoFar: spoken(n), Needed: &needed, Pace: &pace}).Drawings {
			for _, c := range d.Commands {
				if r, ok := c.(Rect); ok && r.Round > min(r.Width, r.Height)/2+0.01 {
					t.Errorf("%.0f of 3000: %+v", n, r)
				}
			}
		}
	}
}

// A series may end before others do: what it has not is told as withheld.
func TestASeriesMayHaveFewerPointsThanThereArePeriods(t *testing.T) {
	t.Parallel()
	c := Multiples(MultiplesInput{Head: wordsOfTests(), Periods: []string{"2024", "2025", "2026"}, Series: []Series{
		{Name: "Dinas", Points: []*Estimate{about(80), about(81), about(82)}}, {Name: "Badan", Points: []*Estimate{about(80), nil}, Withheld: "7 jawaban"},
	}})
	if got, want := c.Table.Rows[1], []string{"Badan", "80 (79–81)", "7 jawaban", "7 jawaban", ""}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// The number of a point outside of its limits stands beside its mark, away from the line: at the
// right, or at the left where the plot ends.
func TestTheNumberOfAPointOutsideStandsBesideIt(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		at          int
		mean        float64
		away, below float64
		side        Anchor
	}{{0, 82, 11, 10, Start}, {7, 82, -11, 10, End}, {0, 88, 11, -4, Start}, {7, 88, -11, -4, End}} {
		span := Span{}
		for i := range 8 {
			r := Release{Label: "Jan", Index: about(85)}
			if i == tc.at {
				r.Index, r.Beyond = about(tc.mean), true
			}
			span.Points = append(span.Points, r)
		}
		d := Trend(TrendInput{Head: wordsOfTests(), Spans: []Span{span}}, Full).Drawings[0]
		var mark Point
		var number Text
		for _, c := range d.Commands {
			switch c := c.(type) {
			case Path:
				if c.Role == Outside {
					mark = Point{c.Points[0].X, c.Points[1].Y}
				}
			case Text:
				if c.Role == Amber {
					number = c
				}
			}
		}
		if want := (Point{mark.X + tc.away, mark.Y + tc.below}); (Point{number.X, number.Y}) != want || number.Anchor != tc.side {
			t.Errorf("point %d of %v at %v has its number at %v, anchor %d, want %v", tc.at, tc.mean, mark, Point{number.X, number.Y}, number.Anchor, want)
		}
	}
}

package chart

import (
	"fmt"
	"math"
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

func TestAScalePlacesWhatIsBeyondItAtItsEnds(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		s       scale
		v, want float64
	}{
		{scale{0, 10, 20, 120}, 5, 70},
		{scale{0, 10, 20, 120}, -1, 20},
		{scale{0, 10, 20, 120}, 11, 120},
		{scale{0, 10, 20, 120}, math.NaN(), 20},
		{scale{3, 3, 20, 120}, 3, 20}, // of no length
		{scale{math.NaN(), 3, 20, 120}, 3, 20},
	} {
		if got := tc.s.at(tc.v); got != tc.want {
			t.Errorf("%v on %v is at %v, want %v", tc.v, tc.s, got, tc.want)
		}
	}
}

func TestTicksAreRoundNumbersWithinTheirSpan(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		from, to float64
		about    int
		want     string
		digits   int
	}{
		{0, 10, 5, "[0.00 2.00 4.00 6.00 8.00 10.00]", 0},
		{0, 0.3, 3, "[0.00 0.10 0.20 0.30]", 1}, // 3 × 0.1 is a little more
		{-3, 3, 3, "[-2.00 0.00 2.00]", 0},
		{0, 45, 4, "[0.00 10.00 20.00 30.00 40.00]", 0}, // half a tick more than asked for
		{5, 5, 4, "[]", 0},
		{6, 5, 4, "[]", 0},
		{0, math.Inf(1), 4, "[]", 0},
		{-math.MaxFloat64, math.MaxFloat64, 4, "[]", 0},
	} {
		at, digits := ticks(tc.from, tc.to, tc.about)
		if got := fmt.Sprintf("%.2f", at); got != tc.want || digits != tc.digits {
			t.Errorf("from %v to %v: %s, %d digits, want %s, %d", tc.from, tc.to, got, digits, tc.want, tc.digits)
		}
	}
}

// An index that never moved stands in the middle of its axis.
func TestALevelTrendStandsInTheMiddle(t *testing.T) {
	t.Parallel()
	same := &Estimate{Mean: spoken(80), Low: spoken(80), High: spoken(80)}
	d := Trend(TrendInput{Head: wordsOfTests(), Spans: []Span{{Points: []Release{{Label: "Jan", Index: same}, {Label: "Feb", Index: same}}}}}, Full).Drawings[0]
	top, bottom, at := math.Inf(1), math.Inf(-1), math.NaN()
	for _, c := range d.Commands {
		switch c := c.(type) {
		case Circle:
			at = c.Y
		case Path:
			if c.Role == Rule || c.Role == Axis {
				for _, p := range c.Points {
					top, bottom = min(top, p.Y), max(bottom, p.Y)
				}
			}
		}
	}
	if !(at > top+10 && at < bottom-10) {
		t.Errorf("it stands at %v, the axis is from %v to %v", at, top, bottom)
	}
}

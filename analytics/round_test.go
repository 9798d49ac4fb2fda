package analytics

import (
	"testing"

	"pgregory.net/rapid"
)

func TestShownRoundsHalfUp(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		x      string
		digits int
		want   string
	}{
		{"88.305", 2, "88.31"},
		{"88.3049999", 2, "88.30"},
		{"13.125", 2, "13.13"},
		{"2/3", 6, "0.666667"},
		{"4", 2, "4.00"},
		{"0.5", 0, "1"},
		{"-0.125", 2, "-0.13"},
		{"0", 2, "0.00"},
		{"20", 18, "20.000000000000000000"},                    // 20 × 10¹⁸ is just beyond 64 bits
		{"8301034833169298227/9", 1, "922337203685477580.8"},   // rounded up, in tenths, to just beyond 63 bits
		{"-8301034833169298227/9", 1, "-922337203685477580.8"}, //
	} {
		if got := Shown(exactly(t, c.x), c.digits); got != c.want {
			t.Errorf("%s to %d: got %s, want %s", c.x, c.digits, got, c.want)
		}
	}
}

func TestRoundIsWithinHalfADigit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, digits := drawnRatio().Draw(t, "x"), rapid.IntRange(0, 8).Draw(t, "digits")
		half := NewRatio(1, 2)
		for range digits {
			half = half.Quo(whole(10))
		}
		off := x.Round(digits).Sub(x)
		if off.Cmp(half) > 0 || off.Neg().Cmp(half) > 0 {
			t.Fatalf("%s to %d digits: got %s", x, digits, x.Round(digits))
		}
	})
}

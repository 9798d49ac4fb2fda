package analytics

import (
	"math/big"
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
	} {
		if got := Shown(exactly(t, c.x), c.digits); got != c.want {
			t.Errorf("%s to %d: got %s, want %s", c.x, c.digits, got, c.want)
		}
	}
}

func TestRoundIsWithinHalfADigitAndLeavesItsInput(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		num, den := rapid.Int64().Draw(t, "num"), rapid.Int64Range(1, 1<<40).Draw(t, "den")
		x, digits := big.NewRat(num, den), rapid.IntRange(0, 8).Draw(t, "digits")
		before := new(big.Rat).Set(x)
		got := Round(x, digits)
		half := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Mul(big.NewInt(2), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)))
		off := new(big.Rat).Sub(got, x)
		if off.Abs(off).Cmp(half) > 0 {
			t.Fatalf("%s to %d digits gave %s", x, digits, got)
		}
		if x.Cmp(before) != 0 {
			t.Fatal("the number itself was changed")
		}
	})
}

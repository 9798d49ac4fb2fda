package analytics

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
	"pgregory.net/rapid"
)

// drawnRatio generates numbers as figures have them, and those at the border of
// machine integers and beyond it.
func drawnRatio() *rapid.Generator[Ratio] {
	return rapid.Custom(func(t *rapid.T) Ratio { return RatioOf(drawnRat().Draw(t, "x")) })
}

func drawnRat() *rapid.Generator[*big.Rat] {
	part := rapid.OneOf(
		rapid.Int64Range(-100, 100), rapid.Int64Range(-1<<32, 1<<32), rapid.Int64(),
		rapid.Int64Range(math.MinInt64, math.MinInt64+3), rapid.Int64Range(math.MaxInt64-3, math.MaxInt64),
		rapid.Int64Range(1<<53-2, 1<<53+2), rapid.SampledFrom([]int64{10, 1e6, 1e18, 1 << 62, 2520}),
	)
	return rapid.Custom(func(t *rapid.T) *big.Rat {
		x := big.NewRat(part.Draw(t, "num"), max(part.Draw(t, "den"), 1))
		if rapid.IntRange(0, 9).Draw(t, "large") == 0 {
			x.Mul(x, big.NewRat(part.Draw(t, "factor"), max(part.Draw(t, "divisor"), 1)))
		}
		return x
	})
}

// same fails where a Ratio is not the number of a big.Rat, not in machine
// integers though they fit, or not told in the same digits.
func same(t rapid.TB, what string, got Ratio, want *big.Rat) {
	t.Helper()
	if got.Rat().Cmp(want) != 0 || got.String() != want.RatString() {
		t.Fatalf("%s: got %s, want %s", what, got, want.RatString())
	}
	fits := want.Num().IsInt64() && want.Num().Int64() != math.MinInt64 && want.Denom().IsInt64()
	if fits != (got.big == nil) || fits != (got.den > 0) {
		t.Fatalf("%s = %s is a big.Rat: %v, though it fits: %v", what, got, got.big != nil, fits)
	}
	if wanted, _ := want.Float64(); got.Float64() != wanted {
		t.Fatalf("%s as float64: got %v, want %v", what, got.Float64(), wanted)
	}
	if got.Sign() != want.Sign() {
		t.Fatalf("%s: got sign %d", what, got.Sign())
	}
}

func TestARatioComputesWhatBigRationalsCompute(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawnRat().Draw(t, "a"), drawnRat().Draw(t, "b")
		if rapid.IntRange(0, 9).Draw(t, "opposite") == 0 {
			b.Neg(a)
		}
		x, y, beforeX, beforeY := RatioOf(a), RatioOf(b), RatioOf(a), RatioOf(b)
		same(t, "x", x, a)
		same(t, "−x", x.Neg(), new(big.Rat).Neg(a))
		same(t, "x + y", x.Add(y), new(big.Rat).Add(a, b))
		same(t, "x − y", x.Sub(y), new(big.Rat).Sub(a, b))
		same(t, "x × y", x.Mul(y), new(big.Rat).Mul(a, b))
		if b.Sign() != 0 {
			same(t, "x / y", x.Quo(y), new(big.Rat).Quo(a, b))
		}
		if x.Cmp(y) != a.Cmp(b) {
			t.Fatalf("%s and %s: got order %d, want %d", x, y, x.Cmp(y), a.Cmp(b))
		}
		if x.Cmp(beforeX) != 0 || y.Cmp(beforeY) != 0 {
			t.Fatal("an operand was changed")
		}
	})
}

func TestARatioIsRoundedAndShownAsBigRationalsAre(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, digits := drawnRat().Draw(t, "x"), rapid.IntRange(0, 25).Draw(t, "digits")
		if rapid.Bool().Draw(t, "just at a half") {
			digits %= 6
			x = big.NewRat(2*rapid.Int64Range(-1e12, 1e12).Draw(t, "halves")+1, int64(2*math.Pow10(digits)))
		}
		want := roundBig(x, digits)
		same(t, "rounded", RatioOf(x).Round(digits), want)
		if got := Shown(RatioOf(x), digits); got != want.FloatString(digits) {
			t.Fatalf("%s to %d digits: got %s, want %s", x, digits, got, want.FloatString(digits))
		}
	})
}

func TestARatioOfAFloatIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.OneOf(rapid.Float64Range(0, 100), rapid.Float64Range(-1e-3, 1e-3), rapid.Float64()).Draw(t, "x")
		if want := new(big.Rat).SetFloat64(f); want != nil {
			same(t, "float", ratioOfFloat(f), want)
		}
	})
	for _, f := range []float64{0, 0.1, 0.0007, -0.0006, 0.0005, 0.00048, 1 << 52, 1<<53 - 1, 1 << 54, -1 << 63, 1 << 63} {
		same(t, "float", ratioOfFloat(f), new(big.Rat).SetFloat64(f))
	}
	for _, f := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if ratioOfFloat(f).Known() {
			t.Errorf("%v is no number", f)
		}
	}
}

func TestWhatIsComputedFromNoNumberIsNoNumber(t *testing.T) {
	t.Parallel()
	var none Ratio
	large, _ := ParseRatio("1e40")
	for _, x := range []Ratio{none, whole(0), NewRatio(-1, 3), large} {
		for name, got := range map[string]Ratio{
			"none + x": none.Add(x), "x + none": x.Add(none), "none − x": none.Sub(x), "x − none": x.Sub(none),
			"none × x": none.Mul(x), "x × none": x.Mul(none), "x / none": x.Quo(none), "−none": none.Neg(), "rounded": none.Round(2),
		} {
			if got.Known() {
				t.Errorf("%s with x = %q: got %s", name, x, got)
			}
		}
	}
	if none.Rat() != nil || none.String() != "" || Shown(none, 2) != "" || none.Sign() != 0 || none.Float64() != 0 || RatioOf(nil).Known() {
		t.Error("no number is shown as one")
	}
	for name, divide := range map[string]func(){
		"1/2 / 0": func() { NewRatio(1, 2).Quo(whole(0)) },
		"1/0":     func() { NewRatio(1, 0) },
		"0/0":     func() { NewRatio(0, 0) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s must panic", name)
				}
			}()
			divide()
		}()
	}
}

func TestARatioIsMadeInLowestTerms(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		num, den int64
		want     string
	}{
		{6, 4, "3/2"},
		{6, -4, "-3/2"},
		{0, 7, "0"},
		{math.MinInt64, 2, "-4611686018427387904"},
		{math.MinInt64, -1, "9223372036854775808"},
		{math.MinInt64, 1, "-9223372036854775808"},
	} {
		if got := NewRatio(c.num, c.den); got.String() != c.want {
			t.Errorf("%d/%d: got %s, want %s", c.num, c.den, got, c.want)
		}
		same(t, "made", NewRatio(c.num, c.den), big.NewRat(c.num, c.den))
	}
}

func TestARatioIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"0.05": "1/20", "1/3": "1/3", "-2": "-2", "1e3": "1000", "36893488147419103232": "36893488147419103232"} {
		got, ok := ParseRatio(text)
		if !ok || got.String() != want {
			t.Errorf("%q is %s, %v; want %s", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "x", "1/0", "1,5", "1/", "0x"} {
		if got, ok := ParseRatio(text); ok || got.Known() {
			t.Errorf("%q is read as %s", text, got)
		}
	}
	var table struct{ Weight Ratio }
	if err := yaml.Unmarshal([]byte("weight: 0.11"), &table); err != nil || table.Weight.Cmp(NewRatio(11, 100)) != 0 {
		t.Errorf("0.11 of a table is %s, %v", table.Weight, err)
	}
	if err := yaml.Unmarshal([]byte("\nweight: 1,1"), &table); err == nil || !strings.Contains(err.Error(), `line 2: "1,1" is no number`) {
		t.Errorf("1,1 of a table: %v, want its line", err)
	}
}

func TestARatioStaysWhenWhatItWasMadeOfChanges(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"1/3", "36893488147419103232/3"} {
		from, _ := new(big.Rat).SetString(text)
		x := RatioOf(from)
		from.SetInt64(7)
		if x.String() != text {
			t.Errorf("%s became %s", text, x)
		}
		x.Rat().SetInt64(7)
		if x.String() != text {
			t.Errorf("%s became %s through the number that it returned", text, x)
		}
	}
}

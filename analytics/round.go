package analytics

import (
	"math"
	"math/big"
	"math/bits"
	"strconv"
)

// Round rounds half up (away from zero below it) to a number of decimals:
// 88.305 → 88.31, 13.125 → 13.13.
func (x Ratio) Round(digits int) Ratio {
	if units, ok := x.rounded(digits); ok {
		scale, _ := power10(digits)
		return reduced(units, scale)
	}
	if !x.Known() {
		return Ratio{}
	}
	return adopted(roundBig(x.rat(), digits))
}

// Shown returns a number rounded half up as text with a dot and exactly so many
// decimals; empty for no number.
func Shown(x Ratio, digits int) string { return string(x.appendShown(nil, digits)) }

// ShownFloat is Shown for a figure that floating point was needed for, such as an
// interval's end. What differs from a half by less than the error of computing it
// counts as the half: 3.385, whose float64 is less than it, and 3.3849999999999993
// are 3.39. Empty for infinities and NaN.
func ShownFloat(x float64, digits int) string {
	r, ok := ParseRatio(strconv.FormatFloat(x, 'e', exactDigits-1, 64))
	if !ok {
		return ""
	}
	return Shown(r, digits)
}

// exactDigits is how many significant digits of a computed float64 are taken as
// they are: three less than it has.
const exactDigits = 12

// appendShown appends what Shown returns.
func (x Ratio) appendShown(b []byte, digits int) []byte {
	units, ok := x.rounded(digits)
	if !ok {
		if !x.Known() {
			return b
		}
		return append(b, roundBig(x.rat(), digits).FloatString(digits)...)
	}
	if units < 0 {
		b = append(b, '-')
	}
	var room [20]byte
	figures := strconv.AppendUint(room[:0], magnitude(units), 10)
	before := len(figures) - digits // the figures before the dot
	if before <= 0 {
		b = append(b, '0')
	} else {
		b = append(b, figures[:before]...)
		figures = figures[before:]
	}
	if digits == 0 {
		return b
	}
	b = append(b, '.')
	for range -before {
		b = append(b, '0')
	}
	return append(b, figures...)
}

// appendTo appends what String returns of a fitting number.
func (x Ratio) appendTo(b []byte) []byte {
	if x.big != nil {
		return append(b, x.big.RatString()...)
	}
	b = strconv.AppendInt(b, x.num, 10)
	if x.den == 1 {
		return b
	}
	return strconv.AppendInt(append(b, '/'), x.den, 10)
}

// rounded returns x × 10^digits rounded half up, where all that fits.
func (x Ratio) rounded(digits int) (int64, bool) {
	scale, ok := power10(digits)
	if !ok || x.den == 0 {
		return 0, false
	}
	hi, lo := bits.Mul64(magnitude(x.num), uint64(scale))
	if hi >= uint64(x.den) {
		return 0, false
	}
	units, rest := bits.Div64(hi, lo, uint64(x.den))
	if units >= math.MaxInt64 {
		return 0, false
	}
	if rest >= uint64(x.den)-rest {
		units++
	}
	if x.num < 0 {
		return -int64(units), true
	}
	return int64(units), true
}

// power10 returns 10^digits where it fits.
func power10(digits int) (int64, bool) {
	if digits < 0 || digits > 18 {
		return 0, false
	}
	scale := int64(1)
	for range digits {
		scale *= 10
	}
	return scale, true
}

// roundBig is Round for numbers of any size.
func roundBig(x *big.Rat, digits int) *big.Rat {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)
	num := new(big.Int).Mul(new(big.Int).Abs(x.Num()), scale)
	num.Mul(num, big.NewInt(2)).Add(num, x.Denom())
	num.Quo(num, new(big.Int).Mul(x.Denom(), big.NewInt(2)))
	if x.Sign() < 0 {
		num.Neg(num)
	}
	return new(big.Rat).SetFrac(num, scale)
}

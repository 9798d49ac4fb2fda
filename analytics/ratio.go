package analytics

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"

	"go.yaml.in/yaml/v3"
)

// Ratio is an exact rational number in lowest terms. Its numerator and
// denominator are machine integers where both fit, as they do for nearly every
// figure of a unit; otherwise it is a big.Rat. Both ways compute the same
// numbers: which one was taken never shows. A Ratio is a value: no operation
// changes its operands.
//
// The zero Ratio is no number, such as the mean of a question that nobody
// answered, and so is everything that is computed from it.
type Ratio struct {
	num int64    // never math.MinInt64, which has no opposite
	den int64    // at least 1; 0 for no number, and where wide is set
	big *big.Rat // the number where num and den don't fit; never changed
}

// NewRatio returns num/den; den must not be 0.
func NewRatio(num, den int64) Ratio {
	if den <= 0 || num == math.MinInt64 {
		return adopted(big.NewRat(num, den))
	}
	return reduced(num, den)
}

// whole returns an integer as a Ratio.
func whole(n int64) Ratio { return NewRatio(n, 1) }

// RatioOf returns a big.Rat as a Ratio; no number for nil.
func RatioOf(x *big.Rat) Ratio {
	if x == nil {
		return Ratio{}
	}
	r := adopted(x)
	if r.big != nil {
		r.big = new(big.Rat).Set(x)
	}
	return r
}

// adopted is RatioOf for a big.Rat that nobody else changes.
func adopted(x *big.Rat) Ratio {
	if num := x.Num(); num.IsInt64() && num.Int64() != math.MinInt64 {
		if x.IsInt() {
			return Ratio{num: num.Int64(), den: 1}
		}
		if den := x.Denom(); den.IsInt64() {
			return Ratio{num: num.Int64(), den: den.Int64()}
		}
	}
	return Ratio{big: x}
}

// ParseRatio reads a number such as 0.05 or 1/3.
func ParseRatio(text string) (Ratio, bool) {
	x, ok := new(big.Rat).SetString(text)
	if !ok {
		return Ratio{}, false
	}
	return adopted(x), true
}

// ratioOfFloat returns exactly the number that a float64 stands for; no number
// for infinities and NaN.
func ratioOfFloat(x float64) Ratio {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return Ratio{}
	}
	fraction, exponent := math.Frexp(x) // x = fraction × 2^exponent, 0.5 ≤ |fraction| < 1
	if shift := 53 - exponent; 0 <= shift && shift < 63 {
		return reduced(int64(fraction*(1<<53)), 1<<shift)
	}
	return adopted(new(big.Rat).SetFloat64(x))
}

// UnmarshalYAML reads a number as it is written in a table.
func (x *Ratio) UnmarshalYAML(n *yaml.Node) error {
	r, ok := ParseRatio(n.Value)
	if !ok {
		return fmt.Errorf("line %d: %q is no number", n.Line, n.Value)
	}
	*x = r
	return nil
}

// Known reports whether x is a number.
func (x Ratio) Known() bool { return x.den != 0 || x.big != nil }

// Rat returns x as a new big.Rat; nil for no number.
func (x Ratio) Rat() *big.Rat {
	if x.big != nil {
		return new(big.Rat).Set(x.big)
	}
	return x.rat()
}

// rat is Rat for those who change nothing.
func (x Ratio) rat() *big.Rat {
	switch {
	case x.den == 1:
		return new(big.Rat).SetInt64(x.num)
	case x.den != 0:
		return big.NewRat(x.num, x.den)
	}
	return x.big
}

// Sign returns −1, 0 or 1; 0 for no number.
func (x Ratio) Sign() int {
	switch {
	case x.big != nil:
		return x.big.Sign()
	case x.num < 0:
		return -1
	case x.num > 0:
		return 1
	}
	return 0
}

// Cmp returns −1, 0 or 1 where x is less than, equal to or more than y. Both
// must be numbers.
func (x Ratio) Cmp(y Ratio) int {
	if x.den == 0 || y.den == 0 {
		return x.rat().Cmp(y.rat())
	}
	if x.den == y.den || x.Sign() != y.Sign() {
		return compare(x.num, y.num)
	}
	xhi, xlo := bits.Mul64(magnitude(x.num), uint64(y.den))
	yhi, ylo := bits.Mul64(magnitude(y.num), uint64(x.den))
	order := compare(xhi, yhi)
	if order == 0 {
		order = compare(xlo, ylo)
	}
	if x.num < 0 {
		return -order
	}
	return order
}

// Neg returns −x.
func (x Ratio) Neg() Ratio {
	if x.big != nil {
		return adopted(new(big.Rat).Neg(x.big))
	}
	return Ratio{num: -x.num, den: x.den}
}

// Add returns x + y.
func (x Ratio) Add(y Ratio) Ratio {
	if x.den != 0 && y.den != 0 {
		if sum, ok := addFitting(x, y); ok {
			return sum
		}
	}
	switch {
	case !x.Known() || !y.Known():
		return Ratio{}
	case y.den == 1 && y.num == 0:
		return x
	}
	return adopted(new(big.Rat).Add(x.rat(), y.rat()))
}

// Sub returns x − y.
func (x Ratio) Sub(y Ratio) Ratio { return x.Add(y.Neg()) }

// Mul returns x × y.
func (x Ratio) Mul(y Ratio) Ratio {
	if x.den != 0 && y.den != 0 {
		if product, ok := mulFitting(x, y); ok {
			return product
		}
	}
	switch {
	case !x.Known() || !y.Known():
		return Ratio{}
	case y.den == 1 && y.num == 1:
		return x
	}
	return adopted(new(big.Rat).Mul(x.rat(), y.rat()))
}

// Quo returns x / y; y must not be 0.
func (x Ratio) Quo(y Ratio) Ratio {
	switch {
	case y.big != nil:
		return x.Mul(adopted(new(big.Rat).Inv(y.big)))
	case y.num < 0:
		return x.Mul(Ratio{num: -y.den, den: -y.num})
	case y.num > 0:
		return x.Mul(Ratio{num: y.den, den: y.num})
	case y.den == 0:
		return Ratio{}
	}
	panic("division by zero")
}

// exactFloat bounds the integers that a float64 holds exactly.
const exactFloat = 1 << 53

// Float64 returns the float64 that is nearest to x; 0 for no number.
func (x Ratio) Float64() float64 {
	switch {
	case !x.Known():
		return 0
	case x.den == 1:
		return float64(x.num)
	case x.den != 0 && magnitude(x.num) <= exactFloat && x.den <= exactFloat:
		return float64(x.num) / float64(x.den) // both are exact, so one rounding: the right one
	}
	f, _ := x.rat().Float64()
	return f
}

// String returns x as 22/7 or 3; empty for no number.
func (x Ratio) String() string {
	if !x.Known() {
		return ""
	}
	if x.big != nil {
		return x.big.RatString()
	}
	return string(x.appendTo(nil))
}

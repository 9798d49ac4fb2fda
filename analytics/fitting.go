package analytics

import (
	"cmp"
	"math"
	"math/bits"
)

// The operations of Ratio on machine integers. Each reports whether its result
// fits; where it doesn't, Ratio computes with big.Rat.

// addFitting adds two fitting numbers. With g, the greatest common divisor of
// both denominators, the sum over their least common multiple can be reduced
// by divisors of g only (Knuth, The Art of Computer Programming 2, 4.5.1).
func addFitting(x, y Ratio) (Ratio, bool) {
	g := int64(1)
	if x.den == y.den {
		g = x.den
	} else if x.den != 1 && y.den != 1 {
		g = int64(divisor(uint64(x.den), uint64(y.den)))
	}
	a, ok1 := times(x.num, y.den/g)
	b, ok2 := times(y.num, x.den/g)
	num, ok3 := plus(a, b)
	if !ok1 || !ok2 || !ok3 {
		return Ratio{}, false
	}
	h := int64(divisor(magnitude(num), uint64(g)))
	den, ok := times(x.den/g, y.den/h)
	return Ratio{num: num / h, den: den}, ok
}

// mulFitting multiplies two fitting numbers, reduced crosswise beforehand, so
// that it fits whenever the product does.
func mulFitting(x, y Ratio) (Ratio, bool) {
	g := int64(divisor(magnitude(x.num), uint64(y.den)))
	h := int64(divisor(magnitude(y.num), uint64(x.den)))
	num, ok1 := times(x.num/g, y.num/h)
	den, ok2 := times(x.den/h, y.den/g)
	return Ratio{num: num, den: den}, ok1 && ok2
}

// reduced returns num/den in lowest terms; den must be positive.
func reduced(num, den int64) Ratio {
	g := int64(divisor(magnitude(num), uint64(den)))
	return Ratio{num: num / g, den: den / g}
}

// divisor returns the greatest common divisor of a and b, of which b must not
// be 0: by shifts and subtractions (Stein 1967), as division is slower.
func divisor(a, b uint64) uint64 {
	switch {
	case a == 0:
		return b
	case a == 1 || b == 1:
		return 1
	}
	twos := min(bits.TrailingZeros64(a), bits.TrailingZeros64(b))
	a >>= bits.TrailingZeros64(a)
	for b != 0 {
		b >>= bits.TrailingZeros64(b)
		if a > b {
			a, b = b, a
		}
		b -= a
	}
	return a << twos
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return uint64(-n)
	}
	return uint64(n)
}

func times(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	if hi != 0 || lo > math.MaxInt64 {
		return 0, false
	}
	if (a < 0) != (b < 0) {
		return -int64(lo), true
	}
	return int64(lo), true
}

func plus(a, b int64) (int64, bool) {
	sum := a + b
	overflows := (a < 0) == (b < 0) && (sum < 0) != (a < 0)
	return sum, !overflows && sum != math.MinInt64
}

func compare[N int64 | uint64](a, b N) int { return cmp.Compare(a, b) }

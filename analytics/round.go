package analytics

import (
	"math/big"
)

// Round rounds half up (away from zero below it) to a number of decimals:
// 88.305 → 88.31, 13.125 → 13.13.
func Round(x *big.Rat, digits int) *big.Rat {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)
	num := new(big.Int).Mul(new(big.Int).Abs(x.Num()), scale)
	num.Mul(num, big.NewInt(2)).Add(num, x.Denom())
	num.Quo(num, new(big.Int).Mul(x.Denom(), big.NewInt(2)))
	if x.Sign() < 0 {
		num.Neg(num)
	}
	return new(big.Rat).SetFrac(num, scale)
}

// Shown returns a number rounded half up as text with a dot and exactly so many
// decimals.
func Shown(x *big.Rat, digits int) string { return Round(x, digits).FloatString(digits) }

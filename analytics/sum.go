package analytics

import "math/big"

// sum adds ratios, all of which must be numbers. Denominators that differ, as those of many units or of
// questions that some leave out, make a sum outgrow machine integers soon. It
// is kept unreduced from then on: reducing it at each step would cost more than
// all else. The zero sum is empty.
type sum struct {
	n        int64   // ratios added
	fitting  Ratio   // while it fits
	num, den big.Int // from then on; den is 0 before
	term     big.Int // scratch space
}

func (s *sum) add(x Ratio) {
	s.n++
	if s.n == 1 {
		s.fitting = whole(0)
	}
	if s.den.Sign() == 0 {
		if x.den != 0 && s.fitting.den != 0 {
			if r, ok := addFitting(s.fitting, x); ok {
				s.fitting = r
				return
			}
		}
		s.num.SetInt64(s.fitting.num)
		s.den.SetInt64(s.fitting.den)
	}
	var num, den *big.Int
	if x.big != nil {
		num, den = x.big.Num(), x.big.Denom()
	} else {
		num, den = big.NewInt(x.num), big.NewInt(x.den)
	}
	s.term.Mul(&s.den, num)
	s.num.Mul(&s.num, den)
	s.num.Add(&s.num, &s.term)
	s.den.Mul(&s.den, den)
}

// ratio returns the sum; no number where nothing was added.
func (s *sum) ratio() Ratio {
	if s.den.Sign() == 0 {
		return s.fitting
	}
	return adopted(new(big.Rat).SetFrac(&s.num, &s.den))
}

// mean returns the float64 that is nearest to the mean of what was added, which
// must be something.
func (s *sum) mean() float64 {
	if s.den.Sign() == 0 {
		return s.fitting.Quo(whole(s.n)).Float64()
	}
	count := new(big.Int).Mul(&s.den, big.NewInt(s.n))
	num, den := new(big.Float).SetInt(&s.num), new(big.Float).SetInt(count) // exact
	mean, _ := new(big.Float).SetPrec(53).Quo(num, den).Float64()           // rounded once
	return mean
}

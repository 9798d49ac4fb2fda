package analytics

import (
	"math/bits"
)

// combination is the weight of each number in a sum, modulo the prime 2⁶¹−1; that of
// number 0 is 0. Sums with fractions are multiples of ones with whole numbers, and those
// are zero modulo the prime where they are zero but with a chance of one in 10¹⁸: no
// table is made to meet it.
type combination []uint64

const prime = 1<<61 - 1

// weight returns the weight that a combination holds a person with.
func (v combination) weight(in []int32) uint64 {
	sum := uint64(0)
	for i, number := range in {
		sum += v[number]
		if i%7 == 6 { // as many as fit
			sum = sum&prime + sum>>61
		}
	}
	return reduce(sum)
}

// subtract takes another combination off, so many times.
func (v combination) subtract(times uint64, other combination) {
	v = v[:len(other)]
	switch times {
	case 0:
	case 1: // the next two are a third of all
		for i, weight := range other {
			v[i] = reduce(v[i] + prime - weight)
		}
	case prime - 1:
		for i, weight := range other {
			v[i] = reduce(v[i] + weight)
		}
	default:
		times = prime - times
		for i, weight := range other {
			if weight != 0 {
				v[i] = reduce(v[i] + multiply(times, weight))
			}
		}
	}
}

func (v combination) scale(by uint64) {
	for i := range v {
		v[i] = multiply(v[i], by)
	}
}

func reduce(x uint64) uint64 {
	x = x&prime + x>>61
	if x >= prime {
		x -= prime
	}
	return x
}

func multiply(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return reduce(lo&prime + (hi<<3 | lo>>61))
}

// inverse returns what a number has to be multiplied with to be 1, by Fermat's theorem: its
// power with the exponent prime−2.
func inverse(x uint64) uint64 {
	if x == 1 || x == prime-1 { // as most are
		return x
	}
	out := uint64(1)
	for e := uint64(prime - 2); e > 0; e >>= 1 {
		if e&1 == 1 {
			out = multiply(out, x)
		}
		x = multiply(x, x)
	}
	return out
}

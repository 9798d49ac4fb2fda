package analytics

import "math"

// betaBelow returns the probability that a beta-distributed share of that mean and
// variance is below x: the regularised incomplete beta function, by its continued
// fraction (Abramowitz and Stegun 26.5.8, evaluated from the front as Lentz 1976 does).
// Mean 0.5 and variance 1/12 is the uniform distribution: x itself.
func betaBelow(x, mean, variance float64) float64 {
	away := x - mean
	if variance <= 0 || away*away > certainDeviates*certainDeviates*variance || x <= 0 || x >= 1 {
		if away > 0 {
			return 1
		}
		return 0
	}
	strength := max(mean*(1-mean)/variance-1, 1e-3)
	a, b := mean*strength, (1-mean)*strength
	if x > (a+1)/(a+b+2) {
		return 1 - betaFraction(1-x, b, a)
	}
	return betaFraction(x, a, b)
}

// certainDeviates is how many standard deviations from its mean a share is never taken
// to be.
const certainDeviates = 8

func betaFraction(x, a, b float64) float64 {
	ab, _ := math.Lgamma(a + b)
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	front := math.Exp(ab - la - lb + a*math.Log(x) + b*math.Log1p(-x))
	const tiny = 1e-300
	c, d := 1.0, 1-(a+b)*x/(a+1)
	if math.Abs(d) < tiny {
		d = tiny
	}
	d = 1 / d
	value := d
	for m := 1.0; m < 5000; m++ {
		for _, term := range [2]float64{
			m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m)),
			-(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1)),
		} {
			d, c = 1+term*d, 1+term/c
			if math.Abs(d) < tiny {
				d = tiny
			}
			if math.Abs(c) < tiny {
				c = tiny
			}
			d = 1 / d
			value *= c * d
		}
		if math.Abs(c*d-1) < 1e-12 {
			break
		}
	}
	return min(front*value/a, 1)
}

package analytics

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mathext"
)

func TestTheBetaDistributionIsThatOfAnotherProgram(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(2, 3))
	for range 2000 {
		mean := 0.01 + 0.98*r.Float64()
		variance := mean * (1 - mean) * math.Pow(10, -4*r.Float64()-0.01)
		x := mean + math.Sqrt(variance)*r.NormFloat64()
		if x <= 0 || x >= 1 {
			continue
		}
		strength := mean*(1-mean)/variance - 1
		want := mathext.RegIncBeta(mean*strength, (1-mean)*strength, x)
		if got := betaBelow(x, mean, variance); math.Abs(got-want) > 1e-8 {
			t.Errorf("mean %v, variance %v below %v: %v, want %v", mean, variance, x, got, want)
		}
	}
	for _, c := range []struct{ x, mean, variance, want float64 }{
		{0.3, 0.5, 1.0 / 12, 0.3}, {0.3, 1, 0, 0}, {0.3, 0, 0, 1}, {0, 0.5, 0.1, 0}, {1, 0.5, 0.1, 1}, {0.51, 0.5, 1e-9, 1}, {0.5, 0.5, 0, 0}, // one that is certain is not below itself
	} {
		if got := betaBelow(c.x, c.mean, c.variance); !(math.Abs(got-c.want) <= 1e-12) {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

package analytics

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// tail is P(Σ Dᵢxᵢ ≤ b), by Imhof's integral (1961) of the characteristic function of
// Σ (xⱼ−b)·Γ(cⱼ): 1/2 − 1/π ∫ sin θ(u) / (u·ρ(u)) du.
func (h histogram) tail(end, b float64) float64 {
	values, counts := append([]float64{end}, h.values...), append([]float64{1}, h.counts...)
	spread := 0.0
	for j, x := range values {
		spread += counts[j] * (x - b) * (x - b)
	}
	const steps = 6000
	from, to, sum := -22.0, 14.0, 0.0
	width := (to - from) / steps
	for s := range steps + 1 { // u = e^y
		u := math.Exp(from+width*float64(s)) / math.Sqrt(spread)
		angle, decay := 0.0, 0.0
		for j, x := range values {
			angle += counts[j] * math.Atan((x-b)*u)
			decay += counts[j] / 2 * math.Log1p((x-b)*(x-b)*u*u)
		}
		sum += math.Sin(angle) * math.Exp(-decay)
	}
	return 0.5 - sum*width/math.Pi
}

func TestGaffkesBoundOfEqualAnswersIsItsClosedForm(t *testing.T) {
	t.Parallel()
	for n, within := range map[float64]float64{1: 0.005, 5: 0.007, 29: 0.002, 300: 0.0002, 20_000: 0.00001} {
		got := histogram{[]float64{4}, []float64{n}}.bound(1, normal975)
		if want := 1 + 3*math.Pow(0.025, 1/n); got > want || got < want-within {
			t.Errorf("%v answers of 4: %v, want %v or up to %v less", n, got, want, within)
		}
	}
	if got := (histogram{[]float64{1}, []float64{9}}).bound(1, normal975); got != 1 {
		t.Errorf("answers at the end: %v", got)
	}
}

func TestGaffkesBoundOfTwoKindsIsThatOfClopperAndPearson(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ n, bad int }{{29, 1}, {100, 3}, {30, 15}, {10, 1}, {300, 3}} {
		// The limit p of those who answer 1: as few as seen have a chance of 2.5 %.
		lo, hi := 0.0, 1.0
		for range 60 {
			p := (lo + hi) / 2
			chance := 0.0
			for k := range c.bad + 1 {
				ln, _ := math.Lgamma(float64(c.n + 1))
				lk, _ := math.Lgamma(float64(k + 1))
				lr, _ := math.Lgamma(float64(c.n - k + 1))
				chance += math.Exp(ln - lk - lr + float64(k)*math.Log(p) + float64(c.n-k)*math.Log1p(-p))
			}
			if chance > 0.025 {
				lo = p
			} else {
				hi = p
			}
		}
		want := 4 - 3*lo
		got := histogram{[]float64{1, 4}, []float64{float64(c.bad), float64(c.n - c.bad)}}.bound(1, normal975)
		if got > want+1e-5 || got < want-0.003 {
			t.Errorf("%d of %d answer 1: %v, want %v", c.bad, c.n, got, want)
		}
	}
}

func TestTheTailAtGaffkesBoundIsAFortieth(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 7))
	for range 60 {
		var h histogram
		for range 1 + r.IntN(6) {
			h.values = append(h.values, 1+3*r.Float64())
			h.counts = append(h.counts, math.Ceil(r.ExpFloat64()*20)+r.Float64())
		}
		if got := h.tail(1, h.bound(1, normal975)); got < 0.022 || got > 0.026 {
			t.Errorf("%+v: the tail at the bound is %v", h, got)
		}
	}
}

func TestGaffkesBoundIsTheQuantileOfWeightedMeans(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 1))
	for _, h := range []histogram{
		{[]float64{3, 3.5, 4}, []float64{10, 10, 9}},
		{[]float64{1, 2.4, 4}, []float64{1, 4, 15}},
	} {
		const draws = 20_000
		means := make([]float64, draws)
		for d := range means {
			weight := r.ExpFloat64()
			sum := weight // at the end: 1
			for j, x := range h.values {
				for range int(h.counts[j]) {
					w := r.ExpFloat64()
					sum, weight = sum+w*x, weight+w
				}
			}
			means[d] = sum / weight
		}
		slices.Sort(means)
		if got := h.bound(1, normal975); got < means[draws*23/1000] || got > means[draws*27/1000] {
			t.Errorf("%+v: %v, drawn %v..%v", h, got, means[draws*23/1000], means[draws*27/1000])
		}
	}
}

package analytics

import "math/big"

// Samples computes the sample sizes that offices ask for, exactly.
type Samples struct {
	chi, p, d   *big.Rat
	z, cp, cd   *big.Rat
	slovinError *big.Rat
}

// LoadSamples reads the shipped parameters.
func LoadSamples() (*Samples, error) {
	var f struct {
		KM struct {
			Chi    rational `yaml:"chi_square"`
			P      rational `yaml:"proportion"`
			D      rational `yaml:"margin"`
			Source string   `yaml:"source"`
		} `yaml:"krejcie_morgan"`
		Cochran struct {
			Z      rational `yaml:"z"`
			P      rational `yaml:"proportion"`
			D      rational `yaml:"margin"`
			Source string   `yaml:"source"`
		} `yaml:"cochran"`
		Slovin struct {
			D      rational `yaml:"margin"`
			Source string   `yaml:"source"`
		} `yaml:"slovin"`
	}
	if err := load("sample.yaml", &f); err != nil {
		return nil, err
	}
	return &Samples{
		chi: f.KM.Chi.Rat, p: f.KM.P.Rat, d: f.KM.D.Rat,
		z: f.Cochran.Z.Rat, cp: f.Cochran.P.Rat, cd: f.Cochran.D.Rat, slovinError: f.Slovin.D.Rat,
	}, nil
}

// KrejcieMorgan returns the sample that a population needs:
// S = χ²·N·P(1−P) / (d²(N−1) + χ²·P(1−P)), rounded to the nearest whole
// number. 703 people need 249. 0 for an empty population.
func (s *Samples) KrejcieMorgan(population int) int {
	if population <= 0 {
		return 0
	}
	n := rat(population)
	spread := mul(s.chi, s.p, sub(rat(1), s.p))
	size := quo(mul(spread, n), add(mul(s.d, s.d, sub(n, rat(1))), spread))
	return min(whole(Round(size, 0)), population)
}

// Slovin returns n = N/(1+N·e²), rounded up. 703 people need 255.
func (s *Samples) Slovin(population int) int {
	if population <= 0 {
		return 0
	}
	n := rat(population)
	return min(ceil(quo(n, add(rat(1), mul(n, s.slovinError, s.slovinError)))), population)
}

// Cochran returns n₀ = z²·p(1−p)/d² corrected for a finite population,
// n = n₀/(1+(n₀−1)/N), rounded up. 703 people need 249.
func (s *Samples) Cochran(population int) int {
	if population <= 0 {
		return 0
	}
	n0 := quo(mul(s.z, s.z, s.cp, sub(rat(1), s.cp)), mul(s.cd, s.cd))
	return min(ceil(quo(n0, add(rat(1), quo(sub(n0, rat(1)), rat(population))))), population)
}

func rat(n int) *big.Rat         { return new(big.Rat).SetInt64(int64(n)) }
func add(a, b *big.Rat) *big.Rat { return new(big.Rat).Add(a, b) }
func sub(a, b *big.Rat) *big.Rat { return new(big.Rat).Sub(a, b) }
func quo(a, b *big.Rat) *big.Rat { return new(big.Rat).Quo(a, b) }
func whole(x *big.Rat) int       { return int(new(big.Int).Quo(x.Num(), x.Denom()).Int64()) }
func mul(list ...*big.Rat) *big.Rat {
	out := rat(1)
	for _, x := range list {
		out.Mul(out, x)
	}
	return out
}

func ceil(x *big.Rat) int {
	n := whole(x)
	if !x.IsInt() {
		n++
	}
	return n
}

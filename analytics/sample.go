package analytics

// Samples computes the sample sizes that offices ask for, exactly.
type Samples struct {
	chi, p, d   Ratio
	z, cp, cd   Ratio
	slovinError Ratio
}

// LoadSamples reads the shipped parameters.
func LoadSamples() (*Samples, error) {
	var f struct {
		KM struct {
			Chi    Ratio  `yaml:"chi_square"`
			P      Ratio  `yaml:"proportion"`
			D      Ratio  `yaml:"margin"`
			Source string `yaml:"source"`
		} `yaml:"krejcie_morgan"`
		Cochran struct {
			Z      Ratio  `yaml:"z"`
			P      Ratio  `yaml:"proportion"`
			D      Ratio  `yaml:"margin"`
			Source string `yaml:"source"`
		} `yaml:"cochran"`
		Slovin struct {
			D      Ratio  `yaml:"margin"`
			Source string `yaml:"source"`
		} `yaml:"slovin"`
	}
	if err := load("sample.yaml", &f); err != nil {
		return nil, err
	}
	return &Samples{
		chi: f.KM.Chi, p: f.KM.P, d: f.KM.D,
		z: f.Cochran.Z, cp: f.Cochran.P, cd: f.Cochran.D, slovinError: f.Slovin.D,
	}, nil
}

// KrejcieMorgan returns the sample that a population needs:
// S = χ²·N·P(1−P) / (d²(N−1) + χ²·P(1−P)), rounded to the nearest whole
// number. 703 people need 249. 0 for an empty population.
func (s *Samples) KrejcieMorgan(population int) int {
	if population <= 0 {
		return 0
	}
	n, one := whole(int64(population)), whole(1)
	spread := s.chi.Mul(s.p).Mul(one.Sub(s.p))
	size := spread.Mul(n).Quo(s.d.Mul(s.d).Mul(n.Sub(one)).Add(spread))
	return min(int(size.Round(0).num), population)
}

// Slovin returns n = N/(1+N·e²), rounded up. 703 people need 255.
func (s *Samples) Slovin(population int) int {
	if population <= 0 {
		return 0
	}
	n, one := whole(int64(population)), whole(1)
	return min(ceil(n.Quo(one.Add(n.Mul(s.slovinError).Mul(s.slovinError)))), population)
}

// Cochran returns n₀ = z²·p(1−p)/d² corrected for a finite population,
// n = n₀/(1+(n₀−1)/N), rounded up. 703 people need 249.
func (s *Samples) Cochran(population int) int {
	if population <= 0 {
		return 0
	}
	one := whole(1)
	n0 := s.z.Mul(s.z).Mul(s.cp).Mul(one.Sub(s.cp)).Quo(s.cd.Mul(s.cd))
	return min(ceil(n0.Quo(one.Add(n0.Sub(one).Quo(whole(int64(population)))))), population)
}

// ceil rounds up to an integer; a sample size always fits.
func ceil(x Ratio) int {
	n := x.Round(0)
	if n.Cmp(x) < 0 {
		n = n.Add(whole(1))
	}
	return int(n.num)
}

package analytics

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// learnt is what the answers of some people tell of their mean.
func learnt(answers [][]float64, population int) evidence {
	e := observed(answers, 4, population)
	e.step = 1 / float64(len(answers)*len(answers[0]))
	return e
}

func meanOf(answers [][]float64) float64 {
	sum, n := 0.0, 0.0
	for _, row := range answers {
		for _, x := range row {
			sum, n = sum+x, n+1
		}
	}
	return sum / n
}

// foretold compares how often samples of n reach bounds around the truth with what single
// samples foretell of that: the greatest difference of the mean forecast, and what 95 % of
// the forecasts differ by at most.
func foretold(s served, known, n, samples int) (bias, off float64) {
	r := rand.New(rand.NewPCG(uint64(n), 4))
	s.answers = slices.Clone(s.answers)
	spread, means := 0.0, make([]float64, samples)
	seen, tells := [][]float64{}, make([]evidence, samples)
	for k := range samples {
		seen = s.sample(r, n, none, seen)
		means[k], tells[k] = meanOf(seen), learnt(seen, known)
		spread += (means[k] - s.truth) * (means[k] - s.truth) / float64(samples)
	}
	for _, deviates := range []float64{-1, -0.3, 0.5, 1} {
		bound, reached := s.truth+deviates*math.Sqrt(spread), 0.0
		for _, m := range means {
			if m >= bound-1e-9 {
				reached += 1 / float64(samples)
			}
		}
		all, apart := 0.0, make([]float64, samples)
		for k, e := range tells {
			p := e.reaches(bound, s.truth)
			all += p / float64(samples)
			apart[k] = math.Abs(p - reached)
		}
		slices.Sort(apart)
		bias, off = max(bias, math.Abs(all-reached)), max(off, apart[samples*95/100])
	}
	return bias, off
}

func TestChancesAreThoseOfFurtherSamples(t *testing.T) {
	t.Parallel()
	// Of offices of which one or five in a hundred were treated badly by all and none
	// else, a sample that has none of them can't foretell the others.
	unforeseeable := map[string]bool{"1 % all 1, rest 4": true, "5 % all 1, rest 4": true, "3 % all 1, rest mostly 4": true, "all 4": true}
	for _, name := range slices.Sorted(maps.Keys(kinds())) {
		if unforeseeable[name] {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			people := kinds()[name].served(20_000)
			var row strings.Builder
			for n, within := range map[int][2]float64{29: {0.08, 0.2}, 100: {0.05, 0.12}, 300: {0.05, 0.08}} {
				each, _ := samples()
				bias, off := foretold(people, 20_000, n, 4*each)
				fmt.Fprintf(&row, " | n = %d: %.3f, %.3f", n, bias, off)
				if bias > within[0] || off > within[1] {
					t.Errorf("n = %d: the mean forecast is off by %.3f, 95 %% of them by up to %.3f; want %v", n, bias, off, within)
				}
			}
			t.Logf("| %s%s", name, row.String())
		})
	}
}

func chancesOf(t *testing.T, code string, rows ...string) *Chances {
	t.Helper()
	form := testForm(t, map[string]string{IPAK: "spak-5@1", IKM: "skm-9@1", IPKP: "spkp-8@1"}[code])
	c := calculation(t, form, nil)
	c.LKE = testLKE(t)
	return c.Index(answersOf(t, form, rows...), 0, Population{}).Chances
}

func TestChancesOfGradesSumToOneAndAreThoseOfTheMeasuredValue(t *testing.T) {
	t.Parallel()
	got := chancesOf(t, IKM, append(many(15, "444444444"), many(14, "333333333")...)...)
	all := 0.0
	for _, p := range got.Grades {
		all += p
	}
	if math.Abs(all-1) > 0.0021 || got.Grades["A"] < 0.35 || got.Grades["A"] > 0.5 || got.Grades["B"] < 0.5 || got.Method != chanceMethod || got.Minima != nil {
		t.Errorf("15 answers of 4 and 14 of 3, IKM 87.93: %+v", got)
	}
	if got := chancesOf(t, IKM, many(30, "444444444")...).Grades; len(got) != 1 || got["A"] != 1 {
		t.Errorf("all 4: %v, want A alone", got)
	}
	if got := chancesOf(t, IKM, many(30, "111111111")...).Grades; len(got) != 1 || got["D"] != 1 {
		t.Errorf("all 1: %v, want D alone", got)
	}
}

func TestChancesOfMinimaAreTheSheets(t *testing.T) {
	t.Parallel()
	rows := append(many(18, "44444"), many(11, "33333")...) // 3.62
	got := chancesOf(t, IPAK, rows...).Minima
	if len(got) != 2 || got[0].Level != "wbk" || got[1].Level != "wbbm" || got[0].Minimum != 3.6 || got[1].Minimum != 3.6 || got[0].Short.Truth != 3.55 {
		t.Fatalf("minima of IPAK: %+v", got)
	}
	// It takes 18 of 29: binomial 0.582 where 18/29 of all answer 4, and 0.283 where 55 % do.
	// That these people answer all questions alike is not known, so their grid is not.
	if p := got[0].Pass; math.Abs(p-0.582) > 0.05 {
		t.Errorf("passes in %v of samples, binomial 0.582", p)
	}
	if p := got[0].Short.Passes; math.Abs(p-0.283) > 0.07 {
		t.Errorf("of offices at 3.55 %v pass, binomial 0.283", p)
	}
	spkp := chancesOf(t, IPKP, many(30, "33333333")...).Minima
	if len(spkp) != 2 || spkp[0].Minimum != 3.2 || spkp[0].Short.Truth != 3.15 || spkp[1].Minimum != 3.6 || spkp[0].Pass > 0.02 {
		t.Errorf("minima of IPKP: %+v", spkp)
	}
}

func TestWhoHeardNearlyEverybodyLeavesLittleToChance(t *testing.T) {
	t.Parallel()
	e := evidence{lo: 1, hi: 4, mean: 3.62, variance: 0.25 / 100, size: 100}
	many := e.reaches(3.6, 3.62)
	e.heard = 0.98
	if few := e.reaches(3.6, 3.62); few < 0.98 || many > 0.75 {
		t.Errorf("%v of many, %v of whom nearly all were heard", many, few)
	}
}

// A minimum is one of a unit: of a group nothing is foretold of it, and of nobody's answers
// nothing at all.
func TestChancesOfMinimaAreToldWhereTheyAreAskedFor(t *testing.T) {
	t.Parallel()
	form := testForm(t, "spak-5@1")
	c := calculation(t, form, nil)
	tally := answersOf(t, form, append(many(20, "44444"), many(9, "43343")...)...)
	by := c.conversion(0, c.Index(tally, 0, Population{}))
	var err error
	if c.LKE, err = LoadLKE(); err != nil {
		t.Fatal(err)
	}
	for minima, want := range map[bool]int{true: 2, false: 0} {
		if got := c.chances(IPAK, tally.evidence(0, 0), by, minima); got == nil || len(got.Minima) != want || len(got.Grades) == 0 {
			t.Errorf("minima asked for: %v, got %+v", minima, got)
		}
	}
	if got := c.chances(IPAK, evidence{}, by, true); got != nil {
		t.Errorf("of nobody: %+v", got)
	}
	c.LKE = nil
	if got := c.chances(IPAK, tally.evidence(0, 0), by, true); got == nil || len(got.Minima) != 0 {
		t.Errorf("where no minima are known: %+v", got)
	}
}

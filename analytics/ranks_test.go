package analytics

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// ofPeople makes a figure of IPAK that so many people with some spread told.
func ofPeople(mean, variance float64, n int) *Figure {
	x := ratioOfFloat(mean)
	f := &Figure{
		Code: IPAK, Instrument: "spak-5@1", Method: "exact@1", Value: mean, N: int64(n), exact: x,
		evidence: evidenceOf(intervalInput{Mean: mean, Variance: variance, Lo: 1, Hi: 4, N: int64(n)}),
		slope:    25,
	}
	lo, hi := f.evidence.interval()
	f.CI95 = [2]float64{lo, hi}
	return f
}

// naively ranks by the definition, unit by unit.
func naively(units []*Figure) []Ranks {
	m := 0
	for _, f := range units {
		if f != nil && f.evidence.size > 0 && !f.partial {
			m++
		}
	}
	z := math.Sqrt2 * math.Erfinv(math.Pow(0.95, 1/float64(m)))
	out := make([]Ranks, len(units))
	for i, f := range units {
		out[i].Of = m
		if f == nil || f.partial {
			continue
		}
		lo, hi := f.evidence.within(z)
		out[i].Best, out[i].Worst = 1, m
		for _, o := range units {
			if o == nil || o.partial {
				continue
			}
			l, h := o.evidence.within(z)
			if l > hi {
				out[i].Best++
			}
			if h < lo {
				out[i].Worst--
			}
		}
	}
	return out
}

func TestRanksAreThoseThatTheIntervalsLeaveOpen(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		units := make([]*Figure, rapid.IntRange(0, 20).Draw(t, "units"))
		for i := range units {
			if rapid.IntRange(0, 5).Draw(t, "withheld") > 0 {
				// Few means and sizes, so that intervals are equal and touch.
				units[i] = ofPeople(float64(rapid.IntRange(10, 40).Draw(t, "mean"))/10, 0.05, 200*rapid.IntRange(1, 3).Draw(t, "n"))
				units[i].partial = rapid.IntRange(0, 5).Draw(t, "partial") == 0
			}
		}
		if got, want := RanksOf(units), naively(units); !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}

func TestARankIsLeftOpenByIntervalsThatOverlap(t *testing.T) {
	t.Parallel()
	for want, ends := range map[string][][2]float64{
		"[[2 3] [1 3] [1 2]]": {{3.1, 3.3}, {3.2, 3.5}, {3.4, 3.6}},
		"[[2 2] [1 1]]":       {{3.1, 3.3}, {3.4, 3.6}},
		"[[1 2] [1 2]]":       {{3.1, 3.4}, {3.4, 3.6}}, // they touch
		"[[1 3] [1 3] [1 3]]": {{3, 3}, {3, 3}, {3, 3}},
		"[]":                  {},
	} {
		if got := fmt.Sprint(ranked(ends)); got != want {
			t.Errorf("%v: %s, want %s", ends, got, want)
		}
	}
}

func TestUnitsWithoutAFigureAreNotRanked(t *testing.T) {
	t.Parallel()
	partial, point := ofPeople(3.9, 0.01, 300), ofPeople(3.9, 0.01, 300)
	partial.partial, point.evidence = true, evidence{}
	got := RanksOf([]*Figure{nil, ofPeople(3.2, 0.05, 300), partial, ofPeople(3.8, 0.05, 300), point})
	want := []Ranks{{Of: 2}, {2, 2, 2}, {Of: 2}, {1, 1, 2}, {Of: 2}}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := RanksOf(nil); len(got) != 0 {
		t.Errorf("of nothing: %v", got)
	}
	if got := RanksOf([]*Figure{ofPeople(3.2, 0.05, 30)}); got[0] != (Ranks{1, 1, 1}) {
		t.Errorf("of one: %v", got)
	}
}

func TestIntervalsOfManyAreWiderThanThoseOfOne(t *testing.T) {
	t.Parallel()
	for m, want := range map[int]float64{0: 1.959964, 1: 1.959964, 6: 2.631038, 30: 3.136859, 600: 3.929} {
		if got := jointly(m); math.Abs(got-want) > 1e-3 {
			t.Errorf("of %d: ±%v, want ±%v", m, got, want)
		}
	}
	e := ofPeople(3.5, 0.2, 100).evidence
	if lo, hi := e.within(normal975); func() [2]float64 { a, b := e.interval(); return [2]float64{a, b} }() != [2]float64{lo, hi} {
		t.Errorf("%v..%v at 95 %%", lo, hi)
	}
	// Of equal answers the bound is known: 1 + 3·α^(1/n), α = 4.27e-5 for a deviate of 3.93.
	tail := 0.5 * math.Erfc(3.93/math.Sqrt2)
	if lo, _ := ofPeople(4, 0, 300).evidence.within(3.93); math.Abs(lo-(1+3*math.Pow(tail, 1./300))) > 5e-4 {
		t.Errorf("%v, want %v", lo, 1+3*math.Pow(tail, 1./300))
	}
}

func documentedRanks(t *testing.T, d *documented) {
	t.Helper()
	units := make([]*Figure, 30)
	for i := range units {
		units[i] = ofPeople(3+0.02*float64(i), 0.2, 100)
	}
	got := RanksOf(units)
	d.says("thirty units of 100 respondents with IPAK 3.00, 3.02 … 3.58 and a variance of 0.2: ranks %d..%d for 3.58, %d..%d for 3.30, %d..%d for 3.00.",
		got[29].Best, got[29].Worst, got[15].Best, got[15].Worst, got[0].Best, got[0].Worst)
	d.says("of 6, 30 and 600 units each interval goes to ±%.2f, ±%.2f and ±%.2f.", jointly(6), jointly(30), jointly(600))
}

// city draws the truths of m units: groups of people whose shares differ by unit.
func cityOf(r *rand.Rand, m int, ceiling bool) (units []kind, truth []float64) {
	for range m {
		good := 0.2 + 0.7*r.Float64()
		k := kind{items: 5, groups: []people{{good, 0, [4]float64{0, .01, .09, .90}}, {1 - good, 0, [4]float64{.01, .05, .60, .34}}}}
		if ceiling {
			bad := 0.04 * r.Float64()
			k = kind{items: 5, groups: []people{{1 - bad, 4, [4]float64{}}, {bad, 0, [4]float64{.5, .2, .2, .1}}}}
		}
		mean := 0.0
		for _, g := range k.groups {
			of := g.all
			for score, p := range g.odds {
				of += float64(score+1) * p
			}
			mean += g.share * of
		}
		units, truth = append(units, k), append(truth, mean)
	}
	return units, truth
}

// TestCoverageOfRanksIsHighEnough counts cities all of whose units have their true rank
// within their set.
func TestCoverageOfRanksIsHighEnough(t *testing.T) {
	t.Parallel()
	for _, ceiling := range []bool{false, true} {
		for _, m := range []int{6, 30, 600} {
			for _, n := range []int{30, 200} {
				t.Run(fmt.Sprintf("%d units of %d people, at the ceiling %v", m, n, ceiling), func(t *testing.T) {
					t.Parallel()
					r := rand.New(rand.NewPCG(uint64(m), uint64(n)))
					cities := max(*samplesEach*60/(m+30)*30/n, 8)
					held, width := 0, 0.0
					for range cities {
						kinds, truth := cityOf(r, m, ceiling)
						units := make([]*Figure, m)
						for i, k := range kinds {
							rows := emptyRows(n, k.items)
							for p := range rows {
								k.draw(r, rows[p])
							}
							e := observed(rows, 4, 0)
							units[i] = &Figure{Code: IPAK, evidence: e, slope: 25}
						}
						all := true
						for i, got := range RanksOf(units) {
							rank := 1
							for _, x := range truth {
								if x > truth[i] {
									rank++
								}
							}
							all = all && got.Best <= rank && rank <= got.Worst
							width += float64(got.Worst-got.Best+1) / float64(m*m*cities)
						}
						if all {
							held++
						}
					}
					t.Logf("| %d | %d | %v | %.1f | %.0f | %d |", m, n, ceiling, 100*float64(held)/float64(cities), 100*width, cities)
					if float64(held) < 0.95*float64(cities)-2*math.Sqrt(0.95*0.05*float64(cities)) {
						t.Errorf("all ranks are held in %d of %d cities", held, cities)
					}
				})
			}
		}
	}
}

func BenchmarkRanks(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	units := make([]*Figure, 600)
	for i := range units {
		units[i] = ofPeople(3+0.9*r.Float64(), 0.2, 50+r.IntN(400))
	}
	for b.Loop() {
		RanksOf(units)
	}
}

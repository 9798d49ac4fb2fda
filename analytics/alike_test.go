package analytics

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestTheSampleOfTwoValuesHasTheMeanAndTheVariance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := possible(t)
		in.N = max(in.N, 2)
		e := evidenceOf(in)
		h := e.alike()
		n, mean, squares := 0.0, 0.0, 0.0
		for j, x := range h.values {
			if x < in.Lo-1e-9 || x > in.Hi+1e-9 {
				t.Fatalf("%+v: %v is off the scale", in, x)
			}
			n, mean = n+h.counts[j], mean+h.counts[j]*x
			squares += h.counts[j] * (x - in.Mean) * (x - in.Mean)
		}
		want := min(e.variance*(e.size-1), (in.Mean-in.Lo)*(in.Hi-in.Mean))
		if math.Abs(n-e.size) > 1e-6 || math.Abs(mean/n-in.Mean) > 1e-6 || math.Abs(squares/n-want) > 1e-6 {
			t.Fatalf("%+v: %v people, mean %v, spread %v; want %v, %v, %v", in, n, mean/n, squares/n, e.size, in.Mean, want)
		}
	})
}

// Who left gaps was not heard of everything: no end is certain, and as many people count
// as heard as tell as much without gaps.
func TestGapsLeaveMorePeopleUnheard(t *testing.T) {
	t.Parallel()
	in := intervalInput{Mean: 3, Variance: 0.3, Lo: 1, Hi: 4, N: 50, Population: 100}
	whole := evidenceOf(in)
	in.Size = 20
	gaps := evidenceOf(in)
	if whole.heard != 0.5 || whole.least != 2 || whole.most != 3.5 {
		t.Errorf("50 of 100 without gaps: %+v", whole)
	}
	if gaps.heard != 0.2 || gaps.least != 1 || gaps.most != 4 {
		t.Errorf("50 of 100 with gaps, as much as 20: %+v", gaps)
	}
}

// fullWidth is the width of the interval that Gaffke's bounds of the respondents' own
// indexes make.
func fullWidth(answers [][]float64) float64 {
	counts := map[float64]float64{}
	for _, row := range answers {
		sum := 0.0
		for _, x := range row {
			sum += x
		}
		counts[sum/float64(len(row))]++
	}
	var h histogram
	for _, x := range slices.Sorted(maps.Keys(counts)) {
		h.values, h.counts = append(h.values, x), append(h.counts, counts[x])
	}
	return 5 - h.mirrored(1, 4).bound(1, normal975) - h.bound(1, normal975)
}

func TestTheIntervalIsNearlyAsWideAsTheOneOfOwnIndexes(t *testing.T) {
	t.Parallel()
	for _, name := range slices.Sorted(maps.Keys(kinds())) {
		people := kinds()[name].served(20_000)
		r := rand.New(rand.NewPCG(2, 9))
		for _, n := range []int{29, 100, 300} {
			least, most, mean := 2.0, 0.0, 0.0
			const each = 20
			for range each {
				seen := people.sample(r, n, none, nil)
				lo, hi := observed(seen, 4, 0).interval()
				ratio := (hi - lo) / fullWidth(seen)
				least, most, mean = min(least, ratio), max(most, ratio), mean+ratio/each
			}
			t.Logf("%s, n = %d: %.3f..%.3f, mean %.3f", name, n, least, most, mean)
			if math.Abs(mean-1) > 0.03 || least < 0.94 || most > 1.06 {
				t.Errorf("%s, n = %d: %.3f of the full width on average, %.3f to %.3f", name, n, mean, least, most)
			}
		}
	}
}

// scores are the answers of some rows as numbers; 0 where one is missing.
func scores(rows []string) [][]float64 {
	out := make([][]float64, len(rows))
	for i, row := range rows {
		for _, c := range row {
			x := 0.0
			if c != '-' {
				x = float64(c - '0')
			}
			out[i] = append(out[i], x)
		}
	}
	return out
}

func first(lo, _ float64) float64 { return lo }

func TestWhatATallyTellsIsWhatItsAnswersTell(t *testing.T) {
	t.Parallel()
	form := testForm(t, "spak-5@1")
	for name, rows := range map[string][]string{
		"no gaps": append(many(20, "44434"), many(9, "33231")...),
		"gaps":    append(many(20, "4443-"), append(many(7, "3323-"), "44441", "33333")...),
	} {
		got, want := answersOf(t, form, rows...).evidence(0, 100), observed(scores(rows), 4, 100)
		if len(got.bands) != len(want.bands) || (name == "gaps") != (len(got.bands) == 2) {
			t.Errorf("%s: %d bands, want %d", name, len(got.bands), len(want.bands))
		}
		if lo, hi := got.interval(); name == "gaps" && (lo >= want.mean-0.1 || lo != first(want.interval())) {
			t.Errorf("%s: %v..%v", name, lo, hi)
		}
		for _, pair := range [][2]float64{
			{got.mean, want.mean}, {got.variance, want.variance}, {got.size, want.size}, {got.heard, want.heard}, {got.least, want.least}, {got.most, want.most}, {got.step, want.step},
		} {
			if math.Abs(pair[0]-pair[1]) > 1e-9 {
				t.Errorf("%s: %+v, want %+v", name, got, want)
				break
			}
		}
	}
	if e := answersOf(t, shapes(t)["one and two"], "411", "411").evidence(0, 0); e.step != 0 || e.mean != 2.5 {
		t.Errorf("an aspect of 4 and one of two questions of 1: %+v, want a mean of 2.5 and no grid", e)
	}
	// Five of ten answered 3: p̃ = 13/7, ω = 104/49, and ω/5/5 · 1/2 is added.
	if got := rarity([]part{{weight: 1, n: 5, sum: 15, square: 45}}, 10, 1, 4); math.Abs(got-104./49/50) > 1e-9 {
		t.Errorf("half answered 3: %v is added", got)
	}
}

// What is shown as 88.31 is an A: the bound of a grade lies half a hundredth below it.
func TestChancesOfAGradeAreOfTheValueAsItIsShown(t *testing.T) {
	t.Parallel()
	c := calculation(t, testForm(t, "skm-9@1"), nil)
	by := newConversion(c.Chosen[0], 9)
	for at100, want := range map[float64]string{88.307: "A", 88.303: "B"} {
		e := evidence{lo: 1, hi: 4, mean: by.answersOf(at100), size: 1e9}
		if got := c.chances(IKM, e, by, false).Grades[want]; got < 0.99 {
			t.Errorf("%v: %s in %v of samples", at100, want, got)
		}
	}
	if p := betaBelow(1, 1, 0); p != 0 {
		t.Errorf("a share of 1 is below 1 in %v", p)
	}
}

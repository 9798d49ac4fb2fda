package analytics

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// possible draws a mean and a variance that respondents on 1-4 can have.
func possible(t *rapid.T) intervalInput {
	mean := rapid.Float64Range(1, 4).Draw(t, "mean")
	most := (mean - 1) * (4 - mean)
	return intervalInput{
		Mean: mean, Variance: most * rapid.Float64Range(0, 1).Draw(t, "share of the greatest variance"),
		Lo: 1, Hi: 4, N: rapid.Int64Range(1, 5000).Draw(t, "n"),
	}
}

func TestTheIntervalHoldsTheMeanAndStaysOnTheScale(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := possible(t)
		in.Population = rapid.Int64Range(0, 10000).Draw(t, "population")
		lo, hi := evidenceOf(in).interval()
		if math.IsNaN(lo) || math.IsNaN(hi) || lo < 1 || hi > 4 || lo > in.Mean || hi < in.Mean {
			t.Fatalf("%+v gives %v..%v", in, lo, hi)
		}
	})
}

func TestMoreRespondentsNarrowTheInterval(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := possible(t)
		more := in
		more.N += rapid.Int64Range(1, 5000).Draw(t, "more")
		lo, hi := evidenceOf(in).interval()
		lo2, hi2 := evidenceOf(more).interval()
		if hi2-lo2 > hi-lo+3*grid {
			t.Fatalf("%+v: width %v, with %d: %v", in, hi-lo, more.N, hi2-lo2)
		}
	})
}

func TestAFinitePopulationNarrowsTheInterval(t *testing.T) {
	t.Parallel()
	in := intervalInput{Mean: 3.4, Variance: 0.2, Lo: 1, Hi: 4, N: 200}
	last := math.Inf(1)
	for _, population := range []int64{0, 20000, 703, 250, 202} {
		in.Population = population
		lo, hi := evidenceOf(in).interval()
		if hi-lo >= last {
			t.Errorf("population %d: width %v, want less than %v", population, hi-lo, last)
		}
		last = hi - lo
	}
}

func TestTheIntervalAtItsEnds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		in     intervalInput
		lo, hi float64
	}{
		{"nobody answered: anything is possible", intervalInput{Lo: 1, Hi: 4}, 1, 4},
	} {
		if lo, hi := evidenceOf(c.in).interval(); lo != c.lo || hi != c.hi {
			t.Errorf("%s: got %v..%v, want %v..%v", c.name, lo, hi, c.lo, c.hi)
		}
	}
	for _, c := range []struct {
		name     string
		in, same intervalInput
	}{
		{"everybody answered: as if one had not", intervalInput{N: 50, Population: 50}, intervalInput{N: 50, Population: 51}},
		{"the only person answered: as one of two", intervalInput{N: 1, Population: 1}, intervalInput{N: 1, Population: 2}},
		{"more answers than declared people: the number says nothing", intervalInput{N: 60, Population: 50}, intervalInput{N: 60}},
	} {
		for _, in := range []*intervalInput{&c.in, &c.same} {
			in.Mean, in.Variance, in.Lo, in.Hi = 3.4, 0.2, 1, 4
		}
		lo, hi := evidenceOf(c.in).interval()
		lo2, hi2 := evidenceOf(c.same).interval()
		if lo >= 3.4 || hi <= 3.4 || lo != lo2 || hi != hi2 {
			t.Errorf("%s: got %v..%v, want about %v..%v", c.name, lo, hi, lo2, hi2)
		}
	}
	for _, n := range []int64{1, 5, 29} {
		lo, hi := evidenceOf(intervalInput{Mean: 4, Lo: 1, Hi: 4, N: n}).interval()
		if hi != 4 || lo > 3.95 {
			t.Errorf("%d equal answers of 4: got %v..%v, want room below 4 and none above", n, lo, hi)
		}
	}
}

func TestTheIntervalOfEqualAnswersIsGaffkesBound(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]float64{5: 2.4345, 29: 3.6417, 100: 3.8914, 300: 3.9633} {
		lo, hi := evidenceOf(intervalInput{Mean: 4, Lo: 1, Hi: 4, N: n, Population: 0}).interval()
		if math.Abs(lo-want) > 0.008 || lo > want || hi != 4 {
			t.Errorf("%d answers of 4: %v..%v, want a little less than %v", n, lo, hi, want)
		}
		worse, end := evidenceOf(intervalInput{Mean: 1, Lo: 1, Hi: 4, N: n}).interval()
		if worse != 1 || math.Abs(end-(5-lo)) > 2*grid {
			t.Errorf("%d answers of 1: %v..%v, want the mirror of %v..4", n, worse, end, lo)
		}
	}
}

// None of those heard is bad, so the bad among N people are at most so many that missing
// them all has a chance of 2.5 %: the hypergeometric limit.
func TestAFinitePopulationOfWhomAllHeardAgreeHasTheHypergeometricLimit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ n, people int64 }{{29, 400}, {100, 400}, {300, 400}, {300, 703}, {300, 20000}, {100, 100}, {10, 10}} {
		bad, missed := 0.0, 1.0
		people := float64(max(c.people, c.n+1))
		for missed > 0.025 && bad < people-float64(c.n) {
			missed *= (people - float64(c.n) - bad) / (people - bad)
			if missed > 0.025 {
				bad++
			}
		}
		lo, _ := evidenceOf(intervalInput{Mean: 4, Lo: 1, Hi: 4, N: c.n, Population: c.people}).interval()
		if most := 4 - 3*bad/people; lo > most+grid || lo < most-3/people-0.002 {
			t.Errorf("%d of %d: %v, want at most %v and less than one person below", c.n, c.people, lo, most)
		}
	}
}

func TestNobodyIsMoreCertainThanThoseWhoWereHeard(t *testing.T) {
	t.Parallel()
	lo, hi := evidenceOf(intervalInput{Mean: 3, Variance: 1, Lo: 1, Hi: 4, N: 5, Population: 5}).interval()
	if want := (5*3 + 1) / 6.0; math.Abs(lo-want) > grid {
		t.Errorf("five of five: from %v, want %v: one more who answers 1", lo, want)
	}
	if want := (5*3 + 4) / 6.0; math.Abs(hi-want) > grid {
		t.Errorf("five of five: to %v, want %v: one more who answers 4", hi, want)
	}
	gaps, _ := evidenceOf(intervalInput{Mean: 3, Variance: 1, Lo: 1, Hi: 4, N: 5, Size: 2, Population: 5}).interval()
	if gaps > lo-0.3 {
		t.Errorf("who left gaps was not heard of everything: from %v, without gaps %v", gaps, lo)
	}
}

func TestAnIntervalDoesNotDependOnTheScalesLength(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := possible(t)
		in.Population = rapid.Int64Range(0, 10000).Draw(t, "population")
		six := in
		six.Mean, six.Variance, six.Hi = 1+(in.Mean-1)*5/3, in.Variance*25/9, 6
		lo, hi := evidenceOf(in).interval()
		lo6, hi6 := evidenceOf(six).interval()
		if math.Abs(1+(lo-1)*5/3-lo6) > 3*grid || math.Abs(1+(hi-1)*5/3-hi6) > 3*grid {
			t.Fatalf("%+v: %v..%v on 1-4, %v..%v on 1-6", in, lo, hi, lo6, hi6)
		}
	})
}

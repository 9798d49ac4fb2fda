package analytics

import (
	"testing"

	"pgregory.net/rapid"
)

func testSamples(t testing.TB) *Samples {
	t.Helper()
	s, err := LoadSamples()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestKrejcieMorganGivesThePublishedPairs(t *testing.T) {
	t.Parallel()
	s := testSamples(t)
	for population, want := range map[int]int{
		10: 10, 20: 19, 30: 28, 50: 44, 75: 63, 100: 80, 150: 108, 200: 132, 250: 152, 300: 169, 400: 196, 500: 217,
		703: 249, 1000: 278, 1500: 306, 2000: 322, 3000: 341, 5000: 357, 10000: 370, 20000: 377, 50000: 381, 75000: 382,
		275:     161, // 160 with a chi-square of 3.84
		100000:  383, // the print of 1970 says 384
		1000000: 384,
	} {
		if got := s.KrejcieMorgan(population); got != want {
			t.Errorf("%d people: got %d, want %d", population, got, want)
		}
	}
}

func TestSlovinAndCochranRoundUp(t *testing.T) {
	t.Parallel()
	s := testSamples(t)
	for _, c := range []struct{ population, slovin, cochran int }{
		{1, 1, 1},
		{10, 10, 10},
		{400, 200, 197}, // Slovin gives exactly 200: nothing to round
		{703, 255, 249},
		{10000, 385, 370},
		{1000000, 400, 385},
	} {
		if got := s.Slovin(c.population); got != c.slovin {
			t.Errorf("Slovin, %d people: got %d, want %d", c.population, got, c.slovin)
		}
		if got := s.Cochran(c.population); got != c.cochran {
			t.Errorf("Cochran, %d people: got %d, want %d", c.population, got, c.cochran)
		}
	}
}

func TestASampleGrowsWithItsPopulationAndNeverExceedsIt(t *testing.T) {
	t.Parallel()
	s := testSamples(t)
	for name, size := range map[string]func(int) int{"Krejcie-Morgan": s.KrejcieMorgan, "Slovin": s.Slovin, "Cochran": s.Cochran} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				population := rapid.IntRange(1, 300_000_000).Draw(t, "population")
				n := size(population)
				if n < 1 || n > population || size(population+1) < n {
					t.Fatalf("%d people: %d, one more: %d", population, n, size(population+1))
				}
			})
			for _, none := range []int{0, -1, -703} {
				if got := size(none); got != 0 {
					t.Errorf("%d people: got %d, want 0", none, got)
				}
			}
		})
	}
}

package analytics

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
)

// samplesEach is the number of samples a case of coverage is simulated with:
// go test -run Coverage -v ./analytics -args -samples 20000 prints the table of
// docs/method.md.
var samplesEach = flag.Int("samples", 250, "samples of each case whose coverage is simulated")

// samples returns that number, and how much fewer than covered it may find: chance
// plays with few samples. In short runs both are coarser.
func samples() (n int, noise float64) {
	switch n = *samplesEach; {
	case testing.Short():
		return n / 2, 0.02
	case n < 1000:
		return n, 0.01
	}
	return n, 0
}

// wholeRun reports whether simulations take as many draws as CI has time for (docs/testing.md).
func wholeRun() bool { return os.Getenv("PERSEPSI_WHOLE") != "" }

// covered is the least share of samples whose interval must hold the truth.
const covered = 0.93

// kind is a population of respondents as they are met at counters: groups of
// people, each with a share and with probabilities of answering 1, 2, 3 or 4.
// A group without probabilities answers `all` throughout.
type kind struct {
	items  int
	groups []people
	// last are the probabilities of the answers to the last question, where it is unlike
	// the others.
	last [4]float64
}

type people struct {
	share float64
	all   float64
	odds  [4]float64
}

func kinds() map[string]kind {
	return map[string]kind{
		"mostly 3 and 4": {items: 9, groups: []people{
			{.30, 0, [4]float64{0, .01, .09, .90}},
			{.62, 0, [4]float64{.005, .035, .61, .35}},
			{.08, 0, [4]float64{.08, .32, .45, .15}},
		}},
		"at the ceiling": {items: 9, groups: []people{
			{.60, 4, [4]float64{}},
			{.35, 0, [4]float64{0, .02, .33, .65}},
			{.05, 0, [4]float64{.10, .30, .40, .20}},
		}},
		"straight-liners": {items: 9, groups: []people{
			{.55, 3, [4]float64{}},
			{.35, 4, [4]float64{}},
			{.07, 0, [4]float64{.02, .18, .5, .3}},
			{.03, 2, [4]float64{}},
		}},
		"one in ten unhappy": {items: 9, groups: []people{
			{.10, 0, [4]float64{.5, .3, .15, .05}},
			{.90, 0, [4]float64{0, .02, .38, .60}},
		}},
		"corruption, nearly all 4": {items: 5, groups: []people{
			{.75, 4, [4]float64{}},
			{.22, 0, [4]float64{0, .03, .37, .60}},
			{.03, 0, [4]float64{.3, .3, .2, .2}},
		}},
		"all 4":                        {items: 5, groups: []people{{1, 4, [4]float64{}}}},
		"1 % all 1, rest 4":            {items: 5, groups: []people{{.99, 4, [4]float64{}}, {.01, 1, [4]float64{}}}},
		"5 % all 1, rest 4":            {items: 5, groups: []people{{.95, 4, [4]float64{}}, {.05, 1, [4]float64{}}}},
		"3 % all 1, rest mostly 4":     {items: 9, groups: []people{{.97, 0, [4]float64{0, 0, .2, .8}}, {.03, 1, [4]float64{}}}},
		"4, and 1 of the last by 20 %": {items: 5, groups: []people{{.9, 4, [4]float64{}}, {.1, 0, [4]float64{0, 0, .5, .5}}}, last: [4]float64{.2, 0, 0, .8}},
		"4, and 1 of the last by 5 %":  {items: 9, groups: []people{{.9, 4, [4]float64{}}, {.1, 0, [4]float64{0, 0, .5, .5}}}, last: [4]float64{.05, 0, 0, .95}},
		"half 3, half 4":               {items: 5, groups: []people{{.5, 3, [4]float64{}}, {.5, 4, [4]float64{}}}},
	}
}

func (k kind) draw(r *rand.Rand, answers []float64) {
	u := r.Float64()
	g := &k.groups[len(k.groups)-1]
	for i := range k.groups {
		p := &k.groups[i]
		if u < p.share {
			g = p
			break
		}
		u -= p.share
	}
	for i := range answers {
		odds := &g.odds
		if last := i == len(answers)-1 && k.last != [4]float64{}; last {
			odds = &k.last
		} else if answers[i] = g.all; g.all > 0 {
			continue
		}
		x, score := r.Float64(), 1
		for score < 4 && x >= odds[score-1] {
			x -= odds[score-1]
			score++
		}
		answers[i] = float64(score)
	}
}

// emptyRows returns room for the answers of n people: simulations draw millions.
func emptyRows(n, items int) [][]float64 {
	rows, room := make([][]float64, n), make([]float64, n*items)
	for i := range rows {
		rows[i] = room[i*items : (i+1)*items : (i+1)*items]
	}
	return rows
}

// gaps tells whether the i-th of n respondents answers the q-th of k questions.
type gaps func(r *rand.Rand, i, n, q, k int) bool

func none(*rand.Rand, int, int, int, int) bool { return true }

func patterns() map[string]gaps {
	return map[string]gaps{
		"one question answered by 3 %":           func(_ *rand.Rand, i, n, q, k int) bool { return q < k-1 || i < max(1, 3*n/100) },
		"all answer one, five all":               func(_ *rand.Rand, i, _, q, _ int) bool { return q == 0 || i < 5 },
		"all answer one, two all":                func(_ *rand.Rand, i, _, q, _ int) bool { return q == 0 || i < 2 },
		"5 % of answers missing":                 func(r *rand.Rand, _, _, _, _ int) bool { return r.Float64() >= .05 },
		"40 % of answers missing":                func(r *rand.Rand, _, _, _, _ int) bool { return r.Float64() >= .4 },
		"half answer one half, the others other": func(_ *rand.Rand, i, _, q, k int) bool { return (q < k/2) == (i%2 == 0) },
	}
}

// observed makes what a tally tells of answers (0: missing) to questions that are each an
// aspect.
func observed(rows [][]float64, hi float64, population int) evidence {
	parts := make([]part, len(rows[0]))
	for _, row := range rows {
		for q, x := range row {
			if x > 0 {
				parts[q].n++
				parts[q].sum += x
				parts[q].square += x * x
			}
		}
	}
	for q := range parts {
		parts[q].weight = 1 / float64(len(parts))
	}
	return answers{
		parts: parts, n: float64(len(rows)), lo: 1, hi: hi, population: int64(population),
		squares: func(among func(float64) bool) (sum float64) {
			for _, row := range rows {
				z := 0.0
				for q, x := range row {
					if x > 0 && among(parts[q].n) {
						z += parts[q].weight / parts[q].n * (x - parts[q].sum/parts[q].n)
					}
				}
				sum += z * z
			}
			return sum
		},
	}.evidence()
}

// served are people that an office served, with the answers that each would give, and
// the mean of these.
type served struct {
	answers [][]float64
	truth   float64
}

func (k kind) served(n int) served {
	r := rand.New(rand.NewPCG(uint64(n), 8))
	out := served{answers: emptyRows(n, k.items)}
	for i := range out.answers {
		k.draw(r, out.answers[i])
		for _, x := range out.answers[i] {
			out.truth += x / float64(k.items*n)
		}
	}
	return out
}

// sample draws n people without replacement, puts them in front and returns their answers
// but for the gaps.
func (s served) sample(r *rand.Rand, n int, g gaps, into [][]float64) [][]float64 {
	into = into[:0]
	for i := range n {
		j := i + r.IntN(len(s.answers)-i)
		s.answers[i], s.answers[j] = s.answers[j], s.answers[i]
		seen := slices.Clone(s.answers[i])
		for q := range seen {
			if !g(r, i, n, q, len(seen)) {
				seen[q] = 0
			}
		}
		into = append(into, seen)
	}
	return into
}

// coverage is the share of samples of n whose interval holds the truth, and the
// intervals' mean width. known is the population that the interval is told of.
func coverage(s served, g gaps, known, n, samples int) (share, width float64) {
	r := rand.New(rand.NewPCG(uint64(known), uint64(n)))
	s.answers = slices.Clone(s.answers)
	var seen [][]float64
	hit := 0
	for range samples {
		seen = s.sample(r, n, g, seen)
		lo, hi := observed(seen, 4, known).interval()
		if lo <= s.truth+1e-9 && s.truth <= hi+1e-9 {
			hit++
		}
		width += hi - lo
	}
	return float64(hit) / float64(samples), width / float64(samples)
}

func TestCoverageOfTheIntervalIsHighEnough(t *testing.T) {
	t.Parallel()
	for _, name := range slices.Sorted(maps.Keys(kinds())) {
		for _, population := range []int{400, 703, 20000, 0} {
			t.Run(fmt.Sprintf("%s of %d", name, population), func(t *testing.T) {
				t.Parallel()
				var row strings.Builder
				people := kinds()[name].served(cmp.Or(population, 20_000))
				each, noise := samples()
				for _, n := range []int{5, 10, 29, 100, 300} {
					got, width := coverage(people, none, population, n, each)
					fmt.Fprintf(&row, " | %.1f (%.2f)", 100*got, width)
					if got < covered-noise {
						t.Errorf("n = %d: the interval holds the truth in %.1f %% of the samples, want at least %v %%", n, 100*got, 100*covered)
					}
				}
				t.Logf("| %s | %d%s |", name, population, row.String())
			})
		}
	}
}

func TestCoverageOfTheIntervalIsHighEnoughWithGaps(t *testing.T) {
	t.Parallel()
	for _, name := range slices.Sorted(maps.Keys(kinds())) {
		people := kinds()[name].served(20_000)
		for pattern, g := range patterns() {
			t.Run(name+", "+pattern, func(t *testing.T) {
				t.Parallel()
				var row strings.Builder
				each, noise := samples()
				for _, n := range []int{29, 100, 300} {
					got, width := coverage(people, g, 20_000, n, each)
					fmt.Fprintf(&row, " | %.1f (%.2f)", 100*got, width)
					if got < covered-noise {
						t.Errorf("n = %d: the interval holds the truth in %.1f %% of the samples, want at least %v %%", n, 100*got, 100*covered)
					}
				}
				t.Logf("| %s, %s%s |", name, pattern, row.String())
			})
		}
	}
}

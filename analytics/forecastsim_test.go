package analytics

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"persepsi/survey"
)

// pastPeriod is two simulated half years of six months of thirty days each.
type pastPeriod struct {
	months [12][][]float64 // answers
}

// drifting draws two half years of a unit whose level changes by a random walk with that
// standard deviation a month, and by a slope a month.
func drifting(r *rand.Rand, walk, slope float64) pastPeriod {
	good, bad := [4]float64{0, 0, .1, .9}, [4]float64{0, .2, .6, .2} // 97.5 and 75
	low, high := 75.0, 97.5
	if r.IntN(2) == 0 {
		bad, low = [4]float64{.1, .4, .4, .1}, 62.5
	}
	if r.IntN(2) == 0 {
		slope = -slope
	}
	perMonth := []float64{15, 40, 100}[r.IntN(3)]
	at := low + 3 + (high-low-6)*r.Float64()
	var out pastPeriod
	for m := range out.months {
		for range 30 {
			step := walk / math.Sqrt(30) * r.NormFloat64()
			if m >= 6 { // what nothing before it tells of
				step += slope / 30
			}
			at = min(max(at+step, low), high)
			share := (at - low) / (high - low)
			k := kind{items: 9, groups: []people{{share, 0, good}, {1 - share, 0, bad}}}
			for range drawCount(r, perMonth/30, 0.5) {
				row := make([]float64, 9)
				k.draw(r, row)
				out.months[m] = append(out.months[m], row)
			}
		}
	}
	return out
}

// ikmOf makes the figure of some answers; nil of fewer than ten.
func ikmOf(rows [][]float64) *Figure {
	if len(rows) < 10 {
		return nil
	}
	return &Figure{
		Code: IKM, Instrument: "skm-9@1", Method: "exact@1", N: int64(len(rows)), answered: int64(len(rows)),
		evidence: observed(rows, 4, 0), slope: 25,
	}
}

// months returns the first and last day of a month of thirty days.
func monthOf(m int) (from, to survey.Date) {
	first := survey.NewDate(2026, time.January, 1)
	return first + survey.Date(30*m), first + survey.Date(30*m+29)
}

// foreseen is a forecast with what came.
type foreseen struct {
	chances map[string]float64
	now     string
	came    string
}

// foresee makes forecasts of the units of a city at the end of each month but the last of
// the second half year, with or without what is known of the first.
func foresee(table *GradeTable, city []pastPeriod, history bool) []foreseen {
	var out []foreseen
	all, courses, came := make([][][]float64, len(city)), make([]Course, len(city)), make([]string, len(city))
	for u, p := range city {
		var every [][]float64
		for m, rows := range p.months {
			if m >= 6 {
				every = append(every, rows...)
			} else if from, to := monthOf(m); history {
				courses[u].Months = append(courses[u].Months, Stretch{ikmOf(rows), from, to})
			}
		}
		came[u] = table.gradeFloat(ikmOf(every).at100())
	}
	_, last := monthOf(11)
	for m := 6; m < 11; m++ {
		from, to := monthOf(m)
		for u, p := range city {
			all[u] = append(all[u], p.months[m]...)
			courses[u].Now = ikmOf(all[u])
			courses[u].Months = append(courses[u].Months, Stretch{ikmOf(p.months[m]), from, to})
		}
		var drift Drift
		if len(city) > 1 {
			drift = DriftOf(courses)
		}
		for u := range city {
			further := len(all[u]) * (11 - m) / (m - 5)
			if f, _ := table.foretold(courses[u], Ahead{AsOf: to, To: last, Further: int64(further)}, drift); f != nil {
				out = append(out, foreseen{f.Chances, f.Now, came[u]})
			}
		}
	}
	return out
}

// classes are those of a chance: below 20 %, 40 %, 60 %, 80 % and above.
type classes struct{ n, said, came [5]float64 }

func (c *classes) count(chance float64, came bool) {
	k := min(int(5*chance), 4)
	c.n[k]++
	c.said[k] += chance
	if came {
		c.came[k]++
	}
}

// off returns the greatest difference between what was said and what came.
func (c *classes) off() float64 {
	out := 0.0
	for k, n := range c.n {
		if n > 0 {
			out = max(out, math.Abs(c.said[k]-c.came[k])/n)
		}
	}
	return out
}

func (c *classes) String() string {
	var b strings.Builder
	for k, n := range c.n {
		if n > 0 {
			fmt.Fprintf(&b, " | %.0f, %.0f", 100*c.said[k]/n, 100*c.came[k]/n)
		}
	}
	return b.String()
}

// compared counts all chances, and those of the likeliest grade.
func compared(list []foreseen) (every, likeliest classes) {
	for _, f := range list {
		best := ""
		for _, g := range []string{"A", "B", "C", "D"} {
			if p := f.chances[g]; p > 0 {
				every.count(p, f.came == g)
			}
			if f.chances[g] > f.chances[best] {
				best = g
			}
		}
		likeliest.count(f.chances[best], f.came == best)
	}
	return every, likeliest
}

// TestAForecastIsRightAsOftenAsItSays simulates periods of each size of drift, 2,000 with
// PERSEPSI_WHOLE: PERSEPSI_WHOLE=1 go test -v -run TestAForecastIsRight ./analytics prints the
// table of docs/method.md. The units of a city drift as much as each other and have a half
// year behind them; one alone has not.
func TestAForecastIsRightAsOftenAsItSays(t *testing.T) {
	t.Parallel()
	table := testTable(t)
	periods, within, right := 400, 0.1, 12.0
	if wholeRun() {
		periods, within, right = 2000, 0.05, 6
	}
	for _, c := range []struct {
		walk, slope float64
		units       int
		within      float64
	}{
		{0, 0, 20, within},
		{0.5, 0, 20, within},
		{1, 0, 20, within},
		{2, 0, 20, within},
		{4, 0, 20, within},
		{0, 1, 20, 3 * within},
		{0, 2, 20, 5 * within},
		{0, 0, 1, 0.15},
		{1, 0, 1, 0.15},
		{2, 0, 1, 0.1},
		{4, 0, 1, 0.1},
	} {
		t.Run(fmt.Sprintf("walk %v, slope %v, %d units", c.walk, c.slope, c.units), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(uint64(10*c.walk), uint64(10*c.slope)))
			var list []foreseen
			for range (periods + c.units - 1) / c.units {
				city := make([]pastPeriod, c.units)
				for u := range city {
					city[u] = drifting(r, c.walk, c.slope)
				}
				list = append(list, foresee(table, city, c.units > 1)...)
			}
			every, likeliest := compared(list)
			hit := 0.0
			for _, n := range likeliest.came {
				hit += n
			}
			t.Logf("| %v | %v | %d%s | %.0f |%s", c.walk, c.slope, c.units, every.String(), 100*hit/float64(len(list)), likeliest.String())
			if off := every.off(); off > c.within {
				t.Errorf("what is foretold is off by %.3f, want at most %v", off, c.within)
			}
			if c.slope > 0 || c.units == 1 {
				return
			}
			for k, n := range likeliest.n {
				if n < 100 {
					continue
				}
				if got, want := 100*likeliest.came[k]/n, float64(rightOf((float64(k)+0.5)/5)); math.Abs(got-want) > right {
					t.Errorf("the likeliest grade, with a chance of %d %% or more, came in %.1f %%, it is said in %v %%", 20*k, got, want)
				}
			}
		})
	}
}

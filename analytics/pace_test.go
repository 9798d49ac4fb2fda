package analytics

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"persepsi/survey"
)

// weekdays tells that a unit is open from Monday to Friday.
func weekdays(d survey.Date) bool { return d.Weekday() != time.Saturday && d.Weekday() != time.Sunday }

// monday is the 47th of a half year that begins on a Wednesday.
var (
	halfYear = [2]survey.Date{survey.NewDate(2026, time.July, 1), survey.NewDate(2026, time.December, 31)}
	monday   = survey.NewDate(2026, time.November, 23)
)

// constant has so many answers on each of the days that a unit is open.
func constant(numbers ...int64) func(survey.Date) int64 {
	return func(d survey.Date) int64 {
		if !weekdays(d) {
			return 0
		}
		return numbers[int(d)%len(numbers)]
	}
}

func TestAPaceIsThatOfTheLastOpenDays(t *testing.T) {
	t.Parallel()
	got := PaceOf(Intake{
		From: halfYear[0], To: halfYear[1], Today: monday, Needed: 217, SoFar: 118, Open: weekdays,
		Count: func(d survey.Date) int64 {
			switch {
			case d < monday-28 || d >= monday: // before the last twenty days, and today
				return 100
			case d.Weekday() == time.Saturday: // from home
				return 4
			case weekdays(d):
				return 2
			}
			return 0
		},
	})
	if got.Days != 20 || got.Answers != 20*2+4*4 || got.Week != 5 || got.PerWeek != 14 || got.Short != 99 || got.Left != 28 {
		t.Errorf("%+v", got)
	}
	if want := 99. / 28 * 5; math.Abs(*got.NeededPerWeek-want) > 1e-9 {
		t.Errorf("needed %v a week, want %v", *got.NeededPerWeek, want)
	}
	if got.State != PaceUncertain || got.Reached != nil || got.Earliest == nil || got.Latest != nil || got.AtClose != 118+78 {
		t.Errorf("%+v", got)
	}
}

func documentedPace(t *testing.T, d *documented) {
	t.Helper()
	got := PaceOf(Intake{
		From: halfYear[0], To: halfYear[1], Today: survey.NewDate(2026, time.November, 25), Needed: 217, SoFar: 118, Open: weekdays, Count: constant(2, 3, 2, 3, 2, 3, 2),
	})
	d.says("%d answers on %d open days: %.2f a week of five days (%.2f..%.2f); to 217 from 118 on %d open days it takes %.2f a week: %s.",
		got.Answers, got.Days, got.PerWeek, got.CI95[0], got.CI95[1], got.Left, *got.NeededPerWeek, got.State)
}

func TestAPaceSaysWhenTheSampleIsReached(t *testing.T) {
	t.Parallel()
	day := func(m time.Month, d int) *survey.Date {
		out := survey.NewDate(2026, m, d)
		return &out
	}
	for name, c := range map[string]struct {
		needed int
		sofar  int64
		count  func(survey.Date) int64
		state  PaceState
		day    *survey.Date
	}{
		"tomorrow":    {217, 214, constant(6), PaceOnTime, day(time.November, 24)},
		"on a Monday": {217, 187, constant(6), PaceOnTime, day(time.November, 30)},
		"at the end":  {217, 217 - 6*28, constant(6), PaceUncertain, day(time.December, 31)},
		"just not":    {217, 216 - 6*28, constant(6), PaceUncertain, nil},
		"never":       {217, 17, constant(3), PaceNever, nil},
		"nobody":      {217, 17, constant(0), PaceNever, nil},
		"reached":     {217, 217, constant(6), PaceReached, nil},
		"not known":   {0, 17, constant(6), PaceUnknown, nil},
	} {
		got := PaceOf(Intake{From: halfYear[0], To: halfYear[1], Today: monday, Needed: c.needed, SoFar: c.sofar, Count: c.count, Open: weekdays})
		if got.State != c.state || (got.Reached == nil) != (c.day == nil) || c.day != nil && *got.Reached != *c.day {
			t.Errorf("%s: %+v, reached %v", name, got, got.Reached)
		}
		if c.state == PaceOnTime && (*got.Earliest > *got.Reached || *got.Latest < *got.Reached) {
			t.Errorf("%s: %v..%v around %v", name, got.Earliest, got.Latest, got.Reached)
		}
	}
}

func TestAPaceOfFewDaysSaysSo(t *testing.T) {
	t.Parallel()
	in := Intake{From: halfYear[0], To: halfYear[1], Needed: 217, SoFar: 50, Count: constant(5), Open: weekdays}
	for today, want := range map[survey.Date]PaceState{
		halfYear[0] - 3:                        PaceTooEarly,
		halfYear[0]:                            PaceTooEarly,
		survey.NewDate(2026, time.July, 14):    PaceTooEarly, // nine days
		survey.NewDate(2026, time.July, 15):    PaceOnTime,   // ten
		halfYear[1]:                            PaceNever,    // no day is left
		halfYear[1] + 1:                        PaceOver,
		survey.NewDate(2027, time.February, 1): PaceOver,
	} {
		in.Today = today
		got := PaceOf(in)
		if got.State != want {
			t.Errorf("on %v: %+v, want %v", today, got, want)
		}
		if (today <= halfYear[0]) != (got.Days == 0) || got.Days == 0 && (got.PerWeek != 0 || got.CI95 != [2]float64{}) || got.Week != 5 {
			t.Errorf("on %v: %+v", today, got)
		}
		if today < halfYear[0] && got.Left != 132 {
			t.Errorf("%d days of the half year, want all 132", got.Left)
		}
		if today >= halfYear[1] && (got.Left != 0 || got.NeededPerWeek != nil) {
			t.Errorf("on %v: %+v", today, got)
		}
	}
}

func TestAWeekIsAsLongAsTheUnitOpensWhereThereIsNoHoliday(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		open func(survey.Date) bool
		want int
	}{
		"one holiday a week": {func(d survey.Date) bool { return weekdays(d) && (d.Weekday() != time.Monday || d > monday) }, 5},
		"six days":           {func(d survey.Date) bool { return d.Weekday() != time.Sunday }, 6},
		"each day":           {func(survey.Date) bool { return true }, 7},
		"one day":            {func(d survey.Date) bool { return d.Weekday() == time.Friday }, 1},
		"never":              {func(survey.Date) bool { return false }, 0},
	} {
		got := PaceOf(Intake{From: halfYear[0], To: halfYear[1], Today: monday, Needed: 217, SoFar: 118, Open: c.open, Count: constant(1)})
		if got.Week != c.want {
			t.Errorf("%s: %d days, want %d", name, got.Week, c.want)
		}
	}
}

// TestAPaceForetellsWhatComes simulates half years whose days are Poisson numbers, or come in
// bursts, and counts how often the days that one in forty is to be outside of are missed.
func TestAPaceForetellsWhatComes(t *testing.T) {
	t.Parallel()
	for name, bursts := range map[string]float64{"Poisson": 0, "bursts": 0.5} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, mean := range []float64{0.8, 3, 12} {
				for _, days := range []int{10, 20} {
					var row strings.Builder
					early, late, said, rate := 0, 0, 0, 0
					each := 8 * *samplesEach
					r := rand.New(rand.NewPCG(uint64(days), uint64(10*mean)))
					for range each {
						counts := map[survey.Date]int64{}
						for d := halfYear[0]; d <= halfYear[1]; d++ {
							if weekdays(d) {
								counts[d] = drawCount(r, mean, bursts)
							}
						}
						in := Intake{From: monday - survey.Date(days/5*7), To: halfYear[1], Today: monday, Open: weekdays, Count: func(d survey.Date) int64 { return counts[d] }}
						in.Needed = int(math.Round(mean*14)) + 1
						got := PaceOf(in)
						total, reached := int64(0), survey.Date(math.MaxInt32)
						for d := monday + 1; d <= halfYear[1]; d++ {
							if total += counts[d]; total >= int64(in.Needed) {
								reached = d
								break
							}
						}
						said++
						if got.Earliest != nil && reached < *got.Earliest || got.Earliest == nil && reached <= halfYear[1] {
							early++
						}
						if got.Latest != nil && reached > *got.Latest {
							late++
						}
						if true := mean * 5; got.CI95[0] <= true && true <= got.CI95[1] {
							rate++
						}
					}
					of := float64(said) / 100
					fmt.Fprintf(&row, "mean %v of %d days: too early %.1f %%, too late %.1f %%, the pace in its interval %.1f %%", mean, days, float64(early)/of, float64(late)/of, float64(rate)/of)
					t.Log(row.String())
					if float64(early)/of > 5 || float64(late)/of > 5 || float64(rate)/of < 92 {
						t.Errorf("%s: %s", name, row.String())
					}
				}
			}
		})
	}
}

// drawCount draws a Poisson number or, with bursts, one whose mean varies by a gamma number
// of that variance (a negative binomial one).
func drawCount(r *rand.Rand, mean, bursts float64) int64 {
	if bursts > 0 {
		shape, g := 1/bursts, 0.0
		for range int(math.Round(shape)) {
			g += r.ExpFloat64()
		}
		mean *= g / math.Round(shape)
	}
	n, p, limit := int64(0), r.Float64(), math.Exp(-mean)
	for p > limit {
		n++
		p *= r.Float64()
	}
	return n
}

func TestNumbersOfDaysVaryAtLeastAsPoissonNumbers(t *testing.T) {
	t.Parallel()
	for want, daily := range map[float64][]int64{1: {3, 3, 3, 3}, 3: {0, 6, 0, 6, 3}} {
		got := dispersion(daily)
		if math.Abs(got-want) > 1e-9 {
			t.Errorf("%v: %v, want %v", daily, got, want)
		}
	}
	for _, few := range [][]int64{nil, {7}, {0, 0, 0}} {
		if dispersion(slices.Clone(few)) != 1 {
			t.Errorf("%v: %v", few, dispersion(few))
		}
	}
}

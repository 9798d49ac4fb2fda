package desk

import (
	"math"

	"persepsi/survey"
)

// The rule of silence.
const (
	// silenceChance is how unlikely a silence is, where nothing is wrong, before it is told.
	silenceChance = 0.001
	// leastAnswers and leastDays are how many answers on how many open days it takes to
	// know what is usual: a new point, or one that hardly anybody answers at, is no alarm.
	leastAnswers, leastDays = 10, 5
	// weekdayPrior is how many days as usual stand beside those of a weekday, so that one
	// odd Saturday makes no pattern.
	weekdayPrior = 4
)

// baseline summarizes the answers on open days.
type baseline struct {
	answers  int64 // on the open days that are looked at
	days     int   // open days from the first answer to the last, at most of seriesDays
	exposure float64
	// spread is how many times more the daily numbers vary than Poisson ones, 1 at least:
	// Pearson's chi-square over its degrees of freedom, and a standard error of it more, as a
	// few weeks tell little of how unevenly people come.
	spread float64
}

// perDay returns the answers on an open day; 0 where too few are known.
func (u baseline) perDay() float64 {
	if u.answers < leastAnswers || u.days < leastDays {
		return 0
	}
	return float64(u.answers) / float64(u.days)
}

// weekdays returns how busy each weekday is beside the mean of open days, by the answers of
// all points of the unit: a Saturday on which half as many come counts as half a day.
func (s *series) weekdays(last survey.Date) (out [7]float64) {
	var answers, open [7]float64
	all, days := 0.0, 0.0
	for day := max(s.from, last-seriesDays+1); day <= last; day++ {
		if s.open(day) {
			answers[day.Weekday()] += float64(s.whole[day])
			open[day.Weekday()]++
			all += float64(s.whole[day])
			days++
		}
	}
	for d := range out {
		out[d] = 1
		if all > 0 {
			mean := all / days
			out[d] = (answers[d] + weekdayPrior*mean) / (open[d] + weekdayPrior) / mean
		}
	}
	return out
}

// usual summarizes the answers at a point, or at all of them, up to the last one.
func (s *series) usual(of days, weekdays [7]float64) (u baseline, last survey.Date) {
	first, last, ok := of.bounds()
	if !ok {
		return baseline{spread: 1}, 0
	}
	first = max(first, last-seriesDays+1)
	for day := first; day <= last; day++ {
		if s.open(day) {
			u.answers += of[day]
			u.days++
			u.exposure += weekdays[day.Weekday()]
		}
	}
	u.spread = 1
	if u.days > 1 && u.answers > 0 {
		rate, chi := float64(u.answers)/u.exposure, 0.0
		for day := first; day <= last; day++ {
			if s.open(day) {
				mean := rate * weekdays[day.Weekday()]
				chi += (float64(of[day]) - mean) * (float64(of[day]) - mean) / mean
			}
		}
		freedom := float64(u.days - 1)
		u.spread = max(chi/freedom*(1+math.Sqrt(2/freedom)), 1)
	}
	return u, last
}

// silence tells of a point, or of all of a unit, that it has had no answer for longer than
// chance explains; nil where chance does.
//
// n answers came in T open days, from the first of them to the last; k open days without
// one went by since. Where answers come as a Poisson process, the next one takes longer
// than k with the probability (1 + k/T)^−(n−1): the gap over the mean of the n−1 before
// it has an F distribution with 2 and 2(n−1) degrees of freedom (Epstein and Sobel 1953),
// so that what is usual need not be known exactly. Days weigh by their weekday, and where
// the daily numbers vary φ times as much as Poisson ones the exponent is (n−1)/φ. 60
// answers in 20 open days, and then none in 3: 0.00026.
func (s *series) silence(of days, weekdays [7]float64) *Silence {
	u, last := s.usual(of, weekdays)
	rate := u.perDay()
	if rate == 0 {
		return nil
	}
	out := &Silence{Last: last, Usual: rate}
	exposure := 0.0
	for day := last + 1; day <= s.to; day++ {
		if !s.open(day) {
			continue
		}
		if out.Days == 0 {
			out.Since = day
		}
		out.Days++
		exposure += weekdays[day.Weekday()]
	}
	out.Probability = math.Pow(1+exposure/u.exposure, -float64(u.answers-1)/u.spread)
	if out.Days == 0 || out.Probability >= silenceChance {
		return nil
	}
	return out
}

package desk

import (
	"persepsi/analytics"
	"persepsi/survey"
)

// The rule of bursts.
const (
	// leastBurst is how many answers an hour must have, and timesUsual how many times as
	// many as usual, before it is told.
	leastBurst, timesUsual = 20, 5
	// burstDays is how many open days must be known before.
	burstDays = 10
)

// burst returns the hour of yesterday or today in which the most answers came, where these
// are many and far more than usual; nil: there is none. What is usual of an hour are the
// answers of all open days at that time, or of that weekday where these are more.
func (u *unitCounts) burst(period *periodCounts, open func(survey.Date) bool, today survey.Date) *Hour {
	var best *Hour
	for day := today - 1; day <= today; day++ {
		c, ok := u.recent[day]
		if !ok {
			continue
		}
		var same, all float64 // open days before
		for d := period.from; d < day; d++ {
			if open(d) {
				all++
				if d.Weekday() == day.Weekday() {
					same++
				}
			}
		}
		if all < burstDays {
			continue
		}
		before := u.hoursBefore(day)
		for _, h := range c.Hours {
			if h.N < leastBurst {
				continue
			}
			sum := int64(0)
			for weekday := range before {
				sum += before[weekday][h.Hour]
			}
			usual := float64(sum) / all
			if same > 0 {
				usual = max(usual, float64(before[h.Weekday][h.Hour])/same)
			}
			if float64(h.N) < timesUsual*usual || best != nil && best.Answers >= h.N {
				continue
			}
			best = &Hour{Day: day, Hour: h.Hour, Answers: h.N, Usual: usual}
			best.Point, best.AtPoint = mostly(&c, h.N)
		}
	}
	return best
}

// hoursBefore returns the answers by weekday and hour of the days before one.
func (u *unitCounts) hoursBefore(day survey.Date) [7][24]int64 {
	out := u.before.hours
	for at, c := range u.recent {
		if at >= day {
			continue
		}
		for _, h := range c.Hours {
			out[h.Weekday][h.Hour] += h.N
		}
	}
	return out
}

// mostly returns the key of the point from which more than half of an hour's answers must
// have come, and how many at least: those that the day's answers at all other points, and
// at none, can't have been. Empty where the day does not tell.
func mostly(c *analytics.Counts, hour int64) (point string, least int64) {
	for _, p := range c.Points {
		if n := hour - (c.N - p.N); n > hour/2 && n > least {
			point, least = p.Key, n
		}
	}
	return point, least
}

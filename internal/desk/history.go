package desk

import "persepsi/survey"

// days are the numbers of answers of a unit or point by day, in every period of it.
type days map[survey.Date]int64

// series holds the counts of answers at a unit's points over the last weeks, of all periods.
type series struct {
	from, to survey.Date // days that are looked at; to is the last that is over
	open     func(survey.Date) bool
	whole    days            // of all points that are open
	points   map[string]days // by key
}

// seriesDays is how many days back it is looked for what is usual: twelve weeks.
const seriesDays = 84

// lookBack is how many days back the last answer of a point is looked for.
const lookBack = 3 * seriesDays

// seriesOf gathers a unit's series up to a day that is over. running reports whether a
// period runs on a day: on another one no answer is taken.
func seriesOf(unit *survey.Unit, lists []countedPeriod, calendar *survey.Calendar, running func(survey.Date) bool, today, over survey.Date) *series {
	s := &series{
		from: today - lookBack, to: over, whole: days{}, points: map[string]days{},
		open: func(day survey.Date) bool { return calendar.Open(day) && running(day) },
	}
	open := map[string]bool{}
	for i := range unit.Points {
		open[unit.Points[i].Key()] = !unit.Points[i].Closed
	}
	for _, p := range lists {
		for key, list := range p.counts.points {
			if s.points[key] == nil {
				s.points[key] = days{}
			}
			for at, n := range list {
				if day := p.from + survey.Date(at); n > 0 && day >= s.from && day <= today {
					s.points[key][day] += int64(n)
					if open[key] {
						s.whole[day] += int64(n)
					}
				}
			}
		}
	}
	return s
}

// countedPeriod are a unit's counts of a period.
type countedPeriod struct {
	from   survey.Date
	counts *unitCounts
}

// bounds returns the first and last day with an answer; false where there is none.
func (d days) bounds() (first, last survey.Date, ok bool) {
	for day := range d {
		if !ok || day < first {
			first = day
		}
		if !ok || day > last {
			last = day
		}
		ok = true
	}
	return first, last, ok
}

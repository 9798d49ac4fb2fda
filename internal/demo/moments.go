package demo

import (
	"time"

	"persepsi/survey"
)

// Moments returns when the figures of the demonstration are released, one after the other: at
// the end of each month of its periods, as a city's are in the course of time, and now. So a
// newcomer finds months, their limits, and comments that are not all of one half-year.
func Moments(d *survey.Directory, now time.Time) []time.Time {
	var out []time.Time
	periods := d.Catalogue().Periods
	if len(periods) == 0 {
		return []time.Time{now}
	}
	first := periods[0].From
	for i := range periods {
		first = min(first, periods[i].From)
	}
	zone := d.Zone()
	begins := first.In(zone)
	for month := 1; ; month++ {
		next := survey.NewDate(begins.Year(), begins.Month()+time.Month(month), 1).In(zone).Add(survey.Grace)
		if !next.Before(now) {
			return append(out, now)
		}
		out = append(out, next)
	}
}

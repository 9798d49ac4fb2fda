package survey

import (
	"slices"
	"time"
)

// Calendar tells on which days, and at which hours, a unit is open: by its own hours,
// where it has none by its agency's, by the city's and last by the default, from Monday
// to Friday; on the city's holidays by what the same say of holidays, closed by default.
// It is immutable.
type Calendar struct {
	hours    Hours // complete
	holidays []Holiday
}

// Calendar returns the calendar of a place of the city. Whether the place is closed for
// good is not part of it: see Place.Closed.
func (d *Directory) Calendar(p Place) *Calendar {
	c := &Calendar{hours: d.City().Hours.in(defaultHours), holidays: d.City().Holidays}
	if p.Agency != nil {
		c.hours = p.Agency.Hours.in(c.hours)
	}
	if p.Unit != nil {
		c.hours = p.Unit.Hours.in(c.hours)
	}
	return c
}

// Holiday returns the name of the holiday that a day is; empty: it is none.
func (c *Calendar) Holiday(day Date) string {
	at, ok := slices.BinarySearchFunc(c.holidays, day, func(h Holiday, day Date) int { return int(h.Date) - int(day) })
	if !ok {
		return ""
	}
	return c.holidays[at].Name
}

// On returns the opening of a day: ClosedAt, OpenAt or hours.
func (c *Calendar) On(day Date) Opening {
	if c.Holiday(day) != "" {
		return c.hours[holidayHours]
	}
	return c.hours[day.Weekday()]
}

// Open reports whether the unit is open on a day.
func (c *Calendar) Open(day Date) bool { return c.On(day) != ClosedAt }

// OpenDays counts the open days from one day to another, both included; 0 where the
// last is before the first.
func (c *Calendar) OpenDays(from, to Date) int {
	n := 0
	for day := from; day <= to; day++ {
		if c.Open(day) {
			n++
		}
	}
	return n
}

// PerWeek returns how many days of a week without holidays are open.
func (c *Calendar) PerWeek() int {
	n := 0
	for _, opening := range c.hours[:holidayHours] {
		if opening != ClosedAt {
			n++
		}
	}
	return n
}

// Over reports whether the unit is open no more on a day at a moment: its hours, or
// where none are declared the day, went by. A closed day is over when it begins.
func (c *Calendar) Over(day Date, at time.Time, zone *time.Location) bool {
	today := DateOf(at, zone)
	if day != today {
		return day < today
	}
	if !c.Open(day) {
		return true
	}
	_, to, ok := c.On(day).Span()
	local := at.In(zone)
	return ok && local.Hour()*60+local.Minute() >= to
}

package survey

import (
	"fmt"
	"time"
)

// Date is a civil day without a time zone: days since 1970-01-01. Its zero
// value is that day; compare dates with < and >.
type Date int32

const dateLayout = "2006-01-02"

// DateOf returns the civil day of an instant in a time zone.
func DateOf(t time.Time, zone *time.Location) Date {
	y, m, d := t.In(zone).Date()
	return NewDate(y, m, d)
}

// NewDate makes a date of its parts; out-of-range parts are carried over as by
// time.Date.
func NewDate(year int, month time.Month, day int) Date {
	return Date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// ParseDate reads YYYY-MM-DD.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(dateLayout, s)
	if err != nil {
		return 0, fmt.Errorf("not a date of the form YYYY-MM-DD: %q", s)
	}
	return Date(t.Unix() / 86400), nil
}

// Time returns midnight UTC of the day: for formatting, weekday and month.
func (d Date) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// In returns the instant at which the day begins in a time zone.
func (d Date) In(zone *time.Location) time.Time {
	y, m, day := d.Time().Date()
	return time.Date(y, m, day, 0, 0, 0, 0, zone)
}

// Month returns the first day of the date's month.
func (d Date) Month() Date {
	y, m, _ := d.Time().Date()
	return NewDate(y, m, 1)
}

// Weekday returns the day of the week, Sunday = 0.
func (d Date) Weekday() time.Weekday { return time.Weekday((int(d)%7 + 7 + 4) % 7) }

// String returns YYYY-MM-DD.
func (d Date) String() string { return d.Time().Format(dateLayout) }

// MarshalText writes YYYY-MM-DD.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads YYYY-MM-DD.
func (d *Date) UnmarshalText(text []byte) error {
	v, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = v
	return nil
}

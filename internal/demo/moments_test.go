package demo_test

import (
	"testing"
	"time"

	"persepsi/internal/demo"
	"persepsi/internal/testkit"
)

// A newcomer finds months with their limits, as a city does after a while.
func TestTheDemonstrationIsReleasedMonthByMonth(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	d := k.Register.Directory()
	first := d.Catalogue().Periods[0].From
	for i := range d.Catalogue().Periods {
		first = min(first, d.Catalogue().Periods[i].From)
	}
	now := testkit.Noon()
	got := demo.Moments(d, now)
	if n := len(got); !got[n-1].Equal(now) || !got[0].Equal(got[0].Truncate(30*time.Minute)) {
		t.Fatalf("%v", got)
	}
	months := map[string]bool{}
	for i, at := range got[:len(got)-1] {
		if local := at.In(d.Zone()); local.Day() != 1 || local.Hour() != 0 || !at.Before(now) || i > 0 && !at.After(got[i-1]) || at.Before(first.In(d.Zone())) {
			t.Errorf("%v", local)
		}
		months[at.In(d.Zone()).Format("2006-01")] = true
	}
	begun, ends := first.Time(), now.In(d.Zone())
	if want := (ends.Year()-begun.Year())*12 + int(ends.Month()-begun.Month()); len(months) != want {
		t.Errorf("%d months, want %d", len(months), want)
	}
	if early := demo.Moments(d, first.In(d.Zone())); len(early) != 1 {
		t.Errorf("on the first day: %v", early)
	}
}

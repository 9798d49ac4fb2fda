package storetest

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"persepsi/analytics"
	"persepsi/survey"
)

// days reads the numbers of answers by day, of all units, of one, and of some days.
func days(t *testing.T, e Engine) {
	s := fresh(t, e)
	m := NewMaker(t, 29)
	list := m.Batch(300)
	mustAppend(t, s, list)
	mustSettle(t, s)
	want := map[analytics.UnitDay]int64{}
	for _, r := range list {
		want[analytics.UnitDay{Unit: r.Unit, Day: r.Day}]++
	}
	of := analytics.DaysOf{Period: list[0].Period, Form: m.form.ID, From: 0, Before: First() + 1000}
	check := func(name string, of analytics.DaysOf, keep func(analytics.UnitDay) bool) {
		t.Helper()
		got, err := s.Days(t.Context(), of)
		if err != nil {
			t.Fatal(name, err)
		}
		n := map[analytics.UnitDay]int64{}
		for day, c := range got {
			n[day] = c.N
			services, points := int64(0), int64(0)
			for _, one := range c.Services {
				services += one.N
			}
			for _, one := range c.Points {
				points += one.N
			}
			if services != c.N || points > c.N {
				t.Errorf("%s: %+v has %d answers, %d by service, %d by point", name, day, c.N, services, points)
			}
		}
		kept := map[analytics.UnitDay]int64{}
		for day, count := range want {
			if keep(day) {
				kept[day] = count
			}
		}
		if diff := cmp.Diff(kept, n, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	check("all", of, func(analytics.UnitDay) bool { return true })
	unit, some := of, of
	unit.Unit = list[0].Unit
	check("of a unit", unit, func(d analytics.UnitDay) bool { return d.Unit == unit.Unit })
	some.From, some.Before = First()+2, First()+5
	check("of three days", some, func(d analytics.UnitDay) bool { return some.From <= d.Day && d.Day < some.Before })
	nothing := of
	nothing.Form = "skm-9@1"
	check("to another form", nothing, func(analytics.UnitDay) bool { return false })
	nothing = of
	nothing.Period = "nowhere"
	check("of another period", nothing, func(analytics.UnitDay) bool { return false })
	k := analytics.KeyOf(list[0])
	e.Spoil(t, s.Store, k, []byte("broken"))
	check("after one broke", of, func(analytics.UnitDay) bool { return true })
}

// checkDays reads what is counted on days, while it is counted.
func checkDays(ctx context.Context, t *testing.T, a *OpenStore, want map[analytics.Key]*analytics.Tally) {
	t.Helper()
	got, n := map[analytics.DaysOf]map[analytics.UnitDay]analytics.Counts{}, 0
	for k, right := range want {
		if k.Level != analytics.LevelDay {
			continue
		}
		of := analytics.DaysOf{Period: k.Period, Form: k.Form, Before: survey.Date(1 << 20)}
		if got[of] == nil {
			list, err := a.Days(ctx, of)
			if err != nil {
				t.Fatal(err)
			}
			got[of] = list
			n += len(list)
		}
		n--
		if diff := cmp.Diff(right.Counts(), got[of][analytics.UnitDay{Unit: k.Unit, Day: k.Start}]); diff != "" {
			t.Fatalf("%s on %s (-want +got):\n%s", k.Unit, k.Start, diff)
		}
	}
	if n != 0 {
		t.Fatalf("%d days too many", n)
	}
}

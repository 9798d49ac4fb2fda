package survey

import (
	"fmt"
	"testing"
)

// What is closed takes no answers, by whatever of it is closed; and before a period began it
// has no part in it.
func TestAPlaceIsClosedByItsAgencyUnitOrPoint(t *testing.T) {
	t.Parallel()
	period := &Period{From: NewDate(2026, 1, 1), To: NewDate(2026, 6, 30)}
	before, first := period.From-1, period.From
	for name, tc := range map[string]struct {
		place          Place
		closed, before bool
	}{
		"nothing is":                        {Place{Agency: &Agency{}, Unit: &Unit{}, Point: &Point{}}, false, false},
		"the agency, the day before":        {Place{Agency: &Agency{Closed: true, ClosedOn: before}, Unit: &Unit{}}, true, true},
		"the agency, on the first day":      {Place{Agency: &Agency{Closed: true, ClosedOn: first}, Unit: &Unit{}}, true, false},
		"the agency was, and is open again": {Place{Agency: &Agency{ClosedOn: before}, Unit: &Unit{}}, false, false},
		"the unit, the day before":          {Place{Agency: &Agency{}, Unit: &Unit{Closed: true, ClosedOn: before}}, true, true},
		"the unit, on the first day":        {Place{Agency: &Agency{}, Unit: &Unit{Closed: true, ClosedOn: first}}, true, false},
		"the unit was, and is open again":   {Place{Agency: &Agency{}, Unit: &Unit{ClosedOn: before}}, false, false},
		"the point":                         {Place{Agency: &Agency{}, Unit: &Unit{}, Point: &Point{Closed: true}}, true, false},
	} {
		if got := tc.place.Closed(); got != tc.closed {
			t.Errorf("%s: closed %v", name, got)
		}
		if got := tc.place.ClosedBefore(period); got != tc.before {
			t.Errorf("%s: closed before the period %v", name, got)
		}
	}
	if (Place{}).Closed() {
		t.Error("what there is not is closed")
	}
	unit := &Unit{Points: []Point{{Code: "A"}, {Code: "B", Closed: true}, {Code: "C", Remote: true}, {Code: "D", Remote: true, Closed: true}}}
	if open, remote := unit.Open(), unit.Remote(); len(open) != 2 || open[0].Code != "A" || len(remote) != 1 || remote[0].Code != "C" {
		t.Errorf("open %+v, of them by links %+v", open, remote)
	}
	unit.Closed = true
	if open := unit.Open(); len(open) != 0 {
		t.Errorf("open at a closed unit: %+v", open)
	}
}

// Periods are found by any code of a unit; of two that begin on one day the first that is
// held comes first.
func TestPeriodsAreThoseOfAUnitByWhateverCode(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	c := mustApply(t, mustApply(t, &Catalogue{}, cityYAML), overlapping+"  - {code: lagi, from: 2026-03-01, to: 2026-03-31, instrument: spkp-8, units: [dukcapil-loket], overlaps: [2026-s1, umum, loket]}\n")
	c = mustApply(t, c, "agencies: [{code: dukcapil, units: [{code: loket-depan, was: dukcapil-loket}]}]")
	d, err := NewDirectory(c, lib, methods)
	if err != nil {
		t.Fatal(err)
	}
	for unit, want := range map[string]int{"dukcapil-loket": 4, "loket-depan": 4, "dukcapil-mpp": 3, "nowhere": 2} {
		if got := d.PeriodsOf(unit); len(got) != want {
			t.Errorf("%s has %d periods, want %d", unit, len(got), want)
		}
	}
	var first string
	for i := range c.Periods {
		if c.Periods[i].From == NewDate(2026, 3, 1) && c.Periods[i].Covers("loket-depan") {
			first = c.Periods[i].Code
			break
		}
	}
	if p := d.Upcoming("loket-depan", NewDate(2026, 2, 15)); p == nil || p.Code != first {
		t.Errorf("the next period is %+v, want %s", p, first)
	}
}

// The day on which something was closed is noted once, and gone when it opens.
func TestTheDayOfClosingIsTheFirst(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	c := mustApply(t, new(Catalogue), twoAgencies)
	first := NewDate(2026, 3, 1)
	for n, tc := range []struct {
		closed       bool
		agency, unit Date
	}{{true, first, first}, {true, first, first}, {false, 0, 0}, {true, first + 3, first + 3}} {
		text := fmt.Sprintf("agencies: [{code: dinkes, closed: %v}, {code: dukcapil, units: [{code: mpp, closed: %v}]}]", tc.closed, tc.closed)
		a, err := Apply(c, []byte(text), lib, methods, codes(), nil, first+Date(n))
		if err != nil {
			t.Fatal(err)
		}
		c = a.Catalogue
		if agency, unit := c.Agencies[1].ClosedOn, c.Agencies[0].Units[1].ClosedOn; agency != tc.agency || unit != tc.unit || c.Agencies[0].ClosedOn != 0 || c.Agencies[0].Units[0].ClosedOn != 0 {
			t.Errorf("day %d: agency closed on %s, unit on %s", n, agency, unit)
		}
	}
}

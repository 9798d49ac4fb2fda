package desk

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"persepsi/analytics"
	"persepsi/survey"
)

func TestAUnitIsShownAsItsPeriodStands(t *testing.T) {
	t.Parallel()
	w := newWorld(t, city)
	w.answer(7, given{unit: "u", point: "P1", service: "ktp", day: day(3, 30)})
	w.answer(60, given{unit: "v", point: "P3", service: "x", day: day(3, 30)})
	w.release("2026-s1", "v", 50, false)
	for _, one := range []struct {
		clock, unit, period, main string
		state                     State
		days                      int
		answers, counted          int64
		withheld                  string
		indexes                   int
	}{
		{"2026-03-31 12:00", "z", "2026-s1", "2026-s1", Running, 91, 0, 0, "fewer_than_10", 0},
		{"2026-03-31 12:00", "u", "2026-s1", "2026-s1", Running, 91, 7, 0, "fewer_than_10", 0},
		{"2026-03-31 12:00", "v", "2026-s1", "2026-s1", Running, 91, 60, 50, "", 1},
		{"2026-06-30 12:00", "v", "2026-s1", "2026-s1", Running, 0, 60, 50, "", 1},
		{"2026-03-31 12:00", "v", "2026-s2", "2026-s1", Before, 92, 0, 0, "fewer_than_10", 0},
		{"2026-07-01 12:00", "v", "2026-s1", "2026-s2", Closing, 0, 60, 50, "", 1},
		{"2027-02-01 12:00", "v", "2026-s1", "2026-s2", Closing, 0, 60, 50, "", 1},
		{"2025-06-29 12:00", "v", "2025-s2", "2025-s2", Before, 2, 0, 0, "fewer_than_10", 0},
	} {
		w.clock(one.clock)
		w.desk()
		w.totals["2026-s1"] = w.fresh("2026-s1") // figures are made anew
		u := w.unit(one.unit, one.period)
		if u.State != one.state || u.Days != one.days || u.Answers != one.answers || u.Counted != one.counted || u.Withheld != one.withheld || len(u.Indexes) != one.indexes || (u.AsOf != nil) != (one.indexes > 0) {
			t.Errorf("%s, %s in %s: %+v", one.clock, one.unit, one.period, u)
		}
		if main := w.unit(one.unit, ""); main.Period.Code != one.main {
			t.Errorf("%s: main period %s, want %s", one.clock, main.Period.Code, one.main)
		}
		if u.State == Before && (u.Known || u.Sample.Pace != nil) {
			t.Errorf("%s: counts before a period begins", one.clock)
		}
	}
	w.release("2026-s1", "v", 0, true)
	w.clock("2026-07-02 12:00")
	if u := w.unit("v", "2026-s1"); u.State != Final || u.Counted != 60 || u.Sample.Pace != nil {
		t.Errorf("final: %+v", u)
	}
}

func TestAnIndexSaysHowSureItsGradeIsAndHowItChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t, city)
	w.answer(300, given{period: "2025-s2", unit: "u", point: "P1", service: "ktp", day: survey.NewDate(2025, 9, 1), values: []int{3}})
	w.release("2025-s2", "u", 0, true)
	w.answer(300, given{unit: "u", point: "P1", service: "ktp", day: day(3, 30), values: []int{3, 3, 3, 4}})
	w.release("2026-s1", "u", 0, false)
	x := w.unit("u", "").Indexes[0]
	r, err := w.figures.Figures().Results(reportScope("2026-s1"))
	if err != nil {
		t.Fatal(err)
	}
	if x.Figure != r.Units[0].Indexes["ikm"] {
		t.Error("the figure is not that of the results")
	}
	if !x.Sure || len(x.Could) > 0 || x.Change.State != analytics.ChangeReal || x.Change.Difference <= 0 || x.Change.Before.Shown != "75.00" || x.Change.Period.Code != "2025-s2" || x.Change.Aspect != "" {
		t.Errorf("%+v, %+v", x, x.Change)
	}
	few := newWorld(t, city)
	few.answer(12, given{unit: "u", point: "P1", service: "ktp", day: day(3, 30), values: []int{3, 4, 2}})
	few.release("2026-s1", "u", 0, false)
	if x := few.unit("u", "").Indexes[0]; x.Sure || len(x.Could) == 0 || x.Change != nil {
		t.Errorf("of twelve: %+v", x)
	}
}

func TestAnswersAreCountedByDayHourPointAndService(t *testing.T) {
	t.Parallel()
	w := newWorld(t, city)
	w.answer(3, given{unit: "u", point: "P1", service: "ktp", day: day(3, 2), hour: 9})
	w.answer(2, given{unit: "u", point: "P2", service: "akta", day: day(3, 9), hour: 9})
	w.answer(4, given{unit: "u", service: "ktp", day: day(3, 3), paper: true})
	w.answer(1, given{unit: "u", point: "HILANG", service: "gone", day: day(3, 3), hour: 10})
	check := func(name string) {
		t.Helper()
		u := w.unit("u", "")
		at := func(d survey.Date) DayCount { return u.Counts.Days[d-day(1, 1)] }
		if len(u.Counts.Days) != 90 || at(day(3, 2)) != (DayCount{day(3, 2), 3, true}) || at(day(3, 3)).Answers != 5 || at(day(3, 9)).Answers != 2 || at(day(3, 8)) != (DayCount{day(3, 8), 0, false}) || at(day(3, 19)).Open {
			t.Errorf("%s: days %v", name, u.Counts.Days)
		}
		if u.Hours[1][9] != 5 || u.Hours[2][10] != 1 || u.Hours[2][0] != 0 {
			t.Errorf("%s: hours %v", name, u.Hours)
		}
		if len(u.Points) != 3 || u.Points[0].Answers != 3 || u.Points[1].Answers != 2 || u.Points[2].Code != "HILANG" || !u.Points[2].Closed || *u.Points[2].Last != day(3, 3) {
			t.Errorf("%s: points %+v", name, u.Points)
		}
		var services []string
		for _, s := range u.Services {
			services = append(services, fmt.Sprint(s.Code, s.Answers, s.Needed, s.Missing, s.Served != nil, s.Closed))
		}
		// 249 are needed: 141.68 for 400 of 703 and 107.32 for 303
		if diff := cmp.Diff([]string{"ktp7 142 135 true false", "akta2 107 105 true false", "kk0 0 0 false false", "gone1 0 0 false true"}, services); diff != "" {
			t.Errorf("%s: services %s", name, diff)
		}
	}
	check("read once")
	w.refresh()
	check("read again")
}

func TestTheSharesOfTheSampleAddUpToIt(t *testing.T) {
	t.Parallel()
	for _, served := range []string{"{ktp: 1, akta: 1, kk: 1}", "{ktp: 700, akta: 2, kk: 1}", "{ktp: 0, akta: 703}", "{ktp: 333, akta: 333, kk: 37}", "{ktp: 5}"} {
		w := newWorld(t, strings.Replace(city, "{ktp: 400, akta: 303}", served, 1))
		w.answer(1, given{unit: "u", point: "P1", service: "ktp", day: day(3, 2)})
		u, sum := w.unit("u", ""), int64(0)
		for _, s := range u.Services {
			sum += s.Needed
			if s.Served != nil && s.Needed > int64(*s.Served) {
				t.Errorf("%s: %d of %d", served, s.Needed, *s.Served)
			}
		}
		if sum != int64(*u.Sample.Needed) {
			t.Errorf("%s: the shares add up to %d of %d", served, sum, *u.Sample.Needed)
		}
	}
}

func TestAGroupRollsUpItsUnits(t *testing.T) {
	t.Parallel()
	w := busy(t)
	for _, unit := range []string{"u", "v", "z"} {
		point := map[string]string{"u": "P1", "v": "P3", "z": "P4"}[unit]
		w.answer(200, given{period: "2025-s2", unit: unit, point: point, service: "x", day: survey.NewDate(2025, 9, 1), values: []int{4}})
		w.release("2025-s2", unit, 0, true)
	}
	w.answer(100, given{unit: "v", point: "P3", service: "x", day: day(3, 30)})
	d := w.desk()
	a := d.Agencies[0]
	if len(a.Groups) != 3 || a.Groups[1].Period.Code != "2026-s1" || len(d.Whole) != 3 {
		t.Fatalf("%d roll-ups, %d of the city", len(a.Groups), len(d.Whole))
	}
	g, whole := a.Groups[1], d.Whole[1]
	u, v := mustUnit(t, d, "u"), mustUnit(t, d, "v")
	if g.Agency != "a" || g.Units != 2 || g.Answered != 2 || g.Enough != 1 || g.Fell != 2 || g.Rose != 0 || g.Answers != u.Answers+v.Answers || whole.Agency != "" || whole.Units != 3 || whole.Fell != 3 {
		t.Errorf("%+v\n%+v", g, whole)
	}
	if c := g.Indexes[0].Change; c == nil || c.State != analytics.ChangeReal || c.Difference >= 0 || g.Indexes[0].Figure.Stratified == nil {
		t.Errorf("%+v", c)
	}
	at := day(3, 30) - day(1, 1)
	if g.Days[at].Answers != 100 || !g.Days[at].Open || g.Days[day(1, 5)-day(1, 1)].Answers != 6 || g.Days[3].Open {
		t.Errorf("%+v", g.Days[at])
	}
	before := g
	if w.desk().Agencies[0].Groups[1] != before {
		t.Error("what did not change is made anew")
	}
	w.answer(1, given{unit: "v", point: "P3", service: "x", day: day(3, 31)})
	d = w.desk()
	if d.Agencies[0].Groups[1] == before || d.Agencies[0].Groups[1].Answers != before.Answers+1 || mustUnit(t, d, "u") != u {
		t.Error("what changed is not made anew, or what did not is")
	}
}

func TestADeskOfOneThirtyAndSixHundredUnits(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 30, 600} {
		w := newWorld(t, cityOf(n))
		for i := range n {
			unit := fmt.Sprint("u", i)
			if i%3 > 0 {
				w.answer(12, given{period: "p", unit: unit, point: fmt.Sprint("P", i), service: "x", day: day(3, 30)})
			}
			if i%3 == 2 {
				w.release("p", unit, 0, false)
			}
		}
		d := w.desk()
		units := 0
		for _, a := range d.Agencies {
			units += len(a.Units)
		}
		if units != n || len(d.Whole) != 1 || d.Whole[0].Units != n {
			t.Errorf("%d units: %d on the desk, %+v", n, units, d.Whole)
		}
		if got := items(d.Attention, PopulationMissing); n > 1 && (len(got) != 0 || len(items(d.Attention, PeriodEnds)) != 1) {
			t.Errorf("%d units: %q", n, kinds(d.Attention))
		}
	}
}

// cityOf is a city of n units, ten to an agency, with a period that ends soon.
func cityOf(n int) string {
	var b strings.Builder
	b.WriteString("city: {name: Kota}\nagencies:\n")
	for i := range n {
		if i%10 == 0 {
			fmt.Fprintf(&b, "  - code: a%d\n    name: Dinas %d\n    units:\n", i/10, i/10)
		}
		fmt.Fprintf(&b, "      - {code: u%d, name: Unit %d, services: [{code: x, name: X}], points: [{code: P%d, name: Loket}]}\n", i, i, i)
	}
	b.WriteString("periods:\n  - {code: p, name: P, from: 2026-01-01, to: 2026-04-10, instrument: skm-9, population: {")
	for i := range n {
		fmt.Fprintf(&b, "u%d: 900, ", i)
	}
	return b.String() + "}}\n"
}

func TestAnIndexIsComparedWithAPeriodThatWasOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t, city+"  - {code: khusus, name: Khusus, from: 2026-02-01, to: 2026-05-31, instrument: skm-9@1, units: [u], overlaps: [2026-s1], population: {u: 703}}\n")
	for _, period := range []string{"2026-s1", "khusus"} {
		w.answer(60, given{period: period, unit: "u", point: "P1", service: "ktp", day: day(3, 30)})
		w.release(period, "u", 0, false)
	}
	if u := w.unit("u", "khusus"); len(u.Indexes) != 1 || u.Indexes[0].Change != nil {
		t.Errorf("compared with one that goes on: %+v", u.Indexes)
	}
}

func TestAGradeOfAnIndexThatLacksAnAspectIsNotSure(t *testing.T) {
	t.Parallel()
	w := newWorld(t, city)
	w.answer(200, given{unit: "u", point: "P1", service: "ktp", day: day(3, 30), values: []int{3, 3, 0, 3, 3, 3, 3, 3, 3}, alike: true})
	w.release("2026-s1", "u", 0, false)
	if x := w.unit("u", "").Indexes[0]; !x.Figure.Partial() || x.Sure || len(x.Could) > 0 {
		t.Errorf("%+v", x)
	}
}

func TestAGroupGoesByTheNewestPeriodBeforeAndByWhatIsNeeded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, strings.Replace(strings.Replace(city, "v: 703, z: 703}}\n  - {code: 2026-s2", "z: 703}}\n  - {code: 2026-s2", 1),
		"periods:", "periods:\n  - {code: 2025-s1, name: Semester I 2025, from: 2025-01-01, to: 2025-06-30, instrument: skm-9}", 1))
	for period, at := range map[string]survey.Date{"2025-s1": survey.NewDate(2025, 3, 3), "2025-s2": survey.NewDate(2025, 9, 1), "2026-s1": day(3, 2)} {
		for unit, point := range map[string]string{"u": "P1", "v": "P3"} {
			w.answer(300, given{period: period, unit: unit, point: point, service: "x", day: at})
			w.release(period, unit, 0, period != "2026-s1")
		}
	}
	now, ok := w.desk().In("2026-s1")
	if !ok {
		t.Fatal("no desk")
	}
	g := now.Agencies[0].Groups[0]
	if g.Enough != 1 || g.Indexes[0].Change.Period.Code != "2025-s2" || len(g.Days) != 90 {
		t.Errorf("%d have enough, compared with %s, %d days", g.Enough, g.Indexes[0].Change.Period.Code, len(g.Days))
	}
	w.clock("2026-04-01 12:00")
	now, _ = w.desk().In("2026-s1")
	if g := now.Agencies[0].Groups[0]; len(g.Days) != 91 {
		t.Errorf("%d days on the day after", len(g.Days))
	}
}

// Who works in the city's morning reads of today's figures, whatever day it is in Greenwich.
func TestFiguresAreOfADayOfTheCity(t *testing.T) {
	t.Parallel()
	w := newWorld(t, city)
	w.clock("2026-03-31 06:00")
	w.answer(20, given{unit: "u", point: "P1", service: "ktp", day: day(3, 30)})
	w.at = w.at.UTC()
	w.release("2026-s1", "u", 0, false)
	if at := w.unit("u", "2026-s1").AsOf; at == nil || at.Format("2006-01-02 15:04") != "2026-03-31 06:00" {
		t.Errorf("%v", at)
	}
}

package desk

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"persepsi/analytics"
	"persepsi/survey"
)

// items returns those of a kind.
func items(of []Item, kind Kind) (out []Item) {
	for _, i := range of {
		if i.Kind == kind {
			out = append(out, i)
		}
	}
	return out
}

func TestABurstIsToldWithWhatIsUsual(t *testing.T) {
	t.Parallel()
	from, tuesday := day(1, 5), day(3, 31)
	usual := func(w *world) {
		w.every(3, given{unit: "u", point: "P1", service: "ktp", hour: 10}, from, day(3, 30))
		w.every(2, given{unit: "u", point: "P2", service: "ktp", hour: 9}, from, day(3, 30))
	}
	for _, one := range []struct {
		name    string
		give    func(w *world)
		told    bool
		point   string
		atPoint int64
	}{
		{"forty where three are usual", func(w *world) {
			usual(w)
			w.answer(40, given{unit: "u", point: "P1", service: "ktp", hour: 10, day: tuesday})
			w.answer(2, given{unit: "u", point: "P2", service: "ktp", hour: 9, day: tuesday})
		}, true, "P1", 38},
		{"yesterday", func(w *world) {
			w.every(3, given{unit: "u", point: "P1", service: "ktp", hour: 10}, from, day(3, 27))
			w.answer(40, given{unit: "u", point: "P1", service: "ktp", hour: 10, day: day(3, 30)})
			w.answer(3, given{unit: "u", point: "P1", service: "ktp", hour: 10, day: tuesday})
		}, true, "P1", 40},
		{"at two points alike", func(w *world) {
			usual(w)
			w.answer(20, given{unit: "u", point: "P1", service: "ktp", hour: 10, day: tuesday})
			w.answer(20, given{unit: "u", point: "P2", service: "ktp", hour: 10, day: tuesday})
		}, true, "", 0},
		{"nineteen", func(w *world) {
			w.every(1, given{unit: "u", point: "P1", service: "ktp", hour: 10}, from, day(3, 30))
			w.answer(19, given{unit: "u", point: "P1", service: "ktp", hour: 10, day: tuesday})
		}, false, "", 0},
		{"four times as many as usual", func(w *world) {
			w.every(8, given{unit: "u", point: "P1", service: "ktp", hour: 10}, from, day(3, 30))
			w.answer(32, given{unit: "u", point: "P1", service: "ktp", hour: 10, day: tuesday})
		}, false, "", 0},
		{"every Tuesday", func(w *world) {
			for d := from; d < tuesday; d++ {
				if d.Weekday() == 2 {
					w.answer(40, given{unit: "u", point: "P1", service: "ktp", hour: 10, day: d})
				}
			}
			w.answer(40, given{unit: "u", point: "P1", service: "ktp", hour: 10, day: tuesday})
		}, false, "", 0},
		{"two days ago", func(w *world) {
			usual(w)
			w.clock("2026-04-02 09:00")
			w.answer(40, given{unit: "u", point: "P1", service: "ktp", hour: 10, day: tuesday})
		}, false, "", 0},
		{"on the ninth open day", func(w *world) {
			w.clock("2026-01-15 12:00")
			w.answer(40, given{unit: "u", point: "P1", service: "ktp", hour: 10, day: day(1, 14)})
		}, false, "", 0},
		{"on paper", func(w *world) {
			usual(w)
			w.answer(40, given{unit: "u", service: "ktp", hour: 10, paper: true, day: tuesday})
		}, false, "", 0},
	} {
		w := newWorld(t, city)
		one.give(w)
		got := items(w.unit("u", "").Attention, Burst)
		if len(got) > 0 != one.told {
			t.Errorf("%s: told %v", one.name, got)
			continue
		}
		if one.told && (got[0].Burst.Point != one.point || got[0].Burst.AtPoint != one.atPoint || got[0].Burst.Answers != 40 || got[0].Burst.Hour != 10) {
			t.Errorf("%s: %+v", one.name, got[0].Burst)
		}
	}
	two := newWorld(t, city)
	usual(two)
	two.answer(60, given{unit: "u", point: "P1", service: "ktp", hour: 9, day: tuesday})
	two.answer(40, given{unit: "u", point: "P1", service: "ktp", hour: 10, day: tuesday})
	if got := items(two.unit("u", "").Attention, Burst); len(got) != 1 || got[0].Burst.Hour != 9 || got[0].Burst.Answers != 60 {
		t.Errorf("of two hours: %+v", got)
	}
	w := newWorld(t, city)
	usual(w)
	w.answer(40, given{unit: "u", point: "P1", service: "ktp", hour: 10, day: tuesday})
	if b := items(w.unit("u", "").Attention, Burst)[0]; math.Abs(b.Burst.Usual-3) > 0.2 || b.Burst.Day != tuesday || b.Burst.PointName != "Loket 1" || b.Target.Point != "P1" {
		t.Errorf("%+v, %+v", b.Burst, b.Target)
	}
}

// fallen has unit u fall by something between two periods.
func fallen(t *testing.T, before, now []int, n int) *world {
	w := newWorld(t, city)
	w.every(2, given{period: "2025-s2", unit: "u", point: "P1", service: "ktp", values: before}, survey.NewDate(2025, 7, 1), survey.NewDate(2025, 12, 30))
	w.release("2025-s2", "u", 0, true)
	w.answer(n, given{unit: "u", point: "P1", service: "ktp", day: day(3, 30), values: now})
	w.release("2026-s1", "u", 0, false)
	return w
}

func TestAFallIsToldWhereItIsMoreThanTheUsual(t *testing.T) {
	t.Parallel()
	w := fallen(t, []int{4, 4, 3}, []int{3, 3, 4}, 120)
	got := items(w.desk().Attention, Fall)
	if len(got) != 1 {
		t.Fatalf("%d falls", len(got))
	}
	f := got[0]
	if f.Unit != "u" || f.Fall.Code != analytics.IKM || f.Fall.Change.State != analytics.ChangeReal || f.Fall.Change.Difference > -8 || f.Fall.Change.Period.Code != "2025-s2" || f.Fall.Change.Aspect == "" ||
		f.Fall.Change.AspectBefore <= f.Fall.Change.AspectNow || f.Target.Index != analytics.IKM || f.Target.Page != PageIndex {
		t.Errorf("%+v, %+v", f.Fall.Change, f.Target)
	}
	if u := w.unit("u", ""); u.Indexes[0].Change.ShownDifference != f.Fall.Change.ShownDifference {
		t.Error("the unit tells another change than the item")
	}
	for name, other := range map[string]*world{
		"it rose":                   fallen(t, []int{3, 3, 4}, []int{4, 4, 3}, 120),
		"luck explains it":          fallen(t, []int{4, 3, 3}, []int{3, 3, 3, 4}, 12),
		"there is nothing before":   fallen(t, []int{4, 4, 3}, nil, 120),
		"the form is another one":   fallen(t, []int{4, 4, 3}, []int{3, 3, 4}, 120),
		"the period was long ago":   fallen(t, []int{4, 4, 3}, []int{3, 3, 4}, 120),
		"the final figures are new": fallen(t, []int{4, 4, 3}, []int{3, 3, 4}, 120), // of a period long ago
		"the figures were withheld": fallen(t, []int{4, 4, 3}, []int{3, 3, 4}, 120),
	} {
		switch name {
		case "there is nothing before":
			delete(other.totals, "2025-s2")
		case "the form is another one":
			other = newWorld(t, strings.Replace(city, "instrument: skm-9, population: {u: 703", "instrument: skm-9@1, population: {u: 703", 1))
			other.answer(200, given{period: "2025-s2", unit: "u", point: "P1", service: "ktp", day: survey.NewDate(2025, 9, 1), values: []int{4}})
			other.release("2025-s2", "u", 0, true)
			other.answer(200, given{unit: "u", point: "P1", service: "ktp", day: day(3, 30), values: []int{3}})
			other.release("2026-s1", "u", 0, false)
			if c := other.unit("u", "").Indexes[0].Change; c == nil || c.State != analytics.ChangeNotCompared || c.Why != analytics.ApartForm {
				t.Errorf("another form: %+v", c)
			}
		case "the period was long ago":
			other.clock("2026-07-20 09:00")
			other.release("2026-s1", "u", 0, true)
			other.clock("2026-07-29 09:00")
		case "the final figures are new":
			other.clock("2026-07-14 09:00")
			other.release("2026-s1", "u", 0, true)
			if got := items(other.desk().Attention, Fall); len(got) != 1 {
				t.Errorf("a fall in final figures of two weeks ago: %d", len(got))
			}
			other.clock("2026-07-15 09:00")
		case "the figures were withheld":
			delete(other.fresh("2026-s1").Released, "u")
		}
		if got := items(other.desk().Attention, Fall); len(got) > 0 {
			t.Errorf("%s: %+v", name, got[0].Fall.Change)
		}
	}
}

// A fall that the unit's own page calls usual is no item either.
func TestAFallThatIsNotRealIsNotTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, city)
	w.every(2, given{period: "2025-s2", unit: "u", point: "P1", service: "ktp", values: []int{4, 3, 3}}, survey.NewDate(2025, 7, 1), survey.NewDate(2025, 12, 30))
	w.release("2025-s2", "u", 0, true)
	for n := 12; ; n += 12 {
		w.answer(12, given{unit: "u", point: "P1", service: "ktp", day: day(3, 30), values: []int{3, 3, 3, 4}})
		w.release("2026-s1", "u", 0, false)
		d := w.desk()
		c := mustUnit(t, d, "u").Indexes[0].Change
		real := c.State == analytics.ChangeReal
		if told := len(items(d.Attention, Fall)) > 0; told != real {
			t.Fatalf("%d answers: %+v, told %v", n, c, told)
		}
		if real {
			break
		}
	}
}

// Of many units that are compared some fall by luck: they are no news.
func TestAFallIsNewsByHowManyAreCompared(t *testing.T) {
	t.Parallel()
	change := func(d, high float64) *Change {
		return &Change{Period: &Period{}, Change: analytics.Change{State: analytics.ChangeReal, Difference: d, CI95: [2]float64{2*d - high, high}}}
	}
	make := func(n int) []*Unit {
		var out []*Unit
		for i := range n {
			u := &Unit{Code: fmt.Sprint(i), Period: &Period{}, Indexes: []Index{{Code: "ikm", Change: change(-1, -0.05)}}}
			u.falls = []fall{{0, u.Indexes[0].Change.chance()}}
			out = append(out, u)
		}
		return out
	}
	// The distance from 0 is 1.053 times the interval's part: 0.0195 by chance alone.
	if c := change(-1, -0.05).chance(); math.Abs(c-0.01954) > 0.0001 {
		t.Errorf("chance %v", c)
	}
	if c := change(-1, 0).chance(); math.Abs(c-0.025) > 0.0001 {
		t.Errorf("chance %v where the interval touches 0", c)
	}
	if got := falls(make(5)); len(got) != 5 {
		t.Errorf("of five: %d", len(got))
	}
	if got := falls(make(6)); len(got) != 0 {
		t.Errorf("of six: %d", len(got))
	}
	two := make(3)
	two[1].falls = append(two[1].falls, fall{0, 1}, fall{0, 0.00001})
	if got := falls(two); len(got) != 3 || got[1].weight != -0.00001 {
		t.Errorf("of one unit the clearest: %+v", got)
	}
}

func TestTheSampleIsToldWhereItWillNotBeReachedOrIsNear(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		name  string
		clock string
		day   int // answers on each open day
		more  int
		want  Kind
		told  bool
	}{
		{"one a day of 249", "2026-05-29 16:30", 1, 0, SampleMissed, true},
		{"three a day", "2026-03-31 16:30", 3, 0, 0, false},
		{"three lack, and three a day", "2026-03-31 16:30", 3, 60, SampleNear, true},
		{"eight lack, and three a day", "2026-03-31 16:30", 3, 55, 0, false},
		{"it is reached", "2026-03-31 16:30", 3, 90, 0, false},
		{"too early", "2026-01-12 16:30", 1, 0, 0, false},
	} {
		w := newWorld(t, city)
		w.clock(one.clock)
		today := w.directory.Today(w.at)
		w.every(one.day, given{unit: "v", point: "P3", service: "x"}, day(1, 2), today)
		w.answer(one.more, given{unit: "v", service: "x", day: day(1, 2), paper: true})
		u := w.unit("v", "")
		got := append(items(u.Attention, SampleMissed), items(u.Attention, SampleNear)...)
		if len(got) > 0 != one.told || one.told && (got[0].Kind != one.want || got[0].Sample != &u.Sample || got[0].Target.Page != PageSample) {
			t.Errorf("%s: %q, pace %+v", one.name, kinds(got), u.Sample.Pace)
		}
		if u.Sample.SoFar != u.Answers || u.Sample.Missing != max(249-u.Answers, 0) || *u.Sample.Needed != 249 {
			t.Errorf("%s: %+v", one.name, u.Sample)
		}
	}
}

func TestPeopleServedAreAskedForWhereTheyAreNotKnown(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		name, clock, population string
		told                    bool
		fault                   string
	}{
		{"in the first half", "2026-03-31 12:00", "", false, analytics.PopulationUnknown},
		{"in the second half", "2026-04-01 12:00", "", true, analytics.PopulationUnknown},
		{"fewer than answered", "2026-03-02 12:00", "population: {v: 3}", true, analytics.PopulationBelowN},
		{"none", "2026-03-02 12:00", "population: {v: 0}", true, analytics.PopulationZero},
		{"a week after the last day", "2026-07-07 12:00", "", true, analytics.PopulationUnknown},
		{"later", "2026-07-08 12:00", "", false, analytics.PopulationUnknown},
		{"known", "2026-04-02 12:00", "population: {v: 703}", false, ""},
	} {
		w := newWorld(t, strings.Replace(city, "population: {u: {ktp: 400, akta: 303}, v: 703, z: 703}", cmpOr(one.population, "overlaps: []"), 1))
		w.clock(one.clock)
		w.answer(4, given{unit: "v", point: "P3", service: "x", day: day(1, 8)})
		u := w.unit("v", "2026-s1")
		got := items(u.Attention, PopulationMissing)
		if len(got) > 0 != one.told || u.Sample.Fault != one.fault || one.told && (got[0].Sample.Fault != one.fault || got[0].Target.Page != PagePopulation) || one.fault != "" && (u.Sample.Needed != nil || u.Sample.Missing != 0) {
			t.Errorf("%s: %q, %+v", one.name, kinds(got), u.Sample)
		}
	}
}

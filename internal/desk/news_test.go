package desk

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func TestAPeriodsEndAndItsFiguresAreNewsForAWhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, city)
	w.answer(50, given{unit: "v", point: "P3", service: "x", day: day(1, 8)})
	w.answer(50, given{unit: "z", point: "P4", service: "x", day: day(1, 8)})
	at := func(clock string, kind Kind) []Item {
		w.clock(clock)
		return items(w.desk().Attention, kind)
	}
	if got := at("2026-06-15 12:00", PeriodEnds); len(got) > 0 {
		t.Errorf("15 days before: %+v", got)
	}
	got := at("2026-06-16 12:00", PeriodEnds)
	if len(got) != 1 || got[0].Units != 3 || got[0].Days != 14 || *got[0].Day != day(6, 30) || got[0].Unit != "" || got[0].Agency != "" || got[0].Target.Unit != "" {
		t.Errorf("14 days before: %+v", got)
	}
	if got := at("2026-06-30 12:00", PeriodEnds); len(got) != 1 || got[0].Days != 0 {
		t.Errorf("on the last day: %+v", got)
	}
	if got := at("2026-07-01 12:00", PeriodEnds); len(got) > 0 {
		t.Errorf("the day after: %+v", got)
	}
	if got := at("2026-07-01 12:00", FinalMade); len(got) > 0 {
		t.Errorf("before it is made: %+v", got)
	}
	w.release("2026-s1", "v", 0, true)
	w.clock("2026-07-02 12:00")
	w.release("2026-s1", "z", 0, true)
	got = at("2026-07-03 12:00", FinalMade)
	if len(got) != 1 || got[0].Units != 2 || got[0].Days != 1 || *got[0].Day != day(7, 2) || got[0].Target.Page != PageResults || got[0].Target.Period != "2026-s1" {
		t.Errorf("final figures: %+v", got)
	}
	if got := at("2026-07-09 12:00", FinalMade); len(got) != 1 || got[0].Unit != "z" {
		t.Errorf("a week later: %+v", got)
	}
	if got := at("2026-07-10 12:00", FinalMade); len(got) > 0 {
		t.Errorf("later: %+v", got)
	}
}

type readers struct {
	unread map[string]int
	err    error
}

func (r *readers) Unread(_ context.Context, period string) (map[string]int, error) {
	if period != "2026-s1" {
		return nil, r.err
	}
	return r.unread, r.err
}

func TestUnreadCommentsAreCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, city)
	comments := &readers{unread: map[string]int{"u": 9, "z": 5}}
	w.answer(1, given{unit: "v", point: "P3", service: "x", day: day(3, 30)})
	if u := w.unit("u", ""); u.Unread != nil {
		t.Errorf("nobody knows: %d", *u.Unread)
	}
	w.builder.comments = comments
	d := w.desk()
	got := items(d.Attention, CommentsUnread)
	if len(got) != 1 || got[0].Count != 14 || got[0].Units != 2 || got[0].Target.Page != PageComments {
		t.Errorf("%+v", got)
	}
	u, _ := d.Unit("u", "")
	v, _ := d.Unit("v", "")
	if *u.Unread != 9 || *v.Unread != 0 || len(items(v.Attention, CommentsUnread)) > 0 || len(items(u.Attention, CommentsUnread)) != 1 {
		t.Errorf("%d and %d", *u.Unread, *v.Unread)
	}
	before := d.Revision
	comments.unread = map[string]int{"u": 8, "z": 5}
	if w.desk().Revision == before {
		t.Error("a comment that was read is not told")
	}
	comments.err = errors.New("away")
	if err := w.builder.Refresh(t.Context()); err == nil {
		t.Error("an error is not told")
	}
	if u := mustUnit(t, w.builder.Desk().For(evaluator()), "u"); u.Unread != nil {
		t.Errorf("while nobody knows: %d", *u.Unread)
	}
}

func mustUnit(t *testing.T, d *Desk, code string) *Unit {
	t.Helper()
	u, ok := d.Unit(code, "")
	if !ok {
		t.Fatalf("no unit %s", code)
	}
	return u
}

func TestTheMostUrgentComesFirst(t *testing.T) {
	t.Parallel()
	period := &Period{Code: "p"}
	item := func(kind Kind, unit string, weight float64) Item {
		return Item{Kind: kind, Units: 1, Unit: unit, Agency: "a", Period: period, weight: weight}
	}
	got := fold([]Item{item(SampleMissed, "1", 0.1), item(PointSilent, "2", 4), item(SampleMissed, "3", 0.4), item(UnitSilent, "4", 1), item(PointSilent, "5", 9), item(Fall, "6", -0.1), item(Burst, "7", 40)})
	wantKinds(t, "in order", got, "unit_silent 4", "point_silent 5", "point_silent 2", "burst 7", "fall 6", "sample_missed 3", "sample_missed 1")
	one := fold([]Item{item(CommentsUnread, "1", 2), item(CommentsUnread, "2", 3)})
	if len(one) != 1 || one[0].Agency != "a" || one[0].Unit != "" || one[0].Units != 2 {
		t.Errorf("two of one agency: %+v", one)
	}
	other := item(CommentsUnread, "1", 2)
	other.Period = &Period{Code: "q"}
	if got := fold([]Item{item(CommentsUnread, "1", 2), other}); len(got) != 2 {
		t.Errorf("of two periods: %+v", got)
	}
}

func TestWhatTwoPeriodsOfAUnitShareIsToldOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, city+"  - {code: khusus, name: Khusus, from: 2026-02-01, to: 2026-05-31, instrument: spak-5, units: [u], overlaps: [2026-s1], population: {u: 703}}\n")
	w.every(3, given{unit: "u", point: "P1", service: "ktp"}, day(1, 5), day(3, 20))
	d := w.desk()
	if u := mustUnit(t, d, "u"); u.Period.Code != "khusus" || len(items(u.Attention, UnitSilent)) != 1 {
		t.Errorf("%s: %q", u.Period.Code, kinds(u.Attention))
	}
	if got := items(d.Attention, UnitSilent); len(got) != 1 {
		t.Errorf("told %d times", len(got))
	}
}

func TestNothingIsAskedOfAClosedUnit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, strings.Replace(city, "v: 703, z: 703}}\n  - {code: 2026-s2", "v: 3, z: 703}}\n  - {code: 2026-s2", 1))
	w.answer(9, given{unit: "v", point: "P3", service: "x", day: day(1, 8)})
	if got := items(w.unit("v", "").Attention, PopulationMissing); len(got) != 1 {
		t.Errorf("of an open one: %q", kinds(got))
	}
	w.change("name: Unit dua,", "name: Unit dua, closed: true,")
	if u := w.unit("v", ""); !u.Closed || len(u.Attention) != 0 || u.Sample.Pace != nil || u.Answers != 9 {
		t.Errorf("of a closed one: %q", kinds(u.Attention))
	}
}

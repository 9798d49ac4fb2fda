package desk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"persepsi/internal/access"
)

// seen returns the codes of a desk's units.
func seen(d *Desk) string {
	var out []string
	for _, a := range d.Agencies {
		for _, u := range a.Units {
			out = append(out, u.Code)
		}
	}
	return strings.Join(out, " ")
}

func busy(t testing.TB) *world {
	w := newWorld(t, city)
	for _, unit := range []struct{ code, point, service string }{{"u", "P1", "ktp"}, {"v", "P3", "x"}, {"z", "P4", "x"}} {
		w.every(3, given{unit: unit.code, point: unit.point, service: unit.service, hour: 9}, day(1, 5), day(3, 20))
		w.release("2026-s1", unit.code, 0, false)
	}
	return w
}

func TestADeskHoldsWhatMayBeSeenAlone(t *testing.T) {
	t.Parallel()
	w := busy(t)
	w.refresh()
	d := w.builder.Desk()
	if len(d.Agencies) > 0 || len(d.Attention) > 0 || len(d.Whole) > 0 {
		t.Error("a desk that nobody was found for has something on it")
	}
	for _, one := range []struct {
		name            string
		actor           access.Actor
		units           string
		agencies, whole bool
	}{
		{"evaluator of the city", evaluator(), "u v z", true, true},
		{"manager of an agency", actor(access.Manager, access.Agency("a")), "u v", true, false},
		{"officer of a unit", actor(access.Officer, access.Unit("a", "v")), "v", false, false},
		{"manager of another agency", actor(access.Manager, access.Agency("b")), "z", true, false},
		{"of a unit and an agency", access.Actor{Name: "x", Grants: []access.Grant{{Role: access.Viewer, Scope: access.Unit("a", "u")}, {Role: access.Manager, Scope: access.Agency("b")}}}, "u z", false, false},
		{"nobody", access.Anybody(), "", false, false},
		{"of nothing that is there", actor(access.Manager, access.Agency("x")), "", false, false},
	} {
		got := d.For(one.actor)
		if seen(got) != one.units {
			t.Errorf("%s sees %q, want %q", one.name, seen(got), one.units)
		}
		for _, code := range []string{"u", "v", "z"} {
			if _, ok := got.Unit(code, ""); ok != slices.Contains(strings.Fields(one.units), code) {
				t.Errorf("%s finds unit %s: %v", one.name, code, ok)
			}
		}
		for _, i := range got.Attention {
			if i.Unit != "" && !slices.Contains(strings.Fields(one.units), i.Unit) {
				t.Errorf("%s is told of %s", one.name, i.Unit)
			}
		}
		if len(got.Agencies) > 0 && one.name != "of a unit and an agency" && len(got.Agencies[0].Groups) > 0 != one.agencies {
			t.Errorf("%s sees roll-ups of %s: %v", one.name, got.Agencies[0].Code, got.Agencies[0].Groups)
		}
		if len(got.Whole) > 0 != one.whole {
			t.Errorf("%s sees the city: %v", one.name, got.Whole)
		}
		if narrow, ok := got.In("2026-s1"); ok != (one.units != "") || ok && seen(narrow) != one.units {
			t.Errorf("%s in a period: %v", one.name, ok)
		}
	}
	if _, ok := d.For(evaluator()).In("2020"); ok {
		t.Error("there is a desk of no period")
	}
}

func TestAUnitIsFoundByEveryCodeAndInItsPeriods(t *testing.T) {
	t.Parallel()
	w := busy(t)
	w.change("code: u\n", "code: u\n        was: lama\n")
	d := w.desk()
	if u, ok := d.Unit("lama", "2025-s2"); !ok || u.Code != "u" || u.State != Closing || u.Period.Code != "2025-s2" {
		t.Errorf("%+v, %v", u, ok)
	}
	if _, ok := d.Unit("u", "2020"); ok {
		t.Error("a unit in a period that is not there")
	}
	if a, ok := d.Agency("a"); !ok || len(a.Units) != 2 {
		t.Error("no agency")
	}
	past, ok := d.In("2025-s2")
	if !ok || past.Agencies[0].Units[0].Period.Code != "2025-s2" || past.Revision == d.Revision {
		t.Errorf("a closed period: %v", ok)
	}
}

func TestARevisionIsAnotherOneWhenSomethingElseIsShown(t *testing.T) {
	t.Parallel()
	w := busy(t)
	of := func(a access.Actor) string { return w.builder.Desk().For(a).Revision }
	a, b := actor(access.Manager, access.Agency("a")), actor(access.Manager, access.Agency("b"))
	w.refresh()
	first, other, all := of(a), of(b), of(evaluator())
	if first == other || first == all || first == "" {
		t.Errorf("revisions %q, %q, %q", first, other, all)
	}
	same := func(name string) {
		t.Helper()
		if of(a) != first || of(b) != other || of(evaluator()) != all {
			t.Errorf("%s: something else is shown", name)
		}
	}
	w.refresh()
	same("nothing happened")
	w.at = w.at.Add(30 * time.Second)
	w.refresh()
	same("half a minute went by")
	w.answer(1, given{unit: "v", point: "P3", service: "x", day: day(3, 31), hour: 10})
	w.refresh()
	if of(a) == first || of(b) != other || of(evaluator()) == all {
		t.Error("an answer in one agency is not told there, or elsewhere")
	}
	first, all = of(a), of(evaluator())
	w.change("name: Dinas B", "name: Dinas Baru")
	w.refresh()
	if of(a) != first || of(b) == other || of(evaluator()) == all {
		t.Error("another name of an agency is not told there, or elsewhere")
	}
	first, other, all = of(a), of(b), of(evaluator())
	w.release("2026-s1", "z", 0, false)
	w.refresh()
	if of(b) == other || of(a) != first {
		t.Error("a new release is not told")
	}
	other = of(b)
	w.clock("2026-04-01 08:00")
	w.refresh()
	if of(b) == other || of(a) == first {
		t.Error("another day is not told")
	}
}

func TestWhereTheStoreIsAwayTheDeskSaysSinceWhen(t *testing.T) {
	t.Parallel()
	w := busy(t)
	w.refresh()
	since := w.at
	before := w.builder.Desk().For(evaluator())
	w.away = errors.New("away")
	w.at = w.at.Add(2 * time.Minute)
	if err := w.figures.Refresh(context.Background()); err == nil {
		t.Fatal("the store is not away")
	}
	if err := w.builder.Refresh(context.Background()); err != nil {
		t.Error(err) // nothing changed, so nothing is to be read
	}
	d := w.builder.Desk().For(evaluator())
	if d.Late == nil || !d.Late.Since.Equal(since) || seen(d) != seen(before) || d.Revision == before.Revision {
		t.Errorf("late %+v, units %q", d.Late, seen(d))
	}
	if before.Late != nil {
		t.Error("it was late before")
	}
	empty := newWorld(t, city)
	if d := empty.builder.Desk().For(evaluator()); d.Late == nil || !d.Late.Since.IsZero() || seen(d) != "" {
		t.Errorf("before the first figures: %+v", d.Late)
	}
}

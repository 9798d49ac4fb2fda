package storetest

import (
	"context"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/internal/projection"
	"persepsi/survey"
)

// releases plays a period, with two processes at one store.
func releases(t *testing.T, e Engine) {
	open := e.New(t)
	a := newReleasedCity(t, open, 24*time.Hour)
	b := newReleasedCity(t, open, 24*time.Hour)
	m := NewMaker(t, 11)
	zone := a.directory.Zone()
	at := func(day survey.Date, hour int) {
		a.now = day.In(zone).Add(time.Duration(hour) * time.Hour)
		b.now = a.now
	}
	day := survey.NewDate(2026, time.March, 2)
	at(day, 12)
	a.answers(t, m, 25, "unit-0", survey.ModeQR)
	a.answers(t, m, 12, "unit-0", survey.ModePaper)
	a.answers(t, m, 19, "unit-1", survey.ModeKiosk)
	want(t, "before the day is over", a.release(t), "- - - ")
	at(day+1, 1)
	want(t, "after the day", a.release(t), "15 - - ")
	want(t, "another process", b.release(t), "15 - - ")
	at(day+1, 9)
	b.answers(t, m, 200, "unit-0", survey.ModePaper)
	b.answers(t, m, 1, "unit-1", survey.ModeQR)
	want(t, "a second one on a day", b.release(t), "15 - - ")
	at(day+2, 0)
	want(t, "the next day", b.release(t), "217 10 - ")
	want(t, "read by the other", a.shown(t), "217 10 - ")

	// Late ones of a day that was released already.
	late := m.Batch(10)
	for _, r := range late {
		r.Unit, r.Mode, r.Day = "unit-0", survey.ModeQR, day
		r.ReceivedAt = day.In(zone).Add(10 * time.Hour).UTC()
	}
	mustAppend(t, a, late)
	other := newMaker(t, 15, "skm-9@1").Batch(30) // to a form that is not the period's
	for i, r := range other {
		*r = survey.Response{
			ID: r.ID, Period: "2026-s1", Unit: "unit-0", Form: r.Form, Day: day, ReceivedAt: late[i%10].ReceivedAt, Answers: r.Answers, Respondent: r.Respondent,
		}
	}
	mustAppend(t, a, other)
	want(t, "drained late, on a day that has its release", a.release(t), "217 10 - ")
	want(t, "and by the other", b.release(t), "217 10 - ")
	at(day+3, 5)
	want(t, "drained late", a.release(t), "227 10 - ")

	closes := survey.NewDate(2026, time.July, 1)
	at(closes, 0)
	want(t, "within the grace", a.release(t), "227 10 - ")
	a.now = closes.In(zone).Add(survey.Grace)
	b.now = a.now
	a.stored = false
	want(t, "answers are in the spool", a.release(t), "227 10 - ")
	a.stored = true
	want(t, "after the close", a.release(t), "247! 20! - ")
	want(t, "the other's close", b.release(t), "247! 20! - ")
	a.answers(t, m, 9, "unit-1", survey.ModePaper)
	at(closes+2, 0)
	want(t, "few after the close", a.release(t), "247! 20! - ")
	a.answers(t, m, 1, "unit-1", survey.ModePaper)
	at(closes+3, 0)
	want(t, "ten after the close", a.release(t), "247! 30! - ")

	for unit, want := range map[string][]int64{"unit-0": {0, 0, 0, 247}, "unit-1": {0, 20, 20}} {
		for i, n := range want {
			if got := b.tables(t, unit, i+1); got != n {
				t.Errorf("release %d of %s has tables of %d answers, want %d", i+1, unit, got, n)
			}
		}
	}

	// A process that starts then.
	want(t, "read by a new process", newReleasedCity(t, open, 0).shown(t), "247! 30! - ")
	if v := a.verify(t); v.Releases != 7 || len(v.Wrong) > 0 {
		t.Errorf("%d releases are verified, wrong: %v", v.Releases, v.Wrong)
	}
}

// soonReleases releases as soon as the rule allows.
func soonReleases(t *testing.T, e Engine) {
	a := newReleasedCity(t, e.New(t), 0)
	m := NewMaker(t, 12)
	a.now = survey.NewDate(2026, time.March, 2).In(a.directory.Zone()).Add(9 * time.Hour)
	for n := 1; n <= 40; n++ {
		a.now = a.now.Add(time.Minute)
		a.answers(t, m, 1, "unit-2", survey.ModeQR)
		released := "- "
		if n >= 20 {
			released = fmt.Sprintf("%d ", n/10*10-10)
		}
		want(t, fmt.Sprintf("%d answers", n), a.release(t), "- - "+released)
	}
	a.now = a.now.AddDate(0, 0, 10)
	a.answers(t, m, 10, "unit-2", survey.ModeQR)
	want(t, "all of the first day", a.release(t), "- - 40 ")
	a.now = survey.NewDate(2026, time.July, 2).In(a.directory.Zone())

	forgets := projection.New(&forgetfulStore{a.Store}, Library(t))
	if err := forgets.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := projection.NewReleaser(forgets, 0, func() bool { return true }).Release(t.Context(), a.directory, a.now); err == nil {
		t.Error("a final release was made, though an answer of the last one is gone")
	}
	want(t, "final", a.release(t), "- - 50! ")
	tables, live := a.readTables(t, "unit-2", 5), a.live(t, "unit-2")
	for _, by := range []string{"service", "point", "mode", "hour"} {
		got, _ := tables.Tally.CellCounts(by)
		want, err := live.CellCounts(by)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("tables by %s tell of %v, want %v, err = %v", by, got, want, err)
		}
	}
}

// forgetfulStore finds one answer less than there are.
type forgetfulStore struct{ Store }

func (s *forgetfulStore) Rows(ctx context.Context, period string, days map[string][]survey.Date, fn func(*survey.Response) error) error {
	forgot := false
	return s.Store.Rows(ctx, period, days, func(r *survey.Response) error {
		if !forgot {
			forgot = true
			return nil
		}
		return fn(r)
	})
}

// finalAnyway makes a release final that can add nothing: more people are asked for
// than wait.
func finalAnyway(t *testing.T, e Engine) {
	a := newReleasedCity(t, e.New(t), 0)
	m := NewMaker(t, 16)
	a.now = survey.NewDate(2026, time.March, 2).In(a.directory.Zone()).Add(9 * time.Hour)
	a.directory.City().Least = 5
	a.answers(t, m, 15, "unit-1", survey.ModeQR)
	want(t, "among five", a.release(t), "- 10 - ")
	a.directory.City().Least = 10
	a.now = survey.NewDate(2026, time.July, 2).In(a.directory.Zone())
	want(t, "among ten", a.release(t), "- 10! - ")
}

// refusingStore refuses releases for as long as it is told to.
type refusingStore struct {
	Store
	refuses bool
}

func (s *refusingStore) PutRelease(ctx context.Context, r projection.StoredRelease) error {
	if s.refuses {
		return survey.Errorf(survey.Unavailable, "the store is away")
	}
	return s.Store.PutRelease(ctx, r)
}

// releaseAgain makes what could not be stored at the next look, though nothing
// else happened.
func releaseAgain(t *testing.T, e Engine) {
	for _, every := range []time.Duration{0, 24 * time.Hour} {
		a := newReleasedCity(t, e.New(t), every)
		away := &refusingStore{Store: a.Store}
		a.Projector = projection.New(away, Library(t))
		a.releaser = projection.NewReleaser(a.Projector, every, func() bool { return true })
		m := NewMaker(t, 18)
		a.now = survey.NewDate(2026, time.March, 2).In(a.directory.Zone()).Add(9 * time.Hour)
		a.answers(t, m, 25, "unit-0", survey.ModeQR)
		for _, day := range []survey.Date{survey.NewDate(2026, time.March, 3), survey.NewDate(2026, time.July, 2)} { // running, then closed
			a.now = day.In(a.directory.Zone()).Add(time.Hour)
			before := a.shown(t)
			away.refuses = true
			if n, err := a.releaser.Release(t.Context(), a.directory, a.now); n != 0 || survey.CodeOf(err) != survey.Unavailable {
				t.Errorf("every %s: %d releases, err = %v", every, n, err)
			}
			away.refuses = false
			if after := a.release(t); after == before {
				t.Errorf("every %s, on %s: released are still %q", every, day, after)
			}
		}
	}
}

// brokenRelease breaks the chain of one unit.
func brokenRelease(t *testing.T, e Engine) {
	a := newReleasedCity(t, e.New(t), 0)
	m := NewMaker(t, 17)
	a.now = survey.NewDate(2026, time.March, 2).In(a.directory.Zone()).Add(9 * time.Hour)
	if err := a.PutRelease(t.Context(), projection.StoredRelease{Period: "2026-s1", Unit: "unit-0", Serial: 1, Checksum: "x", Body: []byte("{}")}); err != nil {
		t.Fatal(err)
	}
	for _, unit := range []string{"unit-0", "unit-1", "unit-2"} {
		a.answers(t, m, 20, unit, survey.ModeQR)
	}
	if err := a.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, err := a.releaser.Release(t.Context(), a.directory, a.now); n != 2 || err == nil {
		t.Errorf("%d releases are made, err = %v", n, err)
	}
	want(t, "beside a damaged one", a.shown(t), "- 10 10 ")
	if got := a.Periods()["2026-s1"].Damaged; len(got) != 1 || !got["unit-0"] {
		t.Errorf("damaged are %v", got)
	}
	a.answers(t, m, 1, "unit-2", survey.ModeQR)
	a.shown(t)
	if got := a.Periods()["2026-s1"].Damaged; len(got) != 1 {
		t.Errorf("after another answer damaged are %v", got)
	}
}

// damagedLater has a release that cannot be read after one that can: what was released
// before is not shown as the newest.
func damagedLater(t *testing.T, e Engine) {
	a := newReleasedCity(t, e.New(t), 0)
	m := NewMaker(t, 17)
	a.now = survey.NewDate(2026, time.March, 2).In(a.directory.Zone()).Add(9 * time.Hour)
	a.answers(t, m, 20, "unit-0", survey.ModeQR)
	want(t, "the first", a.release(t), "10 - - ")
	if err := a.PutRelease(t.Context(), projection.StoredRelease{Period: "2026-s1", Unit: "unit-0", Serial: 2, Checksum: "x", Body: []byte("{}")}); err != nil {
		t.Fatal(err)
	}
	want(t, "a damaged second", a.shown(t), "- - - ")
	if tables, err := a.Tables(t.Context(), "2026-s1", "unit-0", 2); err == nil {
		t.Errorf("its tables are %v", tables)
	}
}

// releasedRows finds the responses of some units and days, and no others.
func releasedRows(t *testing.T, e Engine) {
	a := fresh(t, e)
	m := NewMaker(t, 14)
	list := m.Batch(300)
	other := m.Response()
	other.Period, other.Unit, other.Day = "2026-s2", "unit-0", First()
	mustAppend(t, a, append(list, other))
	days := map[string][]survey.Date{
		"unit-0": {First(), First() + 1, First() + 2, First() + 9, First() + 20}, "unit-2": {First() + 1}, "nobody": {First()},
	}
	want := map[uuid.UUID]survey.Response{}
	for _, r := range list {
		for _, day := range days[r.Unit] {
			if r.Day == day {
				want[r.ID] = *r
			}
		}
	}
	got := 0
	if err := a.Rows(t.Context(), "2026-s1", days, func(r *survey.Response) error {
		w := want[r.ID]
		if !r.Same(&w) || r.Day != w.Day || !r.ReceivedAt.Equal(w.ReceivedAt) {
			t.Errorf("%+v is not asked for, or not whole", *r)
		}
		got++
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if got != len(want) || got == 0 {
		t.Errorf("%d rows, want %d", got, len(want))
	}
}

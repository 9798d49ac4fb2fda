package storetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/internal/projection"
	"persepsi/survey"
)

// released is a city of three units whose figures are released.
type released struct {
	*Opened
	directory *survey.Directory
	releaser  *projection.Releaser
	now       time.Time
	stored    bool
	imports   int
}

// releasedCity opens a handle onto a store with a releaser of its own.
func releasedCity(t *testing.T, open func() Store, every time.Duration) *released {
	t.Helper()
	const city = `
city: {name: Kota Contoh}
agencies: [{code: a, name: Dinas, units: [
  {code: unit-0, name: Nol, services: [{code: ktp, name: KTP}], points: [{code: AA01, name: Loket}]},
  {code: unit-1, name: Satu, services: [{code: ktp, name: KTP}], points: [{code: AA02, name: Loket}]},
  {code: unit-2, name: Dua, services: [{code: ktp, name: KTP}], points: [{code: AA03, name: Loket}]}]}]
periods: [{code: 2026-s1, name: Semester, from: 2026-01-01, to: 2026-06-30, instrument: terpadu-16@1}]`
	methods, err := survey.LoadMethods()
	if err != nil {
		t.Fatal(err)
	}
	lib := Library(t)
	applied, err := survey.Apply(new(survey.Catalogue), []byte(city), lib, methods, func() (string, error) { return "AA09", nil }, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	r := &released{Opened: handle(t, open), stored: true}
	if r.directory, err = survey.NewDirectory(applied.Catalogue, lib, methods); err != nil {
		t.Fatal(err)
	}
	r.releaser = projection.NewReleaser(r.Projector, every, func() bool { return r.stored })
	return r
}

// answers stores n answers of a unit that were received before now.
func (r *released) answers(t *testing.T, m *Maker, n int, unit string, mode survey.Mode) {
	t.Helper()
	list := m.Batch(n)
	for i, a := range list {
		a.Unit, a.Mode = unit, mode
		a.ReceivedAt = r.now.Add(time.Duration(i-n) * time.Second).Truncate(time.Millisecond).UTC()
		a.Day = survey.DateOf(a.ReceivedAt, r.directory.Zone())
	}
	mustAppend(t, r, list)
}

// release refreshes and releases, and returns how many answers of each unit are
// released then.
func (r *released) release(t *testing.T) string {
	t.Helper()
	if err := r.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := r.releaser.Release(t.Context(), r.directory, r.now); err != nil {
		t.Fatal(err)
	}
	return r.shown(t)
}

func (r *released) shown(t *testing.T) string {
	t.Helper()
	if err := r.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	out := ""
	for _, unit := range []string{"unit-0", "unit-1", "unit-2"} {
		totals := r.Periods()["2026-s1"]
		switch {
		case totals == nil || totals.Released[unit] == nil:
			out += "- "
		case totals.Released[unit].Final:
			out += fmt.Sprintf("%d! ", totals.Released[unit].Tally.N)
		default:
			out += fmt.Sprintf("%d ", totals.Released[unit].Tally.N)
		}
	}
	return out
}

// tables returns the number of answers that the tables of a release tell of; 0: it
// has none.
func (r *released) tables(t *testing.T, unit string, serial int) int64 {
	t.Helper()
	if tables := r.readTables(t, unit, serial); tables != nil {
		return tables.Tally.N
	}
	return 0
}

// readTables returns the tables of a release, nil where it has none.
func (r *released) readTables(t *testing.T, unit string, serial int) *analytics.OpenTables {
	t.Helper()
	stored, err := r.Tables(t.Context(), "2026-s1", unit, serial)
	if err != nil {
		t.Fatal(err)
	}
	if stored == nil {
		return nil
	}
	tables, err := stored.Read(r.directory.Form("2026-s1"))
	if err != nil {
		t.Fatal(err)
	}
	return tables
}

func (r *released) verify(t *testing.T) projection.Verified {
	t.Helper()
	v, err := r.Verify(t.Context(), "2026-s1", r.directory.Form("2026-s1"))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func want(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: released are %q, want %q", what, got, want)
	}
}

// releases plays a period, with two processes at one store.
func releases(t *testing.T, e Engine) {
	open := e.New(t)
	a := releasedCity(t, open, 24*time.Hour)
	b := releasedCity(t, open, 24*time.Hour)
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
	want(t, "read by a new process", releasedCity(t, open, 0).shown(t), "247! 30! - ")
	if v := a.verify(t); v.Releases != 7 || len(v.Wrong) > 0 {
		t.Errorf("%d releases are verified, wrong: %v", v.Releases, v.Wrong)
	}
}

// soonReleases releases as soon as the rule allows.
func soonReleases(t *testing.T, e Engine) {
	a := releasedCity(t, e.New(t), 0)
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

	forgets := projection.New(&forgetful{a.Store}, Library(t))
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

// forgetful finds one answer less than there are.
type forgetful struct{ Store }

func (s *forgetful) Rows(ctx context.Context, period string, days map[string][]survey.Date, fn func(*survey.Response) error) error {
	forgot := false
	return s.Store.Rows(ctx, period, days, func(r *survey.Response) error {
		if !forgot {
			forgot = true
			return nil
		}
		return fn(r)
	})
}

// live returns the tally of a unit's answers, with its breakdown.
func (r *released) live(t *testing.T, unit string) *analytics.Tally {
	t.Helper()
	tally, err := r.Tally(t.Context(), analytics.Key{Period: "2026-s1", Unit: unit, Form: r.directory.Form("2026-s1").ID, Level: analytics.LevelPeriod})
	if err != nil {
		t.Fatal(err)
	}
	return tally
}

// finalAnyway makes a release final that can add nothing: more people are asked for
// than wait.
func finalAnyway(t *testing.T, e Engine) {
	a := releasedCity(t, e.New(t), 0)
	m := NewMaker(t, 16)
	a.now = survey.NewDate(2026, time.March, 2).In(a.directory.Zone()).Add(9 * time.Hour)
	a.directory.City().Least = 5
	a.answers(t, m, 15, "unit-1", survey.ModeQR)
	want(t, "among five", a.release(t), "- 10 - ")
	a.directory.City().Least = 10
	a.now = survey.NewDate(2026, time.July, 2).In(a.directory.Zone())
	want(t, "among ten", a.release(t), "- 10! - ")
}

// refusing refuses releases for as long as it is told to.
type refusing struct {
	Store
	refuses bool
}

func (s *refusing) PutRelease(ctx context.Context, r projection.StoredRelease) error {
	if s.refuses {
		return survey.Errorf(survey.Unavailable, "the store is away")
	}
	return s.Store.PutRelease(ctx, r)
}

// releaseAgain makes what could not be stored at the next look, though nothing
// else happened.
func releaseAgain(t *testing.T, e Engine) {
	for _, every := range []time.Duration{0, 24 * time.Hour} {
		a := releasedCity(t, e.New(t), every)
		away := &refusing{Store: a.Store}
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
	a := releasedCity(t, e.New(t), 0)
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

// releaseFacts keeps releases as facts; whoever forges one is noticed.
func releaseFacts(t *testing.T, e Engine) {
	checksum := func(r projection.StoredRelease) projection.StoredRelease {
		sum := sha256.Sum256(r.Body)
		r.Checksum = hex.EncodeToString(sum[:])
		return r
	}
	next := func(r projection.StoredRelease) projection.StoredRelease {
		r.Serial, r.Body = 4, bytes.Replace(r.Body, []byte(`"serial":3,`), []byte(`"serial":4,`), 1)
		return r
	}
	for name, forge := range map[string]func(projection.StoredRelease) projection.StoredRelease{
		"its checksum is another one": func(r projection.StoredRelease) projection.StoredRelease {
			r = checksum(next(r))
			r.Body = append([]byte(" "), r.Body...)
			return r
		},
		"it follows another one than is there": func(r projection.StoredRelease) projection.StoredRelease { return checksum(next(r)) },
		"it is that of another serial": func(r projection.StoredRelease) projection.StoredRelease {
			r.Serial = 4
			return checksum(r)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			forgedRelease(t, e, forge)
		})
	}
}

func forgedRelease(t *testing.T, e Engine, forge func(projection.StoredRelease) projection.StoredRelease) {
	t.Helper()
	a := releasedCity(t, e.New(t), 0)
	m := NewMaker(t, 13)
	a.now = survey.NewDate(2026, time.March, 2).In(a.directory.Zone()).Add(9 * time.Hour)
	for range 3 {
		a.now = a.now.Add(time.Hour)
		a.answers(t, m, 20, "unit-0", survey.ModeQR)
		a.release(t)
	}
	list := func(from int) (out []projection.StoredRelease) {
		t.Helper()
		if err := a.Releases(t.Context(), "2026-s1", "unit-0", from, func(r projection.StoredRelease) error {
			out = append(out, r)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return out
	}
	if got := len(list(1)); got != 3 {
		t.Fatalf("%d releases, want 3", got)
	}
	if got := list(2); len(got) != 2 || got[0].Serial != 2 || got[1].Serial != 3 {
		t.Errorf("from the second on there are %d", len(got))
	}
	var steps []string
	if err := a.Steps(t.Context(), "2026-s1", "unit-0", func(r *analytics.Released) error {
		steps = append(steps, fmt.Sprint(r.Serial, ":", r.Tally.N))
		return nil
	}); err != nil || strings.Join(steps, " ") != "1:10 2:30 3:50" {
		t.Errorf("its steps are %v, %v", steps, err)
	}
	for _, serial := range []int{1, 3, 5} { // only the fourth is next
		r := list(1)[0]
		r.Serial = serial
		if err := a.PutRelease(t.Context(), r); survey.CodeOf(err) != survey.Conflict {
			t.Errorf("release %d is added: %v", serial, err)
		}
	}
	before, err := a.Revisions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	forged := forge(list(3)[0])
	if err := a.PutRelease(t.Context(), forged); err != nil {
		t.Fatal(err)
	}
	after, err := a.Revisions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if before[projection.AllReleases] >= after[projection.AllReleases] {
		t.Errorf("the revision of releases went from %d to %d", before[projection.AllReleases], after[projection.AllReleases])
	}
	if newest, err := a.NewestReleases(t.Context(), "2026-s1"); err != nil || len(newest) != 1 || newest["unit-0"] != 4 {
		t.Errorf("newest: %v, %v", newest, err)
	}
	if newest, err := a.NewestReleases(t.Context(), "2026"); err != nil || len(newest) != 0 {
		t.Errorf("another period's: %v, %v", newest, err)
	}
	if v := a.verify(t); v.Releases != 4 || len(v.Wrong) != 1 {
		t.Errorf("of %d releases are wrong: %v", v.Releases, v.Wrong)
	}
	a.now = a.now.Add(time.Hour)
	a.answers(t, m, 20, "unit-0", survey.ModeQR)
	if err := a.Refresh(t.Context()); err != nil {
		t.Errorf("figures stand still: %v", err)
	}
	if n, err := a.releaser.Release(t.Context(), a.directory, a.now); err == nil {
		t.Errorf("%d releases are made after one that is wrong", n)
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

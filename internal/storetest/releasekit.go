package storetest

import (
	"fmt"
	"testing"
	"time"

	"persepsi/analytics"
	"persepsi/internal/projection"
	"persepsi/survey"
)

// releasedCity is a city of three units whose figures are released.
type releasedCity struct {
	*OpenStore
	directory *survey.Directory
	releaser  *projection.Releaser
	now       time.Time
	stored    bool
	imports   int
}

// newReleasedCity opens a handle onto a store with a releaser of its own.
func newReleasedCity(t *testing.T, open func() Store, every time.Duration) *releasedCity {
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
	r := &releasedCity{OpenStore: handle(t, open), stored: true}
	if r.directory, err = survey.NewDirectory(applied.Catalogue, lib, methods); err != nil {
		t.Fatal(err)
	}
	r.releaser = projection.NewReleaser(r.Projector, every, func() bool { return r.stored })
	return r
}

// answers stores n answers of a unit that were received before now.
func (r *releasedCity) answers(t *testing.T, m *Maker, n int, unit string, mode survey.Mode) {
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
func (r *releasedCity) release(t *testing.T) string {
	t.Helper()
	if err := r.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := r.releaser.Release(t.Context(), r.directory, r.now); err != nil {
		t.Fatal(err)
	}
	return r.shown(t)
}

func (r *releasedCity) shown(t *testing.T) string {
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
func (r *releasedCity) tables(t *testing.T, unit string, serial int) int64 {
	t.Helper()
	if tables := r.readTables(t, unit, serial); tables != nil {
		return tables.Tally.N
	}
	return 0
}

// readTables returns the tables of a release, nil where it has none.
func (r *releasedCity) readTables(t *testing.T, unit string, serial int) *analytics.OpenTables {
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

func (r *releasedCity) verify(t *testing.T) projection.VerifyResult {
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

// live returns the tally of a unit's answers, with its breakdown.
func (r *releasedCity) live(t *testing.T, unit string) *analytics.Tally {
	t.Helper()
	tally, err := r.Tally(t.Context(), analytics.Key{Period: "2026-s1", Unit: unit, Form: r.directory.Form("2026-s1").ID, Level: analytics.LevelPeriod})
	if err != nil {
		t.Fatal(err)
	}
	return tally
}

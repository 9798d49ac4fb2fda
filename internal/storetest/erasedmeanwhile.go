package storetest

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"persepsi/analytics"
	"persepsi/internal/projection"
	"persepsi/internal/retention"
	"persepsi/survey"
)

// interposedStore does something once, before rows are read that others have told of.
type interposedStore struct {
	Store
	hook func()
}

func (s *interposedStore) once() {
	if then := s.hook; then != nil {
		s.hook = nil
		then()
	}
}

func (s *interposedStore) Rows(ctx context.Context, period string, days map[string][]survey.Date, fn func(*survey.Response) error) error {
	s.once()
	return s.Store.Rows(ctx, period, days, fn)
}

func (s *interposedStore) Scans(ctx context.Context, f analytics.TallyFilter, fn func(projection.Scan) error) error {
	return s.Store.Scans(ctx, f, func(m projection.Scan) error { return fn(&interposedScan{m, s}) })
}

// interposedScan does it after the period was found to be whole and before its answers are
// counted.
type interposedScan struct {
	projection.Scan
	store *interposedStore
}

func (s *interposedScan) Parts(ctx context.Context) ([]projection.Part, error) {
	s.store.once()
	return s.Scan.Parts(ctx)
}

// erasedMeanwhile begins an erasure, and ends it, in the middle of a check of releases or
// of a recount; then another period's.
func erasedMeanwhile(t *testing.T, e Engine) {
	x := newExpiredCity(t, e)
	before := x.kept(t)
	s := &interposedStore{x.Store, func() { x.erase(t) }}
	p := projection.New(s, Library(t))
	if e.Alone { // a recount reads one moment of it
		if v, err := p.Verify(t.Context(), "2026-s1", x.directory.Form("2026-s1")); err != nil || len(v.Wrong) > 0 || v.Releases < 8 {
			t.Errorf("%d releases, wrong are %q, err = %v", v.Releases, v.Wrong, err)
		}
	} else if n, err := p.Recount(t.Context(), "2026-s1"); err != nil || n.Differing > 0 || n.Moving > 0 || n.Responses == 0 {
		t.Errorf("recount = %+v, err = %v", n, err)
	}
	if s.hook != nil || x.legible(t) != 0 {
		t.Errorf("%d answers tell something still", x.legible(t))
	}
	if diff := cmp.Diff(before, x.kept(t)); diff != "" {
		t.Errorf("tallies or releases are others (-want +got):\n%.2000s", diff)
	}
	x.sound(t, "erased")

	// Whoever settles and finds a damaged day makes it of what is left.
	day := analytics.Key{Period: "2026-s1", Unit: "unit-1", Form: "terpadu-16@1", Level: analytics.LevelDay, Start: survey.NewDate(2026, 1, 2)}
	e.Spoil(t, x.Store, day, []byte("x"))
	m := NewMaker(t, 89)
	late := m.Response()
	late.Unit, late.Day = day.Unit, day.Start
	mustAppend(t, x, []*survey.Response{late})
	if n, err := x.Recount(t.Context(), ""); err != nil || !slices.Contains(n.Corrections, analytics.Correction{Key: day, Damaged: true}) {
		t.Errorf("recount = %+v, err = %v, want the day to be mended", n, err)
	}
	if keys := x.telling(t); len(keys) > 0 {
		t.Errorf("%v tell of respondents", keys)
	}

	// Nothing of another period goes, nor is it done.
	other := survey.Erasure{Period: "2025-s2", At: x.now.UTC(), Day: survey.NewDate(2026, 7, 31), Months: 1}
	list := m.Batch(3)
	for _, r := range list {
		r.Period = other.Period
	}
	if _, err := x.Import(t.Context(), &survey.Import{Period: other.Period, Units: []survey.ImportedUnit{{Unit: "unit-0", Rows: 3, Digest: "d19e57"}}}, list); err != nil {
		t.Fatal(err)
	}
	mustSettle(t, x.OpenStore)
	if err := x.BeginErasure(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	for range 30 {
		if err := retention.Erase(t.Context(), x.Store, "2026-s1"); !errors.Is(err, retention.ErrNotNow) {
			break
		}
	}
	if err := x.EndErasure(t.Context(), "2026-s1"); err != nil {
		t.Fatal(err)
	}
	if err := x.Imports(t.Context(), func(i *survey.Import) error {
		if (i.Units[0].Digest == "") == (i.Period == other.Period) {
			t.Errorf("import %d of %s has the digest %q", i.Serial, i.Period, i.Units[0].Digest)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	erasures, err := x.Erasures(t.Context())
	if err != nil || len(erasures) != 2 || erasures[0].Done || erasures[0].Sealed || !erasures[1].Done {
		t.Errorf("erasures %+v, err = %v", erasures, err)
	}
}

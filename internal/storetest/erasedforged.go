package storetest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"persepsi/analytics"
	"persepsi/internal/projection"
	"persepsi/survey"
)

// releaseForger tells of a unit's newest release something else than is stored.
type releaseForger struct {
	Store
	unit     string
	forge    func(r *projection.Release)
	unsealed bool // it tells of no seal either
}

func (s *releaseForger) Seal(ctx context.Context, period string) (*survey.Seal, error) {
	if s.unsealed {
		return nil, nil //nolint:nilnil // there is none
	}
	return s.Store.Seal(ctx, period)
}

func (s *releaseForger) Releases(ctx context.Context, period, unit string, from int, fn func(projection.StoredRelease) error) error {
	newest, err := s.NewestReleases(ctx, period)
	if err != nil {
		return err
	}
	return s.Store.Releases(ctx, period, unit, from, func(r projection.StoredRelease) error {
		if unit != s.unit || r.Serial != newest[unit] {
			return fn(r)
		}
		of := new(projection.Release)
		if err := json.Unmarshal(r.Body, of); err != nil {
			return err
		}
		s.forge(of)
		if r.Body, err = json.Marshal(of); err != nil {
			return err
		}
		sum := sha256.Sum256(r.Body)
		r.Checksum = hex.EncodeToString(sum[:])
		return fn(r)
	})
}

// erasedForged forges figures of an erased period: what the answers tell still is
// compared as ever.
func erasedForged(t *testing.T, e Engine) {
	x := newExpiredCity(t, e)
	x.erase(t)
	lib, form := Library(t), x.directory.Form("2026-s1")
	again := func(tally []byte, change func(*survey.Response)) []byte { // with one answer more
		old, err := analytics.DecodeTally(lib, tally)
		if err != nil {
			t.Fatal(err)
		}
		r := NewMaker(t, 85).Batch(1)[0]
		change(r)
		if err := old.Add(r); err != nil {
			t.Fatal(err)
		}
		return old.Encode()
	}
	for _, tc := range []struct {
		name  string
		wrong int // without a seal
		forge func(r *projection.Release)
	}{
		{"nothing", 0, func(*projection.Release) {}},
		{"totals", 1, func(r *projection.Release) { r.Totals[len(r.Totals)-1] ^= 1 }},
		{"whole answers", 1, func(r *projection.Release) { r.Whole = r.Totals }},
		{"that it is not cleared", 1, func(r *projection.Release) { r.Cleared = 0 }},
		{"how many it holds", 1, func(r *projection.Release) { r.Held[survey.KindCitizen]++ }},
		{"up to when a question is counted", 1, func(r *projection.Release) { r.Through[survey.KindCitizen][0]-- }},
		{"that it was cleared on another day", 1, func(r *projection.Release) { r.Cleared++ }},
		{"fewer respondents", 1, func(r *projection.Release) { r.People[0] = []int64{0, 5, 6} }},
		{"more respondents", 1, func(r *projection.Release) { r.People[0][1] += 4000 }},
		{"few respondents", 1, func(r *projection.Release) { r.People[0] = []int64{-1, -1, 3} }},
		{"respondents of one field alone", 1, func(r *projection.Release) { r.People = r.People[:1] }},
		{"no respondents", 0, func(r *projection.Release) { r.People = nil }},
		{"from when on a field is counted", 1, func(r *projection.Release) {
			list := r.Through[survey.KindCitizen]
			list[len(list)-1]++
		}},
		{"other whole respondents", 1, func(r *projection.Release) { r.WholePeople = r.People }},
		{"respondents below none", 1, func(r *projection.Release) {
			r.People[0][0] -= 1000
			r.People[0][1] += 1000
		}},
		{"who was removed", 1, func(r *projection.Release) {
			r.Removed = append(r.Removed, projection.Partial{Serial: 1, IDs: r.Added[0].IDs[:16]})
		}},
		{"no tables", 1, func(r *projection.Release) { r.Tables = nil }},
		{"tables of one more", 1, func(r *projection.Release) {
			r.Tables.Tally = again(r.Tables.Tally, func(a *survey.Response) { a.Service = "" })
		}},
		{"tables that nobody can read", 1, func(r *projection.Release) { r.Tables.Tally = []byte("x") }},
		{"who told something of themselves", 0, func(r *projection.Release) {
			most := slices.Index(r.People[0], slices.Max(r.People[0]))
			r.People[0][most] -= 5
			r.People[0][(most+1)%len(r.People[0])] += 5
		}},
		{"which cells may be shown", 0, func(r *projection.Release) {
			r.Tables.Shown = append(r.Tables.Shown, analytics.ShownCells{By: "sex", Codes: []string{"L"}})
		}},
		{"when it was made", 0, func(r *projection.Release) { r.At = r.At.Add(time.Second) }},
		{"tables of another rule", 1, func(r *projection.Release) { r.Tables.Version++ }},
	} {
		p := projection.New(&releaseForger{x.Store, "unit-0", tc.forge, true}, lib)
		if v, err := p.Verify(t.Context(), "2026-s1", form); err != nil || len(v.Wrong) != tc.wrong {
			t.Errorf("%s: wrong are %q, err = %v", tc.name, v.Wrong, err)
		}
		wrong := 1
		if tc.name == "nothing" {
			wrong = 0
		}
		p = projection.New(&releaseForger{x.Store, "unit-0", tc.forge, false}, lib)
		if v, err := p.Verify(t.Context(), "2026-s1", form); err != nil || len(v.Wrong) != wrong {
			t.Errorf("%s, of a sealed period: wrong are %q, err = %v", tc.name, v.Wrong, err)
		}
	}
	for _, unit := range []string{"unit-0", "unit-1"} { // one that has fewer releases, or none
		newest := func(n int) map[string]int { return map[string]int{unit: n} }
		for n := range 2 {
			p := projection.New(&truncatingStore{x.Store, newest(n)}, lib)
			if v, err := p.Verify(t.Context(), "2026-s1", form); err != nil || len(v.Wrong) != 1 {
				t.Errorf("%d releases of %s are left: wrong are %q, err = %v", n, unit, v.Wrong, err)
			}
		}
	}

	// A tally that can be read, and tells of others than were stored.
	before := x.kept(t)
	day := analytics.Key{Period: "2026-s1", Unit: "unit-0", Form: form.ID, Level: analytics.LevelDay, Start: survey.NewDate(2026, 1, 2)}
	old, err := x.Tally(t.Context(), day)
	if err != nil || old == nil {
		t.Fatal(old, err)
	}
	e.Spoil(t, x.Store, day, again(old.Encode(), func(*survey.Response) {}))
	x.mends(t, "a tally of one more", day)
	if diff := cmp.Diff(before, x.kept(t)); diff != "" {
		t.Errorf("mended are others (-want +got):\n%.2000s", diff)
	}
}

// mends fails where a recount finds anything else than tallies that differ from answers.
func (x *expiredCity) mends(t *testing.T, what string, keys ...analytics.Key) {
	t.Helper()
	n, err := x.Recount(t.Context(), "")
	var got []analytics.Key
	for _, m := range n.Corrections {
		got = append(got, m.Key)
	}
	slices.SortFunc(got, analytics.Key.Compare)
	slices.SortFunc(keys, analytics.Key.Compare)
	if err != nil || !slices.Equal(got, keys) || n.Differing != len(keys) {
		t.Errorf("%s: recount = %+v, err = %v, want %v to be mended", what, n, err, keys)
	}
}

// erasedAnswers forges and removes answers of an erased period: what is told of it is what
// is told of any other.
func erasedAnswers(t *testing.T, e Engine) {
	x := newExpiredCity(t, e)
	x.erase(t)
	before := x.kept(t)
	day := analytics.Key{Period: "2026-s1", Unit: "unit-0", Form: "terpadu-16@1", Level: analytics.LevelDay, Start: survey.NewDate(2026, 1, 2)}
	all := append(day.Rollups(), day)
	var of survey.Response
	if err := x.Responses(t.Context(), survey.Filter{Period: day.Period, Unit: day.Unit}, func(r *survey.Response) error {
		if r.Day == day.Start && r.Answers.At(0) > 0 {
			of = x.given[r.ID]
		}
		return nil
	}); err != nil || of.Answers == "" {
		t.Fatal(of, err)
	}
	values := make([]int, len(x.directory.Form(day.Period).Questions))
	for q := range values {
		values[q] = of.Answers.At(q)
	}
	values[0] = 1 + values[0]%4
	e.SpoilAnswers(t, x.Store, of.ID, survey.MakeMarks(values))
	x.mends(t, "another score", all...)
	if v := x.verify(t); len(v.Wrong) != 1 {
		t.Errorf("another score: wrong are %q, want a release of the unit", v.Wrong)
	}
	e.SpoilAnswers(t, x.Store, of.ID, of.Answers)
	x.mends(t, "as it was", all...)
	x.sound(t, "as it was")
	if diff := cmp.Diff(before, x.kept(t)); diff != "" {
		t.Errorf("tallies or releases are others (-want +got):\n%.2000s", diff)
	}
	e.SpoilAnswers(t, x.Store, of.ID, "")
	x.mends(t, "an answer less", all...)
	if v := x.verify(t); len(v.Wrong) != 1 {
		t.Errorf("an answer less: wrong are %q, want a release of the unit", v.Wrong)
	}
}

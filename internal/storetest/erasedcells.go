package storetest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/internal/audit"
	"persepsi/internal/projection"
	"persepsi/internal/retention"
	"persepsi/survey"
)

// truncatingStore tells of no more than the first releases of some units.
type truncatingStore struct {
	Store
	newest map[string]int
}

func (s *truncatingStore) NewestReleases(ctx context.Context, period string) (map[string]int, error) {
	out, err := s.Store.NewestReleases(ctx, period)
	for unit, n := range s.newest {
		if out[unit] = n; n == 0 {
			delete(out, unit)
		}
	}
	return out, err
}

func (s *truncatingStore) Releases(ctx context.Context, period, unit string, from int, fn func(projection.StoredRelease) error) error {
	return s.Store.Releases(ctx, period, unit, from, func(r projection.StoredRelease) error {
		if n, ok := s.newest[unit]; ok && r.Serial > n {
			return nil
		}
		return fn(r)
	})
}

// toldOtherwise counts a unit's answers of a period, or of one day of it, as if one of
// that day had told something else: so that they add up.
func (x *expiredCity) toldOtherwise(t *testing.T, of, day analytics.Key) []byte {
	t.Helper()
	form := x.directory.Form(of.Period)
	out := analytics.NewTally(form)
	changed := uuid.UUID{}
	for id, r := range x.given {
		if r.Unit == day.Unit && r.Day == day.Start && !x.takenOut[id] && (changed == uuid.UUID{} || id.String() < changed.String()) {
			changed = id
		}
	}
	for id, r := range x.given {
		if r.Unit != of.Unit || of.Level == analytics.LevelDay && r.Day != of.Start || of.Level == analytics.LevelMonth && r.Day.Month() != of.Start || x.takenOut[id] {
			continue
		}
		if id == changed {
			values := make([]int, len(form.Fields))
			for f := range values {
				values[f] = 1 + r.Respondent.At(f)%len(form.Fields[f].Categories)
			}
			r.Respondent = survey.MakeMarks(values)
		}
		if err := out.Add(&r); err != nil {
			t.Fatal(err)
		}
	}
	return out.Encode()
}

// erasedCells forges what respondents told of an erased period, such that it adds up to
// the answers. No answer tells it: a recount names it and takes it away.
func erasedCells(t *testing.T, e Engine) {
	x := newExpiredCity(t, e)
	x.erase(t)
	before := x.kept(t)
	day := analytics.Key{Period: "2026-s1", Unit: "unit-0", Form: "terpadu-16@1", Level: analytics.LevelDay, Start: survey.NewDate(2026, 1, 2)}
	for _, k := range append(day.Rollups(), day) {
		e.Spoil(t, x.Store, k, x.toldOtherwise(t, k, day))
		n, err := x.Recount(t.Context(), "")
		if err != nil || !slices.Equal(n.Corrections, []analytics.Correction{{Key: k}}) {
			t.Errorf("recount = %+v, err = %v, want level %d to be mended", n, err, k.Level)
		}
		if diff := cmp.Diff(before, x.kept(t)); diff != "" || len(x.telling(t)) > 0 {
			t.Errorf("%d tallies tell of respondents; mended are others (-want +got):\n%.2000s", len(x.telling(t)), diff)
		}
	}
}

// erasedSealed stores answers while a period is sealed.
func erasedSealed(t *testing.T, e Engine) {
	x := newExpiredCity(t, e)
	of := survey.Erasure{Period: "2026-s1", At: x.now.UTC(), Day: survey.NewDate(2026, 7, 31), Months: 1}
	seal := func() (*survey.Seal, int64) {
		t.Helper()
		out, at, err := x.MakeSeal(t.Context(), of.Period)
		if err != nil || len(out.Units) != 2 || out.Units[0].Release < 3 || len(out.Units[0].Checksum) != 64 {
			t.Fatalf("seal %+v, err = %v", out, err)
		}
		return out, at
	}
	put := func(at int64, seal *survey.Seal) error {
		return x.PutSeal(t.Context(), of.Period, at, seal, audit.Entry{Action: "erase", Subject: of.Period})
	}
	first, at := seal()
	if err := put(at, first); survey.CodeOf(err) != survey.Conflict {
		t.Errorf("sealed before the erasure began: %v", err)
	}
	m := NewMaker(t, 87)
	mustAppend(t, x, m.Batch(2))
	if err := x.BeginErasure(t.Context(), of); !errors.Is(err, retention.ErrNotNow) {
		t.Errorf("begun while answers are not counted: %v", err)
	}
	mustSettle(t, x.OpenStore)
	if err := x.BeginErasure(t.Context(), of); err != nil {
		t.Fatal(err)
	}
	if err := x.ClearReleases(t.Context(), of.Period, of.Day); err != nil {
		t.Fatal(err)
	}
	// While the answers are whole a damaged tally loses nothing.
	kept := x.kept(t)
	e.Spoil(t, x.Store, analytics.Key{Period: of.Period, Unit: "unit-0", Form: "terpadu-16@1", Level: analytics.LevelDay, Start: survey.NewDate(2026, 1, 2)}, []byte("x"))
	if n, err := x.Recount(t.Context(), ""); err != nil || n.Differing != 1 || len(n.Corrections) != 1 {
		t.Errorf("recount = %+v, err = %v", n, err)
	}
	if diff := cmp.Diff(kept, x.kept(t)); diff != "" {
		t.Errorf("a mended day is another (-want +got):\n%.2000s", diff)
	}
	if err := retention.Erase(t.Context(), x.Store, of.Period); !errors.Is(err, retention.ErrNotNow) || x.legible(t) != len(x.given)+2 {
		t.Errorf("erased before there was a seal: %v", err)
	}
	if got, err := x.Seal(t.Context(), of.Period); err != nil || got != nil {
		t.Errorf("there is a seal %+v, err = %v", got, err)
	}
	first, at = seal()
	if err := x.ClearReleases(t.Context(), of.Period, of.Day); err != nil { // once more
		t.Fatal(err)
	}
	mustAppend(t, x, m.Batch(5))
	if err := put(at, first); !errors.Is(err, retention.ErrNotNow) {
		t.Errorf("sealed while answers are not counted: %v", err)
	}
	mustSettle(t, x.OpenStore)
	if err := put(at, first); !errors.Is(err, retention.ErrNotNow) {
		t.Errorf("sealed what was counted since: %v", err)
	}
	again, at := seal()
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("late answers change the seal (-before +after):\n%s", diff)
	}
	loaded := x.telling(t)
	docs, err := x.Load(t.Context(), loaded)
	if err != nil || len(loaded) < 10 {
		t.Fatal(len(loaded), err)
	}
	if err := put(at, again); err != nil {
		t.Fatal(err)
	}
	if now, err := x.Revisions(t.Context()); err != nil || now[of.Period] <= at {
		t.Errorf("the revision is %d after the seal, %d before, err = %v", now[of.Period], at, err)
	}
	if err := put(at, again); survey.CodeOf(err) != survey.Conflict && !errors.Is(err, retention.ErrNotNow) {
		t.Errorf("sealed twice: %v", err)
	}
	if got, err := x.Seal(t.Context(), of.Period); err != nil || !cmp.Equal(got, again) {
		t.Errorf("the seal is %+v, err = %v", got, err)
	}
	x.erase(t)
	if list, err := x.Erasures(t.Context()); err != nil || len(list) != 1 || !list[0].Sealed || !list[0].Done {
		t.Errorf("erasures %+v, err = %v", list, err)
	}
	x.sound(t, "sealed")
	// Whoever read a tally before the seal puts it back by no means.
	for _, k := range loaded {
		told := docs[k].Tally
		left, err := x.Save(t.Context(), new(projection.Batch), []projection.Put{{Key: k, Old: docs[k], Tally: told, Made: docs[k].Made}})
		if err == nil && len(left) == 0 {
			t.Errorf("%+v was put back", k)
		}
	}
	if keys := x.telling(t); len(keys) > 0 {
		t.Errorf("%v tell of respondents again", keys)
	}
}

// sealForger tells of another seal, and of other erasures, than are stored.
type sealForger struct {
	Store
	change func(*survey.Seal) *survey.Seal
	none   bool
}

func (s *sealForger) Seal(ctx context.Context, period string) (*survey.Seal, error) {
	seal, err := s.Store.Seal(ctx, period)
	if err != nil {
		return nil, err
	}
	return s.change(seal), nil
}

func (s *sealForger) Erasures(ctx context.Context) ([]survey.Erasure, error) {
	list, err := s.Store.Erasures(ctx)
	if s.none {
		list = nil
	}
	return list, err
}

// erasedSeals forges the seal of an erased period.
func erasedSeals(t *testing.T, e Engine) {
	x := newExpiredCity(t, e)
	say := func(action, what string) {
		t.Helper()
		said := audit.Entry{Action: action, Subject: "2026-s1"}
		if what != "" {
			said.Changes = []audit.Change{{What: what, After: "x"}}
		}
		if err := x.Audit(t.Context(), said); err != nil {
			t.Fatal(err)
		}
	}
	say(audit.Erase, "") // as earlier builds tell it
	say(audit.Erase, "seal 2026-s1 unit-0")
	say("amend", "periods.2026-s1.methods.ipak")
	x.erase(t)
	say(audit.Erase, "seal of 2026-s1 unit-0") // whoever seals again changes nothing by it
	mustAppend(t, x, NewMaker(t, 88).Batch(3))
	x.erase(t) // what comes late is told by another entry, without a seal
	for name, tc := range map[string]struct {
		sealForger
		want string
	}{
		"nothing":        {sealForger{change: func(s *survey.Seal) *survey.Seal { return s }}, ""},
		"the release":    {sealForger{change: func(s *survey.Seal) *survey.Seal { s.Units[0].Release++; return s }}, "the seal of 2026-s1 unit-0 is another one than the audit told"},
		"its checksum":   {sealForger{change: func(s *survey.Seal) *survey.Seal { s.Units[1].Checksum += "0"; return s }}, "the seal of 2026-s1 unit-1 is another one than the audit told"},
		"a unit is gone": {sealForger{change: func(s *survey.Seal) *survey.Seal { s.Units = s.Units[:1]; return s }}, "the seal of 2026-s1 unit-1 is gone"},
		"a unit is there": {sealForger{change: func(s *survey.Seal) *survey.Seal {
			s.Units = append(s.Units, survey.SealedUnit{Unit: "x", Release: 1})
			return s
		}}, "the seal of 2026-s1 x is another one than the audit told"},
		"all is gone": {sealForger{change: func(*survey.Seal) *survey.Seal { return nil }}, "the seal of 2026-s1 unit-0 is gone; the seal of 2026-s1 unit-1 is gone"},
		"no erasure":  {sealForger{none: true}, "the erasure of period 2026-s1 is gone"},
	} {
		tc.Store = x.Store
		for _, period := range []string{"", "2026-s1", "2027-s1"} {
			want := tc.want
			if period == "2027-s1" {
				want = ""
			}
			got, err := retention.Unsealed(t.Context(), &tc.sealForger, period)
			if err != nil || strings.Join(got, "; ") != want {
				t.Errorf("%s: %q, err = %v, want %q", name, got, err, want)
			}
		}
	}
}

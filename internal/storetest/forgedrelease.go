package storetest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"persepsi/analytics"
	"persepsi/internal/projection"
	"persepsi/survey"
)

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
	a := newReleasedCity(t, e.New(t), 0)
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
	if err := a.Steps(t.Context(), "2026-s1", "unit-0", func(r *analytics.ReleasedTally) error {
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

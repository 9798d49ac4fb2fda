package storetest

import (
	"context"
	"testing"

	"persepsi/analytics"
	"persepsi/internal/projection"
	"persepsi/survey"
)

// Count returns the right tallies of all levels of some responses.
func Count(t testing.TB, form *survey.Form, list []*survey.Response) map[analytics.Key]*analytics.Tally {
	t.Helper()
	out := map[analytics.Key]*analytics.Tally{}
	for _, r := range list {
		k := analytics.KeyOf(r)
		up := k.Rollups()
		for _, k := range []analytics.Key{k, up[0], up[1]} {
			if out[k] == nil {
				out[k] = analytics.NewTally(form)
			}
			if err := out[k].Add(r); err != nil {
				t.Fatal(err)
			}
		}
	}
	return out
}

// CheckTallies compares every stored tally with the right ones.
func CheckTallies(t testing.TB, s *OpenStore, want map[analytics.Key]*analytics.Tally) {
	t.Helper()
	seen := 0
	err := s.Docs(context.Background(), projection.Selection{}, func(k analytics.Key, d projection.Doc) error {
		seen++
		if want[k] == nil {
			t.Errorf("unexpected tally %+v", k)
		} else if string(want[k].Encode()) != string(d.Tally) {
			t.Errorf("tally %+v differs from a count of its %d responses", k, want[k].N)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen != len(want) {
		t.Errorf("%d tallies are stored, want %d", seen, len(want))
	}
}

package storetest

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"persepsi/analytics"
	"persepsi/survey"
)

func catalogues(t *testing.T, e Engine) {
	open := e.New(t)
	s, other := handle(t, open), handle(t, open)
	empty, err := s.Catalogue(t.Context())
	if err != nil || empty.Version != 0 {
		t.Fatalf("catalogue = %+v, err = %v, want an empty one", empty, err)
	}
	c := &survey.Catalogue{
		Version: 1, City: survey.City{Name: "Kota Contoh", TimeZone: "Asia/Makassar"},
		Agencies: []survey.Agency{{Code: "a", Name: "Dinas", Units: []survey.Unit{{Code: "u", Name: "Unit"}}}},
		Periods:  []survey.Period{{Code: "p", From: 1, To: 2, Instruments: []string{"skm-9@1"}, Population: map[string]int{"u": 3}}},
	}
	if err := s.PutCatalogue(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	for _, version := range []int64{1, 3} {
		wrong := *c
		wrong.Version = version
		if err := other.PutCatalogue(t.Context(), &wrong); survey.CodeOf(err) != survey.Conflict {
			t.Errorf("version %d: err = %v, want Conflict", version, err)
		}
	}
	got, err := other.Catalogue(t.Context())
	if diff := cmp.Diff(c, got); err != nil || diff != "" {
		t.Errorf("catalogue (-want +got), err = %v:\n%s", err, diff)
	}
	// Of many who write the next version at once, one wins.
	var won atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			next := *c
			next.Version = 2
			switch err := s.PutCatalogue(t.Context(), &next); {
			case err == nil:
				won.Add(1)
			case survey.CodeOf(err) != survey.Conflict:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if v, err := other.CatalogueVersion(t.Context()); v != 2 || won.Load() != 1 || err != nil {
		t.Errorf("version %d after %d winners, err = %v; want 2 after one", v, won.Load(), err)
	}
}

func evaluations(t *testing.T, e Engine) {
	s := fresh(t, e)
	first := analytics.Evaluation{
		Period: "p", Unit: "u", Version: 1, Achievement: "B", Areas: map[string]string{"sdm": "7.25"}, Who: "TPI", Why: "uji",
		Key: "k", At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
	}
	second := first
	second.Version, second.Achievement, second.Pengungkit = 2, "A", "47.875"
	for _, x := range []struct {
		entry analytics.Evaluation
		want  survey.Code
	}{{second, survey.Conflict}, {first, ""}, {first, survey.Conflict}, {second, ""}} {
		err := s.PutEvaluation(t.Context(), x.entry)
		if x.want == "" && err != nil || x.want != "" && survey.CodeOf(err) != x.want {
			t.Errorf("version %d: err = %v, want %q", x.entry.Version, err, x.want)
		}
	}
	other := first
	other.Unit = "v"
	if err := s.PutEvaluation(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	got, err := s.Evaluations(t.Context(), "p")
	if diff := cmp.Diff([]analytics.Evaluation{second, other}, got); err != nil || diff != "" {
		t.Errorf("evaluations (-want +got), err = %v:\n%s", err, diff)
	}
	if got, err := s.Evaluations(t.Context(), "q"); err != nil || len(got) != 0 {
		t.Errorf("evaluations of another period = %v, err = %v", got, err)
	}
}

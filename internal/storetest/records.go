package storetest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"persepsi/analytics"
	"persepsi/internal/audit"
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

// evaluationsTogether: all or none; a store that can't, says before which unit it stored some.
func evaluationsTogether(t *testing.T, e Engine) {
	s := fresh(t, e)
	entry := func(unit string, version int) analytics.Evaluation {
		return analytics.Evaluation{Period: "p", Unit: unit, Version: version, Why: "uji"}
	}
	record := func(list ...analytics.Evaluation) error {
		said := make([]audit.Entry, len(list))
		for i := range list {
			said[i] = audit.Entry{Subject: fmt.Sprintf("%s %d", list[i].Unit, list[i].Version), At: time.UnixMilli(5)}
		}
		return s.RecordEvaluations(t.Context(), list, said)
	}
	if err := record(entry("u", 1), entry("v", 1)); err != nil {
		t.Fatal(err)
	}
	err := record(entry("u", 2), entry("v", 1), entry("w", 1))
	var refused *survey.Error
	if !errors.As(err, &refused) || refused.Code != survey.Conflict {
		t.Fatalf("an entry that is stored already: err = %v, want a conflict", err)
	}
	want, told := []analytics.Evaluation{entry("u", 1), entry("v", 1)}, "u 1, v 1"
	if len(refused.Faults) > 0 {
		if f := refused.Faults[0]; e.Alone || f.Field != "v" || f.Code != "partly" {
			t.Errorf("it says %+v", f)
		}
		want[0], told = entry("u", 2), told+", u 2"
	}
	got, err := s.Evaluations(t.Context(), "p")
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("evaluations (-want +got), err = %v:\n%s", err, diff)
	}
	var subjects []string
	for _, x := range entriesOf(t, s) {
		subjects = append(subjects, x.Subject)
	}
	if got := strings.Join(subjects, ", "); got != told {
		t.Errorf("the audit tells of %s, want %s", got, told)
	}
	if err := record(entry("u", 1), entry("w", 1)); survey.CodeOf(err) != survey.Conflict {
		t.Errorf("the first is stored already: err = %v", err)
	}
	if got, err := s.Evaluations(t.Context(), "p"); err != nil || len(got) != 2 {
		t.Errorf("%d units, err = %v, want 2", len(got), err)
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
	// Neither another unit's nor another period's entries are in a history, however
	// alike their codes are.
	for _, at := range [][2]string{{"p", "u/1"}, {"p", "u1"}, {"p/u", "1"}} {
		alike := first
		alike.Period, alike.Unit = at[0], at[1]
		if err := s.PutEvaluation(t.Context(), alike); err != nil {
			t.Fatal(err)
		}
	}
	for version := 3; version <= 11; version++ { // as text 10 comes before 2
		next := second
		next.Version = version
		if err := s.PutEvaluation(t.Context(), next); err != nil {
			t.Fatal(err)
		}
	}
	history, err := s.EvaluationHistory(t.Context(), "p", "u")
	if err != nil || len(history) != 11 {
		t.Fatalf("the history has %d entries, err = %v, want 11", len(history), err)
	}
	if diff := cmp.Diff([]analytics.Evaluation{first, second}, history[:2]); diff != "" || history[10].Version != 11 {
		t.Errorf("history (-want +got), the last is version %d:\n%s", history[10].Version, diff)
	}
	if got, err := s.EvaluationHistory(t.Context(), "p", "w"); err != nil || len(got) != 0 {
		t.Errorf("history of a unit without entries = %v, err = %v", got, err)
	}
}

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
	if err := s.RecordCatalogue(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	for _, version := range []int64{1, 3} {
		wrong := *c
		wrong.Version = version
		if err := other.RecordCatalogue(t.Context(), &wrong); survey.CodeOf(err) != survey.Conflict {
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
			switch err := s.RecordCatalogue(t.Context(), &next); {
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

// evaluationsTogether: entries of several units are stored all or none, with all that the audit
// tells of them.
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
	holds := func(told string, want ...analytics.Evaluation) {
		t.Helper()
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
	}
	if err := record(); err != nil {
		t.Errorf("none: %v", err)
	}
	if err := record(entry("v", 1), entry("u", 1)); err != nil {
		t.Fatal(err)
	}
	holds("v 1, u 1", entry("u", 1), entry("v", 1))
	var refused *survey.Error
	if err := record(entry("u", 2), entry("v", 1), entry("w", 1), entry("x", 3)); !errors.As(err, &refused) || refused.Code != survey.Conflict {
		t.Fatalf("an entry that is stored already: err = %v, want a conflict", err)
	}
	want := []survey.Fault{
		{Field: "v", Code: "conflict", Message: "version 1 of the entry is stored, and version 0 was read"},
		{Field: "x", Code: "conflict", Message: "version 0 of the entry is stored, and version 2 was read"},
	}
	if diff := cmp.Diff(want, refused.Faults); diff != "" {
		t.Errorf("it names (-want +got):\n%s", diff)
	}
	other := entry("w", 1)
	other.Period = "q"
	for name, list := range map[string][]analytics.Evaluation{"of two periods": {entry("u", 2), other}, "of one unit": {entry("u", 2), entry("u", 3)}} {
		if err := record(list...); survey.CodeOf(err) != survey.Invalid {
			t.Errorf("entries %s: err = %v", name, err)
		}
	}
	holds("v 1, u 1", entry("u", 1), entry("v", 1))
	// One alone goes on where several were.
	if err := s.RecordEvaluation(t.Context(), entry("u", 2), audit.Entry{Subject: "u 2", At: time.UnixMilli(5)}); err != nil {
		t.Fatal(err)
	}
	if err := record(entry("u", 3), entry("w", 1)); err != nil {
		t.Fatal(err)
	}
	holds("v 1, u 1, u 2, u 3, w 1", entry("u", 3), entry("v", 1), entry("w", 1))
	history, err := s.EvaluationHistory(t.Context(), "p", "u")
	if diff := cmp.Diff([]analytics.Evaluation{entry("u", 1), entry("u", 2), entry("u", 3)}, history); err != nil || diff != "" {
		t.Errorf("history (-want +got), err = %v:\n%s", err, diff)
	}
}

// evaluationsRace: of entries that were read over the same ones and are stored at once, some are
// stored whole and the others not at all.
func evaluationsRace(t *testing.T, e Engine) {
	s := fresh(t, e)
	const units, writers = 5, 6
	var wg sync.WaitGroup
	var won atomic.Int64
	for n := range writers {
		wg.Go(func() {
			var list []analytics.Evaluation
			var said []audit.Entry
			for unit := range units {
				who := fmt.Sprintf("penilai %d", n)
				list = append(list, analytics.Evaluation{Period: "p", Unit: fmt.Sprintf("u%d", (unit+n)%units), Version: 1, Who: who})
				said = append(said, audit.Entry{Subject: who, At: time.UnixMilli(5)})
			}
			if n == 0 { // one that touches a single unit
				list, said = list[:1], said[:1]
			}
			switch err := s.RecordEvaluations(t.Context(), list, said); {
			case err == nil:
				won.Add(1)
			case survey.CodeOf(err) != survey.Conflict:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	got, err := s.Evaluations(t.Context(), "p")
	if err != nil || len(got) == 0 {
		t.Fatalf("%d units, err = %v", len(got), err)
	}
	for _, x := range got {
		if x.Who != got[0].Who || x.Version != 1 {
			t.Errorf("%s is of %s in version %d, %s of %s", x.Unit, x.Who, x.Version, got[0].Unit, got[0].Who)
		}
	}
	if told := len(entriesOf(t, s)); won.Load() != 1 || told != len(got) {
		t.Errorf("%d were stored; the audit tells of %d entries, %d are stored", won.Load(), told, len(got))
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
		err := s.RecordEvaluation(t.Context(), x.entry)
		if x.want == "" && err != nil || x.want != "" && survey.CodeOf(err) != x.want {
			t.Errorf("version %d: err = %v, want %q", x.entry.Version, err, x.want)
		}
	}
	other := first
	other.Unit = "v"
	if err := s.RecordEvaluation(t.Context(), other); err != nil {
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
		if err := s.RecordEvaluation(t.Context(), alike); err != nil {
			t.Fatal(err)
		}
	}
	for version := 3; version <= 11; version++ { // as text 10 comes before 2
		next := second
		next.Version = version
		if err := s.RecordEvaluation(t.Context(), next); err != nil {
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

package ingest

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/internal/audit"
	"persepsi/survey"
)

// memoryQuarantine is a Quarantine in memory.
type memoryQuarantine struct {
	rows  []QuarantinedResponse
	crash bool // before the mark is written
}

func (s *memoryQuarantine) Quarantined(_ context.Context, fn func(QuarantinedResponse) error) error {
	for _, a := range s.rows {
		if err := fn(a); err != nil {
			return err
		}
	}
	return nil
}

func (s *memoryQuarantine) Resolve(_ context.Context, number int64, resolution string, at time.Time) error {
	if s.crash {
		return survey.Errorf(survey.Unavailable, "crashed")
	}
	s.rows[number-1].Resolution, s.rows[number-1].ResolvedAt = resolution, at
	return nil
}

// archive is a store with an audit.
type archive struct {
	flaky
	audit []audit.Entry
}

func (a *archive) Audit(_ context.Context, entries ...audit.Entry) error {
	a.audit = append(a.audit, entries...)
	return nil
}

func (a *archive) AuditLog(context.Context, func(audit.Entry) error) error { return nil }

func (a *archive) Find(_ context.Context, ids []uuid.UUID) ([]*survey.Response, error) {
	var out []*survey.Response
	for _, id := range ids {
		if r := a.stored[id]; r != nil {
			out = append(out, r)
		}
	}
	return out, nil
}

// contradicted is a store that holds an answer, and another one under its id
// that was quarantined.
func contradicted(t *testing.T) (*memoryQuarantine, *archive, *survey.Response) {
	t.Helper()
	store := &archive{flaky: flaky{memory: memory{stored: map[uuid.UUID]*survey.Response{}}}}
	r := answer("first")
	if _, err := store.Append(t.Context(), []*survey.Response{r}); err != nil {
		t.Fatal(err)
	}
	other := *r
	other.Comment, other.Period, other.Unit = "second", "2026-s1", "dukcapil-loket"
	return &memoryQuarantine{rows: []QuarantinedResponse{{Response: &other, Number: 1, Reason: otherContent}}}, store, &other
}

func resolve(t *testing.T, s *memoryQuarantine, store *archive, id uuid.UUID, d Decision) (string, error) {
	t.Helper()
	d.Actor = "somebody"
	return ResolveQuarantined(t.Context(), s, store, id, d, time.Unix(1_800_000_000, 0))
}

func TestAContradictedAnswerIsResolvedOnlyByAChoice(t *testing.T) {
	t.Parallel()
	s, store, r := contradicted(t)
	_, err := resolve(t, s, store, r.ID, Decision{})
	if survey.CodeOf(err) != survey.Conflict || !strings.Contains(err.Error(), "--as-new") || !strings.Contains(err.Error(), "--drop --reason") {
		t.Errorf("err = %v, want Conflict that names both choices", err)
	}
	if s.rows[0].Resolution != "" || len(store.audit) != 0 || len(store.stored) != 1 {
		t.Errorf("row %+v, audit %v, %d stored: nothing may have happened", s.rows[0], store.audit, len(store.stored))
	}
}

func TestAnAnswerStoredAsNewIsStoredOnceThoughTheProgramCrashes(t *testing.T) {
	t.Parallel()
	s, store, r := contradicted(t)
	s.rows = append(s.rows, QuarantinedResponse{Response: r, Number: 2, Reason: otherContent}) // sent and quarantined twice
	s.crash = true
	if _, err := resolve(t, s, store, r.ID, Decision{AsNew: true}); err == nil {
		t.Fatal("the crash went unnoticed")
	}
	s.crash = false
	first, err := resolve(t, s, store, r.ID, Decision{AsNew: true})
	if err != nil || !strings.HasPrefix(first, "stored as ") || len(store.stored) != 2 {
		t.Fatalf("%q, %v, %d stored, want two", first, err, len(store.stored))
	}
	second, err := resolve(t, s, store, r.ID, Decision{AsNew: true})
	if err != nil || second != first || len(store.stored) != 2 {
		t.Errorf("the same again: %q, %v, %d stored", second, err, len(store.stored))
	}
	if last := store.audit[len(store.audit)-1]; last.Actor != "somebody" || last.Subject != r.ID.String() || last.Detail != first ||
		!slices.Equal(last.Periods, []string{r.Period}) || !slices.Equal(last.Units, []string{r.Unit}) {
		t.Errorf("audit = %+v", last)
	}
	if _, err := resolve(t, s, store, r.ID, Decision{AsNew: true}); survey.CodeOf(err) != survey.NotFound {
		t.Errorf("resolving what is resolved: %v, want NotFound", err)
	}
}

func TestAsNewStoresNothingThatTheStoreTakesOrHasUnderItsOwnID(t *testing.T) {
	t.Parallel()
	for name, have := range map[string]bool{"stored": false, "duplicate": true} {
		_, store, _ := contradicted(t)
		r := answer("third")
		if have {
			if _, err := store.Append(t.Context(), []*survey.Response{r}); err != nil {
				t.Fatal(err)
			}
		}
		s := &memoryQuarantine{rows: []QuarantinedResponse{{Response: r, Number: 1, Reason: "the store refuses it"}}}
		got, err := resolve(t, s, store, r.ID, Decision{AsNew: true})
		if err != nil || got != name || len(store.stored) != 2 || store.stored[r.ID] == nil {
			t.Errorf("%s: %q, %v, %d stored", name, got, err, len(store.stored))
		}
	}
}

func TestADroppedAnswerNeedsAReasonAndStays(t *testing.T) {
	t.Parallel()
	s, store, r := contradicted(t)
	if _, err := resolve(t, s, store, r.ID, Decision{Drop: true, Reason: " "}); survey.CodeOf(err) != survey.Invalid {
		t.Errorf("without a reason: %v, want Invalid", err)
	}
	if _, err := resolve(t, s, store, r.ID, Decision{Drop: true, AsNew: true, Reason: "x"}); survey.CodeOf(err) != survey.Invalid {
		t.Errorf("both: %v, want Invalid", err)
	}
	got, err := resolve(t, s, store, r.ID, Decision{Drop: true, Reason: "sent for a trial"})
	if err != nil || got != "dropped: sent for a trial" || len(store.stored) != 1 {
		t.Errorf("%q, %v, %d stored", got, err, len(store.stored))
	}
	if len(s.rows) != 1 || s.rows[0].Resolution != got || s.rows[0].ResolvedAt.IsZero() || store.audit[0].Detail != got {
		t.Errorf("row %+v, audit %+v", s.rows, store.audit)
	}
}

func TestAnAnswerThatIsCountedCannotBeDropped(t *testing.T) {
	t.Parallel()
	_, store, _ := contradicted(t)
	r := answer("third")
	if _, err := store.Append(t.Context(), []*survey.Response{r}); err != nil {
		t.Fatal(err)
	}
	s := &memoryQuarantine{rows: []QuarantinedResponse{{Response: r, Number: 1, Reason: "the store refuses it"}}}
	if got, err := resolve(t, s, store, r.ID, Decision{Drop: true, Reason: "no"}); err != nil || got != "duplicate" {
		t.Errorf("%q, %v, want that it is a duplicate", got, err)
	}
}

package ingest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/internal/audit"
	"persepsi/survey"
)

// broken is a store of which one part fails.
type broken struct {
	*archive
	audits, finds bool
	takes         int // answers, before it goes away; below zero: all
}

func (b *broken) Audit(ctx context.Context, entries ...audit.Entry) error {
	if b.audits {
		return errors.New("the audit fails")
	}
	return b.archive.Audit(ctx, entries...)
}

func (b *broken) Find(ctx context.Context, ids []uuid.UUID) ([]*survey.Response, error) {
	if b.finds {
		return nil, errors.New("the search fails")
	}
	return b.archive.Find(ctx, ids)
}

func (b *broken) Append(ctx context.Context, batch []*survey.Response) ([]survey.Outcome, error) {
	if b.takes == 0 {
		return nil, errors.New("the store fails")
	}
	b.takes--
	return b.archive.Append(ctx, batch)
}

// unread is a quarantine that cannot be read to its end.
type unread struct{ *memoryQuarantine }

func (u unread) Quarantined(ctx context.Context, fn func(QuarantinedResponse) error) error {
	return errors.Join(u.memoryQuarantine.Quarantined(ctx, fn), errors.New("the spool fails"))
}

func TestNothingIsResolvedWhileAPartOfItFails(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		store    broken
		unread   bool
		decision Decision
		says     string
	}{
		"the audit, of one that is stored":     {broken{audits: true, takes: -1}, false, Decision{AsNew: true}, "write the audit: the audit fails"},
		"the audit, of one that is dropped":    {broken{audits: true, takes: -1}, false, Decision{Drop: true, Reason: "x"}, "write the audit: the audit fails"},
		"the search before one is dropped":     {broken{finds: true, takes: -1}, false, Decision{Drop: true, Reason: "x"}, "the search fails"},
		"the store":                            {broken{}, false, Decision{}, "the store fails"},
		"the store, when it is stored as new":  {broken{takes: 1}, false, Decision{AsNew: true}, "the store fails"},
		"the spool, though the answer is read": {broken{takes: -1}, true, Decision{AsNew: true}, "the spool fails"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, store, r := contradicted(t)
			tc.store.archive = store
			var from Quarantine = s
			if tc.unread {
				from = unread{s}
			}
			got, err := ResolveQuarantined(t.Context(), from, &tc.store, r.ID, tc.decision, time.Unix(1_800_000_000, 0))
			if err == nil || err.Error() != tc.says || got != "" {
				t.Errorf("%q, %v, want an error that says %q", got, err, tc.says)
			}
			if s.rows[0].Resolution != "" || len(store.audit) != 0 {
				t.Errorf("row %+v, audit %v: it is resolved", s.rows[0], store.audit)
			}
		})
	}
}

func TestAReasonMayHaveFiveHundredCharacters(t *testing.T) {
	t.Parallel()
	for n, fits := range map[int]bool{500: true, 501: false} {
		s, store, r := contradicted(t)
		reason := strings.Repeat("é", n) // of two bytes
		got, err := resolve(t, s, store, r.ID, Decision{AsNew: true, Reason: reason})
		if fits && (err != nil || !strings.HasPrefix(got, "stored as ") || store.audit[0].Reason != reason) {
			t.Errorf("%d characters: %q, %v, audit %+v", n, got, err, store.audit)
		}
		if !fits && (survey.CodeOf(err) != survey.Invalid || len(store.stored) != 1) {
			t.Errorf("%d characters: %v, %d stored, want Invalid", n, err, len(store.stored))
		}
	}
}

func TestTheOldestUnresolvedOfAnIDIsResolved(t *testing.T) {
	t.Parallel()
	s, store, r := contradicted(t)
	later := *r
	later.Comment = "third"
	s.rows = append(
		s.rows,
		QuarantinedResponse{Response: &later, Number: 2, Reason: otherContent},
		QuarantinedResponse{Response: answer("of somebody else"), Number: 3, Reason: otherContent},
	)
	for i, want := range []string{"second", "third"} {
		if _, err := resolve(t, s, store, r.ID, Decision{AsNew: true}); err != nil {
			t.Fatal(err)
		}
		if s.rows[i].Resolution == "" || s.rows[2].Resolution != "" {
			t.Errorf("decision %d resolved another row: %+v", i+1, s.rows)
		}
		id, err := asNewID(s.rows[i].Response)
		if stored := store.stored[id]; err != nil || stored == nil || stored.Comment != want {
			t.Errorf("decision %d stored %+v, want %q", i+1, stored, want)
		}
	}
	if _, err := resolve(t, s, store, r.ID, Decision{AsNew: true}); err == nil || err.Error() != "answer "+r.ID.String()+" is resolved already: "+s.rows[1].Resolution {
		t.Errorf("once more: %v", err)
	}
	unknown := uuid.New()
	if _, err := resolve(t, s, store, unknown, Decision{}); survey.CodeOf(err) != survey.NotFound || err.Error() != "no answer "+unknown.String()+" was set aside here" {
		t.Errorf("another id: %v", err)
	}
}

func TestAnAnswerThatTheStoreLacksCanBeDropped(t *testing.T) {
	t.Parallel()
	_, store, _ := contradicted(t)
	s := &memoryQuarantine{rows: []QuarantinedResponse{{Response: answer("third"), Number: 1, Reason: "the store refuses it"}}}
	if got, err := resolve(t, s, store, s.rows[0].ID, Decision{Drop: true, Reason: "no"}); err != nil || got != "dropped: no" || len(store.stored) != 1 {
		t.Errorf("%q, %v, %d stored", got, err, len(store.stored))
	}
}

// Sent again an hour later and quarantined once more, an answer is the same.
func TestTheNewIDIsThatOfTheContent(t *testing.T) {
	t.Parallel()
	_, _, r := contradicted(t)
	id, err := asNewID(r)
	if err != nil || id == r.ID {
		t.Fatalf("%v, %v", id, err)
	}
	for name, tc := range map[string]struct {
		change func(*survey.Response)
		same   bool
	}{
		"another hour":         {func(o *survey.Response) { o.Hour++ }, true},
		"another day":          {func(o *survey.Response) { o.Day++ }, true},
		"begun at another":     {func(o *survey.Response) { o.StartedAt = time.Unix(1, 0) }, true},
		"received at another":  {func(o *survey.Response) { o.ReceivedAt = time.Unix(1, 0) }, true},
		"another comment":      {func(o *survey.Response) { o.Comment = "third" }, false},
		"sent with another id": {func(o *survey.Response) { o.ID = uuid.New() }, false},
	} {
		o := *r
		tc.change(&o)
		if got, err := asNewID(&o); err != nil || (got == id) != tc.same {
			t.Errorf("%s: the same id: %v, %v, want %v", name, got == id, err, tc.same)
		}
	}
}

func TestANewIDThatIsTakenIsAConflict(t *testing.T) {
	t.Parallel()
	s, store, r := contradicted(t)
	id, err := asNewID(r)
	if err != nil {
		t.Fatal(err)
	}
	store.stored[id] = &survey.Response{ID: id, Comment: "taken"}
	if got, err := resolve(t, s, store, r.ID, Decision{AsNew: true}); survey.CodeOf(err) != survey.Conflict || s.rows[0].Resolution != "" {
		t.Errorf("%q, %v, want Conflict", got, err)
	}
}

package ingest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"persepsi/internal/audit"
	"persepsi/survey"
)

// QuarantinedResponse is a response that a spool keeps apart because the store did not
// take it. The command line says "set aside".
type QuarantinedResponse struct {
	*survey.Response
	Number     int64  // in its spool
	Reason     string // why the store did not take it
	Resolution string // what a person decided, empty while nobody did
	ResolvedAt time.Time
}

// Quarantine is the part of a spool that holds quarantined responses.
type Quarantine interface {
	// Quarantined calls fn with every response that was ever quarantined, the
	// oldest first.
	Quarantined(ctx context.Context, fn func(QuarantinedResponse) error) error
	// Resolve marks one with what was decided about it. Conflict: it is marked
	// already.
	Resolve(ctx context.Context, number int64, resolution string, at time.Time) error
}

// ResolutionStore is the store that the answers were meant for.
type ResolutionStore interface {
	survey.Appender
	audit.Store
	Find(ctx context.Context, ids []uuid.UUID) ([]*survey.Response, error)
}

// Decision is what a person wants to become of a quarantined response.
// The zero Decision tries once more to store it.
type Decision struct {
	AsNew  bool   // where the store holds another answer under its id: store it under a new one
	Drop   bool   // leave it out of every figure
	Reason string // why; needed to drop it
	Actor  string // for the audit
}

const mostReason = 500 // characters

func (d Decision) check() error {
	switch {
	case d.AsNew && d.Drop:
		return survey.Errorf(survey.Invalid, "--as-new and --drop contradict each other")
	case d.Drop && strings.TrimSpace(d.Reason) == "":
		return survey.Errorf(survey.Invalid, "--drop needs a --reason: it stands in the audit")
	case len([]rune(d.Reason)) > mostReason:
		return survey.Errorf(survey.Invalid, "--reason: at most %d characters", mostReason)
	}
	return nil
}

// ResolveQuarantined decides about the oldest unresolved response of an id and
// returns what became of it: `stored`, `duplicate` (the store has it already),
// `stored as ID` or `dropped: REASON`. The audit and the spool tell of it; the
// response stays in the spool. A crash anywhere costs repeating the command:
// nothing is stored twice. NotFound: no such response. Conflict: the store holds
// another answer under the id, and the decision does not say what to do then.
func ResolveQuarantined(ctx context.Context, spool Quarantine, store ResolutionStore, id uuid.UUID, d Decision, now time.Time) (resolution string, err error) {
	if err := d.check(); err != nil {
		return "", err
	}
	a, err := unresolved(ctx, spool, id)
	if err != nil {
		return "", err
	}
	if d.Drop {
		resolution, err = drop(ctx, store, a.Response, d.Reason)
	} else {
		resolution, err = storeQuarantined(ctx, store, a.Response, d.AsNew)
	}
	if err != nil {
		return "", err
	}
	became, _, _ := strings.Cut(resolution, ":")
	entry := audit.Entry{
		At: now, Actor: d.Actor, Action: audit.ResolveAside, Subject: id.String(), Detail: resolution, Reason: d.Reason,
		Changes: []audit.Change{{What: "answer " + id.String(), Before: "set aside", After: became}},
	}
	entry.Concerns(a.Period, a.Unit)
	// Audited before it is marked: after a crash in between, the command is
	// repeated and audited twice, but never left out of the audit.
	if err := store.Audit(ctx, entry); err != nil {
		return "", fmt.Errorf("write the audit: %w", err)
	}
	return resolution, spool.Resolve(ctx, a.Number, resolution, now)
}

func unresolved(ctx context.Context, spool Quarantine, id uuid.UUID) (found *QuarantinedResponse, err error) {
	was := ""
	err = spool.Quarantined(ctx, func(a QuarantinedResponse) error {
		if a.ID != id {
			return nil
		}
		if a.Resolution != "" {
			was = a.Resolution
		} else if found == nil {
			found = &a
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case found != nil:
		return found, nil
	case was != "":
		return nil, survey.Errorf(survey.NotFound, "answer %s is resolved already: %s", id, was)
	default:
		return nil, survey.Errorf(survey.NotFound, "no answer %s was set aside here", id)
	}
}

// drop leaves a response out, unless the store counts the very same already.
func drop(ctx context.Context, store ResolutionStore, r *survey.Response, reason string) (string, error) {
	stored, err := store.Find(ctx, []uuid.UUID{r.ID})
	if err != nil {
		return "", err
	}
	if len(stored) == 1 && stored[0].Same(r) {
		return "duplicate", nil
	}
	return "dropped: " + strings.TrimSpace(reason), nil
}

func storeQuarantined(ctx context.Context, store ResolutionStore, r *survey.Response, asNew bool) (string, error) {
	result, err := storeOne(ctx, store, r)
	if err != nil || result != "" {
		return result, err
	}
	if !asNew {
		return "", survey.Errorf(survey.Conflict, "the store holds another answer under the id %s; resolve it with\n"+
			"  --as-new           store it as an answer of its own, under a new id, or\n"+
			"  --drop --reason R  leave it out of every figure; it is kept here with the reason", r.ID)
	}
	fresh := *r
	if fresh.ID, err = asNewID(r); err != nil {
		return "", err
	}
	if result, err = storeOne(ctx, store, &fresh); err != nil {
		return "", err
	}
	if result == "" {
		return "", survey.Errorf(survey.Conflict, "the store holds another answer under the new id %s too", fresh.ID)
	}
	return "stored as " + fresh.ID.String(), nil
}

// storeOne returns what became of a response, nothing where its id is taken by
// another.
func storeOne(ctx context.Context, store survey.Appender, r *survey.Response) (string, error) {
	outcomes, err := store.Append(ctx, []*survey.Response{r})
	switch {
	case err != nil:
		return "", err
	case outcomes[0].Result == survey.Stored:
		return "stored", nil
	case outcomes[0].Result == survey.Duplicate:
		return "duplicate", nil
	default:
		return "", nil
	}
}

// asNewID returns the id under which a response is stored as an answer of its
// own: always the same one for the same content, so that doing it again stores
// nothing twice, though the answer was quarantined twice.
func asNewID(r *survey.Response) (uuid.UUID, error) {
	same := *r // all that Same compares, and nothing else
	same.Day, same.Hour, same.StartedAt, same.ReceivedAt = 0, 0, time.Time{}, time.Time{}
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(same); err != nil {
		return uuid.UUID{}, fmt.Errorf("make an id: %w", err)
	}
	return uuid.NewSHA1(r.ID, b.Bytes()), nil
}

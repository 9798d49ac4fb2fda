package ingest

import (
	"context"
	"time"

	"github.com/google/uuid"

	"persepsi/survey"
)

// Submitter stores one response durably.
type Submitter interface {
	Submit(ctx context.Context, r *survey.Response) (survey.Outcome, error)
}

// Finder finds stored responses by their ids.
type Finder interface {
	Find(ctx context.Context, ids []uuid.UUID) ([]*survey.Response, error)
}

// Reception takes the submissions of points, by whichever way they come, and
// tells what is stored under an id. Safe for concurrent use.
type Reception struct {
	store  Submitter
	find   Finder
	now    func() time.Time
	shapes *shapes
}

// NewReception makes a reception onto a store.
func NewReception(store Submitter, find Finder, now func() time.Time) *Reception {
	return &Reception{store: store, find: find, now: now, shapes: newShapes()}
}

// Taken is what became of a submission.
type Taken struct {
	At       survey.Sitting // for the form that comes back; its place may be all there is
	Response *survey.Response
	Outcome  survey.Outcome
	Held     bool // not taken, and another answer is stored under its id
}

// Take stores a submission of a point. The faults of its reading are told with
// those of its shape and meaning. allow lets an answer without a fault pass, or
// tells when to try again. What is refused but was stored before (a retry after
// the period's end, say) is a duplicate and no error.
func (r *Reception) Take(ctx context.Context, d *survey.Directory, point string, in *Submission, faults []survey.Fault, allow func(point string) error) (Taken, error) {
	t, err := r.takeNew(ctx, d, point, in, faults, allow)
	if err == nil {
		return t, nil
	}
	prior := r.Prior(ctx, in)
	place, ok := d.Point(point)
	if prior != nil && ok && d.Repeats(in.Draft(), place, prior) {
		t.Response, t.Outcome = prior, survey.Outcome{Result: survey.Duplicate, ReceivedAt: prior.ReceivedAt}
		return t, nil
	}
	t.Held = prior != nil
	return t, err
}

func (r *Reception) takeNew(ctx context.Context, d *survey.Directory, point string, in *Submission, faults []survey.Fault, allow func(point string) error) (t Taken, err error) {
	now, draft := r.now(), in.Draft()
	if t.At, err = d.SitFor(draft, point, in.Period, now); err != nil {
		return t, err
	}
	response, meaning := t.At.Check(draft, d.Zone(), now)
	if faults = merged(faults, r.shapes.check(in), meaning); len(faults) > 0 {
		return t, survey.Faulty("the response has faults; nothing was stored", faults)
	}
	if err := allow(t.At.Point.Code); err != nil {
		return t, err
	}
	t.Response = response
	t.Outcome, err = r.store.Submit(ctx, response)
	return t, err
}

// Prior returns what is stored under a submission's id, nil where that is
// nothing or nobody can tell now.
func (r *Reception) Prior(ctx context.Context, in *Submission) *survey.Response {
	id, err := uuid.Parse(in.ID)
	if err != nil {
		return nil
	}
	stored, err := r.Stored(ctx, id)
	if err != nil {
		return nil
	}
	return stored
}

// findWithin is how long a page waits to learn whether an answer is stored.
const findWithin = time.Second

// Stored returns the stored answer with an id, nil where there is none.
func (r *Reception) Stored(ctx context.Context, id uuid.UUID) (*survey.Response, error) {
	ctx, cancel := context.WithTimeout(ctx, findWithin)
	defer cancel()
	found, err := r.find.Find(ctx, []uuid.UUID{id})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

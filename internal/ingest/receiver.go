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

// Receiver takes the drafts that are sent to points, by whichever way they come,
// and tells what is stored under an id. Safe for concurrent use.
type Receiver struct {
	store  Submitter
	stored Finder
	now    func() time.Time
	others *contradictions
}

// NewReceiver makes a receiver onto a store.
func NewReceiver(store Submitter, stored Finder, now func() time.Time) *Receiver {
	return &Receiver{store: store, stored: stored, now: now, others: newContradictions(now)}
}

// Result is what became of a draft.
type Result struct {
	Assignment survey.Assignment // for the form that comes back
	Response   *survey.Response
	Outcome    survey.Outcome
	IDTaken    bool // refused, and another answer is stored under its id
}

// Receive checks a draft that was sent to a point and stores it. allow lets an
// answer without a fault pass, or tells when to try again. What is refused but
// was stored before (a retry after the period's end, say) is a duplicate and no
// error. Errors: those of Directory.ResolveDraft, Invalid with every fault, those
// of allow and of the store; RateLimited, whatever else is right or wrong, for an
// id under which too many different answers were sent.
func (r *Receiver) Receive(ctx context.Context, d *survey.Directory, point survey.Place, draft *survey.Draft, allow func(point string) error) (Result, error) {
	res, err := r.receiveNew(ctx, d, point, draft, allow)
	if err == nil && res.Outcome.Result == survey.Stored {
		return res, nil
	}
	id, _ := uuid.Parse(draft.ID) // what is none is a fault, and is stored nowhere
	if err == nil {
		return res.unless(r.others.check(id))
	}
	existing := r.Existing(ctx, draft.ID)
	if existing != nil && d.IsRetry(draft, point, existing) {
		res.Response, res.Outcome = existing, survey.Outcome{Result: survey.Duplicate, ReceivedAt: existing.ReceivedAt}
		return res.unless(r.others.check(id))
	}
	res.IDTaken = existing != nil
	if existing != nil || survey.CodeOf(err) == survey.Conflict {
		if tooMany := r.others.note(id); tooMany != nil {
			return res.unless(tooMany)
		}
	}
	return res, err
}

// unless returns a result, or an error that looks alike for the stored answer and
// for any other one.
func (res Result) unless(err error) (Result, error) {
	if err != nil {
		return Result{Assignment: res.Assignment, IDTaken: true}, err
	}
	return res, nil
}

func (r *Receiver) receiveNew(ctx context.Context, d *survey.Directory, point survey.Place, draft *survey.Draft, allow func(point string) error) (res Result, err error) {
	now := r.now()
	if res.Assignment, err = d.ResolveDraft(draft, point, now); err != nil {
		return res, err
	}
	response, faults := res.Assignment.Check(draft, d.Zone(), now)
	if len(faults) > 0 {
		return res, survey.Faulty("the response has faults; nothing was stored", faults)
	}
	if err := allow(point.Point.Code); err != nil {
		return res, err
	}
	res.Response = response
	res.Outcome, err = r.store.Submit(ctx, response)
	return res, err
}

// Existing returns the answer that is stored under a draft's id, nil where there
// is none or nobody can tell now.
func (r *Receiver) Existing(ctx context.Context, id string) *survey.Response {
	parsed, err := uuid.Parse(id)
	if err != nil {
		return nil
	}
	stored, err := r.Find(ctx, parsed)
	if err != nil {
		return nil
	}
	return stored
}

// findWithin is how long a page waits to learn whether an answer is stored.
const findWithin = time.Second

// Find returns the stored answer with an id, nil where there is none.
func (r *Receiver) Find(ctx context.Context, id uuid.UUID) (*survey.Response, error) {
	ctx, cancel := context.WithTimeout(ctx, findWithin)
	defer cancel()
	found, err := r.stored.Find(ctx, []uuid.UUID{id})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

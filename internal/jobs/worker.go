package jobs

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"time"

	"persepsi/survey"
)

// newID returns an id that nobody guesses.
func newID() string { return rand.Text() }

// Kind is a kind of long work.
type Kind struct {
	Name string
	// Steps returns what is to be done for a job, in its order. It is asked anew where a job
	// is taken up again: what has a part already is not done twice. Forbidden: who asked may
	// not have it any more.
	Steps func(ctx context.Context, j Job) ([]Step, error)
	// Last makes the part that tells of the others, from all of them in the order of steps.
	Last func(ctx context.Context, j Job, parts []Part) (Part, error)
}

// Worker does the jobs of one server, one at a time and behind everything else: within and after
// each step it rests five times as long as it worked, so that a job takes a sixth of one
// processor at most, and while Busy it begins none.
type Worker struct {
	store Store
	kinds []Kind
	busy  func() bool
	log   *slog.Logger
	now   func() time.Time
	name  string
	// held are the jobs that a step could not do for want of something that comes back, with
	// when that was. One goroutine works.
	held map[string]time.Time
	// Free returns the bytes that are free on the store's disk, a negative number where nobody
	// knows; nil: nobody does.
	Free func(ctx context.Context) (int64, error)
	// Begin is called before a job is done, and what it returns after it; nil: nothing is to be
	// made ready.
	Begin func() (end func())
}

// NewWorker returns a worker of kinds. busy tells that the server has better things to do.
func NewWorker(store Store, busy func() bool, log *slog.Logger, now func() time.Time, kinds ...Kind) *Worker {
	return &Worker{store: store, kinds: kinds, busy: busy, log: log, now: now, name: newID(), held: map[string]time.Time{}}
}

// Work does all jobs that nobody else does, one after the other, until none is left or ctx
// ends. What is broken off goes on with the next Work of any server, where it was.
func (w *Worker) Work(ctx context.Context) error {
	for ctx.Err() == nil {
		j, err := w.next(ctx)
		if err != nil || j == nil {
			return err
		}
		if err := w.do(ctx, j); err != nil {
			return err
		}
	}
	return ctx.Err()
}

const (
	// heldFor is how long a job waits for what its step lacked, while others are done.
	heldFor = time.Minute
	// heldMost is for how long after it was asked for it is tried.
	heldMost = 24 * time.Hour
)

// next takes up the job that waits longest, or that its server tells nothing of any more, and
// that is not held; nil: there is none.
func (w *Worker) next(ctx context.Context) (*Job, error) {
	all, err := w.store.Jobs(ctx)
	if err != nil {
		return nil, err
	}
	maps.DeleteFunc(w.held, func(_ string, since time.Time) bool { return w.now().Sub(since) >= heldFor })
	for _, j := range all {
		free := j.State == Waiting || j.State == Running && (j.Server == w.name || w.now().Sub(j.Beat) >= lease)
		if _, held := w.held[j.ID]; !free || held {
			continue
		}
		j.State, j.Server = Running, w.name
		err := w.put(ctx, &j, nil)
		if err == nil {
			return &j, nil
		}
		if !errors.Is(err, errTaken) {
			return nil, err
		}
	}
	return nil, nil //nolint:nilnil // no job and no error: there is nothing to do
}

// errTaken tells that somebody else changed the job: it was cancelled, or taken.
var errTaken = errors.New("somebody else changed the job")

// put stores a job's next version.
func (w *Worker) put(ctx context.Context, j *Job, part *Part) error {
	next := *j
	next.Version++
	next.Beat = w.now().UTC()
	err := w.store.PutJob(ctx, next, part)
	if survey.CodeOf(err) == survey.Conflict {
		return errTaken
	}
	if err == nil {
		*j = next
	}
	return err
}

// ErrTooLarge tells that a job makes more than is kept of one, errFull more than of all, or
// more than answers leave of the disk.
var (
	ErrTooLarge = errors.New("the parts of the job are too large")
	errFull     = errors.New("the parts of all jobs are too large")
)

// room looks for a part's place, and adds it to its job's size.
func (w *Worker) room(ctx context.Context, j *Job, part *Part) error {
	if j.Size += int64(len(part.Data)); j.Size > MostBytes {
		return ErrTooLarge
	}
	all, err := w.store.Jobs(ctx)
	if err != nil {
		return ofStore(err)
	}
	bytes := j.Size
	for i := range all {
		if all[i].ID != j.ID {
			bytes += all[i].Size
		}
	}
	if bytes > MostBytesOfAll {
		return errFull
	}
	if w.Free == nil {
		return nil
	}
	free, err := w.Free(ctx)
	if err != nil {
		return ofStore(err)
	}
	if free >= 0 && free-int64(len(part.Data)) < LeastFree {
		return errFull
	}
	return nil
}

// do does a job. What goes wrong in it is the job's fault and told there; an error is one of
// the store or the end of ctx, after which the job goes on later.
func (w *Worker) do(ctx context.Context, j *Job) error {
	if w.Begin != nil {
		defer w.Begin()()
	}
	err := w.steps(ctx, j)
	var broken *storeError
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, errTaken):
		return w.leave(ctx, j)
	case errors.As(err, &broken): // it passes
		return err
	case survey.CodeOf(err) == survey.Unavailable && w.now().Sub(j.Asked) < heldMost: // likewise, and others need not wait for it
		w.log.Warn("long work waits for what is away", "job", j.ID, "kind", j.Kind, "error", err)
		w.held[j.ID] = w.now()
		return nil
	}
	fault := "broken"
	switch {
	case errors.Is(err, ErrTooLarge):
		fault = "large"
	case errors.Is(err, errFull):
		fault = "full"
	case survey.CodeOf(err) == survey.Forbidden:
		fault = "right"
	case survey.CodeOf(err) == survey.NotFound:
		fault = "gone"
	}
	w.log.Warn("long work failed", "job", j.ID, "kind", j.Kind, "error", err)
	end(j, Failed, fault, w.now())
	switch err := w.put(ctx, j, nil); {
	case errors.Is(err, errTaken):
		return w.leave(ctx, j)
	case err != nil:
		return err
	}
	return w.store.DropParts(ctx, j.ID)
}

// leave removes what was made of a job that was ended by somebody else meanwhile.
func (w *Worker) leave(ctx context.Context, j *Job) error {
	all, err := w.store.Jobs(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(o Job) bool { return o.ID == j.ID })
	if i >= 0 && (all[i].Open() || all[i].State == Ready) {
		return nil // another server does it
	}
	return w.store.DropParts(ctx, j.ID)
}

// storeError is one of the store's, after which a job is tried again.
type storeError struct{ error }

func (e *storeError) Unwrap() error { return e.error }

func ofStore(err error) error { return &storeError{err} }

// Order puts jobs in the order in which they were asked for.
func Order(list []Job) {
	slices.SortFunc(list, func(a, b Job) int { return cmp.Or(a.Asked.Compare(b.Asked), cmp.Compare(a.ID, b.ID)) })
}

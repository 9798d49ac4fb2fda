package jobs

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"
	"slices"
	"time"

	"persepsi/survey"
)

// newID returns an id that nobody guesses.
func newID() string { return rand.Text() }

// Step is a part of a job.
type Step struct {
	Key  string // each once in a job, and the same when the job is taken up again
	Name string // for people
	// Make does it, and calls rest between pieces of its work, the more often the better: in one
	// piece it would hold up answers for as long as that takes.
	Make func(ctx context.Context, rest func()) (Part, error)
	// Instead makes the part that tells that Make failed: it is this step's fault alone, and
	// the others are done. Nil: the job fails with it.
	Instead func() (Part, error)
}

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
	delete(w.held, j.ID)
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

func ofStore(err error) error {
	if err == nil || errors.Is(err, errTaken) {
		return err
	}
	return &storeError{err}
}

// steps does what is left of a job.
func (w *Worker) steps(ctx context.Context, j *Job) error {
	i := slices.IndexFunc(w.kinds, func(k Kind) bool { return k.Name == j.Kind })
	if i < 0 {
		return fmt.Errorf("there is no kind of long work %q", survey.Printable(j.Kind))
	}
	kind := w.kinds[i]
	if err := w.yield(ctx, j, 0); err != nil {
		return err
	}
	list, err := contain(func() ([]Step, error) { return kind.Steps(ctx, *j) })
	if err != nil {
		return err
	}
	have, err := w.store.Parts(ctx, j.ID)
	if err != nil {
		return ofStore(err)
	}
	made := map[string]Part{}
	for _, p := range have {
		made[p.Key] = p
	}
	j.Done, j.Total = 0, len(list)
	// What was a step when the job was begun need not be one any more.
	j.Broken = slices.DeleteFunc(slices.Clone(j.Broken), func(key string) bool {
		return !slices.ContainsFunc(list, func(s Step) bool { return s.Key == key })
	})
	j.Lacking = len(j.Broken)
	for _, s := range list {
		if _, ok := made[s.Key]; ok {
			j.Done++
			continue
		}
		b := &breath{ctx: ctx, now: w.now, since: w.now()}
		part, err := w.part(ctx, j, &s, b)
		if err != nil {
			return err
		}
		part.Key = s.Key
		if err := w.room(ctx, j, &part); err != nil {
			return err
		}
		j.Done++
		j.At = s.Name
		if err := w.put(ctx, j, &part); err != nil {
			return ofStore(err)
		}
		part.Data = nil
		made[s.Key] = part
		if err := w.yield(ctx, j, w.now().Sub(b.since)); err != nil {
			return err
		}
	}
	if j.Lacking > 0 && j.Lacking == j.Total {
		return errNothing
	}
	parts := make([]Part, 0, len(list))
	for _, s := range list {
		parts = append(parts, made[s.Key])
	}
	last, err := contain(func() (Part, error) { return kind.Last(ctx, *j, parts) })
	if err != nil {
		return err
	}
	last.Key = LastKey
	if err := w.room(ctx, j, &last); err != nil {
		return err
	}
	done := *j
	done.State, done.At, done.Server, done.Ended = Ready, "", "", w.now().UTC()
	if kept := done.Ended.Add(Kept); done.Until.IsZero() || kept.Before(done.Until) {
		done.Until = kept
	}
	if err := w.put(ctx, &done, &last); err != nil {
		return ofStore(err)
	}
	w.log.Info("long work is done", "job", j.ID, "kind", j.Kind, "steps", j.Total, "bytes", done.Size)
	return nil
}

// errNothing tells that every step of a job failed.
var errNothing = errors.New("no step of the job could be done")

// part does a step. What a step can't do is told in its place, unless it is what the whole job
// can't: then it passes, or is a right that is gone.
func (w *Worker) part(ctx context.Context, j *Job, s *Step, b *breath) (Part, error) {
	part, err := contain(func() (Part, error) { return s.Make(ctx, b.rest) })
	code := survey.CodeOf(err)
	if err == nil || s.Instead == nil || ctx.Err() != nil || code == survey.Unavailable || code == survey.Forbidden || code == survey.NotFound {
		return part, err
	}
	w.log.Warn("a step of long work failed", "job", j.ID, "kind", j.Kind, "step", s.Key, "error", err)
	j.Broken = append(j.Broken, s.Key)
	j.Lacking = len(j.Broken)
	return contain(s.Instead)
}

// LastKey is the key of what Kind.Last makes: no step has it, and it comes before all others.
const LastKey = ""

// contain runs what a kind does. A panic in it is that job's fault, and nobody else's.
func contain[V any](do func() (V, error)) (out V, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("long work panicked: %v\n%s", r, debug.Stack())
		}
	}()
	return do()
}

// Order puts jobs in the order in which they were asked for.
func Order(list []Job) {
	slices.SortFunc(list, func(a, b Job) int { return cmp.Or(a.Asked.Compare(b.Asked), cmp.Compare(a.ID, b.ID)) })
}

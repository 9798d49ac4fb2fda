package jobs

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"

	"persepsi/survey"
)

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
		b := &stepRest{ctx: ctx, now: w.now, since: w.now()}
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
func (w *Worker) part(ctx context.Context, j *Job, s *Step, b *stepRest) (Part, error) {
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

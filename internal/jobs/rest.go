package jobs

import (
	"context"
	"time"
)

const (
	// piece is the least work after which it rests, idle how many times as long: somebody waits
	// for it, as nobody does for what keeps a Pace.
	piece = time.Millisecond
	idle  = 5
)

const (
	// lookAgain is how long it waits while the server is busy.
	lookAgain = time.Second
	// beatWithin is how old a beat becomes at most.
	beatWithin = lease / 3
)

// yield rests after a step that took so long, and then while the server is busy; it tells
// now and then that the job is still looked after.
func (w *Worker) yield(ctx context.Context, j *Job, took time.Duration) error {
	wait := restAfter(took)
	for {
		if err := pause(ctx, wait); err != nil {
			return err
		}
		if !w.busy() {
			return nil
		}
		wait = lookAgain
		if w.now().Sub(j.Beat) >= beatWithin {
			if err := w.put(ctx, j, nil); err != nil {
				return ofStore(err)
			}
		}
	}
}

// pause waits; its error is that of ctx, which ended.
func pause(ctx context.Context, wait time.Duration) error {
	if wait <= 0 {
		return ctx.Err()
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(wait):
		return nil
	}
}

// restAfter is how long it rests after work; no longer than LongestRest, else a server that stood
// still would seem to have worked.
func restAfter(took time.Duration) time.Duration { return min(idle*took, LongestRest) }

// stepRest lets one step rest: it knows since when the step has worked without a rest.
type stepRest struct {
	ctx   context.Context //nolint:containedctx // of the one step
	now   func() time.Time
	since time.Time
}

// rest rests, where there was work enough since the last time. After the end of ctx it doesn't.
func (b *stepRest) rest() {
	took := b.now().Sub(b.since)
	if took < piece {
		return
	}
	_ = pause(b.ctx, restAfter(took)) // Make finds out by its own ctx
	b.since = b.now()
}

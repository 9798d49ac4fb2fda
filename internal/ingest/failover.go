package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"persepsi/survey"
)

// Failover is an Appender in front of a store that may be unavailable: while it
// is, or takes longer than the timeout, responses go durably into the spool and
// are acknowledged; Recover moves them into the store, each exactly once.
type Failover struct {
	store   survey.Appender
	spool   Spool
	timeout time.Duration

	active  atomic.Bool  // the store failed last; Recover finds out when it is back
	waiting atomic.Int64 // responses in the spool, a lower bound while appending
	logged  bool         // Recover logged that the store is unavailable
}

// NewFailover puts a spool beside a store. timeout is how long a batch may take
// in the store before it is spooled instead.
func NewFailover(ctx context.Context, store survey.Appender, spool Spool, timeout time.Duration) (*Failover, error) {
	stats, err := spool.Stats(ctx)
	if err != nil {
		return nil, err
	}
	f := &Failover{store: store, spool: spool, timeout: timeout}
	f.waiting.Store(stats.Waiting)
	return f, nil
}

// Activate sends responses to the spool from the start, because the store is
// known to be unavailable.
func (f *Failover) Activate() { f.active.Store(true) }

// Active reports whether responses go to the spool at the moment.
func (f *Failover) Active() bool { return f.active.Load() }

// Append stores a batch in the store or, where that is unavailable, in the spool.
func (f *Failover) Append(ctx context.Context, batch []*survey.Response) ([]survey.Outcome, error) {
	if f.active.Load() {
		return f.appendToSpool(ctx, batch)
	}
	if f.waiting.Load() > 0 {
		return f.appendWhileDraining(ctx, batch)
	}
	return f.appendToStore(ctx, batch)
}

// appendToStore falls back to the spool where the store fails.
func (f *Failover) appendToStore(ctx context.Context, batch []*survey.Response) ([]survey.Outcome, error) {
	limited, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	outcomes, err := f.store.Append(limited, batch)
	if err == nil {
		return outcomes, nil
	}
	// The store may have the batch and only its reply was lost: draining it
	// again is safe, because ids are stored once. What the store refuses for
	// another reason than being unavailable is spooled too: it is no fault of
	// those who sent it.
	if unavailable(err) {
		f.active.Store(true)
	}
	return f.appendToSpool(ctx, batch)
}

func (f *Failover) appendToSpool(ctx context.Context, batch []*survey.Response) ([]survey.Outcome, error) {
	outcomes, err := f.spool.Append(ctx, batch)
	for _, o := range outcomes {
		if o.Result == survey.Stored {
			f.waiting.Add(1)
		}
	}
	return outcomes, err
}

// appendWhileDraining stores a batch while the spool still holds responses: an
// id that is in the spool is answered from there, so that it has one content.
func (f *Failover) appendWhileDraining(ctx context.Context, batch []*survey.Response) ([]survey.Outcome, error) {
	ids := make([]uuid.UUID, len(batch))
	for i, r := range batch {
		ids[i] = r.ID
	}
	spooled, err := f.spool.Find(ctx, ids)
	if err != nil || len(spooled) == 0 {
		// A broken spool is no reason to refuse what the store can take: at
		// worst a response is quarantined later, where an id has two contents.
		return f.appendToStore(ctx, batch)
	}
	byID := make(map[uuid.UUID]*survey.Response, len(spooled))
	for _, r := range spooled {
		byID[r.ID] = r
	}
	outcomes := make([]survey.Outcome, len(batch))
	var rest []*survey.Response
	var places []int
	for i, r := range batch {
		old, ok := byID[r.ID]
		switch {
		case !ok:
			rest, places = append(rest, r), append(places, i)
		case old.Same(r):
			outcomes[i] = survey.Outcome{Result: survey.Duplicate, ReceivedAt: old.ReceivedAt}
		default:
			outcomes[i] = survey.Outcome{Result: survey.Differs, ReceivedAt: old.ReceivedAt}
		}
	}
	if len(rest) == 0 {
		return outcomes, nil
	}
	others, err := f.appendToStore(ctx, rest)
	if err != nil {
		return nil, err
	}
	for i, o := range others {
		outcomes[places[i]] = o
	}
	return outcomes, nil
}

// drainBatch is the number of responses that are drained at once.
const drainBatch = 500

// Drain moves what the spool holds into the store, batch by batch, until it is
// empty or the store fails. A response leaves the spool only when the store
// has it; being interrupted anywhere costs nothing but repeating a batch.
func (f *Failover) Drain(ctx context.Context) (moved int, err error) {
	for {
		batch, err := f.spool.Peek(ctx, drainBatch)
		if err != nil {
			f.active.Store(false) // the next response finds out whether the store is there
			return moved, err
		}
		if len(batch) == 0 {
			f.active.Store(false)
			return moved, nil
		}
		outcomes, err := f.store.Append(ctx, batch)
		if err != nil && !unavailable(err) && ctx.Err() == nil {
			// One of them may be what the store never takes: it must not
			// stand in the way of the others.
			n, err := f.drainSingly(ctx, batch)
			moved += n
			if err != nil {
				return moved, err
			}
			continue
		}
		if err != nil {
			if ctx.Err() == nil {
				f.active.Store(true)
			}
			return moved, err
		}
		f.active.Store(false)
		done := make([]uuid.UUID, 0, len(batch))
		for i, o := range outcomes {
			if o.Result != survey.Differs {
				done = append(done, batch[i].ID)
				continue
			}
			if err := f.spool.Quarantine(ctx, batch[i], otherContent); err != nil {
				return moved, err
			}
			f.waiting.Add(-1)
		}
		if err := f.spool.Remove(ctx, done); err != nil {
			return moved, err
		}
		f.waiting.Add(int64(-len(done)))
		moved += len(done)
	}
}

// drainSingly moves responses one by one and quarantines those that the store
// refuses for another reason than being unavailable.
func (f *Failover) drainSingly(ctx context.Context, batch []*survey.Response) (moved int, err error) {
	for _, r := range batch {
		outcomes, err := f.store.Append(ctx, []*survey.Response{r})
		switch {
		case err != nil && (unavailable(err) || ctx.Err() != nil):
			return moved, err
		case err != nil:
			err = f.spool.Quarantine(ctx, r, "the store refuses it: "+err.Error())
		case outcomes[0].Result == survey.Differs:
			err = f.spool.Quarantine(ctx, r, otherContent)
		default:
			err = f.spool.Remove(ctx, []uuid.UUID{r.ID})
			moved++
		}
		if err != nil {
			return moved, err
		}
		f.waiting.Add(-1)
	}
	return moved, nil
}

// unavailable reports whether an error of the store may pass by itself.
func unavailable(err error) bool {
	return survey.CodeOf(err) == survey.Unavailable || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

// otherContent is why a response is quarantined whose id the store has.
const otherContent = "the store holds another answer under this id"

// Recover drains the spool if it holds something, and logs once when the store
// becomes unavailable and when the spool is drained. It is a recurring task; a
// store that is still unavailable is no error.
func (f *Failover) Recover(ctx context.Context, log *slog.Logger) error {
	if f.active.Load() && !f.logged {
		log.Warn("the store is away; answers go to the local spool")
		f.logged = true
	}
	if !f.active.Load() && f.waiting.Load() == 0 {
		return nil
	}
	moved, err := f.Drain(ctx)
	switch {
	case err == nil && (f.logged || moved > 0):
		log.Info("the spool is drained", "responses", moved)
		f.logged = false
	case err != nil && !unavailable(err):
		return fmt.Errorf("drain the spool: %w", err)
	}
	return nil
}

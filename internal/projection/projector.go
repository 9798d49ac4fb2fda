package projection

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"

	"persepsi/analytics"
)

// Projector keeps the tallies of one store up to date. Safe for concurrent use.
type Projector struct {
	store Store
	pool  *pool
	every time.Duration
	now   func() time.Time

	lock    *semaphore.Weighted // guards the rest
	batch   *Batch              // taken and not yet saved; nil: nothing is
	saved   time.Time           // when one was saved last
	periods map[string]*live
	// releases tells which releases periods holds.
	releases struct {
		revision, loaded int64
		faults           error // of those that cannot be read
	}

	spoilt sync.Map // units, as analytics.TallyFilter, of which Saved found a tally that can't be read
	// asked counts the calls of SaveSoon, settled those for which a Refresh has saved. soon makes
	// the running Refresh save for the others, though every is not over.
	asked, settled atomic.Int64
	soon           bool
	current        atomic.Pointer[map[string]*analytics.PeriodTotals]
}

// New makes a projector onto a store; known are the forms of its responses, which
// learn what the store's catalogue declares. What it takes it saves at once.
func New(store Store, known Forms) *Projector { return NewLive(store, known, 0, time.Now) }

// NewLive makes a projector that keeps what Refresh counts in memory for up to
// some time before it saves it: where nobody else reads the store, saving
// documents each second that are read each second by nobody is what answers
// would wait for. A crash loses nothing: what was not saved is taken again.
func NewLive(store Store, known Forms, every time.Duration, now func() time.Time) *Projector {
	p := &Projector{
		store: store, every: every, now: now, lock: semaphore.NewWeighted(1), periods: map[string]*live{},
		pool: &pool{forms: &forms{known: known, from: store}, spare: map[string][]*analytics.Tally{}},
	}
	p.current.Store(&map[string]*analytics.PeriodTotals{})
	return p
}

// mostTries bounds how often something is computed again because another
// process changed it meanwhile.
const mostTries = 20

// Settle brings every lagging bucket, and the month and period above it, up to
// date in the store, and returns the number of buckets that it changed.
// Responses that are stored while it runs may be left to the next call.
func (p *Projector) Settle(ctx context.Context) (int, error) {
	if err := p.lock.Acquire(ctx, 1); err != nil {
		return 0, fmt.Errorf("settle: %w", err)
	}
	defer p.lock.Release(1)
	changed, _, err := p.settle(ctx)
	return changed, err
}

// settle is Settle, and tells which tallies it had to mend. The caller holds
// the lock.
func (p *Projector) settle(ctx context.Context) (changed int, mended analytics.RecountResult, err error) {
	tries := 0
	for more := true; more; {
		if more, err = p.take(ctx); err == nil {
			var w *work
			w, err = p.save(ctx)
			changed += w.changed
			mended.Add(w.mended)
		}
		if errors.Is(err, ErrMoved) && tries < mostTries {
			more, err = true, nil
			tries++
		}
		if err != nil {
			return changed, mended, fmt.Errorf("settle: %w", err)
		}
	}
	return changed, mended, nil
}

// take counts some of what is stored since into the batch.
func (p *Projector) take(ctx context.Context) (more bool, err error) {
	if p.batch == nil {
		p.batch = &Batch{Fresh: map[analytics.Key]Delta{}, Anew: map[analytics.Key]bool{}, pool: p.pool}
	}
	if more, err = p.store.Take(ctx, p.batch); err != nil {
		p.drop()
	}
	return more, err
}

// drop releases the batch, and with it what the totals hold of it.
func (p *Projector) drop() {
	p.store.Release(p.batch)
	p.release()
	for _, l := range p.periods {
		l.stale = true
	}
}

func (p *Projector) release() {
	for _, d := range p.batch.Fresh {
		p.pool.put(d.Tally)
	}
	p.batch = nil
}

// save brings the documents up to date with the batch. ErrMoved: what it held
// is to be taken again.
func (p *Projector) save(ctx context.Context) (*work, error) {
	w := &work{Projector: p, batch: p.batch}
	return w, p.finish(ctx, w)
}

// finish does a work on the batch.
func (p *Projector) finish(ctx context.Context, w *work) error {
	if err := w.run(ctx); err != nil {
		p.drop()
		return err
	}
	p.release()
	p.saved = p.now()
	return nil
}

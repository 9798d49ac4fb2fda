package projection

import (
	"context"
	"errors"
	"fmt"

	"persepsi/analytics"
)

// Projector keeps the tallies of one store up to date. Safe for concurrent use.
type Projector struct {
	store Store
	pool  *pool
	turn  chan struct{} // one at a time
}

// New makes a projector onto a store; forms knows those of its responses.
func New(store Store, forms analytics.Forms) *Projector {
	return &Projector{
		store: store, turn: make(chan struct{}, 1),
		pool: &pool{forms: forms, spare: map[string][]*analytics.Tally{}},
	}
}

// mostTries bounds how often something is computed again because another
// process changed it meanwhile.
const mostTries = 20

// Settle brings every lagging bucket, and the month and period above it, up to
// date, and returns the number of buckets that it changed. Responses that are
// stored while it runs may be left to the next call.
func (p *Projector) Settle(ctx context.Context) (int, error) {
	changed, _, err := p.settle(ctx)
	return changed, err
}

// settle is Settle, and tells which tallies it had to mend.
func (p *Projector) settle(ctx context.Context) (changed int, mended analytics.Recounted, err error) {
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return 0, mended, fmt.Errorf("settle: %w", ctx.Err())
	}
	for more := true; more; {
		more, err = p.batched(ctx, func(b *Batch) *work { return &work{Projector: p, batch: b} }, func(w *work) {
			changed += w.changed
			mended.Add(w.mended)
		})
		if err != nil {
			return changed, mended, fmt.Errorf("settle: %w", err)
		}
	}
	return changed, mended, nil
}

// batched takes a batch and does a work on it, again and again until nobody
// gets in between. done is told of what was done, and more reports whether
// there is more to take.
func (p *Projector) batched(ctx context.Context, begin func(*Batch) *work, done func(*work)) (more bool, err error) {
	for range mostTries {
		b := &Batch{Fresh: map[analytics.Key]Delta{}, Anew: map[analytics.Key]bool{}, pool: p.pool}
		w := begin(b)
		if more, err = p.store.Take(ctx, b); err == nil {
			err = w.run(ctx)
		}
		done(w)
		if err != nil {
			p.store.Back(b)
		}
		for _, d := range b.Fresh {
			p.pool.put(d.Tally)
		}
		if !errors.Is(err, ErrMoved) {
			return more, err
		}
	}
	return false, err
}

// Tallies calls fn with every stored tally that a filter selects. The bytes are
// valid only during the call.
func (p *Projector) Tallies(ctx context.Context, f analytics.TallyFilter, fn func(analytics.Key, []byte) error) error {
	return p.store.Docs(ctx, Selection{TallyFilter: f}, func(k analytics.Key, d Doc) error { return fn(k, d.Tally) })
}

// Tally returns one stored tally, nil where there is none.
func (p *Projector) Tally(ctx context.Context, key analytics.Key) ([]byte, error) {
	docs, err := p.store.Load(ctx, []analytics.Key{key})
	return docs[key].Tally, err
}

package projection

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"persepsi/analytics"
	"persepsi/survey"
)

const (
	// movingTries bounds how often what others were changing meanwhile is
	// looked at again, after movingPause each.
	movingTries = 8
	movingPause = 400 * time.Millisecond
	// mendAtOnce bounds the documents that are made anew at once.
	mendAtOnce = 2048
)

// Recount counts every tally of a period (of all periods when empty) anew from
// the responses, makes those anew that differ, and returns the number of
// buckets counted, of responses read and of tallies that differed, with those
// that it mended while it settled what lagged. Servers may go on storing
// answers.
func (p *Projector) Recount(ctx context.Context, period string) (analytics.RecountResult, error) {
	if err := p.lock.Acquire(ctx, 1); err != nil {
		return analytics.RecountResult{}, fmt.Errorf("recount: %w", err)
	}
	defer p.lock.Release(1)
	return p.recount(ctx, analytics.TallyFilter{Period: period})
}

// recount is Recount for what a filter selects; a store may count more, where that is quicker.
// The caller holds the lock.
func (p *Projector) recount(ctx context.Context, of analytics.TallyFilter) (analytics.RecountResult, error) {
	_, total, err := p.settle(ctx)
	if err != nil {
		return total, err
	}
	looks := []analytics.TallyFilter{of}
	for try := range movingTries {
		var moving []analytics.TallyFilter
		for _, f := range looks {
			n, still, err := p.recountAll(ctx, f)
			if err != nil {
				return total, fmt.Errorf("recount: %w", err)
			}
			moving = append(moving, still...)
			if try > 0 {
				n.Buckets, n.Responses = 0, 0 // they were told of before
			}
			total.Add(n)
		}
		looks, total.Moving = moving, len(moving)
		if len(looks) == 0 {
			break
		}
		pause(ctx, movingPause)
		_, mended, err := p.settle(ctx)
		if err != nil {
			return total, err
		}
		total.Add(mended)
	}
	return total, nil
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// recountAll compares what a filter selects and mends what differs. It returns
// what could not be compared, because others were changing it.
func (p *Projector) recountAll(ctx context.Context, f analytics.TallyFilter) (n analytics.RecountResult, moving []analytics.TallyFilter, err error) {
	var differing []analytics.Key
	err = p.store.Scans(ctx, f, func(m Scan) error {
		before, err := p.Erasure(ctx, m.Scope().Period)
		if err != nil {
			return err
		}
		c := newComparison(p.pool, m, before)
		if err := c.run(ctx); err != nil {
			return fmt.Errorf("period %s: %w", m.Scope().Period, err)
		}
		n.Buckets += c.buckets
		n.Responses += c.responses
		if len(c.differing)+len(c.telling) > 0 {
			still, err := m.Unchanged(ctx)
			if err == nil && still {
				// Answers whose respondent fields were removed meanwhile make no tally wrong.
				var after *survey.Erasure
				after, err = p.Erasure(ctx, m.Scope().Period)
				still = removes(after) == removes(before)
			}
			if err != nil || !still {
				moving = append(moving, m.Scope())
				return err
			}
		}
		gone, err := m.Discard(ctx)
		if err != nil {
			return err
		}
		for _, k := range gone {
			n.AddCorrection(analytics.Correction{Key: k, Damaged: true})
		}
		slices.SortFunc(c.differing, analytics.Key.Compare)
		for _, k := range c.differing {
			n.AddCorrection(analytics.Correction{Key: k, Damaged: c.damaged[k]})
		}
		differing = append(append(differing, c.differing...), c.telling...)
		return nil
	})
	if err != nil {
		return n, moving, err
	}
	return n, moving, p.mend(ctx, differing)
}

func removes(e *survey.Erasure) bool { return e != nil && e.Removes() }

// mend makes tallies anew, of each period its buckets first, as settling does with what lags.
func (p *Projector) mend(ctx context.Context, keys []analytics.Key) error {
	slices.SortFunc(keys, analytics.Key.Compare)
	for some := range slices.Chunk(keys, mendAtOnce) {
		if err := p.mendSome(ctx, some); err != nil {
			return err
		}
	}
	return nil
}

func (p *Projector) mendSome(ctx context.Context, keys []analytics.Key) error {
	var err error
	for range mostTries {
		if _, err = p.take(ctx); err != nil {
			return err
		}
		w := &work{Projector: p, batch: p.batch, rollups: map[analytics.Key]bool{}, alone: map[analytics.Key]bool{}}
		for _, k := range keys {
			if k.Level == analytics.LevelDay {
				p.batch.Anew[k], w.alone[k] = true, true
			} else {
				w.rollups[k] = true
			}
		}
		if err = p.finish(ctx, w); !errors.Is(err, ErrMoved) {
			return err
		}
	}
	return err
}

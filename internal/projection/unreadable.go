package projection

import (
	"context"
	"errors"
	"fmt"

	"persepsi/analytics"
)

// unreadable is the error of a stored tally that can't be read.
type unreadable struct {
	key   analytics.Key
	cause error
}

// Error tells whose tally it is.
func (u *unreadable) Error() string {
	if u.key.Level == analytics.LevelDay {
		return fmt.Sprintf("tally of unit %s on %s cannot be read: %v", u.key.Unit, u.key.Start, u.cause)
	}
	return fmt.Sprintf("tally of unit %s cannot be read: %v", u.key.Unit, u.cause)
}

// Unwrap returns what is wrong with it.
func (u *unreadable) Unwrap() error { return u.cause }

// unit selects the tallies of its unit in its period.
func (u *unreadable) unit() analytics.TallyFilter {
	return analytics.TallyFilter{Period: u.key.Period, Unit: u.key.Unit}
}

// mended returns what read returns. Where it meets a tally that can't be read, those of that
// unit are made anew from the answers (a store may count all of the period, where it reads that in
// one go: SQLite's a million answers a second), and if then another's can't be read
// either, all of the period: tallies are derived, and answers are not. What a request has made
// anew should go on when that one has left, else the next begins it again: ctx is of the mending
// alone. The caller holds the lock.
func mended[V any](ctx context.Context, p *Projector, read func() (V, error)) (V, error) {
	out, err := read()
	for _, alone := range []bool{true, false} {
		var u *unreadable
		if !errors.As(err, &u) {
			break
		}
		of := u.unit()
		if !alone {
			of.Unit = ""
		}
		if _, err := p.recount(ctx, of); err != nil {
			return out, fmt.Errorf("mend period %s: %w", of.Period, err)
		}
		out, err = read()
	}
	return out, err
}

// latest returns what read reads of the documents, with what pending adds of the batch. Where
// nothing is kept in memory the documents tell all, and who reads them doesn't wait for who
// refreshes; elsewhere what somebody else stored meanwhile may be in the documents and in the
// batch, which is then brought up to date first. What can't be read is made anew.
func latest[V any](ctx context.Context, p *Projector, read func() (V, error), pending func(V) error) (V, error) {
	if p.every == 0 {
		out, err := read()
		if u := (*unreadable)(nil); !errors.As(err, &u) {
			return out, err
		}
	}
	if err := p.lock.Acquire(ctx, 1); err != nil {
		return *new(V), err
	}
	defer p.lock.Release(1)
	return mended(context.WithoutCancel(ctx), p, func() (V, error) {
		out, err := read()
		if err != nil || p.batch == nil {
			return out, err
		}
		moved, err := p.moved(ctx)
		if err == nil && len(moved) > 0 {
			if err = p.refresh(ctx); err == nil {
				out, err = read()
			}
		}
		if err != nil || p.batch == nil {
			return out, err
		}
		return out, pending(out)
	})
}

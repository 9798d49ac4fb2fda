package report

import (
	"context"
	"time"

	"persepsi/analytics"
)

// Woken is sent on when somebody waits for newer figures: the recurring task that makes them
// is then to run at once.
func (b *Builder) Woken() <-chan struct{} { return b.wake }

// awaitWithin is how long a request waits for figures that hold what it stored: a snapshot is
// made within a second, unless the store is away or the machine has no processor left.
const awaitWithin = 3 * time.Second

// savedWithin is how long a breakdown waits for what is counted to be saved: the store has to be
// read afterwards.
const savedWithin = time.Second

// Await returns the first figures that hold what evaluators entered, which the background is
// woken to make: who asks waits for them without a lock and computes nothing, however many
// ask at once. False: they could not be made in time, and the newest ones are returned.
func (b *Builder) Await(ctx context.Context, entered ...analytics.Evaluation) (*Figures, bool) {
	return b.waitFor(ctx, awaitWithin, func(f *Figures) bool { return f.hold(entered) })
}

// waitFor returns the first figures that meet a condition; where none do in time the newest
// ones, and false.
func (b *Builder) waitFor(ctx context.Context, within time.Duration, so func(*Figures) bool) (*Figures, bool) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	defer b.waits()()
	for woken := false; ; {
		next := *b.next.Load() // before the figures are looked at, so that none is missed
		f := b.Figures()
		if so(f) {
			return f, true
		}
		if !woken { // the run that this begins, or that is about to, reads what is stored by now
			select {
			case b.wake <- struct{}{}:
			default:
			}
			woken = true
		}
		select {
		case <-next:
		case <-ctx.Done():
			return f, false
		}
	}
}

// hold reports whether the figures are of these entries, or of later ones.
func (f *Figures) hold(entered []analytics.Evaluation) bool {
	for i := range entered {
		e := &entered[i]
		s := f.periods[e.Period]
		if s == nil || s.totals.Evaluations[e.Unit].Version < e.Version {
			return false
		}
	}
	return true
}

// publish makes figures the newest ones, and tells all who wait for some.
func (b *Builder) publish(f *Figures) {
	b.current.Store(f)
	next := make(chan struct{})
	close(*b.next.Swap(&next))
}

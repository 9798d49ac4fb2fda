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

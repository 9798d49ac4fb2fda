package connection

import (
	"errors"
	"os"
	"time"
)

// deadline is when a connection's reads or writes end. The server moves it
// further away at every request; the system, for which each move is work, is told
// only of one that comes sooner than the one that it has. When that comes, the
// connection looks here whether it still counts.
type deadline struct {
	wanted, armed time.Time // zero: none
}

// set notes a deadline, and hands it to arm where the system must know it.
func (d *deadline) set(t time.Time, arm func(time.Time) error) error {
	if !d.armed.IsZero() && (t.IsZero() || !t.Before(d.armed)) {
		d.wanted = t
		return nil
	}
	return d.force(t, arm)
}

// force hands a deadline to arm whatever the system has.
func (d *deadline) force(t time.Time, arm func(time.Time) error) error {
	d.wanted, d.armed = t, t
	return arm(t)
}

// moved reports whether a read or write that failed with err met a deadline that
// was moved away since; then arm has the new one, and it is to be done again.
func (d *deadline) moved(err error, arm func(time.Time) error) bool {
	if !errors.Is(err, os.ErrDeadlineExceeded) || !d.wanted.IsZero() && !time.Now().Before(d.wanted) {
		return false
	}
	return d.force(d.wanted, arm) == nil
}

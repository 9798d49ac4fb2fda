package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"
)

// Head names the newest entry of an audit; the zero Head is that of an empty one.
// Whoever keeps one elsewhere finds out when entries up to it were taken away or
// written anew.
type Head struct {
	Serial int64
	Hash   string
}

// String returns the head as `217 3f9a…`.
func (h Head) String() string { return fmt.Sprintf("%d %s", h.Serial, h.Hash) }

// Head returns the head of an audit whose newest entry it is.
func (e *Entry) Head() Head { return Head{e.Serial, e.Hash} }

// After returns a prepared entry as the next one after a head.
func (e Entry) After(newest Head) Entry {
	e.Serial, e.Previous = newest.Serial+1, newest.Hash
	e.Hash = e.sum()
	return e
}

// sum returns the hash that belongs to an entry.
func (e *Entry) sum() string {
	hash := sha256.Sum256(e.canonical())
	return hex.EncodeToString(hash[:])
}

// canonical returns the bytes that an entry's hash is made of: a first line that
// names their form, then each value as `LENGTH:VALUE,`, with its length in bytes.
// Lists begin with their number of elements. This form never changes: another one
// has another first line.
func (e *Entry) canonical() []byte {
	out := []byte("persepsi audit 1\n")
	text := func(values ...string) {
		for _, s := range values {
			out = strconv.AppendInt(out, int64(len(s)), 10)
			out = append(append(append(out, ':'), s...), ',')
		}
	}
	number := func(n int64) { text(strconv.FormatInt(n, 10)) }
	number(e.Serial)
	text(e.Previous, e.ID, e.At.UTC().Format(time.RFC3339Nano), e.Actor, e.Action, e.Subject, e.Detail, e.Reason)
	for _, list := range [][]string{e.Periods, e.Units} {
		number(int64(len(list)))
		text(list...)
	}
	number(int64(len(e.Changes)))
	for _, c := range e.Changes {
		text(c.What, c.Before, c.After)
	}
	return out
}

// Fault is something that is wrong with an audit.
type Fault struct {
	Serial int64 // of the entry that it was found at
	What   string
}

// String returns the fault as `entry 12 was changed`.
func (f Fault) String() string { return fmt.Sprintf("entry %d %s", f.Serial, f.What) }

// Chain checks that entries follow one another: none is missing, none was changed
// after it was written, none was put in between. It does not notice that the newest
// ones were taken away, nor that somebody wrote all from one entry on anew: those
// show only beside a Head that was kept elsewhere. The zero Chain expects the first
// entry.
type Chain struct {
	Head   Head // of what was checked
	Faults []Fault
	// Known is a head that was kept elsewhere; where it is not zero the entry must
	// be among the checked ones: see End.
	Known Head
}

// Add checks the next entry.
func (c *Chain) Add(e *Entry) {
	fault := func(serial int64, what string) { c.Faults = append(c.Faults, Fault{serial, what}) }
	missing := e.Serial > c.Head.Serial+1
	switch {
	case e.Serial <= c.Head.Serial:
		fault(e.Serial, "stands in a wrong place")
	case e.Serial == c.Head.Serial+2:
		fault(c.Head.Serial+1, "is missing")
	case missing:
		fault(c.Head.Serial+1, fmt.Sprintf("and those up to %d are missing", e.Serial-1))
	}
	switch {
	case e.sum() != e.Hash:
		fault(e.Serial, "was changed after it was written")
	case !missing && e.Previous != c.Head.Hash:
		fault(e.Serial, "does not follow the one before: that was written anew, or this one put in")
	}
	if e.Serial == c.Known.Serial && e.Hash != c.Known.Hash {
		fault(e.Serial, "is another one than the known head")
	}
	c.Head = e.Head()
}

// End checks that the known head was among the entries, and returns all faults.
func (c *Chain) End() []Fault {
	if c.Known.Serial > c.Head.Serial {
		c.Faults = append(c.Faults, Fault{c.Known.Serial, "is known and is not there: the newest entries were taken away"})
	}
	return c.Faults
}

// Verify checks a whole audit and returns its head and what is wrong with it.
func Verify(ctx context.Context, s Store) (Head, []Fault, error) {
	var c Chain
	err := s.AuditLog(ctx, func(e Entry) error {
		c.Add(&e)
		return nil
	})
	return c.Head, c.End(), err
}

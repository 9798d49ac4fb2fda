package projection

import (
	"context"
	"time"

	"persepsi/survey"
)

// Server is what a server last told of the answers that it acknowledged and that
// wait in its spool. It says nothing of where the server is.
type Server struct {
	ID  string // made at random, kept beside its spool
	Run string // likewise, of its process
	// Seen is when it told so, by the clock that it takes answers by: before it looked
	// into its spool.
	Seen    time.Time
	Waiting map[string]int64 // answers in its spool, by period
}

// ServerStore knows the servers that keep a spool of their own: those beside MongoDB. A SQLite
// store has one server and no spool, and returns none.
type ServerStore interface {
	// Servers returns what each server told last, in the order of their ids. A server
	// that stopped with an empty spool is not among them.
	Servers(ctx context.Context) ([]Server, error)
}

const (
	// underway is how long after the last moment at which an answer of a period is
	// taken a server may still be storing it, or putting it into its spool: its queue
	// and a database that does not reply take some 25 seconds.
	underway = time.Minute
	// Patience is how long the final release waits for a server that is not heard of:
	// so long after it was, and after the period's last answer at the least. Who mends
	// a machine on the next working day is in time.
	Patience = 24 * time.Hour
)

// ServerState is what a server means to a period's final release.
type ServerState int

const (
	// Done servers have stored all answers of the period.
	Done ServerState = iota
	// Awaited servers may have answers of the period that are not stored.
	Awaited
	// Unheard servers may have some too, and were waited for long enough.
	Unheard
)

// Span is when answers of a period are taken: from its first day on, and before Close,
// the end of its grace.
type Span struct {
	Period      string
	Open, Close time.Time
}

// SpanOf returns the span of a period in a time zone.
func SpanOf(p *survey.Period, zone *time.Location) Span {
	return Span{Period: p.Code, Open: p.From.In(zone), Close: p.End(zone).Add(survey.Grace)}
}

// State tells what the server means to the final release of a period at a time. One
// that was not heard of since the period began has no part in it. One that goes on
// telling that answers wait is waited for as long as it does.
func (s *Server) State(of Span, now time.Time) ServerState {
	waiting, over := s.Waiting[of.Period] > 0, of.Close.Add(underway)
	last := of.Close
	if s.Seen.After(last) {
		last = s.Seen
	}
	switch {
	case !waiting && (s.Seen.Before(of.Open) || !s.Seen.Before(over)):
		return Done
	case now.Before(last.Add(Patience)):
		return Awaited
	default:
		return Unheard
	}
}

package ingest

import (
	"context"
	"time"

	"github.com/google/uuid"

	"persepsi/survey"
)

// Spool is a durable local queue of responses, for when the store is
// unavailable. It follows the same rules as an Appender, against what it holds
// itself.
type Spool interface {
	survey.Appender
	// Find returns the responses with these ids that wait in the spool.
	Find(ctx context.Context, ids []uuid.UUID) ([]*survey.Response, error)
	// Peek returns the oldest responses, n at most.
	Peek(ctx context.Context, n int) ([]*survey.Response, error)
	// Remove deletes responses that the store has.
	Remove(ctx context.Context, ids []uuid.UUID) error
	// Quarantine moves a response out of the queue, with the reason, for a
	// person to look at. It is never deleted.
	Quarantine(ctx context.Context, r *survey.Response, reason string) error
	// Stats returns what the spool holds.
	Stats(ctx context.Context) (SpoolStats, error)
}

// SpoolStats is what a spool holds.
type SpoolStats struct {
	Waiting     int64     // responses that wait for the store
	Bytes       int64     // what they take on disk
	Limit       int64     // what they may take
	Oldest      time.Time // when the oldest of them was received; zero for none
	Quarantined int64     // responses that a person must look at and has not resolved
}

// Full reports whether the spool is so full that it may refuse a response.
func (s SpoolStats) Full() bool { return s.Bytes+fullMargin > s.Limit }

// fullMargin is more than the longest response takes.
const fullMargin = 16 << 10

// Package audit is the record of who did what to what, and why.
package audit

import (
	"context"
	"time"
)

// Entry is a line of the append-only audit.
type Entry struct {
	At      time.Time
	Actor   string // the key's name, or `command line`
	Action  string // apply, import, set_evaluation, add_key …
	Subject string // what it was done to: a period and unit, a key's id
	Detail  string // the reason or a summary; never answers or contact data
}

// Store keeps the audit.
type Store interface {
	// Audit adds a line.
	Audit(ctx context.Context, e Entry) error
	// AuditLog calls fn with every line, the oldest first. It stops at fn's first
	// error and returns it.
	AuditLog(ctx context.Context, fn func(Entry) error) error
}

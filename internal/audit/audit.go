// Package audit is the record of who did what to what, and why.
package audit

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
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

// Filter selects entries; an empty field selects all.
type Filter struct {
	// Period, Unit and By are codes of a period and of a unit, and who did it.
	Period, Unit, By string
	Action           string
}

// Selects reports whether an entry is one of those that a filter selects. It is
// about a period or a unit where that code stands in what it was done to, or in what
// changed.
func (f Filter) Selects(e *Entry) bool {
	return (f.By == "" || e.Actor == f.By) && (f.Action == "" || e.Action == f.Action) &&
		(f.Period == "" || e.names(f.Period)) && (f.Unit == "" || e.names(f.Unit))
}

// names reports whether a code stands in an entry by itself.
func (e *Entry) names(code string) bool {
	words := func(text string) []string {
		return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_' })
	}
	return slices.Contains(words(e.Subject), code) || slices.Contains(words(e.Detail), code)
}

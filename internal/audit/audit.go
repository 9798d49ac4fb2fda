// Package audit is the record of who did what to what, when and why, with the values
// before and after. Entries are only ever added, in a row, and each one holds the
// hash of the one before: see Chain.
package audit

import (
	"context"
	"slices"
	"time"
)

// Entry is an entry of the audit. Its writer leaves Serial, Previous and Hash to the
// store. Nothing in it is an answer, a comment or data of a citizen.
type Entry struct {
	// Serial counts the entries from 1, without a gap.
	Serial int64 `json:"serial"`
	// ID is the entry's own name, made by the store where its writer gives none. An
	// entry whose ID is there already is not added again, so that who does not know
	// whether it was may try once more.
	ID string `json:"id"`
	// At is when it was done, in UTC, to the millisecond.
	At      time.Time `json:"at"`
	Actor   string    `json:"by"`      // a person's or key's name, or `command line`
	Action  string    `json:"action"`  // one of Actions
	Subject string    `json:"subject"` // what it was done to: `catalogue 5`, `2026-s1/loket`, a key's id
	Detail  string    `json:"detail"`  // a summary in words
	Reason  string    `json:"reason"`  // why, in the words of who did it; empty where nobody asks for one
	// Periods and Units are the codes of those that it is about.
	Periods []string `json:"periods"`
	Units   []string `json:"units"`
	// Changes tell what is otherwise now, one by one.
	Changes []Change `json:"changes"`
	// Previous is the Hash of the entry before, empty in the first.
	Previous string `json:"previous"`
	// Hash is the SHA-256 of all of the above, in lower-case hex.
	Hash string `json:"hash"`
}

// Change is one thing that is otherwise now.
type Change struct {
	What   string `json:"what"`   // `agencies.dukcapil.units.loket.name`, `figure 2026-s1 loket ipak`
	Before string `json:"before"` // empty: there was none
	After  string `json:"after"`  // empty: there is none any more
}

// Store keeps the audit.
type Store interface {
	// Audit adds entries, durably and each after the newest one, also where
	// others add theirs at the same time. On an error some of several may have
	// been added: trying again with the same IDs adds the others.
	Audit(ctx context.Context, entries ...Entry) error
	// AuditLog calls fn with every entry, the oldest first. It stops at fn's first
	// error and returns it.
	AuditLog(ctx context.Context, fn func(Entry) error) error
}

// Filter selects entries; an empty field selects all.
type Filter struct {
	// Period and By are the code of a period and who did it, Units the codes that a
	// unit has and had.
	Period, By string
	Units      []string
	Action     string // one of Actions
}

// Selects reports whether an entry is one of those that a filter selects.
func (f Filter) Selects(e *Entry) bool {
	return (f.By == "" || e.Actor == f.By) && (f.Action == "" || e.Action == f.Action) &&
		(f.Period == "" || slices.Contains(e.Periods, f.Period)) &&
		(len(f.Units) == 0 || slices.ContainsFunc(f.Units, func(code string) bool { return slices.Contains(e.Units, code) }))
}

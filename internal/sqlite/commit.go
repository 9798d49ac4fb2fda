package sqlite

import (
	"context"
	"errors"
	"fmt"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/survey"
)

// commitFacts runs fn in a transaction that is durable when it returns nil.
func (db *DB) commitFacts(fn func(c *sqlite.Conn) error) error { return db.write(true, fn) }

// commitDerived runs fn in a transaction for what can be rebuilt. Its fsync is left
// to the next commit of facts: both write one log in one order.
func (db *DB) commitDerived(fn func(c *sqlite.Conn) error) error { return db.write(false, fn) }

// write runs fn in one immediate transaction.
func (db *DB) write(durable bool, fn func(c *sqlite.Conn) error) error {
	return db.writeWithin(busyTimeout, durable, fn)
}

// writeWithin is write with a bound for the time that the writer of another
// process is waited for.
func (db *DB) writeWithin(wait time.Duration, durable bool, fn func(c *sqlite.Conn) error) error {
	db.mu.Lock()
	defer db.mu.Unlock()
	if wait != busyTimeout {
		db.writer.SetBusyTimeout(wait)
		defer db.writer.SetBusyTimeout(busyTimeout)
	}
	err := trouble("write", db.commit(durable, fn))
	if err == nil { // nobody was told of the commit yet
		err = db.guard.check()
	}
	if unavailable := survey.CodeOf(err) == survey.Unavailable; durable && (unavailable || err == nil) {
		db.failing.Store(unavailable)
	}
	return err
}

// commit is one transaction; the caller holds mu.
func (db *DB) commit(durable bool, fn func(c *sqlite.Conn) error) error {
	if err := db.guard.check(); err != nil {
		return err
	}
	if err := db.synchronise(durable); err != nil {
		return err
	}
	end, err := sqlitex.ImmediateTransaction(db.writer)
	if err != nil {
		return err
	}
	err = fn(db.writer)
	end(&err)
	db.written.Store(true)
	return err
}

// synchronise says whether the next commits wait for an fsync. The caller holds
// mu.
func (db *DB) synchronise(durable bool) error {
	if durable == db.durable {
		return nil
	}
	pragma := `PRAGMA synchronous = NORMAL`
	if durable {
		pragma = `PRAGMA synchronous = FULL`
	}
	// Not a kept statement: SQLite sets this while it prepares one.
	if err := sqlitex.ExecuteTransient(db.writer, pragma, nil); err != nil {
		return err
	}
	db.durable = durable
	return nil
}

// trouble turns SQLite's errors into ours; others pass.
func trouble(what string, err error) error {
	var known *survey.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	switch sqlite.ErrCode(err).ToPrimary() {
	case sqlite.ResultFull:
		return &survey.Error{Code: survey.Unavailable, Message: "the disk is full", RetryAfter: 30 * time.Second, Cause: err}
	case sqlite.ResultBusy, sqlite.ResultLocked:
		return &survey.Error{Code: survey.Unavailable, Message: "the store is busy", RetryAfter: time.Second, Cause: err}
	case sqlite.ResultIOErr, sqlite.ResultReadOnly, sqlite.ResultCantOpen, sqlite.ResultCorrupt, sqlite.ResultNotADB:
		return &survey.Error{Code: survey.Unavailable, Message: "the store cannot be used", RetryAfter: 30 * time.Second, Cause: err}
	default:
		return fmt.Errorf("%s: %w", what, err)
	}
}

// checkpointLoop moves the write-ahead log into the database again and again, beside
// the writers. They write at the log's beginning again when all of it is
// carried over: once it is long, the little that came meanwhile is carried over
// between two of them.
func (db *DB) checkpointLoop() {
	defer close(db.done)
	tick := time.NewTicker(checkpointEvery)
	defer tick.Stop()
	for {
		select {
		case <-db.stop:
			return
		case <-tick.C:
		}
		if db.written.Swap(false) {
			db.checkpointOnce()
		}
	}
}

// checkpointOnce carries the log over once. Errors (a full disk, a reader in the way)
// leave the log as it is; the next round tries again.
func (db *DB) checkpointOnce() {
	c, err := db.readers.Take(context.Background())
	if err != nil {
		return
	}
	defer db.readers.Put(c)
	if checkpoint(c) < logLimit {
		return
	}
	checkpoint(c) // so that there is little left for the next one
	db.mu.Lock()
	defer db.mu.Unlock()
	checkpoint(db.writer)
}

// checkpoint carries over what is in nobody's way, and returns the length of the
// log in bytes.
func checkpoint(c *sqlite.Conn) int64 {
	frames := int64(0)
	_ = sqlitex.ExecuteTransient(c, `PRAGMA wal_checkpoint(PASSIVE)`, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
		frames = s.ColumnInt64(1)
		return nil
	}})
	return frames * pageSize
}

package sqlite

import (
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/internal/sqlitefile"
	"persepsi/survey"
)

// commitFacts runs fn in a transaction that is durable when it returns nil.
func (db *DB) commitFacts(fn func(c *sqlite.Conn) error) error { return db.write(true, fn) }

// commitDerived runs fn in a transaction for what can be rebuilt. Its fsync is left
// to the next commit of facts: both write one log in one order.
func (db *DB) commitDerived(fn func(c *sqlite.Conn) error) error { return db.write(false, fn) }

// write runs fn in one immediate transaction.
func (db *DB) write(durable bool, fn func(c *sqlite.Conn) error) error {
	return db.writeWithin(sqlitefile.BusyTimeout, durable, fn)
}

// writeWithin is write with a bound for the time that the writer of another
// process is waited for.
func (db *DB) writeWithin(wait time.Duration, durable bool, fn func(c *sqlite.Conn) error) error {
	db.mu.Lock()
	defer db.mu.Unlock()
	if wait != sqlitefile.BusyTimeout {
		db.writer.SetBusyTimeout(wait)
		defer db.writer.SetBusyTimeout(sqlitefile.BusyTimeout)
	}
	err := sqlitefile.Trouble("write", db.commit(durable, fn))
	if err == nil { // nobody was told of the commit yet
		err = db.guard.Check()
	}
	if unavailable := survey.CodeOf(err) == survey.Unavailable; durable && (unavailable || err == nil) {
		db.failing.Store(unavailable)
	}
	return err
}

// commit is one transaction; the caller holds mu.
func (db *DB) commit(durable bool, fn func(c *sqlite.Conn) error) error {
	if err := db.guard.Check(); err != nil {
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

package sqlite

import (
	"context"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/internal/sqlitefile"
)

const (
	// checkpointEvery is how often the write-ahead log is carried over.
	checkpointEvery = 500 * time.Millisecond
	// truncateWithin is how long readers are waited for that hold up the end of the
	// log, while writers wait; truncateTries how often, with truncatePause in between.
	truncateWithin = 20 * time.Millisecond
	truncatePause  = 50 * time.Millisecond
	truncateTries  = 40
)

// checkpointLoop moves the write-ahead log into the database again and again, beside
// the writers. They write at the log's beginning again when all of it is
// carried over: once it is long, the little that came meanwhile is carried over
// between two of them. It is no recurring task of a server: an import or a recount needs it as
// much, and they run no table of tasks.
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
	if checkpoint(c) < sqlitefile.LogLimit {
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
	return frames * sqlitefile.PageSize
}

// truncateLog carries the whole log over and empties its file, so that it holds nothing
// of what was removed; false where somebody still reads what was before.
func (db *DB) truncateLog() (done bool) {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.writer.SetBusyTimeout(truncateWithin)
	defer db.writer.SetBusyTimeout(sqlitefile.BusyTimeout)
	err := sqlitex.ExecuteTransient(db.writer, `PRAGMA wal_checkpoint(TRUNCATE)`, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
		done = s.ColumnInt(0) == 0
		return nil
	}})
	return done && err == nil
}

// Package sqlitefile opens the SQLite files of this program: the embedded store and the
// spool. Both have a write-ahead log, are their owner's alone, and fail in the same words.
package sqlitefile

import (
	"errors"
	"fmt"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/internal/datadir"
)

const (
	// BusyTimeout is how long a connection waits for the writer of another process.
	BusyTimeout = 5 * time.Second
	// PageSize is the page size of every file, in bytes.
	PageSize = 4 << 10
	// LogLimit is the length of the log, in bytes, at which it begins anew.
	LogLimit = 16 << 20
)

// Open opens a file in write-ahead mode, making it where it is missing. synchronous is
// SQLite's word for which commits wait for the disk; cacheKiB bounds the pages that the
// connection keeps.
func Open(path, synchronous string, cacheKiB int) (*sqlite.Conn, error) {
	tuneMemory()
	if err := datadir.Create(path); err != nil {
		return nil, err
	}
	c, err := sqlite.OpenConn(path, sqlite.OpenReadWrite, sqlite.OpenCreate)
	if err != nil {
		return nil, err
	}
	if err := sqlitex.ExecuteTransient(c, `PRAGMA journal_mode = WAL`, nil); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	if err := Prepare(c, synchronous, cacheKiB); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// Prepare sets what SQLite keeps per connection. The log is carried over by whoever opened
// the file, not by whoever happens to commit.
func Prepare(c *sqlite.Conn, synchronous string, cacheKiB int) error {
	c.SetBusyTimeout(BusyTimeout)
	for _, pragma := range []string{
		"synchronous = " + synchronous, "wal_autocheckpoint = 0", fmt.Sprintf("cache_size = -%d", cacheKiB),
		fmt.Sprintf("journal_size_limit = %d", 4*LogLimit), "temp_store = MEMORY",
	} {
		if err := sqlitex.ExecuteTransient(c, "PRAGMA "+pragma, nil); err != nil {
			return err
		}
	}
	return nil
}

// Watch watches an open file and its log.
func Watch(path string) (*datadir.Guard, error) { return datadir.Watch(path, path+"-wal") }

// Touch writes what means nothing into a file, so that its commit tells whether it can be
// written to.
func Touch(c *sqlite.Conn) error {
	return sqlitex.ExecuteTransient(c, fmt.Sprintf("PRAGMA user_version = %d", time.Now().Unix()&0xffff), nil)
}

// Millis keeps a time as milliseconds; 0 is no time.
func Millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Time is the time that Millis kept.
func Time(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// Package sqlite is the embedded store: one SQLite file in write-ahead mode,
// written by one connection with full synchronisation, so that an acknowledged
// answer survives a loss of power. Several processes may use one data
// directory: every read-modify-write is one immediate transaction.
package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/migrations"
	"persepsi/survey"
)

// DB is the embedded store. It is safe for concurrent use.
type DB struct {
	path    string
	readers *sqlitex.Pool

	// mu serialises the writers of this process, so that they queue here
	// instead of polling each other's lock.
	mu sync.Mutex
	// writer is the one writing connection: a second one would throw away the
	// page cache of the first with every commit.
	writer *sqlite.Conn
	// durable tells whether writer's commits wait for an fsync now.
	durable bool
	// written tells that there is something in the log to carry over.
	written atomic.Bool
	// guard tells whether what is committed can be found again.
	guard *guard
	// failing tells that the last durable write failed for want of a working
	// disk.
	failing atomic.Bool

	unitForms unitForms

	stop chan struct{}
	done chan struct{}
}

const (
	fileName    = "persepsi.db"
	busyTimeout = 5 * time.Second
	pageSize    = 4 << 10
	// checkpointEvery is how often the write-ahead log is carried over, and logLimit
	// the length in bytes at which it begins anew.
	checkpointEvery = 500 * time.Millisecond
	logLimit        = 16 << 20
)

// Open opens the store in a directory, making it where it is missing, and
// migrates it. Errors name the directory: not writable, not a database, or
// written by a newer program.
func Open(ctx context.Context, dir string) (*DB, error) {
	if err := writable(dir); err != nil {
		return nil, err
	}
	db := &DB{
		path: filepath.Join(dir, fileName),
		stop: make(chan struct{}), done: make(chan struct{}),
	}
	if err := db.open(ctx); err != nil {
		return nil, errors.Join(opening(dir, err), db.closeConns())
	}
	// Where that fails, the next Take tries again and tells; a server that has
	// no room for it starts all the same.
	_ = db.finishImport(ctx)
	go db.checkpointLoop()
	return db, nil
}

// reason returns the system's word for what is wrong, without the path again.
func reason(err error) string {
	var pe *os.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}

func opening(dir string, err error) error {
	var known *survey.Error
	if errors.As(err, &known) {
		return err
	}
	switch sqlite.ErrCode(err).ToPrimary() {
	case sqlite.ResultNotADB, sqlite.ResultCorrupt:
		return &survey.Error{Code: survey.Unavailable, Message: fmt.Sprintf("%s in %s is not a database of this program", fileName, dir), Cause: err}
	default:
		return &survey.Error{Code: survey.Unavailable, Message: fmt.Sprintf("the store in %s cannot be opened", dir), Cause: err}
	}
}

func (db *DB) open(ctx context.Context) error {
	tuneMemory()
	var err error
	if db.writer, err = connect(db.path, "FULL", 6<<10); err != nil {
		return err
	}
	db.durable = true
	// What is removed, or only moved, must not stay legible in the file.
	if err := sqlitex.ExecuteTransient(db.writer, `PRAGMA secure_delete = ON`, nil); err != nil {
		return err
	}
	if err := migrations.SQLite(db.writer); err != nil {
		return err
	}
	if db.guard, err = newGuard(db.path); err != nil {
		return err
	}
	db.readers, err = sqlitex.NewPool(db.path, sqlitex.PoolOptions{
		Flags:    sqlite.OpenReadWrite,
		PoolSize: 2 * max(runtime.GOMAXPROCS(0), 2),
		PrepareConn: func(c *sqlite.Conn) error {
			return prepare(c, "NORMAL", 1<<10)
		},
	})
	if err != nil {
		return err
	}
	return db.read(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `SELECT 1`, nil)
	})
}

func connect(path, synchronous string, cacheKiB int) (*sqlite.Conn, error) {
	if err := precreate(path); err != nil {
		return nil, err
	}
	c, err := sqlite.OpenConn(path, sqlite.OpenReadWrite, sqlite.OpenCreate)
	if err != nil {
		return nil, err
	}
	if err := sqlitex.ExecuteTransient(c, `PRAGMA journal_mode = WAL`, nil); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	if err := prepare(c, synchronous, cacheKiB); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// prepare sets what SQLite keeps per connection. The log is carried over by
// this program (checkpointLoop), not by whoever happens to commit.
func prepare(c *sqlite.Conn, synchronous string, cacheKiB int) error {
	c.SetBusyTimeout(busyTimeout)
	for _, pragma := range []string{
		"synchronous = " + synchronous, "wal_autocheckpoint = 0", fmt.Sprintf("cache_size = -%d", cacheKiB),
		fmt.Sprintf("journal_size_limit = %d", 4*logLimit), "temp_store = MEMORY",
	} {
		if err := sqlitex.ExecuteTransient(c, "PRAGMA "+pragma, nil); err != nil {
			return err
		}
	}
	return nil
}

// Close carries the log over and closes the store.
func (db *DB) Close() error {
	close(db.stop)
	<-db.done
	db.guard.rest()
	db.mu.Lock()
	defer db.mu.Unlock()
	// Not one that waits for readers: it would keep the writer of a server that
	// goes on. Whoever closes last carries all over anyway; what stays in the log
	// is read from there.
	checkpoint(db.writer)
	return db.closeConns()
}

func (db *DB) closeConns() error {
	var errs []error
	if db.readers != nil {
		errs = append(errs, db.readers.Close())
	}
	if db.writer != nil {
		errs = append(errs, db.writer.Close())
	}
	return errors.Join(errs...)
}

// Ping reports whether the store could take an answer now: the directory is the
// one that was opened, a probe could be written to its disk, and so could the
// database itself where it failed last. The probes are shared by all who ask
// within probeEvery. Unavailable: it could not, and why.
func (db *DB) Ping(ctx context.Context) error {
	return db.guard.takes(ctx, func() error {
		if !db.failing.Load() {
			return nil
		}
		// Without answers nothing else would find out that it works again.
		return db.commitFacts(touch)
	})
}

// touch writes what means nothing into a database, so that its commit tells
// whether it can be written to.
func touch(c *sqlite.Conn) error {
	return sqlitex.ExecuteTransient(c, fmt.Sprintf("PRAGMA user_version = %d", time.Now().Unix()&0xffff), nil)
}

// read lends a reading connection.
func (db *DB) read(ctx context.Context, fn func(*sqlite.Conn) error) error {
	c, err := db.readers.Take(ctx)
	if err != nil {
		return trouble("read", err)
	}
	defer db.readers.Put(c)
	return trouble("read", fn(c))
}

// snapshot lends a reading connection that sees one moment of the store.
func (db *DB) snapshot(ctx context.Context, fn func(*sqlite.Conn) error) error {
	return db.read(ctx, func(c *sqlite.Conn) (err error) {
		defer sqlitex.Transaction(c)(&err)
		return fn(c)
	})
}

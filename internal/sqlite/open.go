package sqlite

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/internal/datadir"
	"persepsi/internal/sqlitefile"
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
	guard *datadir.Guard
	// failing tells that the last durable write failed for want of a working
	// disk.
	failing atomic.Bool

	unitForms unitForms

	stop chan struct{}
	done chan struct{}
}

// Open opens the store in a directory, making it where it is missing, and
// migrates it. Errors name the directory: not writable, not a database, or
// written by a newer program.
func Open(ctx context.Context, dir string) (*DB, error) {
	if err := datadir.Make(dir); err != nil {
		return nil, err
	}
	db := &DB{
		path: filepath.Join(dir, datadir.StoreFile),
		stop: make(chan struct{}), done: make(chan struct{}),
	}
	if err := db.open(ctx); err != nil {
		return nil, errors.Join(sqlitefile.Opening(db.path, err), db.closeConns())
	}
	// Where that fails, the next Take tries again and tells; a server that has
	// no room for it starts all the same.
	_ = db.finishImport(ctx)
	go db.checkpointLoop()
	return db, nil
}

// Exists reports whether a directory holds a store. It makes nothing.
func Exists(dir string) (bool, error) {
	_, err := os.Stat(filepath.Join(dir, datadir.StoreFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, survey.Errorf(survey.Unavailable, "the data directory %s cannot be read: %s", dir, datadir.Reason(err))
	}
	return true, nil
}

func (db *DB) open(ctx context.Context) error {
	var err error
	if db.writer, err = sqlitefile.Open(db.path, "FULL", 6<<10); err != nil {
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
	if db.guard, err = sqlitefile.Watch(db.path); err != nil {
		return err
	}
	db.readers, err = sqlitex.NewPool(db.path, sqlitex.PoolOptions{
		Flags:    sqlite.OpenReadWrite,
		PoolSize: 2 * max(runtime.GOMAXPROCS(0), 2),
		PrepareConn: func(c *sqlite.Conn) error {
			return sqlitefile.Prepare(c, "NORMAL", 1<<10)
		},
	})
	if err != nil {
		return err
	}
	return db.read(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `SELECT 1`, nil)
	})
}

// Close carries the log over and closes the store.
func (db *DB) Close() error {
	close(db.stop)
	<-db.done
	db.guard.Rest()
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
	return db.guard.Takes(ctx, func() error {
		if !db.failing.Load() {
			return nil
		}
		// Without answers nothing else would find out that it works again.
		return db.commitFacts(sqlitefile.Touch)
	})
}

// read lends a reading connection.
func (db *DB) read(ctx context.Context, fn func(*sqlite.Conn) error) error {
	c, err := db.readers.Take(ctx)
	if err != nil {
		return sqlitefile.Trouble("read", err)
	}
	defer db.readers.Put(c)
	return sqlitefile.Trouble("read", fn(c))
}

// snapshot lends a reading connection that sees one moment of the store.
func (db *DB) snapshot(ctx context.Context, fn func(*sqlite.Conn) error) error {
	return db.read(ctx, func(c *sqlite.Conn) (err error) {
		defer sqlitex.Transaction(c)(&err)
		return fn(c)
	})
}

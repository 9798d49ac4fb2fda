// Package spool is the local queue of a server whose production store is away: a SQLite file
// of its own, every batch durable before it is acknowledged. It implements ingest.Spool.
//
// It is no store: nothing is counted in it, and what it holds leaves it for the store.
package spool

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/internal/datadir"
	"persepsi/internal/ingest"
	"persepsi/internal/sqlitefile"
	"persepsi/survey"
)

// DB is an open spool. Safe for concurrent use.
type DB struct {
	path  string
	limit int64 // bytes

	guard   *datadir.Guard
	failing atomic.Bool // the last Append failed for want of a working disk

	mu sync.Mutex
	c  *sqlite.Conn
}

const (
	// shape is the spool's first shape: the whole response, so that it can
	// be drained by any later program.
	shape = `
CREATE TABLE IF NOT EXISTS queue (
	seq INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL UNIQUE,
	period TEXT NOT NULL, unit TEXT NOT NULL, form TEXT NOT NULL, day INTEGER NOT NULL,
	service TEXT NOT NULL, point TEXT NOT NULL, mode INTEGER NOT NULL, hour INTEGER NOT NULL,
	answers TEXT NOT NULL, respondent TEXT NOT NULL, lang TEXT NOT NULL,
	started_at INTEGER NOT NULL, received_at INTEGER NOT NULL, comment TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS aside (
	seq INTEGER PRIMARY KEY AUTOINCREMENT, reason TEXT NOT NULL, id BLOB NOT NULL,
	period TEXT NOT NULL, unit TEXT NOT NULL, form TEXT NOT NULL, day INTEGER NOT NULL,
	service TEXT NOT NULL, point TEXT NOT NULL, mode INTEGER NOT NULL, hour INTEGER NOT NULL,
	answers TEXT NOT NULL, respondent TEXT NOT NULL, lang TEXT NOT NULL,
	started_at INTEGER NOT NULL, received_at INTEGER NOT NULL, comment TEXT NOT NULL
) STRICT;`
	columns  = `id, period, unit, form, day, service, point, mode, hour, answers, respondent, lang, started_at, received_at, comment`
	cacheKiB = 2 << 10
	// rowBytes is what a response without a comment needs: when so much is no
	// longer free below the limit, the spool is full.
	rowBytes = 512
)

// Open opens the spool of a data directory. limit bounds its file in
// bytes.
func Open(dir string, limit int64) (*DB, error) {
	if err := datadir.Make(dir); err != nil {
		return nil, err
	}
	s := &DB{path: filepath.Join(dir, datadir.SpoolFile), limit: limit}
	var err error
	if s.c, err = sqlitefile.Open(s.path, "FULL", cacheKiB); err != nil {
		return nil, sqlitefile.Opening(s.path, err)
	}
	if err = sqlitex.ExecuteScript(s.c, shape, nil); err == nil {
		err = addResolutions(s.c)
	}
	if err == nil {
		err = sqlitex.ExecuteTransient(s.c, `PRAGMA wal_autocheckpoint = 1000`, nil)
	}
	if err == nil { // what has left the spool must not be legible in its file
		err = sqlitex.ExecuteTransient(s.c, `PRAGMA secure_delete = ON`, nil)
	}
	if err == nil {
		s.guard, err = sqlitefile.Watch(s.path)
	}
	if err != nil {
		return nil, errors.Join(sqlitefile.Opening(s.path, err), s.c.Close())
	}
	return s, nil
}

// Close closes the spool; what it holds stays.
func (s *DB) Close() error {
	s.guard.Rest()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.c.Close()
}

func (s *DB) transaction(fn func() error) (err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	end, err := sqlitex.ImmediateTransaction(s.c)
	if err != nil {
		return sqlitefile.Trouble("spool", err)
	}
	err = fn()
	end(&err)
	return sqlitefile.Trouble("spool", err)
}

// room checks that a batch fits; the caller holds mu.
func (s *DB) room(responses int) error {
	used, err := s.used()
	if err == nil && used+int64(responses)*rowBytes > s.limit {
		err = &survey.Error{Code: survey.Unavailable, Message: "the store is away and the local spool is full", RetryAfter: 30 * time.Second}
	}
	return err
}

// Append queues a batch in one durable transaction. Unavailable: the spool is
// full, its disk is, or its directory is gone.
func (s *DB) Append(_ context.Context, batch []*survey.Response) ([]survey.Outcome, error) {
	outcomes := make([]survey.Outcome, len(batch))
	err := s.guard.Check()
	if err == nil {
		err = s.transaction(func() error { return s.append(batch, outcomes) })
	}
	if err == nil { // nobody was told of the commit yet
		err = s.guard.Check()
	}
	s.failing.Store(survey.CodeOf(err) == survey.Unavailable)
	if err != nil {
		return nil, err
	}
	return outcomes, nil
}

func (s *DB) append(batch []*survey.Response, outcomes []survey.Outcome) error {
	if err := s.room(len(batch)); err != nil {
		return err
	}
	for i, r := range batch {
		if err := s.insert(`INSERT INTO queue (`+columns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`, r); err != nil {
			return err
		}
		outcomes[i] = survey.Outcome{Result: survey.Stored, ReceivedAt: r.ReceivedAt}
		if s.c.Changes() > 0 {
			continue
		}
		old, err := s.rows(`SELECT `+columns+` FROM queue WHERE id = ?`, r.ID[:])
		if err != nil {
			return err
		}
		outcomes[i] = r.Again(old[0])
	}
	return nil
}

// Ping reports whether the spool's directory and disk take answers now, as
// that of the embedded store does; whether the spool itself is full is told by Stats.
func (s *DB) Ping(ctx context.Context) error {
	return s.guard.Takes(ctx, func() error {
		if !s.failing.Load() {
			return nil
		}
		err := s.transaction(func() error { return sqlitefile.Touch(s.c) })
		s.failing.Store(err != nil)
		return err
	})
}

func (s *DB) insert(query string, r *survey.Response, before ...any) error {
	args := append(slices.Clip(before), r.ID[:], r.Period, r.Unit, r.Form, int64(r.Day), r.Service, r.Point, int64(r.Mode), int64(r.Hour),
		string(r.Answers), string(r.Respondent), r.Lang, sqlitefile.Millis(r.StartedAt), sqlitefile.Millis(r.ReceivedAt), r.Comment)
	if err := sqlitex.Execute(s.c, query, &sqlitex.ExecOptions{Args: args}); err != nil {
		return fmt.Errorf("queue a response: %w", err)
	}
	return nil
}

func (s *DB) rows(query string, args ...any) ([]*survey.Response, error) {
	var out []*survey.Response
	err := sqlitex.Execute(s.c, query, &sqlitex.ExecOptions{Args: args, ResultFunc: func(st *sqlite.Stmt) error {
		out = append(out, spooled(st))
		return nil
	}})
	if err != nil {
		return nil, fmt.Errorf("read the spool: %w", err)
	}
	return out, nil
}

// spooled reads a row that begins with columns.
func spooled(st *sqlite.Stmt) *survey.Response {
	r := &survey.Response{
		Period: st.ColumnText(1), Unit: st.ColumnText(2), Form: st.ColumnText(3), Day: survey.Date(st.ColumnInt64(4)),
		Service: st.ColumnText(5), Point: st.ColumnText(6), Mode: survey.Mode(st.ColumnInt64(7)), Hour: uint8(st.ColumnInt64(8)),
		Answers: survey.Marks(st.ColumnText(9)), Respondent: survey.Marks(st.ColumnText(10)), Lang: st.ColumnText(11),
		StartedAt: sqlitefile.Time(st.ColumnInt64(12)), ReceivedAt: sqlitefile.Time(st.ColumnInt64(13)), Comment: st.ColumnText(14),
	}
	st.ColumnBytes(0, r.ID[:])
	return r
}

// Find returns the waiting responses with these ids. Unavailable: the
// directory is gone, so that nothing may be said to be kept here.
func (s *DB) Find(_ context.Context, ids []uuid.UUID) ([]*survey.Response, error) {
	if err := s.guard.Check(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []*survey.Response
	for _, id := range ids {
		rows, err := s.rows(`SELECT `+columns+` FROM queue WHERE id = ?`, id[:])
		if err != nil {
			return nil, sqlitefile.Trouble("spool", err)
		}
		out = append(out, rows...)
	}
	return out, nil
}

// Peek returns the oldest responses, n at most.
func (s *DB) Peek(_ context.Context, n int) ([]*survey.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out, err := s.rows(`SELECT `+columns+` FROM queue ORDER BY seq LIMIT ?`, n)
	return out, sqlitefile.Trouble("spool", err)
}

// Remove forgets responses that the store has.
func (s *DB) Remove(_ context.Context, ids []uuid.UUID) error {
	return s.transaction(func() error {
		for _, id := range ids {
			if err := sqlitex.Execute(s.c, `DELETE FROM queue WHERE id = ?`, &sqlitex.ExecOptions{Args: []any{id[:]}}); err != nil {
				return fmt.Errorf("remove from the spool: %w", err)
			}
		}
		return nil
	})
}

// Stats tells what the spool holds.
func (s *DB) Stats(context.Context) (ingest.SpoolStats, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := ingest.SpoolStats{Limit: s.limit}
	var err error
	if out.Bytes, err = s.used(); err != nil {
		return out, err
	}
	err = sqlitex.Execute(s.c, `SELECT (SELECT count(*) FROM queue), (SELECT received_at FROM queue ORDER BY seq LIMIT 1), (SELECT count(*) FROM aside WHERE resolution = '')`,
		&sqlitex.ExecOptions{ResultFunc: func(st *sqlite.Stmt) error {
			out.Waiting, out.Oldest, out.Quarantined = st.ColumnInt64(0), sqlitefile.Time(st.ColumnInt64(1)), st.ColumnInt64(2)
			return nil
		}})
	return out, sqlitefile.Trouble("spool", err)
}

// Periods counts the responses that wait by their period.
func (s *DB) Periods(context.Context) (map[string]int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]int64{}
	err := sqlitex.Execute(s.c, `SELECT period, count(*) FROM queue GROUP BY period`, &sqlitex.ExecOptions{ResultFunc: func(st *sqlite.Stmt) error {
		out[st.ColumnText(0)] = st.ColumnInt64(1)
		return nil
	}})
	return out, sqlitefile.Trouble("spool", err)
}

// used returns the bytes of the pages that hold something: those of responses
// that left are filled again first. The log beside the file takes up to sqlitefile.LogLimit
// more. The caller holds mu.
func (s *DB) used() (int64, error) {
	var n int64
	err := sqlitex.Execute(s.c, `SELECT (c.page_count - f.freelist_count) * z.page_size
		FROM pragma_page_count() c, pragma_freelist_count() f, pragma_page_size() z`,
		&sqlitex.ExecOptions{ResultFunc: func(st *sqlite.Stmt) error {
			n = st.ColumnInt64(0)
			return nil
		}})
	return n, sqlitefile.Trouble("spool", err)
}

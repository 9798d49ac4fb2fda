package sqlite

import (
	"context"
	"fmt"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/survey"
)

// bucketKey names a bucket: one unit, period, form and day.
type bucketKey struct {
	period, unit, form string
	day                survey.Date
}

func keyOf(r *survey.Response) bucketKey { return bucketKey{r.Period, r.Unit, r.Form, r.Day} }

const seqBits = 32

// open is a bucket that a batch writes to: n counts its responses.
type openBucket struct {
	id     int64
	n      int64
	before int64
}

// Append stores a batch in one durable transaction; see survey.Appender.
func (db *DB) Append(_ context.Context, batch []*survey.Response) ([]survey.Outcome, error) {
	if len(batch) == 0 {
		return nil, nil
	}
	outcomes := make([]survey.Outcome, len(batch))
	open := make(map[bucketKey]*openBucket, 8)
	err := db.facting(func(c *sqlite.Conn) error { return db.append(c, open, batch, outcomes) })
	if err != nil {
		return nil, err
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	for key, b := range open {
		db.buckets[key] = b.id
	}
	return outcomes, nil
}

const insertResponse = `INSERT INTO responses (rowid, id, service, point, mode, hour, answers, respondent, lang, started_at, received_at, comment)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`

func (db *DB) append(c *sqlite.Conn, open map[bucketKey]*openBucket, batch []*survey.Response, outcomes []survey.Outcome) error {
	insert, err := c.Prepare(insertResponse)
	if err != nil {
		return fmt.Errorf("append responses: %w", err)
	}
	var last *openBucket
	var lastKey bucketKey
	for i, r := range batch {
		b := last
		if key := keyOf(r); b == nil || key != lastKey {
			if b, err = db.openBucket(c, open, key); err != nil {
				return fmt.Errorf("append responses: %w", err)
			}
			last, lastKey = b, key
		}
		bind(insert, b.id<<seqBits|(b.n+1), r)
		if _, err := insert.Step(); err != nil {
			_ = insert.Reset()
			return fmt.Errorf("append responses: %w", err)
		}
		if err := insert.Reset(); err != nil {
			return fmt.Errorf("append responses: %w", err)
		}
		if c.Changes() > 0 {
			b.n++
			outcomes[i] = survey.Outcome{Result: survey.Stored, ReceivedAt: r.ReceivedAt}
			continue
		}
		if outcomes[i], err = db.compare(c, r); err != nil {
			return fmt.Errorf("append responses: %w", err)
		}
	}
	for _, b := range open {
		if b.n == b.before {
			continue
		}
		if err := sqlitex.Execute(c, `UPDATE buckets SET n = ? WHERE id = ?`, &sqlitex.ExecOptions{Args: []any{b.n, b.id}}); err != nil {
			return fmt.Errorf("append responses: %w", err)
		}
		if err := sqlitex.Execute(c, `INSERT OR IGNORE INTO stale (bucket) VALUES (?)`, &sqlitex.ExecOptions{Args: []any{b.id}}); err != nil {
			return fmt.Errorf("append responses: %w", err)
		}
	}
	return nil
}

func bind(s *sqlite.Stmt, rowid int64, r *survey.Response) {
	s.BindInt64(1, rowid)
	s.BindBytes(2, r.ID[:])
	s.BindText(3, r.Service)
	s.BindText(4, r.Point)
	s.BindInt64(5, int64(r.Mode))
	s.BindInt64(6, int64(r.Hour))
	s.BindText(7, string(r.Answers))
	s.BindText(8, string(r.Respondent))
	s.BindText(9, r.Lang)
	s.BindInt64(10, millis(r.StartedAt))
	s.BindInt64(11, millis(r.ReceivedAt))
	s.BindText(12, r.Comment)
}

// millis keeps a time; 0 is no time.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// openBucket finds or makes a bucket and reads how many responses it has: the
// number is never trusted from memory, another process may have written.
func (db *DB) openBucket(c *sqlite.Conn, open map[bucketKey]*openBucket, key bucketKey) (*openBucket, error) {
	if b, ok := open[key]; ok {
		return b, nil
	}
	b := &openBucket{id: db.buckets[key]}
	found := false
	read := func(s *sqlite.Stmt) error {
		b.id, b.n, found = s.ColumnInt64(0), s.ColumnInt64(1), true
		return nil
	}
	var err error
	if b.id != 0 {
		err = sqlitex.Execute(c, `SELECT id, n FROM buckets WHERE id = ?`, &sqlitex.ExecOptions{Args: []any{b.id}, ResultFunc: read})
	} else {
		err = sqlitex.Execute(c, `SELECT id, n FROM buckets WHERE period = ? AND unit = ? AND day = ? AND form = ?`,
			&sqlitex.ExecOptions{Args: []any{key.period, key.unit, int64(key.day), key.form}, ResultFunc: read})
	}
	if err != nil {
		return nil, err
	}
	if !found {
		if err := sqlitex.Execute(c, `INSERT INTO buckets (period, unit, form, day, n) VALUES (?, ?, ?, ?, 0)`,
			&sqlitex.ExecOptions{Args: []any{key.period, key.unit, key.form, int64(key.day)}}); err != nil {
			return nil, err
		}
		b.id = c.LastInsertRowID()
	}
	b.before = b.n
	open[key] = b
	return b, nil
}

// compare says whether a response whose id is stored is the stored one.
func (db *DB) compare(c *sqlite.Conn, r *survey.Response) (survey.Outcome, error) {
	old, err := find(c, r.ID[:])
	if err != nil {
		return survey.Outcome{}, err
	}
	if old == nil {
		return survey.Outcome{}, fmt.Errorf("the id is neither free nor stored")
	}
	out := survey.Outcome{Result: survey.Differs, ReceivedAt: old.ReceivedAt}
	if old.Same(r) {
		out.Result = survey.Duplicate
	}
	return out, nil
}

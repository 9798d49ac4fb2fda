package sqlite

import (
	"context"
	"errors"
	"fmt"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/analytics"
	"persepsi/survey"
)

// Revisions returns the counter of every period; see analytics.TallyStore.
func (db *DB) Revisions(ctx context.Context) (map[string]int64, error) {
	out := map[string]int64{}
	err := db.read(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `SELECT period, n FROM revisions`, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
			out[s.ColumnText(0)] = s.ColumnInt64(1)
			return nil
		}})
	})
	return out, err
}

// revision returns the counter of one period.
func revision(c *sqlite.Conn, period string) (n int64, err error) {
	err = sqlitex.Execute(c, `SELECT n FROM revisions WHERE period = ?`, &sqlitex.ExecOptions{Args: []any{period}, ResultFunc: func(s *sqlite.Stmt) error {
		n = s.ColumnInt64(0)
		return nil
	}})
	if err != nil {
		return 0, fmt.Errorf("read the revision: %w", err)
	}
	return n, nil
}

func revise(c *sqlite.Conn, period string) error {
	err := sqlitex.Execute(c, `INSERT INTO revisions (period, n) VALUES (?, 1) ON CONFLICT (period) DO UPDATE SET n = n + 1`,
		&sqlitex.ExecOptions{Args: []any{period}})
	if err != nil {
		return fmt.Errorf("write the revision: %w", err)
	}
	return nil
}

// Tallies streams stored tallies; see analytics.TallyStore.
func (db *DB) Tallies(ctx context.Context, f analytics.TallyFilter, fn func(analytics.Key, []byte) error) error {
	query := `SELECT period, unit, form, level, start, tally FROM tallies
		WHERE (?1 = '' OR period = ?1) AND (?2 = 0 OR level = ?2) AND (?3 = '' OR unit = ?3)`
	if f.Period != "" && f.Level != 0 {
		query = `SELECT period, unit, form, level, start, tally FROM tallies
			WHERE period = ?1 AND level = ?2 AND (?3 = '' OR unit = ?3)`
	}
	var buf []byte
	return db.read(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, query, &sqlitex.ExecOptions{
			Args: []any{f.Period, int64(f.Level), f.Unit},
			ResultFunc: func(s *sqlite.Stmt) error {
				buf = blob(s, 5, buf)
				return fn(analytics.Key{
					Period: s.ColumnText(0), Unit: s.ColumnText(1), Form: s.ColumnText(2),
					Level: analytics.Level(s.ColumnInt64(3)), Start: survey.Date(s.ColumnInt64(4)),
				}, buf)
			},
		})
	})
}

func blob(s *sqlite.Stmt, col int, buf []byte) []byte {
	n := s.ColumnLen(col)
	if cap(buf) < n {
		buf = make([]byte, n)
	}
	buf = buf[:n]
	s.ColumnBytes(col, buf)
	return buf
}

// Tally returns one stored tally, nil where there is none.
func (db *DB) Tally(ctx context.Context, k analytics.Key) ([]byte, error) {
	var out []byte
	err := db.read(ctx, func(c *sqlite.Conn) (err error) {
		_, out, err = storedTally(c, k, nil)
		return err
	})
	return out, err
}

// storedTally reads a tally into buf, or into more memory where that is too
// short; its id is 0 where there is none.
func storedTally(c *sqlite.Conn, k analytics.Key, buf []byte) (id int64, tally []byte, err error) {
	s, err := c.Prepare(`SELECT id, tally FROM tallies WHERE period = ? AND level = ? AND start = ? AND unit = ? AND form = ?`)
	if err != nil {
		return 0, nil, fmt.Errorf("read a tally: %w", err)
	}
	s.BindText(1, k.Period)
	s.BindInt64(2, int64(k.Level))
	s.BindInt64(3, int64(k.Start))
	s.BindText(4, k.Unit)
	s.BindText(5, k.Form)
	found, err := s.Step()
	if found {
		id, tally = s.ColumnInt64(0), blob(s, 1, buf)
	}
	if err := errors.Join(err, s.Reset()); err != nil {
		return 0, nil, fmt.Errorf("read a tally: %w", err)
	}
	return id, tally, nil
}

func putTally(c *sqlite.Conn, k analytics.Key, tally []byte) error {
	err := sqlitex.Execute(c, `INSERT INTO tallies (period, level, start, unit, form, tally) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (period, level, start, unit, form) DO UPDATE SET tally = excluded.tally`,
		&sqlitex.ExecOptions{Args: []any{k.Period, int64(k.Level), int64(k.Start), k.Unit, k.Form, tally}})
	if err != nil {
		return fmt.Errorf("write a tally: %w", err)
	}
	return nil
}

func dropTally(c *sqlite.Conn, k analytics.Key) error {
	err := sqlitex.Execute(c, `DELETE FROM tallies WHERE period = ? AND level = ? AND start = ? AND unit = ? AND form = ?`,
		&sqlitex.ExecOptions{Args: []any{k.Period, int64(k.Level), int64(k.Start), k.Unit, k.Form}})
	if err != nil {
		return fmt.Errorf("remove a tally: %w", err)
	}
	return nil
}

package sqlite

import (
	"context"
	"errors"
	"fmt"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/analytics"
	"persepsi/internal/projection"
	"persepsi/survey"
)

// Revisions returns the counter of every period; see projection.Store.
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

// Load reads tallies by their keys, with the revision of their period; see
// projection.Store.
func (db *DB) Load(ctx context.Context, keys []analytics.Key) (map[analytics.Key]projection.Doc, error) {
	out := make(map[analytics.Key]projection.Doc, len(keys))
	revs := map[string]int64{}
	err := db.snapshot(ctx, func(c *sqlite.Conn) error {
		s, err := c.Prepare(`SELECT tally FROM tallies WHERE period = ? AND level = ? AND start = ? AND unit = ? AND form = ?`)
		if err != nil {
			return fmt.Errorf("read a tally: %w", err)
		}
		for _, k := range keys {
			rev, ok := revs[k.Period]
			if !ok {
				if rev, err = revision(c, k.Period); err != nil {
					return err
				}
				revs[k.Period] = rev
			}
			doc := projection.Doc{Rev: rev}
			bindKey(s, k)
			found, err := s.Step()
			if found {
				doc.Tally = blob(s, 0, nil)
			}
			if err := errors.Join(err, s.Reset()); err != nil {
				return fmt.Errorf("read a tally: %w", err)
			}
			out[k] = doc
		}
		return nil
	})
	return out, err
}

// Docs streams tallies; see projection.Store.
func (db *DB) Docs(ctx context.Context, s projection.Selection, fn func(analytics.Key, projection.Doc) error) error {
	return db.snapshot(ctx, func(c *sqlite.Conn) error { return docs(c, s, fn) })
}

const (
	selectTallies = `SELECT period, unit, form, level, start, tally FROM tallies WHERE `
	ofLevel       = `period = ? AND level = ?`
	ofDays        = `period = ? AND level = ? AND start >= ? AND start < ?`
	ofOneDay      = `period = ? AND level = ? AND start = ? AND unit = ?`
	// selectStarts lists the starts of a level by a search for each of them, which are some
	// hundred, instead of a look at the tallies of all units.
	selectStarts = `WITH RECURSIVE starts(start) AS (
		SELECT min(start) FROM tallies WHERE period = ?1 AND level = ?2
		UNION ALL SELECT (SELECT min(start) FROM tallies WHERE period = ?1 AND level = ?2 AND start > starts.start) FROM starts WHERE start IS NOT NULL
	) SELECT start FROM starts WHERE start IS NOT NULL`
)

// docs streams tallies. Each query leads the index of the tallies straight to what it wants: a
// condition that may or may not be asked for makes SQLite look at all of a level.
func docs(c *sqlite.Conn, s projection.Selection, fn func(analytics.Key, projection.Doc) error) error {
	bounded := s.From != 0 || s.Before != 0
	switch {
	case s.Period == "" || s.Level == 0:
		return someDocs(c, selectTallies+`(?1 = '' OR period = ?1) AND (?2 = 0 OR level = ?2) AND (?3 = '' OR unit = ?3) AND (?4 = 0 OR start >= ?5 AND start < ?6)`,
			fn, s.Period, int64(s.Level), s.Unit, bounded, int64(s.From), int64(s.Before))
	case s.Unit == "" && bounded:
		return someDocs(c, selectTallies+ofDays, fn, s.Period, int64(s.Level), int64(s.From), int64(s.Before))
	case s.Unit == "":
		return someDocs(c, selectTallies+ofLevel, fn, s.Period, int64(s.Level))
	}
	// One search a start: the index has the unit after it.
	starts := make([]int64, 0, 31)
	for d := s.From; d < s.Before; d++ {
		starts = append(starts, int64(d))
	}
	if !bounded {
		var err error
		if starts, err = startsOf(c, s.Period, s.Level); err != nil {
			return err
		}
	}
	for _, start := range starts {
		if err := someDocs(c, selectTallies+ofOneDay, fn, s.Period, int64(s.Level), start, s.Unit); err != nil {
			return err
		}
	}
	return nil
}

// startsOf lists the starts of a level, of whichever unit.
func startsOf(c *sqlite.Conn, period string, level analytics.Level) ([]int64, error) {
	var out []int64
	err := sqlitex.Execute(c, selectStarts,
		&sqlitex.ExecOptions{Args: []any{period, int64(level)}, ResultFunc: func(row *sqlite.Stmt) error {
			out = append(out, row.ColumnInt64(0))
			return nil
		}})
	if err != nil {
		return nil, fmt.Errorf("list tallies: %w", err)
	}
	return out, nil
}

func someDocs(c *sqlite.Conn, query string, fn func(analytics.Key, projection.Doc) error, args ...any) error {
	var buf []byte
	var own error
	rev, of, names := int64(0), "", interner{}
	err := sqlitex.Execute(c, query, &sqlitex.ExecOptions{Args: args, ResultFunc: func(row *sqlite.Stmt) error {
		k := analytics.Key{
			Period: names.column(row, 0), Unit: names.column(row, 1), Form: names.column(row, 2),
			Level: analytics.Level(row.ColumnInt64(3)), Start: survey.Date(row.ColumnInt64(4)),
		}
		if k.Period != of {
			var err error
			if rev, err = revision(c, k.Period); err != nil {
				return err
			}
			of = k.Period
		}
		buf = blob(row, 5, buf)
		own = fn(k, projection.Doc{Tally: buf, Rev: rev})
		return own
	}})
	if err != nil && own == nil {
		return fmt.Errorf("read tallies: %w", err)
	}
	return own
}

func blob(s *sqlite.Stmt, col int, buf []byte) []byte {
	n := s.ColumnLen(col)
	if buf == nil || cap(buf) < n {
		buf = make([]byte, n)
	}
	buf = buf[:n]
	s.ColumnBytes(col, buf)
	return buf
}

func bindKey(s *sqlite.Stmt, k analytics.Key) {
	s.BindText(1, k.Period)
	s.BindInt64(2, int64(k.Level))
	s.BindInt64(3, int64(k.Start))
	s.BindText(4, k.Unit)
	s.BindText(5, k.Form)
}

package sqlite

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/internal/comment"
)

// PutCommentStep stores the step of a release; see comment.Store.
func (db *DB) PutCommentStep(_ context.Context, s comment.Step) error {
	body, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("write a step of comments: %w", err)
	}
	return db.commitFacts(func(c *sqlite.Conn) error {
		if err := stillWhole(c, s.Period, "a step of comments"); err != nil {
			return err
		}
		if err := sqlitex.Execute(c, `INSERT INTO comment_steps (period, unit, serial, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			&sqlitex.ExecOptions{Args: []any{s.Period, s.Unit, s.Serial, string(body)}}); err != nil {
			return fmt.Errorf("write a step of comments: %w", err)
		}
		if c.Changes() == 0 {
			return s.Conflict()
		}
		return nil
	})
}

// CommentSteps calls fn with the steps of a unit; see comment.Store.
func (db *DB) CommentSteps(ctx context.Context, at comment.Place, from int, fn func(comment.Step) error) error {
	return db.snapshot(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `SELECT serial, body FROM comment_steps WHERE period = ? AND unit = ? AND serial >= ? ORDER BY serial`,
			&sqlitex.ExecOptions{Args: []any{at.Period, at.Unit, from}, ResultFunc: func(s *sqlite.Stmt) error {
				out := comment.Step{}
				if err := json.Unmarshal([]byte(s.ColumnText(1)), &out); err != nil {
					return fmt.Errorf("read a step of comments: %w", err)
				}
				out.Period, out.Unit, out.Serial = at.Period, at.Unit, s.ColumnInt(0)
				return fn(out)
			}})
	})
}

// PutMark stores the next version of a mark; see comment.Store.
func (db *DB) PutMark(_ context.Context, m comment.Mark) error {
	body, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("write a mark: %w", err)
	}
	return db.commitFacts(func(c *sqlite.Conn) error {
		if err := stillWhole(c, m.Period, "a mark"); err != nil {
			return err
		}
		if err := sqlitex.Execute(c, `INSERT INTO comment_marks (period, unit, id, version, body) SELECT ?1, ?2, ?3, ?4, ?5
			WHERE ?4 = (SELECT coalesce(max(version), 0) + 1 FROM comment_marks WHERE period = ?1 AND unit = ?2 AND id = ?3)`,
			&sqlitex.ExecOptions{Args: []any{m.Period, m.Unit, m.ID[:], m.Version, string(body)}}); err != nil {
			return fmt.Errorf("write a mark: %w", err)
		}
		if c.Changes() == 0 {
			return m.Conflict()
		}
		if err := sqlitex.Execute(c, `INSERT INTO comment_marked (period, unit, n) VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET n = n + 1`,
			&sqlitex.ExecOptions{Args: []any{m.Period, m.Unit}}); err != nil {
			return fmt.Errorf("count a mark: %w", err)
		}
		return nil
	})
}

// Marks returns the newest version of the marks of a unit; see comment.Store.
func (db *DB) Marks(ctx context.Context, at comment.Place, ids ...uuid.UUID) ([]comment.Mark, error) {
	var out []comment.Mark
	read := func(c *sqlite.Conn, where string, args ...any) error {
		return sqlitex.Execute(c, `SELECT id, max(version), body FROM comment_marks WHERE period = ? AND unit = ? `+where+` GROUP BY id ORDER BY id`,
			&sqlitex.ExecOptions{Args: append([]any{at.Period, at.Unit}, args...), ResultFunc: func(s *sqlite.Stmt) error {
				m := comment.Mark{}
				if err := json.Unmarshal([]byte(s.ColumnText(2)), &m); err != nil {
					return fmt.Errorf("read a mark: %w", err)
				}
				m.Period, m.Unit, m.Version = at.Period, at.Unit, s.ColumnInt(1)
				s.ColumnBytes(0, m.ID[:])
				out = append(out, m)
				return nil
			}})
	}
	err := db.snapshot(ctx, func(c *sqlite.Conn) error {
		if len(ids) == 0 {
			return read(c, ``)
		}
		for _, id := range ids {
			if err := read(c, `AND id = ?`, id[:]); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// Marked returns how many versions of marks each unit has; see comment.Store.
func (db *DB) Marked(ctx context.Context) (map[comment.Place]int64, error) {
	out := map[comment.Place]int64{}
	err := db.read(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `SELECT period, unit, n FROM comment_marked`, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
			out[comment.Place{Period: s.ColumnText(0), Unit: s.ColumnText(1)}] = s.ColumnInt64(2)
			return nil
		}})
	})
	return out, err
}

// Comments returns what was written in some answers that count; see comment.Store.
func (db *DB) Comments(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]string, error) {
	out := make(map[uuid.UUID]string, len(ids))
	err := db.snapshot(ctx, func(c *sqlite.Conn) error {
		for _, id := range ids {
			// One that was taken out has a negative unit_form.
			if err := sqlitex.Execute(c, `SELECT comment FROM responses WHERE id = ? AND unit_form > 0 AND comment <> ''`, &sqlitex.ExecOptions{Args: []any{id[:]}, ResultFunc: func(s *sqlite.Stmt) error {
				out[id] = s.ColumnText(0)
				return nil
			}}); err != nil {
				return fmt.Errorf("read comments: %w", err)
			}
		}
		return nil
	})
	return out, err
}

// EraseComments removes what is known of the comments of a period, in many short
// transactions; see retention.Store.
func (db *DB) EraseComments(ctx context.Context, period string) error {
	for more := true; more; {
		if err := db.inTurn(ctx, false, func(c *sqlite.Conn) (err error) {
			more, err = eraseComments(c, period)
			return err
		}); err != nil {
			return fmt.Errorf("erase period %s: %w", period, err)
		}
	}
	return nil
}

// eraseComments removes the next of what is known of the comments of a period and of what
// was marked of them.
func eraseComments(c *sqlite.Conn, period string) (more bool, err error) {
	for _, query := range []string{
		`DELETE FROM comment_steps WHERE rowid IN (SELECT rowid FROM comment_steps WHERE period = ?1 LIMIT ?2)`,
		`DELETE FROM comment_marks WHERE (period, unit, id, version) IN (SELECT period, unit, id, version FROM comment_marks WHERE period = ?1 LIMIT ?2)`,
		`DELETE FROM comment_marked WHERE (period, unit) IN (SELECT period, unit FROM comment_marked WHERE period = ?1 LIMIT ?2)`,
	} {
		if err := sqlitex.Execute(c, query, &sqlitex.ExecOptions{Args: []any{period, importBatch}}); err != nil {
			return false, fmt.Errorf("remove comments: %w", err)
		}
		more = more || c.Changes() > 0
	}
	return more, nil
}

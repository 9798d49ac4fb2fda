package sqlite

import (
	"context"
	"fmt"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/internal/retention"
	"persepsi/survey"
)

// Erasable counts what is left to remove in a period; see retention.Store.
func (db *DB) Erasable(ctx context.Context, period string) (out survey.Erasable, err error) {
	err = db.snapshot(ctx, func(c *sqlite.Conn) error {
		type rest struct{ id, erased, n int64 }
		var list []rest
		if err := sqlitex.Execute(c, `SELECT id, erased, n FROM segments WHERE period = ? AND erased < n`, &sqlitex.ExecOptions{Args: []any{period}, ResultFunc: func(s *sqlite.Stmt) error {
			list = append(list, rest{s.ColumnInt64(0), s.ColumnInt64(1), s.ColumnInt64(2)})
			return nil
		}}); err != nil {
			return err
		}
		for _, of := range list {
			if err := sqlitex.Execute(c, `SELECT respondent, comment <> '' FROM responses WHERE rowid BETWEEN ? AND ?`,
				&sqlitex.ExecOptions{Args: []any{of.id<<seqBits | (of.erased + 1), of.id<<seqBits | of.n}, ResultFunc: func(s *sqlite.Stmt) error {
					r := survey.Response{Respondent: survey.Marks(s.ColumnText(0))}
					if s.ColumnBool(1) {
						r.Comment = "?"
					}
					out.Count(&r)
					return nil
				}}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return out, fmt.Errorf("count what is to be removed: %w", err)
	}
	return out, nil
}

// EraseAnswers removes what is left to remove of a period's answers, in many short
// transactions; see retention.Store. Each notes how far it is: whoever comes next goes on
// there.
func (db *DB) EraseAnswers(ctx context.Context, period string) error {
	for more := true; more; {
		if err := db.inTurn(ctx, false, func(c *sqlite.Conn) (err error) {
			more, err = eraseSome(c, period)
			return err
		}); err != nil {
			return fmt.Errorf("erase period %s: %w", period, err)
		}
	}
	left := int64(0)
	if err := db.read(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `SELECT coalesce(sum(n - erased), 0) FROM segments WHERE period = ?`, &sqlitex.ExecOptions{Args: []any{period}, ResultFunc: func(s *sqlite.Stmt) error {
			left = s.ColumnInt64(0)
			return nil
		}})
	}); err != nil {
		return err
	}
	if left > 0 { // no tally holds them yet
		return retention.ErrNotNow
	}
	return nil
}

// eraseSome removes comments and respondent fields of the next responses of a period
// that the tallies hold. The erasure is not done from then on, be it that of late answers:
// the log holds them until EndErasure has emptied it.
func eraseSome(c *sqlite.Conn, period string) (more bool, err error) {
	id, from, upTo := int64(0), int64(0), int64(0)
	if err := sqlitex.Execute(c, `SELECT id, erased, min(tallied, erased + ?2) FROM segments
		WHERE period = ?1 AND erased < tallied AND EXISTS (SELECT 1 FROM seals WHERE period = ?1) LIMIT 1`,
		&sqlitex.ExecOptions{Args: []any{period, importBatch}, ResultFunc: func(s *sqlite.Stmt) error {
			id, from, upTo = s.ColumnInt64(0), s.ColumnInt64(1), s.ColumnInt64(2)
			return nil
		}}); err != nil || id == 0 {
		return false, err
	}
	none := new(survey.Response)
	none.Erase()
	if err := sqlitex.Execute(c, `UPDATE responses SET respondent = ?, comment = ? WHERE rowid BETWEEN ? AND ?`,
		&sqlitex.ExecOptions{Args: []any{string(none.Respondent), none.Comment, id<<seqBits | (from + 1), id<<seqBits | upTo}}); err != nil {
		return false, err
	}
	if err := sqlitex.Execute(c, `UPDATE erasures SET done = 0 WHERE period = ?`, &sqlitex.ExecOptions{Args: []any{period}}); err != nil {
		return false, err
	}
	return true, sqlitex.Execute(c, `UPDATE segments SET erased = ? WHERE id = ?`, &sqlitex.ExecOptions{Args: []any{upTo, id}})
}

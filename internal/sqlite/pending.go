package sqlite

import (
	"fmt"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/analytics"
	"persepsi/internal/retention"
	"persepsi/survey"
)

// recounts notes the buckets that responses were taken out of since they were
// tallied, and returns the newest of these notes.
func recounts(c *sqlite.Conn, anew map[analytics.Key]bool) (newest int64, err error) {
	err = sqlitex.Execute(c, `SELECT seq, period, unit, form, day FROM recounts`, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
		newest = max(newest, s.ColumnInt64(0))
		key := segmentKey{s.ColumnText(1), survey.Date(s.ColumnInt64(4))}
		anew[key.tally(unitForm{s.ColumnText(2), s.ColumnText(3)})] = true
		return nil
	}})
	if err != nil {
		return 0, fmt.Errorf("list buckets to recount: %w", err)
	}
	return newest, nil
}

// counted forgets the buckets that were to be counted anew, up to a note.
func counted(c *sqlite.Conn, upTo int64) error {
	if upTo == 0 {
		return nil
	}
	if err := sqlitex.Execute(c, `DELETE FROM recounts WHERE seq <= ?`, &sqlitex.ExecOptions{Args: []any{upTo}}); err != nil {
		return fmt.Errorf("forget buckets to recount: %w", err)
	}
	return nil
}

// settled is ErrNotNow while an undo goes on, or no tally holds an answer of a period.
func settled(c *sqlite.Conn, period string) error {
	lags := false
	if err := sqlitex.Execute(c, `SELECT 1 WHERE EXISTS (SELECT 1 FROM undoing) OR EXISTS (SELECT 1 FROM recounts WHERE period = ?1)
		OR EXISTS (SELECT 1 FROM segments WHERE period = ?1 AND tallied < n)`, &sqlitex.ExecOptions{Args: []any{period}, ResultFunc: func(*sqlite.Stmt) error {
		lags = true
		return nil
	}}); err != nil {
		return fmt.Errorf("look for what lags: %w", err)
	}
	if lags {
		return retention.ErrNotNow
	}
	return nil
}

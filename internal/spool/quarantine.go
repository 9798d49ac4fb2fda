package spool

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/internal/datadir"
	"persepsi/internal/ingest"
	"persepsi/internal/sqlitefile"
	"persepsi/survey"
)

// addResolutions is the spool's second shape: what a person decided about a
// response that was set aside, empty while nobody did.
func addResolutions(c *sqlite.Conn) (err error) {
	end, err := sqlitex.ImmediateTransaction(c) // two processes may open it at once
	if err != nil {
		return err
	}
	defer end(&err)
	has := false
	err = sqlitex.Execute(c, `SELECT 1 FROM pragma_table_info('aside') WHERE name = 'resolution'`, &sqlitex.ExecOptions{ResultFunc: func(*sqlite.Stmt) error {
		has = true
		return nil
	}})
	if err != nil || has {
		return err
	}
	return sqlitex.ExecuteScript(c, `
ALTER TABLE aside ADD COLUMN resolution TEXT NOT NULL DEFAULT '';
ALTER TABLE aside ADD COLUMN resolved_at INTEGER NOT NULL DEFAULT 0;`, nil)
}

// OpenExisting opens the spool that a data directory has, for one who looks at it
// beside the server. NotFound: there is none, and none is made.
func OpenExisting(dir string) (*DB, error) {
	if _, err := os.Stat(filepath.Join(dir, datadir.SpoolFile)); errors.Is(err, fs.ErrNotExist) {
		return nil, survey.Errorf(survey.NotFound, "there is no spool in %s: --data names the directory of a server that uses MongoDB", dir)
	}
	return Open(dir, 0)
}

// Quarantine moves a response out of the queue, for a person to look at.
func (s *DB) Quarantine(_ context.Context, r *survey.Response, why string) error {
	return s.transaction(func() error {
		if err := s.insert(`INSERT INTO aside (reason, `+columns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, r, why); err != nil {
			return err
		}
		return sqlitex.Execute(s.c, `DELETE FROM queue WHERE id = ?`, &sqlitex.ExecOptions{Args: []any{r.ID[:]}})
	})
}

// Quarantined calls fn with every response that was ever quarantined, the oldest first.
func (s *DB) Quarantined(_ context.Context, fn func(ingest.QuarantinedResponse) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := sqlitex.Execute(s.c, `SELECT `+columns+`, seq, reason, resolution, resolved_at FROM aside ORDER BY seq`,
		&sqlitex.ExecOptions{ResultFunc: func(st *sqlite.Stmt) error {
			return fn(ingest.QuarantinedResponse{
				Response: spooled(st), Number: st.ColumnInt64(15), Reason: st.ColumnText(16),
				Resolution: st.ColumnText(17), ResolvedAt: sqlitefile.Time(st.ColumnInt64(18)),
			})
		}})
	return sqlitefile.Trouble("read what was set aside", err)
}

// Resolve marks a response that was set aside with what was decided about it;
// the row stays. Conflict: it is marked already.
func (s *DB) Resolve(_ context.Context, number int64, resolution string, at time.Time) error {
	return s.transaction(func() error {
		err := sqlitex.Execute(s.c, `UPDATE aside SET resolution = ?, resolved_at = ? WHERE seq = ? AND resolution = ''`,
			&sqlitex.ExecOptions{Args: []any{resolution, sqlitefile.Millis(at), number}})
		if err != nil {
			return fmt.Errorf("resolve what was set aside: %w", err)
		}
		if s.c.Changes() == 0 {
			return survey.Errorf(survey.Conflict, "somebody else resolved it at the same time")
		}
		return nil
	})
}

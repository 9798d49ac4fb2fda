package spool

import (
	"context"
	"fmt"

	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/internal/sqlitefile"
	"persepsi/survey"
)

// Erase removes comments and respondent fields of what was set aside of some periods,
// whatever was decided about it. What waits in the queue leaves it for the store.
func (s *DB) Erase(_ context.Context, periods []string) error {
	none := new(survey.Response)
	none.Erase()
	err := s.transaction(func() error {
		for _, period := range periods {
			if err := sqlitex.Execute(s.c, `UPDATE aside SET respondent = ?1, comment = '' WHERE period = ?2 AND respondent <> ?1`,
				&sqlitex.ExecOptions{Args: []any{string(none.Respondent), period}}); err != nil {
				return fmt.Errorf("erase what was set aside: %w", err)
			}
		}
		return nil
	})
	if err != nil || len(periods) == 0 {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	// The log may hold it still, of a run before too that was broken off here. Whoever
	// looks at the spool now may hold that up until the next run.
	return sqlitefile.Trouble("spool", sqlitex.ExecuteTransient(s.c, `PRAGMA wal_checkpoint(TRUNCATE)`, nil))
}

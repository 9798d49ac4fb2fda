package sqlite

import (
	"context"
	"encoding/json"
	"fmt"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/internal/audit"
	"persepsi/internal/manuscript"
	"persepsi/survey"
)

// RecordManuscript adds the next version of a report's texts; see manuscript.Store.
func (db *DB) RecordManuscript(_ context.Context, m manuscript.Manuscript, said ...audit.Entry) error {
	body, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("write a manuscript: %w", err)
	}
	return db.commitFacts(func(c *sqlite.Conn) error {
		err := sqlitex.Execute(c, `INSERT INTO manuscripts (period, unit, kind, version, body) SELECT ?1, ?2, ?3, ?4, ?5
			WHERE ?4 = (SELECT coalesce(max(version), 0) + 1 FROM manuscripts WHERE period = ?1 AND unit = ?2 AND kind = ?3)`,
			&sqlitex.ExecOptions{Args: []any{m.Period, m.Unit, m.Kind, m.Version, string(body)}})
		if err != nil {
			return fmt.Errorf("write a manuscript: %w", err)
		}
		if c.Changes() == 0 {
			return survey.ChangedMeanwhile("the report")
		}
		return appendAudit(c, said)
	})
}

// Manuscript returns a version of a report's texts, the newest one for 0; see
// manuscript.Store.
func (db *DB) Manuscript(ctx context.Context, of manuscript.Place, version int) (manuscript.Manuscript, error) {
	out := manuscript.Manuscript{Place: of}
	err := db.read(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `SELECT version, body FROM manuscripts WHERE period = ?1 AND unit = ?2 AND kind = ?3 AND (?4 = 0 OR version = ?4)
			ORDER BY version DESC LIMIT 1`,
			&sqlitex.ExecOptions{Args: []any{of.Period, of.Unit, of.Kind, version}, ResultFunc: func(s *sqlite.Stmt) error {
				if err := json.Unmarshal([]byte(s.ColumnText(1)), &out); err != nil {
					return fmt.Errorf("read a manuscript: %w", err)
				}
				out.Version = s.ColumnInt(0)
				return nil
			}})
	})
	return out, err
}

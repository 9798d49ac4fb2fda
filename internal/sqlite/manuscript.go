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
			return survey.Errorf(survey.Conflict, "the report was changed by somebody else at the same time; look at it again")
		}
		return appendAudit(c, said)
	})
}

// Manuscripts returns every version of a report's texts; see manuscript.Store.
func (db *DB) Manuscripts(ctx context.Context, of manuscript.Place) ([]manuscript.Manuscript, error) {
	var out []manuscript.Manuscript
	err := db.read(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `SELECT version, body FROM manuscripts WHERE period = ? AND unit = ? AND kind = ? ORDER BY version`,
			&sqlitex.ExecOptions{Args: []any{of.Period, of.Unit, of.Kind}, ResultFunc: func(s *sqlite.Stmt) error {
				m := manuscript.Manuscript{}
				if err := json.Unmarshal([]byte(s.ColumnText(1)), &m); err != nil {
					return fmt.Errorf("read a manuscript: %w", err)
				}
				m.Place, m.Version = of, s.ColumnInt(0)
				out = append(out, m)
				return nil
			}})
	})
	return out, err
}

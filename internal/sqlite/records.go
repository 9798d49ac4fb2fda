package sqlite

import (
	"context"
	"encoding/json"
	"fmt"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/internal/audit"
	"persepsi/survey"
)

// Catalogue returns the newest catalogue.
func (db *DB) Catalogue(ctx context.Context) (*survey.Catalogue, error) {
	out := new(survey.Catalogue)
	err := db.read(ctx, func(c *sqlite.Conn) error {
		err := sqlitex.Execute(c, `SELECT catalogue FROM catalogues ORDER BY version DESC LIMIT 1`, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
			return json.Unmarshal([]byte(s.ColumnText(0)), out)
		}})
		if err != nil {
			return err
		}
		return fillPictures(c, out)
	})
	if err != nil {
		return nil, fmt.Errorf("read the catalogue: %w", err)
	}
	return out, nil
}

// CatalogueVersion returns the newest catalogue's version.
func (db *DB) CatalogueVersion(ctx context.Context) (int64, error) {
	var out int64
	err := db.read(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `SELECT coalesce(max(version), 0) FROM catalogues`, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
			out = s.ColumnInt64(0)
			return nil
		}})
	})
	return out, err
}

// RecordCatalogue adds the next version and the entries of the audit that tell of it,
// both or neither.
func (db *DB) RecordCatalogue(_ context.Context, cat *survey.Catalogue, said ...audit.Entry) error {
	text, err := json.Marshal(cat)
	if err != nil {
		return fmt.Errorf("write the catalogue: %w", err)
	}
	return db.commitFacts(func(c *sqlite.Conn) error {
		if err := putPictures(c, cat); err != nil {
			return err
		}
		err := sqlitex.Execute(c, `INSERT INTO catalogues (version, catalogue)
			SELECT ?1, ?2 WHERE ?1 = (SELECT coalesce(max(version), 0) + 1 FROM catalogues)`,
			&sqlitex.ExecOptions{Args: []any{cat.Version, string(text)}})
		if err != nil {
			return fmt.Errorf("write the catalogue: %w", err)
		}
		if c.Changes() == 0 {
			return survey.Errorf(survey.Conflict, "the catalogue was changed by somebody else at the same time; apply again")
		}
		return appendAudit(c, said)
	})
}

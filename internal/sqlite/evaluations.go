package sqlite

import (
	"context"
	"encoding/json"
	"fmt"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/analytics"
	"persepsi/internal/audit"
	"persepsi/internal/lke"
)

// RecordEvaluation adds the next entry of a unit and the entries of the audit that
// tell of it, both or neither.
func (db *DB) RecordEvaluation(ctx context.Context, e analytics.Evaluation, said ...audit.Entry) error {
	return db.RecordEvaluations(ctx, []analytics.Evaluation{e}, said)
}

// RecordEvaluations adds the next entries of several units of a period and the entries of the
// audit that tell of them, all or none.
func (db *DB) RecordEvaluations(_ context.Context, list []analytics.Evaluation, said []audit.Entry) error {
	if err := lke.CheckTogether(list); err != nil || len(list) == 0 {
		return err
	}
	texts := make([]string, len(list))
	for i := range list {
		text, err := json.Marshal(list[i])
		if err != nil {
			return fmt.Errorf("write an evaluation: %w", err)
		}
		texts[i] = string(text)
	}
	return db.commitFacts(func(c *sqlite.Conn) error {
		stored := make([]analytics.Evaluation, len(list))
		for i, e := range list {
			stored[i].Unit = e.Unit
			err := sqlitex.Execute(c, `SELECT coalesce(max(version), 0) FROM evaluations WHERE period = ? AND unit = ?`, &sqlitex.ExecOptions{
				Args: []any{e.Period, e.Unit}, ResultFunc: func(s *sqlite.Stmt) error {
					stored[i].Version = s.ColumnInt(0)
					return nil
				},
			})
			if err != nil {
				return fmt.Errorf("read evaluations: %w", err)
			}
		}
		if err := lke.CheckVersions(list, stored); err != nil {
			return err
		}
		for i, e := range list {
			err := sqlitex.Execute(c, `INSERT INTO evaluations (period, unit, version, entry) VALUES (?, ?, ?, ?)`,
				&sqlitex.ExecOptions{Args: []any{e.Period, e.Unit, e.Version, texts[i]}})
			if err != nil {
				return fmt.Errorf("write an evaluation: %w", err)
			}
		}
		if err := revise(c, list[0].Period); err != nil {
			return err
		}
		return appendAudit(c, said)
	})
}

// Evaluations returns the newest entry of every unit of a period.
func (db *DB) Evaluations(ctx context.Context, period string) ([]analytics.Evaluation, error) {
	return db.evaluations(ctx, `SELECT entry, max(version) FROM evaluations WHERE period = ? GROUP BY unit ORDER BY unit`, period)
}

// EvaluationHistory returns every entry of a unit in a period, the oldest first.
func (db *DB) EvaluationHistory(ctx context.Context, period, unit string) ([]analytics.Evaluation, error) {
	return db.evaluations(ctx, `SELECT entry FROM evaluations WHERE period = ? AND unit = ? ORDER BY version`, period, unit)
}

// evaluations reads the entries in a query's first column.
func (db *DB) evaluations(ctx context.Context, query string, args ...any) ([]analytics.Evaluation, error) {
	var out []analytics.Evaluation
	err := db.read(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, query, &sqlitex.ExecOptions{Args: args, ResultFunc: func(s *sqlite.Stmt) error {
			var e analytics.Evaluation
			if err := json.Unmarshal([]byte(s.ColumnText(0)), &e); err != nil {
				return fmt.Errorf("read an evaluation: %w", err)
			}
			out = append(out, e)
			return nil
		}})
	})
	return out, err
}

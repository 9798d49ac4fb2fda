package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/analytics"
	"persepsi/internal/datadir"
	"persepsi/internal/projection"
	"persepsi/survey"
)

// Imports calls fn with every import; see survey.Importer.
func (db *DB) Imports(ctx context.Context, fn func(*survey.Import) error) error {
	if err := db.finishImport(ctx); err != nil {
		return err
	}
	return db.eachImport(ctx, fn)
}

// eachImport calls fn with every import, as they are.
func (db *DB) eachImport(ctx context.Context, fn func(*survey.Import) error) error {
	return db.snapshot(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `SELECT serial, body, stored, undone FROM imports ORDER BY serial`, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
			i, err := survey.DecodeImport(s.ColumnInt(0), s.ColumnText(1), s.ColumnText(3))
			if err != nil {
				return err
			}
			i.Stored, i.Done = s.ColumnInt(2), !s.ColumnIsNull(2)
			return fn(i)
		}})
	})
}

// ReplaceImport stores what an import is told of by; see retention.Store.
func (db *DB) ReplaceImport(ctx context.Context, i *survey.Import) error {
	body, err := json.Marshal(i)
	if err != nil {
		return fmt.Errorf("write an import: %w", err)
	}
	return db.inTurn(ctx, false, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `UPDATE imports SET body = ? WHERE serial = ?`, &sqlitex.ExecOptions{Args: []any{string(body), i.Serial}})
	})
}

// UndoImport takes the responses of an import out, in many short transactions; see
// survey.Importer. The first is the moment from which none of them counts; whoever
// opens the store next goes on if this process can't.
func (db *DB) UndoImport(ctx context.Context, serial int, u survey.Undo) error {
	lock := datadir.ForImports(filepath.Dir(db.path))
	if ok, err := lock.TryLockContext(ctx, importTurn); err != nil || !ok {
		return &survey.Error{Code: survey.Unavailable, Message: "another import is running", Cause: err}
	}
	defer lock.Unlock() //nolint:errcheck // it goes with the file
	if _, err := db.clearStage(ctx); err != nil {
		return err
	}
	body, err := json.Marshal(u)
	if err != nil {
		return fmt.Errorf("undo an import: %w", err)
	}
	if err := db.inTurn(ctx, true, func(c *sqlite.Conn) error { return beginUndo(c, serial, string(body)) }); err != nil {
		return err
	}
	return db.takeOut(context.WithoutCancel(ctx), serial)
}

// beginUndo notes that an import is undone.
func beginUndo(c *sqlite.Conn, serial int, undo string) error {
	var of *survey.Import
	if err := sqlitex.Execute(c, `SELECT body FROM imports WHERE serial = ?`, &sqlitex.ExecOptions{Args: []any{serial}, ResultFunc: func(s *sqlite.Stmt) (err error) {
		of, err = survey.DecodeImport(serial, s.ColumnText(0), "")
		return err
	}}); err != nil {
		return fmt.Errorf("undo import %d: %w", serial, err)
	}
	if of == nil {
		return survey.NoImport(serial)
	}
	if err := stillWhole(c, of.Period, "an undo"); err != nil {
		return err
	}
	if err := sqlitex.Execute(c, `UPDATE imports SET undone = ? WHERE serial = ? AND undone IS NULL`, &sqlitex.ExecOptions{Args: []any{undo, serial}}); err != nil {
		return fmt.Errorf("undo import %d: %w", serial, err)
	}
	if c.Changes() == 0 {
		return survey.UndoneBefore(serial)
	}
	if err := sqlitex.Execute(c, `INSERT INTO undoing (import) VALUES (?)`, &sqlitex.ExecOptions{Args: []any{serial}}); err != nil {
		return fmt.Errorf("undo import %d: %w", serial, err)
	}
	return revise(c, projection.AllReleases) // what they hold is to be looked at
}

// finishUndo goes on with what a process that died left undone halfway.
func (db *DB) finishUndo(ctx context.Context) error {
	var list []int
	if err := db.read(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `SELECT import FROM undoing`, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
			list = append(list, s.ColumnInt(0))
			return nil
		}})
	}); err != nil || len(list) == 0 {
		return err
	}
	lock := datadir.ForImports(filepath.Dir(db.path))
	if ok, err := lock.TryLock(); err != nil || !ok {
		return nil // whoever holds it is at it
	}
	defer lock.Unlock() //nolint:errcheck // it goes with the file
	for _, serial := range list {
		if err := db.takeOut(ctx, serial); err != nil {
			return err
		}
	}
	return nil
}

// takeOut takes the responses of an import out, batch by batch. The caller holds the
// lock of imports.
func (db *DB) takeOut(ctx context.Context, serial int) error {
	after := int64(0)
	for more := true; more; {
		if err := db.inTurn(ctx, false, func(c *sqlite.Conn) (err error) {
			after, more, err = takeOutSome(c, serial, after)
			return err
		}); err != nil {
			return fmt.Errorf("undo import %d: %w", serial, err)
		}
	}
	return nil
}

// takeOutSome takes the next responses of an import out, and returns the last of
// them; when there are no more, the import is wholly undone.
func takeOutSome(c *sqlite.Conn, serial int, after int64) (last int64, more bool, err error) {
	rows, buckets, err := nextOut(c, serial, after)
	if err != nil {
		return after, false, err
	}
	if len(rows) == 0 {
		return after, false, sqlitex.Execute(c, `DELETE FROM undoing WHERE import = ?`, &sqlitex.ExecOptions{Args: []any{serial}})
	}
	for _, row := range rows {
		if err := sqlitex.Execute(c, `UPDATE responses SET unit_form = -unit_form WHERE rowid = ?`, &sqlitex.ExecOptions{Args: []any{row}}); err != nil {
			return after, false, err
		}
	}
	for k := range buckets {
		if err := sqlitex.Execute(c, `INSERT INTO recounts (period, unit, form, day) VALUES (?, ?, ?, ?)`,
			&sqlitex.ExecOptions{Args: []any{k.Period, k.Unit, k.Form, int64(k.Start)}}); err != nil {
			return after, false, err
		}
	}
	return rows[len(rows)-1], true, nil
}

// nextOut returns the next responses of an import that still count, and their
// buckets.
func nextOut(c *sqlite.Conn, serial int, after int64) (rows []int64, buckets map[analytics.Key]bool, err error) {
	buckets = map[analytics.Key]bool{}
	err = sqlitex.Execute(c, `SELECT r.rowid, s.period, s.day, u.unit, u.form
		FROM import_rows i JOIN responses r ON r.rowid = i.response JOIN segments s ON s.id = r.rowid >> 32 JOIN unit_forms u ON u.id = r.unit_form
		WHERE i.import = ? AND i.response > ? ORDER BY i.response LIMIT ?`,
		&sqlitex.ExecOptions{Args: []any{serial, after, importBatch}, ResultFunc: func(s *sqlite.Stmt) error {
			rows = append(rows, s.ColumnInt64(0))
			key := segmentKey{s.ColumnText(1), survey.Date(s.ColumnInt64(2))}
			buckets[key.tally(unitForm{s.ColumnText(3), s.ColumnText(4)})] = true
			return nil
		}})
	return rows, buckets, err
}

// TakenOut calls fn with the responses of undone imports; see survey.Importer.
func (db *DB) TakenOut(ctx context.Context, period string, fn func(serial int, r *survey.Response) error) error {
	return db.snapshot(ctx, func(c *sqlite.Conn) error {
		names, marks := interner{}, texts{}
		return sqlitex.Execute(c, `SELECT r.unit_form, r.service, r.point, r.mode, r.hour, r.answers, r.respondent, r.id, r.lang, r.started_at, r.received_at, r.comment,
			s.day, u.unit, u.form, i.import
			FROM imports CROSS JOIN import_rows i ON i.import = imports.serial CROSS JOIN responses r ON r.rowid = i.response
			CROSS JOIN segments s ON s.id = r.rowid >> 32 CROSS JOIN unit_forms u ON u.id = abs(r.unit_form)
			WHERE imports.undone IS NOT NULL AND s.period = ?`, // in this order, that of the few that are undone

			&sqlitex.ExecOptions{Args: []any{period}, ResultFunc: func(s *sqlite.Stmt) error {
				r := &survey.Response{Period: period, Day: survey.Date(s.ColumnInt64(12)), Unit: s.ColumnText(13), Form: s.ColumnText(14)}
				whole(s, r, names, &marks)
				return fn(s.ColumnInt(15), r)
			}})
	})
}

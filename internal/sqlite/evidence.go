package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/internal/audit"
	"persepsi/internal/datadir"
	"persepsi/internal/evidence"
	"persepsi/survey"
)

// EvidenceSteps returns the steps of a place; see evidence.Source.
func (db *DB) EvidenceSteps(ctx context.Context, of evidence.Place) ([]evidence.Step, error) {
	var out []evidence.Step
	err := db.read(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `SELECT unit, serial, body FROM evidence WHERE period = ?1 AND (?2 = '' OR unit = ?2) ORDER BY unit, serial`,
			&sqlitex.ExecOptions{Args: []any{of.Period, of.Unit}, ResultFunc: func(s *sqlite.Stmt) error {
				step := evidence.Step{}
				if err := json.Unmarshal([]byte(s.ColumnText(2)), &step); err != nil {
					return fmt.Errorf("read evidence: %w", err)
				}
				step.Place, step.Serial = evidence.Place{Period: of.Period, Unit: s.ColumnText(0)}, s.ColumnInt(1)
				out = append(out, step)
				return nil
			}})
	})
	return out, err
}

// RecordEvidence adds the next step of a place; see evidence.Store. The pieces of its file
// are in the log before it, so that they are durable with it.
func (db *DB) RecordEvidence(_ context.Context, step evidence.Step, end evidence.Expiry, said ...audit.Entry) error {
	const action = "write evidence"
	body, err := json.Marshal(step)
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	return db.commitFacts(func(c *sqlite.Conn) error {
		do := func(query string, args ...any) error {
			if err := sqlitex.Execute(c, query, &sqlitex.ExecOptions{Args: args}); err != nil {
				return fmt.Errorf("%s: %w", action, err)
			}
			return nil
		}
		if err := do(`INSERT INTO evidence (period, unit, serial, body) SELECT ?1, ?2, ?3, ?4
			WHERE ?3 = (SELECT coalesce(max(serial), 0) + 1 FROM evidence WHERE period = ?1 AND unit = ?2)`, step.Period, step.Unit, step.Serial, string(body)); err != nil {
			return err
		}
		if c.Changes() == 0 {
			return survey.ChangedMeanwhile("the evidence")
		}
		switch {
		case end.File == "":
		case step.Added != nil:
			if err := do(`DELETE FROM evidence_expiries WHERE file = ? AND NOT removing`, end.File); err != nil {
				return err
			}
			if c.Changes() == 0 {
				return survey.Errorf(survey.TooSlow, "the file took too long to be stored; send it again")
			}
		default:
			if err := putExpiry(c, end); err != nil {
				return err
			}
		}
		return appendAudit(c, said)
	})
}

// PutExpiry stores the expiry of a file; see evidence.Store. The entry that names it makes it
// durable, with its pieces.
func (db *DB) PutExpiry(_ context.Context, e evidence.Expiry) error {
	return db.commitDerived(func(c *sqlite.Conn) error { return putExpiry(c, e) })
}

func putExpiry(c *sqlite.Conn, e evidence.Expiry) error {
	err := sqlitex.Execute(c, `INSERT INTO evidence_expiries (file, period, unit, due) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET due = excluded.due`,
		&sqlitex.ExecOptions{Args: []any{e.File, e.Period, e.Unit, e.Due.UnixMilli()}})
	if err != nil {
		return fmt.Errorf("write the expiry of a file: %w", err)
	}
	return nil
}

// PutPiece stores a piece of a file; see evidence.Store.
func (db *DB) PutPiece(_ context.Context, file string, n int, data []byte) error {
	return db.commitDerived(func(c *sqlite.Conn) error {
		if err := sqlitex.Execute(c, `INSERT INTO evidence_pieces (file, n, data) VALUES (?, ?, ?)`, &sqlitex.ExecOptions{Args: []any{file, n, data}}); err != nil {
			return fmt.Errorf("write a piece of a file: %w", err)
		}
		return nil
	})
}

// Piece returns a piece of a file; see evidence.Source.
func (db *DB) Piece(ctx context.Context, file string, n int) ([]byte, error) {
	var out []byte
	err := db.read(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `SELECT data FROM evidence_pieces WHERE file = ? AND n = ?`, &sqlitex.ExecOptions{Args: []any{file, n}, ResultFunc: func(s *sqlite.Stmt) error {
			out = make([]byte, s.ColumnLen(0))
			s.ColumnBytes(0, out)
			return nil
		}})
	})
	if err == nil && out == nil {
		err = survey.Errorf(survey.NotFound, "the file is not there any more")
	}
	return out, err
}

// EvidenceRoom returns what files take and leave; see evidence.Source.
func (db *DB) EvidenceRoom(ctx context.Context) (evidence.Room, error) {
	out := evidence.Room{Free: datadir.Free(filepath.Dir(db.path))}
	err := db.read(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `SELECT count(*) FROM evidence_pieces`, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
			out.Pieces = s.ColumnInt64(0)
			return nil
		}})
	})
	return out, err
}

// Expiries returns the expiries that are due; see evidence.Store.
func (db *DB) Expiries(ctx context.Context, at time.Time) ([]evidence.Expiry, error) {
	var out []evidence.Expiry
	err := db.read(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `SELECT file, period, unit, due FROM evidence_expiries WHERE due <= ? ORDER BY due, file`,
			&sqlitex.ExecOptions{Args: []any{at.UnixMilli()}, ResultFunc: func(s *sqlite.Stmt) error {
				out = append(out, evidence.Expiry{
					File: s.ColumnText(0), Place: evidence.Place{Period: s.ColumnText(1), Unit: s.ColumnText(2)}, Due: time.UnixMilli(s.ColumnInt64(3)).UTC(),
				})
				return nil
			}})
	})
	return out, err
}

// EndExpiry removes an expiry, and the pieces of its file before; see evidence.Store. Each
// piece goes in a commit of its own: what is removed is overwritten, and answers wait for it.
func (db *DB) EndExpiry(ctx context.Context, e evidence.Expiry, gone bool) error {
	query := `DELETE FROM evidence_expiries WHERE file = ? AND due = ? AND NOT removing`
	if gone {
		query = `UPDATE evidence_expiries SET removing = 1 WHERE file = ? AND due = ?`
	}
	step := func(query string, args ...any) (changed bool, err error) {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		err = db.commitFacts(func(c *sqlite.Conn) error {
			if err := sqlitex.Execute(c, query, &sqlitex.ExecOptions{Args: args}); err != nil {
				return fmt.Errorf("remove a file: %w", err)
			}
			changed = c.Changes() > 0
			return nil
		})
		return changed, err
	}
	mine, err := step(query, e.File, e.Due.UnixMilli())
	if err != nil || !mine || !gone {
		return err
	}
	for more := true; more; {
		if more, err = step(`DELETE FROM evidence_pieces WHERE file = ?1 AND n = (SELECT max(n) FROM evidence_pieces WHERE file = ?1)`, e.File); err != nil {
			return err
		}
	}
	_, err = step(`DELETE FROM evidence_expiries WHERE file = ?`, e.File)
	return err
}

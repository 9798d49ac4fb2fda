package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/internal/sqlitefile"
	"persepsi/survey"
)

// RecordKey adds an API key and the entries of the audit that tell of it, both or
// neither.
func (db *DB) RecordKey(_ context.Context, k access.Key, said ...audit.Entry) error {
	return db.commitFacts(func(c *sqlite.Conn) error {
		grants, err := json.Marshal(k.Grants)
		if err != nil {
			return fmt.Errorf("add a key: %w", err)
		}
		err = sqlitex.Execute(c, `INSERT INTO api_keys (hash, id, name, grants, at, expires, revoked) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			&sqlitex.ExecOptions{Args: []any{k.Hash[:], k.ID, k.Name, string(grants), sqlitefile.Millis(k.At), sqlitefile.Millis(k.Expires), sqlitefile.Millis(k.Revoked)}})
		if err != nil {
			return fmt.Errorf("add a key: %w", err)
		}
		return appendAudit(c, said)
	})
}

// Keys returns every API key in the order in which they were made.
func (db *DB) Keys(ctx context.Context) ([]access.Key, error) {
	var out []access.Key
	err := db.read(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `SELECT hash, id, name, grants, at, expires, revoked FROM api_keys ORDER BY at, id`, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
			k := access.Key{
				ID: s.ColumnText(1), Name: s.ColumnText(2),
				At: sqlitefile.Time(s.ColumnInt64(4)), Expires: sqlitefile.Time(s.ColumnInt64(5)), Revoked: sqlitefile.Time(s.ColumnInt64(6)),
			}
			if err := json.Unmarshal([]byte(s.ColumnText(3)), &k.Grants); err != nil {
				return fmt.Errorf("read the grants of key %s: %w", k.ID, err)
			}
			if n := s.ColumnLen(0); n != len(k.Hash) {
				return fmt.Errorf("key %s has a hash of %d bytes", k.ID, n)
			}
			s.ColumnBytes(0, k.Hash[:])
			out = append(out, k)
			return nil
		}})
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// RecordRevocation ends a key for good and adds the entries of the audit that tell of
// it, both or neither. Of a key that was revoked before nothing is told again.
func (db *DB) RecordRevocation(_ context.Context, id string, at time.Time, said ...audit.Entry) error {
	return db.commitFacts(func(c *sqlite.Conn) error {
		there := false
		err := sqlitex.Execute(c, `SELECT 1 FROM api_keys WHERE id = ?`, &sqlitex.ExecOptions{Args: []any{id}, ResultFunc: func(*sqlite.Stmt) error {
			there = true
			return nil
		}})
		if err == nil && !there {
			return survey.Errorf(survey.NotFound, "there is no key %q", survey.Printable(id))
		}
		if err == nil {
			err = sqlitex.Execute(c, `UPDATE api_keys SET revoked = ? WHERE id = ? AND revoked = 0`, &sqlitex.ExecOptions{Args: []any{sqlitefile.Millis(at), id}})
		}
		if err != nil {
			return fmt.Errorf("revoke a key: %w", err)
		}
		if c.Changes() == 0 {
			return nil
		}
		return appendAudit(c, said)
	})
}

// RecordKeyGrants replaces what a key was granted and adds the entries of the audit that
// tell of it, both or neither. NotFound: no key has this id. Conflict: it was granted
// something else since.
func (db *DB) RecordKeyGrants(_ context.Context, id string, was, grants []access.Grant, said ...audit.Entry) error {
	text, err := json.Marshal(grants)
	if err != nil {
		return fmt.Errorf("grant to a key: %w", err)
	}
	return db.commitFacts(func(c *sqlite.Conn) error {
		var there []access.Grant
		found := false
		err := sqlitex.Execute(c, `SELECT grants FROM api_keys WHERE id = ?`, &sqlitex.ExecOptions{Args: []any{id}, ResultFunc: func(s *sqlite.Stmt) error {
			found = true
			return json.Unmarshal([]byte(s.ColumnText(0)), &there)
		}})
		switch {
		case err != nil:
			return fmt.Errorf("grant to a key: %w", err)
		case !found:
			return survey.Errorf(survey.NotFound, "there is no key %q", survey.Printable(id))
		case !access.SameGrants(there, was):
			return survey.ChangedMeanwhile("the key")
		}
		if err := sqlitex.Execute(c, `UPDATE api_keys SET grants = ? WHERE id = ?`, &sqlitex.ExecOptions{Args: []any{string(text), id}}); err != nil {
			return fmt.Errorf("grant to a key: %w", err)
		}
		return appendAudit(c, said)
	})
}

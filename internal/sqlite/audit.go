package sqlite

import (
	"context"
	"fmt"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/internal/audit"
)

// Audit adds entries, all or none; see audit.Store.
func (db *DB) Audit(_ context.Context, entries ...audit.Entry) error {
	return db.commitFacts(func(c *sqlite.Conn) error { return appendAudit(c, entries) })
}

// appendAudit adds entries within a transaction that has begun to write: nobody
// else adds any meanwhile.
func appendAudit(c *sqlite.Conn, entries []audit.Entry) error {
	prepared := audit.Prepare(entries)
	if len(prepared) == 0 {
		return nil
	}
	var head audit.Head
	err := sqlitex.Execute(c, `SELECT serial, hash FROM audit ORDER BY serial DESC LIMIT 1`, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
		head = audit.Head{Serial: s.ColumnInt64(0), Hash: s.ColumnText(1)}
		return nil
	}})
	if err != nil {
		return fmt.Errorf("read the audit's head: %w", err)
	}
	for _, e := range prepared {
		e = e.After(head)
		text, err := e.Encode()
		if err != nil {
			return err
		}
		err = sqlitex.Execute(c, `INSERT INTO audit (serial, id, hash, entry) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
			&sqlitex.ExecOptions{Args: []any{e.Serial, e.ID, e.Hash, text}})
		if err != nil {
			return fmt.Errorf("write the audit: %w", err)
		}
		if c.Changes() > 0 {
			head = e.Head()
		}
	}
	return nil
}

// AuditLog calls fn with every entry, the oldest first.
func (db *DB) AuditLog(ctx context.Context, fn func(audit.Entry) error) error {
	return db.snapshot(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `SELECT serial, hash, entry FROM audit ORDER BY serial`, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
			return fn(audit.Decode(s.ColumnInt64(0), s.ColumnText(1), s.ColumnText(2)))
		}})
	})
}

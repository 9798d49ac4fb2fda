package migrations

import (
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// sqliteAudit gives the entries of the audit a serial, a name that is taken once and
// a hash that holds the one of the entry before; entry is JSON. Those that are there
// follow one another as they were written.
const sqliteAudit = `
ALTER TABLE audit RENAME TO earlier_audit;
CREATE TABLE audit (
	serial INTEGER PRIMARY KEY,
	id     TEXT NOT NULL UNIQUE,
	hash   TEXT NOT NULL,
	entry  TEXT NOT NULL
) STRICT;
`

func chainSQLite(conn *sqlite.Conn) error {
	var last chainedEntry
	err := sqlitex.ExecuteTransient(conn, `SELECT at, actor, action, subject, detail FROM earlier_audit ORDER BY seq`, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
		old := earlierEntry{time.UnixMilli(s.ColumnInt64(0)), s.ColumnText(1), s.ColumnText(2), s.ColumnText(3), s.ColumnText(4)}
		e, text, err := chainAudit(last.Serial, last.Hash, old)
		if err != nil {
			return err
		}
		last = e
		return sqlitex.Execute(conn, `INSERT INTO audit (serial, id, hash, entry) VALUES (?, ?, ?, ?)`,
			&sqlitex.ExecOptions{Args: []any{e.Serial, e.ID, e.Hash, text}})
	}})
	if err != nil {
		return err
	}
	return sqlitex.ExecuteScript(conn, `DROP TABLE earlier_audit;`, nil)
}

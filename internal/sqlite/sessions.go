package sqlite

import (
	"context"
	"fmt"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/internal/access"
	"persepsi/internal/sqlitefile"
)

// AddSession adds a session and removes those that had expired when it was
// made.
func (db *DB) AddSession(_ context.Context, s access.Session) error {
	return db.commitFacts(func(c *sqlite.Conn) error {
		err := sqlitex.Execute(c, `DELETE FROM sessions WHERE expires <= ?`, &sqlitex.ExecOptions{Args: []any{sqlitefile.Millis(s.At)}})
		if err != nil {
			return fmt.Errorf("remove expired sessions: %w", err)
		}
		return sqlitex.Execute(c, `INSERT INTO sessions (hash, person, at, seen, expires, device, second, ceremony) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			&sqlitex.ExecOptions{Args: []any{s.Hash[:], s.Person, sqlitefile.Millis(s.At), sqlitefile.Millis(s.Seen), sqlitefile.Millis(s.Expires), s.Device, s.Second, s.Ceremony}})
	})
}

const selectSession = `SELECT hash, person, at, seen, expires, device, second, ceremony FROM sessions `

func readSession(s *sqlite.Stmt) (access.Session, error) {
	out := access.Session{
		Person: s.ColumnText(1), At: sqlitefile.Time(s.ColumnInt64(2)), Seen: sqlitefile.Time(s.ColumnInt64(3)),
		Expires: sqlitefile.Time(s.ColumnInt64(4)), Device: s.ColumnText(5), Second: s.ColumnBool(6), Ceremony: s.ColumnText(7),
	}
	if n := s.ColumnLen(0); n != len(out.Hash) {
		return out, fmt.Errorf("a session has a hash of %d bytes", n)
	}
	s.ColumnBytes(0, out.Hash[:])
	return out, nil
}

// SessionByHash returns the session of a token's hash, nil where there is none.
func (db *DB) SessionByHash(ctx context.Context, hash access.Digest) (*access.Session, error) {
	var out *access.Session
	err := db.read(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, selectSession+`WHERE hash = ?`, &sqlitex.ExecOptions{Args: []any{hash[:]}, ResultFunc: func(s *sqlite.Stmt) error {
			one, err := readSession(s)
			out = &one
			return err
		}})
	})
	return out, err
}

// SessionsOf returns the sessions of a person, the newest first.
func (db *DB) SessionsOf(ctx context.Context, person string) ([]access.Session, error) {
	var out []access.Session
	err := db.read(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, selectSession+`WHERE person = ? ORDER BY at DESC, hash`, &sqlitex.ExecOptions{Args: []any{person}, ResultFunc: func(s *sqlite.Stmt) error {
			one, err := readSession(s)
			out = append(out, one)
			return err
		}})
	})
	return out, err
}

// SeeSession stores when the newest request of a session came.
func (db *DB) SeeSession(_ context.Context, hash access.Digest, seen time.Time) error {
	return db.commitFacts(func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `UPDATE sessions SET seen = max(seen, ?) WHERE hash = ?`, &sqlitex.ExecOptions{Args: []any{sqlitefile.Millis(seen), hash[:]}})
	})
}

// EndSession removes a session.
func (db *DB) EndSession(_ context.Context, hash access.Digest) error {
	return db.commitFacts(func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `DELETE FROM sessions WHERE hash = ?`, &sqlitex.ExecOptions{Args: []any{hash[:]}})
	})
}

// EndSessions removes all sessions of a person but the one to keep.
func (db *DB) EndSessions(_ context.Context, person string, keep access.Digest) error {
	return db.commitFacts(func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `DELETE FROM sessions WHERE person = ? AND hash <> ?`, &sqlitex.ExecOptions{Args: []any{person, keep[:]}})
	})
}

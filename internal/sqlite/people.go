package sqlite

import (
	"context"
	"fmt"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/survey"
)

// People returns everybody who was ever added, in the order of that.
func (db *DB) People(ctx context.Context) ([]access.Person, error) {
	var out []access.Person
	err := db.read(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `SELECT doc FROM people ORDER BY rowid`, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
			p, err := access.DecodePerson([]byte(s.ColumnText(0)))
			if err == nil {
				out = append(out, *p)
			}
			return err
		}})
	})
	return out, err
}

// PersonByID returns a person, nil where there is none.
func (db *DB) PersonByID(ctx context.Context, id string) (*access.Person, error) {
	return db.person(ctx, `SELECT doc FROM people WHERE id = ?`, id)
}

// PersonByEmail returns the person with an address, nil where there is none.
func (db *DB) PersonByEmail(ctx context.Context, email string) (*access.Person, error) {
	return db.person(ctx, `SELECT doc FROM people WHERE email = ?`, email)
}

func (db *DB) person(ctx context.Context, query, value string) (*access.Person, error) {
	var out *access.Person
	err := db.read(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, query, &sqlitex.ExecOptions{Args: []any{value}, ResultFunc: func(s *sqlite.Stmt) error {
			var err error
			out, err = access.DecodePerson([]byte(s.ColumnText(0)))
			return err
		}})
	})
	return out, err
}

// RecordPerson adds a person whose version is 1, or replaces the version before the
// person's, together with the entries of the audit that tell of it. Conflict: the
// address is another person's, or somebody else changed the person since.
func (db *DB) RecordPerson(_ context.Context, p access.Person, said ...audit.Entry) error {
	doc, err := access.EncodePerson(&p)
	if err != nil {
		return fmt.Errorf("store a person: %w", err)
	}
	return db.commitFacts(func(c *sqlite.Conn) error {
		var err error
		if p.Version == 1 {
			err = sqlitex.Execute(c, `INSERT INTO people (id, email, version, doc) VALUES (?, ?, 1, ?)`, &sqlitex.ExecOptions{Args: []any{p.ID, p.Email, string(doc)}})
		} else {
			err = sqlitex.Execute(c, `UPDATE people SET email = ?, version = ?, doc = ? WHERE id = ? AND version = ?`,
				&sqlitex.ExecOptions{Args: []any{p.Email, p.Version, string(doc), p.ID, p.Version - 1}})
		}
		switch code := sqlite.ErrCode(err); {
		case code == sqlite.ResultConstraintUnique || code == sqlite.ResultConstraintPrimaryKey:
			return emailTaken()
		case err != nil:
			return fmt.Errorf("store a person: %w", err)
		case c.Changes() == 0:
			return survey.ChangedMeanwhile("the person")
		}
		return appendAudit(c, said)
	})
}

func emailTaken() error {
	return &survey.Error{
		Code: survey.Conflict, Message: "the person could not be stored",
		Faults: []survey.Fault{{Field: "email", Code: "taken", Message: "is another person's already"}},
	}
}

package migrations

import (
	"fmt"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/survey"
)

// sqliteStep is one step of the embedded store.
type sqliteStep struct {
	name   string
	script string
}

// sqliteCode is what a step does after its script that no script can, by its name.
func sqliteCode(name string) func(*sqlite.Conn) error {
	if name == chainedAudit {
		return chainSQLite
	}
	return nil
}

// sqliteSteps are numbered by their place, from 1. A step that was released is
// never changed; another shape is another step.
func sqliteSteps() []sqliteStep {
	return []sqliteStep{
		{"segments, responses, tallies, catalogue, keys and audit", sqliteFirst},
		{"expiry and revocation of keys, sessions", sqliteKeys},
		{"staged rows of an import", sqliteImport},
		{"releases", sqliteReleases},
		{"imports that can be undone", sqliteUndo},
		{chainedAudit, sqliteAudit},
		{"erased periods", sqliteErase},
		{"releases with sums of pairs", sqliteSums},
		{"people, grants and their sessions", sqlitePeople},
		{"seals of erased periods", sqliteSeals},
		{erasedAgain, sqliteErasedAgain},
		{"comments of releases and their marks", sqliteComments},
		{"what people write into reports", sqliteManuscripts},
		{"evidence and its files", sqliteEvidence},
		{"pictures of catalogues", sqlitePictures},
		{"long work and its parts", sqliteJobs},
	}
}

// SQLite applies the steps that the database still needs, with their lines in
// the ledger, in one transaction: a step that fails leaves the database as it
// was.
func SQLite(conn *sqlite.Conn) error { return runSQLite(conn, sqliteSteps()) }

func runSQLite(conn *sqlite.Conn, steps []sqliteStep) (err error) {
	// Another process may migrate at the same moment: whoever comes second
	// waits here and finds nothing left to do.
	end, err := sqlitex.ImmediateTransaction(conn)
	if err != nil {
		return fmt.Errorf("begin migrations: %w", err)
	}
	defer end(&err)
	if err := sqlitex.ExecuteTransient(conn, `CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, at INTEGER NOT NULL) STRICT`, nil); err != nil {
		return fmt.Errorf("make the ledger: %w", err)
	}
	todo, err := lacking(conn, steps)
	if err != nil {
		return err
	}
	for _, n := range todo {
		step := steps[n-1]
		if err := applySQLite(conn, n, step); err != nil {
			return failed(n, step.name, err)
		}
	}
	return nil
}

// CheckSQLite checks that a database is a store that this program can bring to
// its shape, and changes nothing. Conflict: a newer program wrote it, or one
// that was never released. Invalid: it is no store.
func CheckSQLite(conn *sqlite.Conn) error {
	ledger := false
	if err := sqlitex.ExecuteTransient(conn, `SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'migrations'`, &sqlitex.ExecOptions{ResultFunc: func(*sqlite.Stmt) error {
		ledger = true
		return nil
	}}); err != nil {
		return fmt.Errorf("look for the ledger: %w", err)
	}
	if !ledger {
		return survey.Errorf(survey.Invalid, "the database is none of this program")
	}
	_, err := lacking(conn, sqliteSteps())
	return err
}

// lacking reads the ledger and returns the steps that it lacks.
func lacking(conn *sqlite.Conn, steps []sqliteStep) ([]int, error) {
	var have []int
	other := 0 // a step that this program knows otherwise
	otherName := ""
	if err := sqlitex.ExecuteTransient(conn, `SELECT number, name FROM migrations`, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
		n := s.ColumnInt(0)
		have = append(have, n)
		if name := s.ColumnText(1); n >= 1 && n <= len(steps) && steps[n-1].name != name {
			other, otherName = n, name
		}
		return nil
	}}); err != nil {
		return nil, fmt.Errorf("read the ledger: %w", err)
	}
	todo, err := plan(have, len(steps))
	if err != nil {
		return nil, err
	}
	if other != 0 {
		return nil, survey.Errorf(survey.Conflict, "the data were written by a version of the program that was never released (step %d is %q); start with an empty directory", other, otherName)
	}
	return todo, nil
}

func applySQLite(conn *sqlite.Conn, number int, step sqliteStep) (err error) {
	defer sqlitex.Save(conn)(&err)
	if err := sqlitex.ExecuteScript(conn, step.script, nil); err != nil {
		return err
	}
	if code := sqliteCode(step.name); code != nil {
		if err := code(conn); err != nil {
			return err
		}
	}
	return sqlitex.ExecuteTransient(conn, `INSERT INTO migrations (number, name, at) VALUES (?, ?, ?)`,
		&sqlitex.ExecOptions{Args: []any{number, step.name, time.Now().UnixMilli()}})
}

package sqlite

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/analytics"
	"persepsi/internal/datadir"
	"persepsi/internal/storetest"
	"persepsi/internal/testtools"
	"persepsi/survey"
)

// putEmpty puts an empty store into a directory that holds none.
var putEmpty = testtools.Copies(datadir.StoreFile, func(dir string) error {
	db, err := Open(context.Background(), dir)
	if err != nil {
		return err
	}
	return db.Close()
})

func TestContract(t *testing.T) {
	t.Parallel()
	storetest.Run(t, storetest.Engine{
		Alone: true,
		New: func(t *testing.T) func() storetest.Store {
			dir := t.TempDir()
			if err := putEmpty(dir); err != nil {
				t.Fatal(err)
			}
			return func() storetest.Store {
				db, err := Open(t.Context(), dir)
				if err != nil {
					t.Fatal(err)
				}
				return db
			}
		},
		Dump: func(t *testing.T, s storetest.Store) (out []storetest.StoredValue) {
			t.Helper()
			var tables []string
			c := s.(*DB).writer
			if err := sqlitex.Execute(c, `SELECT name FROM sqlite_schema WHERE type = 'table'`, &sqlitex.ExecOptions{ResultFunc: func(row *sqlite.Stmt) error {
				tables = append(tables, row.ColumnText(0))
				return nil
			}}); err != nil {
				t.Fatal(err)
			}
			for _, name := range tables {
				if err := sqlitex.Execute(c, `SELECT * FROM "`+name+`"`, &sqlitex.ExecOptions{ResultFunc: func(row *sqlite.Stmt) error {
					for i := range row.ColumnCount() {
						if kind := row.ColumnType(i); kind == sqlite.TypeText || kind == sqlite.TypeBlob {
							value := make([]byte, row.ColumnLen(i))
							row.ColumnBytes(i, value)
							out = append(out, storetest.StoredValue{In: name, Value: value})
						}
					}
					return nil
				}}); err != nil {
					t.Fatal(err)
				}
			}
			return out
		},
		Earlier: func(t *testing.T, s storetest.Store) {
			t.Helper()
			if err := sqlitex.ExecuteScript(s.(*DB).writer, `UPDATE erasures SET earlier = 1, done = 0; DELETE FROM seals;`, nil); err != nil {
				t.Fatal(err)
			}
		},
		Spoil: func(t *testing.T, s storetest.Store, k analytics.Key, tally []byte) {
			t.Helper()
			db, ok := s.(*DB)
			if !ok {
				t.Fatalf("store is a %T", s)
			}
			query, args := `UPDATE tallies SET tally = ? WHERE period = ? AND level = ? AND unit = ? AND form = ? AND start = ?`, []any{tally, k.Period, int64(k.Level), k.Unit, k.Form, int64(k.Start)}
			if tally == nil {
				query, args = `DELETE FROM tallies WHERE period = ? AND level = ? AND unit = ? AND form = ? AND start = ?`, args[1:]
			}
			err := sqlitex.Execute(db.writer, query, &sqlitex.ExecOptions{Args: args})
			if err != nil || db.writer.Changes() != 1 {
				t.Fatalf("spoil %+v: %v", k, err)
			}
		},
		SpoilAnswers: func(t *testing.T, s storetest.Store, id uuid.UUID, answers survey.Marks) {
			t.Helper()
			db, ok := s.(*DB)
			if !ok {
				t.Fatalf("store is a %T", s)
			}
			err := sqlitex.Execute(db.writer, `UPDATE responses SET answers = ? WHERE id = ?`, &sqlitex.ExecOptions{Args: []any{string(answers), id[:]}})
			if answers == "" {
				err = sqlitex.Execute(db.writer, `DELETE FROM responses WHERE id = ?`, &sqlitex.ExecOptions{Args: []any{id[:]}})
			}
			if err != nil || db.writer.Changes() != 1 {
				t.Fatalf("spoil answer %s: %v", id, err)
			}
		},
		SpoilAudit: func(t *testing.T, s storetest.Store, serial int64, text string) {
			t.Helper()
			db, ok := s.(*DB)
			if !ok {
				t.Fatalf("store is a %T", s)
			}
			err := sqlitex.Execute(db.writer, `UPDATE audit SET entry = ? WHERE serial = ?`, &sqlitex.ExecOptions{Args: []any{text, serial}})
			if text == "" {
				err = sqlitex.Execute(db.writer, `DELETE FROM audit WHERE serial = ?`, &sqlitex.ExecOptions{Args: []any{serial}})
			}
			if err != nil || db.writer.Changes() != 1 {
				t.Fatalf("spoil entry %d: %v", serial, err)
			}
		},
	})
}

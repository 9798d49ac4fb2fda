package sqlite

import (
	"testing"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

func TestFactsWaitForTheDiskAndWhatIsDerivedDoesNot(t *testing.T) {
	t.Parallel()
	db, err := Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	// 2 is FULL, 1 is NORMAL: what SQLite itself says, again and again.
	level := func(c *sqlite.Conn) (n int) {
		if err := sqlitex.ExecuteTransient(c, `PRAGMA synchronous`, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
			n = s.ColumnInt(0)
			return nil
		}}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for range 3 {
		for want, write := range map[int]func(func(*sqlite.Conn) error) error{2: db.commitFacts, 1: db.commitDerived} {
			if err := write(func(c *sqlite.Conn) error {
				if got := level(c); got != want {
					t.Errorf("synchronous = %d, want %d", got, want)
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

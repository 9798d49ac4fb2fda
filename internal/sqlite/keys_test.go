package sqlite

import (
	"testing"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/internal/access"
)

func TestExpiredSessionsGoWhenOneIsAdded(t *testing.T) {
	t.Parallel()
	db, err := Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() // a test's own
	noon := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	for i, want := range []int64{1, 2, 2} { // the third finds the first expired
		s, _ := access.NewSession("siti", "", false, noon.Add(time.Duration(i)*access.SessionFor/2))
		if err := db.AddSession(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		var got int64
		if err := db.read(t.Context(), func(c *sqlite.Conn) error {
			got, err = sqlitex.ResultInt64(c.Prep(`SELECT count(*) FROM sessions`))
			return err
		}); err != nil || got != want {
			t.Errorf("after %d sessions %d are kept, err = %v, want %d", i+1, got, err, want)
		}
	}
}

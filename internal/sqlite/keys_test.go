package sqlite

import (
	"testing"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/internal/access"
	"persepsi/internal/storetest"
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

// Whoever finds a secret for the first bytes of a digest has not found the secret.
func TestAStoredHashThatIsCutOpensNothing(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db := opened(t, t.TempDir(), storetest.Library(t))
	defer db.Close() // a test's own
	session, _ := access.NewSession("siti", "", false, time.Now())
	if err := db.AddSession(ctx, session); err != nil {
		t.Fatal(err)
	}
	if err := db.RecordKey(ctx, access.Key{ID: "k", Hash: session.Hash}); err != nil {
		t.Fatal(err)
	}
	for _, hash := range []string{"substr(hash, 1, 31)", "zeroblob(0)"} {
		if err := db.commitFacts(func(c *sqlite.Conn) error {
			return sqlitex.ExecuteScript(c, `UPDATE sessions SET hash = `+hash+`; UPDATE api_keys SET hash = `+hash, nil)
		}); err != nil {
			t.Fatal(err)
		}
		if keys, err := db.Keys(ctx); err == nil {
			t.Errorf("%s: a key is read as %v", hash, keys)
		}
		if list, err := db.SessionsOf(ctx, "siti"); err == nil {
			t.Errorf("%s: a session is read as %v", hash, list)
		}
		if s, err := db.SessionByHash(ctx, session.Hash); s != nil || err != nil {
			t.Errorf("%s: the whole hash finds %v, err = %v", hash, s, err)
		}
	}
}

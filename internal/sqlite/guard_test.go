package sqlite

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"zombiezen.com/go/sqlite"

	"persepsi/internal/audit"
	"persepsi/internal/datadir"
	"persepsi/internal/sqlitefile"
	"persepsi/internal/storetest"
	"persepsi/survey"
)

func TestTheStoreAcknowledgesNothingOnceItsDirectoryIsLost(t *testing.T) {
	t.Parallel()
	storetest.Lost(t, datadir.StoreFile, func(t *testing.T, dir string, lose func()) {
		db, err := Open(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		m := storetest.NewMaker(t, 11)
		stored := m.Batch(3)
		if _, err := db.Append(t.Context(), stored); err != nil {
			t.Fatal(err)
		}
		if err := db.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
		lose()
		_, err = db.Append(t.Context(), m.Batch(1))
		storetest.WantGone(t, "append", err)
		_, err = db.Append(t.Context(), stored)
		storetest.WantGone(t, "append again what was stored", err)
		_, err = db.Find(t.Context(), storetest.IDs(stored))
		storetest.WantGone(t, "find", err)
		storetest.WantGone(t, "audit", db.Audit(t.Context(), audit.Entry{At: time.Now()}))
		storetest.WantGone(t, "ping", db.Ping(t.Context()))
	})
}

// TestACommitIntoADirectoryThatVanishesMeanwhileIsNotAcknowledged plays `rm -rf`
// between the beginning of a commit and its end.
func TestACommitIntoADirectoryThatVanishesMeanwhileIsNotAcknowledged(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	db, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	storetest.WantGone(t, "commit", db.commitFacts(func(c *sqlite.Conn) error {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
		return sqlitefile.Touch(c)
	}))
}

func TestALostDirectoryStaysLostUntilItIsOpenedAnew(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	db, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	m := storetest.NewMaker(t, 12)
	r := m.Response()
	if err := os.Rename(dir, dir+"-away"); err != nil {
		t.Fatal(err)
	}
	_, err = db.Append(t.Context(), []*survey.Response{r})
	storetest.WantGone(t, "append", err)
	if err := os.Rename(dir+"-away", dir); err != nil {
		t.Fatal(err)
	}
	_, err = db.Append(t.Context(), []*survey.Response{r})
	storetest.WantGone(t, "append after it was put back", err)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if db, err = Open(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if out, err := db.Append(t.Context(), []*survey.Response{r}); err != nil || out[0].Result == survey.Differs {
		t.Errorf("after a new start: %+v, %v", out, err)
	}
}

func TestTheProbeFindsOutThatAStoreWhichFailedWorksAgain(t *testing.T) {
	t.Parallel()
	db, err := Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	db.failing.Store(true)
	if err := db.Ping(t.Context()); err != nil || db.failing.Load() {
		t.Errorf("ping: %v, failing = %v", err, db.failing.Load())
	}
}

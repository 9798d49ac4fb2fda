package sqlite

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/internal/datadir"
	"persepsi/internal/jobs"
	"persepsi/internal/storetest"
	"persepsi/survey"
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

// Who asks for a job, and who sees that it is done, must find it so after a crash; its steps can
// be made again.
func TestAJobWaitsForTheDiskWhereSomebodyIsTold(t *testing.T) {
	t.Parallel()
	db := opened(t, t.TempDir(), storetest.Library(t))
	defer db.Close()
	for i, step := range []struct {
		state jobs.JobState
		want  bool
	}{{jobs.Waiting, true}, {jobs.Running, false}, {jobs.Running, false}, {jobs.Ready, true}} {
		if err := db.PutJob(t.Context(), jobs.Job{ID: "a", Version: i + 1, State: step.state}, nil); err != nil || db.durable != step.want {
			t.Errorf("version %d waits for the disk: %v, err = %v", i+1, db.durable, err)
		}
	}
}

// Only what waits for the disk tells whether it works: the rest is in memory.
func TestAStoreRemembersThatItsDiskFailed(t *testing.T) {
	t.Parallel()
	db := opened(t, t.TempDir(), storetest.Library(t))
	defer db.Close()
	full := func(*sqlite.Conn) error { return sqlite.ResultFull.ToError() }
	taken := func(*sqlite.Conn) error { return survey.Errorf(survey.Conflict, "it is there") }
	well := func(*sqlite.Conn) error { return nil }
	for i, step := range []struct {
		durable bool
		do      func(*sqlite.Conn) error
		failing bool
	}{
		{false, full, false}, {true, taken, false}, {true, full, true}, {false, well, true}, {true, taken, true}, {true, well, false},
	} {
		if err := db.write(step.durable, step.do); db.failing.Load() != step.failing {
			t.Errorf("after step %d (%v) it is failing: %v", i, err, !step.failing)
		}
	}
}

// The log is carried over while the store is open, though nobody asks for it: it would grow for
// as long as a server runs.
func TestTheLogIsCarriedOverByItself(t *testing.T) {
	t.Parallel()
	db := opened(t, t.TempDir(), storetest.Library(t))
	defer db.Close()
	size := func() int64 {
		info, err := os.Stat(db.path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	for _, n := range []uint64{1, 2} { // the second after a round
		before := size()
		if _, err := db.Append(t.Context(), storetest.NewMaker(t, n).Batch(2000)); err != nil {
			t.Fatal(err)
		}
		for began := time.Now(); size() == before; time.Sleep(10 * time.Millisecond) {
			if time.Since(began) > 20*time.Second {
				t.Fatal("nothing was carried over")
			}
		}
	}
}

func TestADirectoryThatCannotBeReadIsNotOneWithoutAStore(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if there, err := Exists(dir); there || err != nil {
		t.Errorf("an empty one: %v, %v", there, err)
	}
	if err := putEmpty(dir); err != nil {
		t.Fatal(err)
	}
	if there, err := Exists(dir); !there || err != nil {
		t.Errorf("one with a store: %v, %v", there, err)
	}
	file := filepath.Join(dir, "letter")
	if err := os.WriteFile(file, []byte("no database"), 0o600); err != nil {
		t.Fatal(err)
	}
	if there, err := Exists(file); there || survey.CodeOf(err) != survey.Unavailable {
		t.Errorf("a file: %v, %v", there, err)
	}
}

// What can't be opened is told in words, and nothing of it stays open.
func TestWhatIsNoStoreOfThisProgramIsNotOpened(t *testing.T) {
	t.Parallel()
	top := t.TempDir()
	letter := filepath.Join(top, "letter")
	if err := os.WriteFile(letter, []byte("Yth. Bapak"), 0o600); err != nil {
		t.Fatal(err)
	}
	odd, later := filepath.Join(top, "odd"), filepath.Join(top, "later")
	for _, dir := range []string{odd, later} {
		if err := os.Mkdir(dir, datadir.DirMode); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(odd, datadir.StoreFile), bytes.Repeat([]byte("kalimat "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	db := opened(t, later, storetest.Library(t))
	err := sqlitex.Execute(db.writer, `INSERT INTO migrations VALUES (99, 'future', 0)`, nil)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]string{letter: "letter", odd: "is not a database of this program", later: "newer"} {
		db, err := Open(t.Context(), dir)
		if err == nil {
			_ = db.Close() // of a test
		}
		if db != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", filepath.Base(dir), err, want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if db, err := Open(ctx, filepath.Join(top, "new")); err == nil {
		_ = db.Close() // of a test
		t.Error("opened though its caller gave up")
	}
}

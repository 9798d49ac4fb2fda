package spool

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/internal/datadir"
	"persepsi/internal/ingest"
	"persepsi/internal/sqlitefile"
	"persepsi/internal/storetest"
	"persepsi/survey"
)

func execute(t *testing.T, s *DB, script string) {
	t.Helper()
	if err := sqlitex.ExecuteScript(s.c, script, nil); err != nil {
		t.Fatal(err)
	}
}

// TestWhatFailsInTheFileIsTold: nothing is said to be queued, moved, found or erased that is not.
func TestWhatFailsInTheFileIsTold(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	r := storetest.NewMaker(t, 41).Response()
	ids := storetest.IDs([]*survey.Response{r})
	cases := map[string]struct {
		lost string
		do   func(s *DB) error
	}{
		"append":                     {"queue", func(s *DB) error { _, err := s.Append(ctx, []*survey.Response{r}); return err }},
		"find":                       {"queue", func(s *DB) error { _, err := s.Find(ctx, ids); return err }},
		"peek":                       {"queue", func(s *DB) error { _, err := s.Peek(ctx, 10); return err }},
		"remove":                     {"queue", func(s *DB) error { return s.Remove(ctx, ids) }},
		"stats":                      {"queue", func(s *DB) error { _, err := s.Stats(ctx); return err }},
		"count":                      {"queue", func(s *DB) error { _, err := s.Periods(ctx); return err }},
		"set aside what still waits": {"queue", func(s *DB) error { return s.Quarantine(ctx, r, "why") }},
		"set aside":                  {"aside", func(s *DB) error { return s.Quarantine(ctx, r, "why") }},
		"read what was set aside":    {"aside", func(s *DB) error { return s.Quarantined(ctx, func(ingest.QuarantinedResponse) error { return nil }) }},
		"resolve":                    {"aside", func(s *DB) error { return s.Resolve(ctx, 1, "stored", time.Now()) }},
		"erase":                      {"aside", func(s *DB) error { return s.Erase(ctx, []string{"2026-s1"}) }},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSpool(t, t.TempDir(), 1<<30)
			execute(t, s, `DROP TABLE `+c.lost)
			if err := c.do(s); err == nil || survey.CodeOf(err) == survey.Conflict {
				t.Errorf("without the table %s: err = %v", c.lost, err)
			}
		})
	}
}

func TestWhatCannotLeaveTheQueueIsNotSetAsideEither(t *testing.T) {
	t.Parallel()
	s := newSpool(t, t.TempDir(), 1<<30)
	list := storetest.NewMaker(t, 42).Batch(1)
	if _, err := s.Append(t.Context(), list); err != nil {
		t.Fatal(err)
	}
	execute(t, s, `CREATE TEMP TRIGGER stuck BEFORE DELETE ON queue BEGIN SELECT RAISE(ABORT, 'stuck'); END`)
	if err := s.Quarantine(t.Context(), list[0], "why"); err == nil {
		t.Error("it is said to be set aside")
	}
	if st, err := s.Stats(t.Context()); err != nil || st.Waiting != 1 || st.Quarantined != 0 {
		t.Errorf("stats = %+v, %v, want it to wait", st, err)
	}
}

func TestAReaderOfWhatWasSetAsideMayGiveUp(t *testing.T) {
	t.Parallel()
	s := newSpool(t, t.TempDir(), 1<<30)
	for _, r := range storetest.NewMaker(t, 43).Batch(2) {
		if err := s.Quarantine(t.Context(), r, "why"); err != nil {
			t.Fatal(err)
		}
	}
	enough, n := errors.New("enough"), 0
	if err := s.Quarantined(t.Context(), func(ingest.QuarantinedResponse) error { n++; return enough }); !errors.Is(err, enough) || n != 1 {
		t.Errorf("read %d, err = %v", n, err)
	}
}

// An answer that was sent again is compared with the one that waits: where that cannot be
// read, nobody knows whether it is the same.
func TestAnAnswerThatCannotBeComparedIsNotAcknowledged(t *testing.T) {
	t.Parallel()
	s := newSpool(t, t.TempDir(), 1<<30)
	list := storetest.NewMaker(t, 44).Batch(1)
	if _, err := s.Append(t.Context(), list); err != nil {
		t.Fatal(err)
	}
	if err := s.c.SetAuthorizer(sqlite.AuthorizeFunc(func(a sqlite.Action) sqlite.AuthResult {
		if a.Type() == sqlite.OpRead && a.Column() == "answers" {
			return sqlite.AuthResultDeny
		}
		return sqlite.AuthResultOK
	})); err != nil {
		t.Fatal(err)
	}
	if out, err := s.Append(t.Context(), list); err == nil {
		t.Errorf("outcome %v of what could not be read", out)
	}
}

func TestWhatCannotBeOpenedAsASpoolIsRefused(t *testing.T) {
	t.Parallel()
	cases := map[string]func(t *testing.T, name string){
		"no database": func(t *testing.T, name string) {
			if err := os.WriteFile(name, []byte("this is a note and no database"), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"half of the second shape": func(t *testing.T, name string) {
			c, err := sqlitefile.Open(name, "FULL", cacheKiB)
			if err != nil {
				t.Fatal(err)
			}
			if err := sqlitex.ExecuteScript(c, shape+`ALTER TABLE aside ADD COLUMN resolved_at TEXT`, nil); err != nil {
				t.Fatal(err)
			}
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
		},
	}
	for name, write := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write(t, filepath.Join(dir, datadir.SpoolFile))
			if s, err := Open(dir, 1<<30); s != nil || survey.CodeOf(err) != survey.Unavailable {
				t.Errorf("open: %v, %v, want Unavailable", s, err)
			}
			if s, err := OpenExisting(dir); s != nil || survey.CodeOf(err) != survey.Unavailable {
				t.Errorf("open beside the server: %v, %v, want Unavailable", s, err)
			}
		})
	}
}

func TestASpoolThatIsBusyGetsNoSecondShape(t *testing.T) {
	t.Parallel()
	s := newSpool(t, t.TempDir(), 1<<30)
	execute(t, s, `PRAGMA query_only = ON`)
	if err := addResolutions(s.c); err == nil {
		t.Error("a file that cannot be written to is said to have the second shape")
	}
}

func TestABatchIsQueuedThatFitsAndNoOther(t *testing.T) {
	t.Parallel()
	s := newSpool(t, t.TempDir(), 1<<30)
	m := storetest.NewMaker(t, 45)
	used, err := s.used()
	if err != nil {
		t.Fatal(err)
	}
	s.limit = used + 10*rowBytes
	if _, err := s.Append(t.Context(), m.Batch(11)); survey.CodeOf(err) != survey.Unavailable {
		t.Errorf("one more than fits: %v, want Unavailable", err)
	}
	if _, err := s.Append(t.Context(), m.Batch(10)); err != nil {
		t.Errorf("as many as fit: %v", err)
	}
}

func TestTheLogOfASpoolBeginsAnew(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := newSpool(t, dir, 1<<30)
	m := storetest.NewMaker(t, 46)
	for range 3 {
		list := m.Batch(300)
		for _, r := range list {
			r.Comment = string(make([]byte, 16<<10))
		}
		if _, err := s.Append(t.Context(), list); err != nil {
			t.Fatal(err)
		}
	}
	if info, err := os.Stat(filepath.Join(dir, datadir.SpoolFile+"-wal")); err != nil || info.Size() > 8<<20 {
		t.Errorf("the log has %d bytes after three batches of 5 MB, %v", info.Size(), err)
	}
}

// TestABatchIntoADirectoryThatVanishesMeanwhileIsNotAcknowledged plays `rm -rf` between the
// beginning of a commit and its end.
func TestABatchIntoADirectoryThatVanishesMeanwhileIsNotAcknowledged(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	s := newSpool(t, dir, 1<<30)
	if err := s.c.CreateFunction("lose", &sqlite.FunctionImpl{Scalar: func(sqlite.Context, []sqlite.Value) (sqlite.Value, error) {
		return sqlite.IntegerValue(0), os.RemoveAll(dir)
	}}); err != nil {
		t.Fatal(err)
	}
	execute(t, s, `CREATE TEMP TRIGGER losing AFTER INSERT ON queue BEGIN SELECT lose(); END`)
	_, err := s.Append(t.Context(), storetest.NewMaker(t, 47).Batch(1))
	storetest.WantGone(t, "append", err)
}

func TestAfterAFailureTheProbeWritesIntoTheSpool(t *testing.T) {
	t.Parallel()
	m := storetest.NewMaker(t, 48)
	s := newSpool(t, t.TempDir(), 1<<30)
	execute(t, s, `PRAGMA query_only = ON`)
	if _, err := s.Append(t.Context(), m.Batch(1)); survey.CodeOf(err) != survey.Unavailable {
		t.Fatalf("append to what cannot be written to: %v", err)
	}
	if err := s.Ping(t.Context()); survey.CodeOf(err) != survey.Unavailable {
		t.Errorf("ping: %v, want Unavailable", err)
	}
	execute(t, s, `PRAGMA query_only = OFF`)
	if _, err := s.Append(t.Context(), m.Batch(1)); err != nil || s.failing.Load() {
		t.Errorf("append: %v, failing = %v", err, s.failing.Load())
	}
}

func TestASpoolIsNotClosedWhileItsProbeRuns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, err := Open(t.TempDir(), 1<<30)
		if err != nil {
			t.Fatal(err)
		}
		hang, closed := make(chan struct{}), make(chan error, 1)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		storetest.WantGone(t, "probe", s.guard.Takes(ctx, func() error { <-hang; return nil }))
		go func() { closed <- s.Close() }()
		synctest.Wait()
		select {
		case err := <-closed:
			t.Fatalf("closed under the probe: %v", err)
		default:
		}
		close(hang)
		if err := <-closed; err != nil {
			t.Error(err)
		}
	})
}

func TestWhatWaitsIsCountedByPeriod(t *testing.T) {
	t.Parallel()
	s := newSpool(t, t.TempDir(), 1<<30)
	list := storetest.NewMaker(t, 49).Batch(3)
	list[1].Period = "2027-s1"
	if _, err := s.Append(t.Context(), list); err != nil {
		t.Fatal(err)
	}
	got, err := s.Periods(t.Context())
	if err != nil || len(got) != 2 || got[list[0].Period] != 2 || got["2027-s1"] != 1 {
		t.Errorf("periods = %v, %v", got, err)
	}
}

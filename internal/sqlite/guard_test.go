package sqlite

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"persepsi/internal/audit"
	"persepsi/internal/storetest"
	"persepsi/survey"
)

// losses are the ways in which a data directory is lost beneath a process that
// writes to it.
func losses() map[string]func(t *testing.T, dir, name string) {
	must := func(t *testing.T, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	return map[string]func(t *testing.T, dir, name string){
		"removed": func(t *testing.T, dir, _ string) { must(t, os.RemoveAll(dir)) },
		"moved":   func(t *testing.T, dir, _ string) { must(t, os.Rename(dir, dir+"-old")) },
		"replaced by a copy": func(t *testing.T, dir, _ string) {
			must(t, os.Rename(dir, dir+"-old"))
			must(t, os.CopyFS(dir, os.DirFS(dir+"-old")))
		},
		"replaced by a file": func(t *testing.T, dir, _ string) {
			must(t, os.Rename(dir, dir+"-old"))
			must(t, os.WriteFile(dir, nil, 0o600))
		},
		"database removed": func(t *testing.T, dir, name string) { must(t, os.Remove(filepath.Join(dir, name))) },
		"log removed":      func(t *testing.T, dir, name string) { must(t, os.Remove(filepath.Join(dir, name+"-wal"))) },
	}
}

func wantGone(t *testing.T, what string, err error) {
	t.Helper()
	if survey.CodeOf(err) != survey.Unavailable {
		t.Errorf("%s: err = %v, want Unavailable", what, err)
	}
}

func TestTheStoreAcknowledgesNothingOnceItsDirectoryIsLost(t *testing.T) {
	t.Parallel()
	for name, lose := range losses() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "data")
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
			lose(t, dir, fileName)
			_, err = db.Append(t.Context(), m.Batch(1))
			wantGone(t, "append", err)
			_, err = db.Append(t.Context(), stored)
			wantGone(t, "append again what was stored", err)
			_, err = db.Find(t.Context(), idsOf(stored))
			wantGone(t, "find", err)
			wantGone(t, "audit", db.Audit(t.Context(), audit.Entry{At: time.Now()}))
			wantGone(t, "ping", db.Ping(t.Context()))
		})
	}
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
	wantGone(t, "commit", db.commitFacts(func(c *sqlite.Conn) error {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
		return touch(c)
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
	wantGone(t, "append", err)
	if err := os.Rename(dir+"-away", dir); err != nil {
		t.Fatal(err)
	}
	_, err = db.Append(t.Context(), []*survey.Response{r})
	wantGone(t, "append after it was put back", err)
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

func TestTheSpoolAcknowledgesNothingOnceItsDirectoryIsLost(t *testing.T) {
	t.Parallel()
	for name, lose := range losses() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "data")
			s := newSpool(t, dir, 1<<30)
			m := storetest.NewMaker(t, 13)
			kept := m.Batch(3)
			if _, err := s.Append(t.Context(), kept); err != nil {
				t.Fatal(err)
			}
			if err := s.Ping(t.Context()); err != nil {
				t.Fatal(err)
			}
			lose(t, dir, spoolName)
			_, err := s.Append(t.Context(), m.Batch(1))
			wantGone(t, "append", err)
			_, err = s.Find(t.Context(), idsOf(kept))
			wantGone(t, "find", err)
			wantGone(t, "ping", s.Ping(t.Context()))
			// What the open file still holds may yet reach the store.
			list, err := s.Peek(t.Context(), 10)
			if err != nil || len(list) != len(kept) {
				t.Errorf("peek: %d, %v", len(list), err)
			}
			if err := s.Remove(t.Context(), idsOf(kept)); err != nil {
				t.Errorf("remove what was drained: %v", err)
			}
		})
	}
}

func TestAllWhoAskShareOneProbe(t *testing.T) {
	t.Parallel()
	s := newSpool(t, t.TempDir(), 1<<30)
	var probes atomic.Int32
	ask := func() {
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				if err := s.guard.takes(t.Context(), func() error {
					probes.Add(1)
					return nil
				}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	ask()
	s.guard.mu.Lock()
	s.guard.probed = time.Now().Add(time.Hour) // it stays fresh, however slow this machine is
	s.guard.mu.Unlock()
	before := probes.Load()
	ask()
	if n := probes.Load(); n != before {
		t.Errorf("%d probes while the last one was fresh", n-before)
	}
	s.guard.mu.Lock()
	s.guard.probed = time.Now().Add(-probeEvery)
	s.guard.mu.Unlock()
	ask()
	if n := probes.Load(); n == before {
		t.Error("no probe though the last one was old")
	}
}

func TestADiskThatHangsHoldsUpNobodyWhoAsks(t *testing.T) {
	t.Parallel()
	s := newSpool(t, t.TempDir(), 1<<30)
	hang := make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	wantGone(t, "ask", s.guard.takes(ctx, func() error {
		<-hang
		return nil
	}))
	close(hang)
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
	s := newSpool(t, t.TempDir(), 1<<30)
	s.failing.Store(true)
	if err := s.Ping(t.Context()); err != nil || s.failing.Load() {
		t.Errorf("ping of the spool: %v, failing = %v", err, s.failing.Load())
	}
}

// BenchmarkGuard measures what each commit pays for looking whether its files
// are still there.
func BenchmarkGuard(b *testing.B) {
	s, err := OpenSpool(b.TempDir(), 1<<30)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for b.Loop() {
		if err := s.guard.check(); err != nil {
			b.Fatal(err)
		}
	}
}

func idsOf(list []*survey.Response) []uuid.UUID {
	ids := make([]uuid.UUID, len(list))
	for i, r := range list {
		ids[i] = r.ID
	}
	return ids
}

package datadir

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"persepsi/survey"
)

// watched watches two files, as those of a database and its log.
func watched(tb testing.TB) *Guard {
	tb.Helper()
	dir := tb.TempDir()
	names := []string{filepath.Join(dir, StoreFile), filepath.Join(dir, StoreFile+"-wal")}
	for _, name := range names {
		if err := os.WriteFile(name, nil, FileMode); err != nil {
			tb.Fatal(err)
		}
	}
	g, err := Watch(names...)
	if err != nil {
		tb.Fatal(err)
	}
	return g
}

func TestAllWhoAskShareOneProbe(t *testing.T) {
	t.Parallel()
	g := watched(t)
	var probes atomic.Int32
	ask := func() {
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				if err := g.Takes(t.Context(), func() error {
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
	g.mu.Lock()
	g.probed = time.Now().Add(time.Hour) // it stays fresh, however slow this machine is
	g.mu.Unlock()
	before := probes.Load()
	ask()
	if n := probes.Load(); n != before {
		t.Errorf("%d probes while the last one was fresh", n-before)
	}
	g.mu.Lock()
	g.probed = time.Now().Add(-probeEvery)
	g.mu.Unlock()
	ask()
	if n := probes.Load(); n == before {
		t.Error("no probe though the last one was old")
	}
}

func TestADiskThatHangsHoldsUpNobodyWhoAsks(t *testing.T) {
	t.Parallel()
	g := watched(t)
	hang := make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := g.Takes(ctx, func() error {
		<-hang
		return nil
	}); survey.CodeOf(err) != survey.Unavailable {
		t.Errorf("err = %v, want Unavailable", err)
	}
	close(hang)
	g.Rest() // it may still write where the test's directory is removed
}

// BenchmarkGuard measures what each commit pays for looking whether its files
// are still there.
func BenchmarkGuard(b *testing.B) {
	g := watched(b)
	for b.Loop() {
		if err := g.Check(); err != nil {
			b.Fatal(err)
		}
	}
}

package desk

import (
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/report"
)

// What one person sees takes a city's units to be made: whoever sees something else waits for
// nobody, and who sees the same has it made once.
func TestACutIsMadeOnceAndHoldsUpNobodyElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, city)
	w.refresh()
	whole := w.builder.latest.Load()
	entered, finish := make(chan struct{}), make(chan struct{})
	var first sync.Once
	var asked atomic.Int64
	slow := func(access.Scope) bool {
		asked.Add(1)
		first.Do(func() {
			close(entered)
			<-finish
		})
		return true
	}
	var running sync.WaitGroup
	same := make([]*Desk, 4)
	running.Go(func() { same[0] = whole.cut("slow", "", slow) })
	<-entered
	for i := range same[1:] {
		running.Go(func() { same[i+1] = whole.cut("slow", "", slow) })
	}
	done := make(chan struct{})
	go func() {
		whole.cut("other", "", func(access.Scope) bool { return true })
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Error("somebody waits for what another one sees")
	}
	close(finish)
	running.Wait()
	once := asked.Load()
	whole.cut("slow", "", slow)
	for _, d := range same {
		if d != same[0] {
			t.Error("the same is made twice")
		}
	}
	if asked.Load() != once || w.builder.Cuts() != 2 {
		t.Errorf("%d cuts are kept, want 2", w.builder.Cuts())
	}
	for i := range mostCuts + 10 {
		whole.cut(strconv.Itoa(i), "", func(access.Scope) bool { return false })
	}
	if got := w.builder.Cuts(); got != mostCuts {
		t.Errorf("%d cuts are kept, want %d at most", got, mostCuts)
	}
}

// The next desk may be some time away, and figures are made each second.
func TestADeskHoldsNoLiveFigures(t *testing.T) {
	t.Parallel()
	w := newWorld(t, city)
	w.refresh()
	f := w.builder.latest.Load().figures
	for audience, want := range map[report.Audience]error{report.Managed: nil, report.Public: nil, report.Live: report.ErrNotLoaded} {
		if _, err := f.View(report.Scope{Period: "2026-s1", Audience: audience}); !errors.Is(err, want) {
			t.Errorf("audience %d: %v, want %v", audience, err, want)
		}
	}
}

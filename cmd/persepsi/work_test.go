package main

import (
	"runtime/debug"
	"testing"
)

// A collection holds up answers, and the making of each report would bring one.
//
//nolint:paralleltest // what it looks at is the whole process's
func TestGarbageIsCollectedMoreSeldomWhileLongWorkIsDone(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(collectAt))
	for set, want := range map[string]bool{"": true, "80": false} {
		t.Setenv("GOGC", set)
		debug.SetGCPercent(collectAt)
		var s workCollector
		s.again() // before long work it changes nothing
		if before := debug.SetGCPercent(collectAt); before != collectAt {
			t.Errorf("without long work it is collected at %d %%", before)
		}
		end := s.begin()
		if during := debug.SetGCPercent(collectAt); (during > collectAt) != want {
			t.Errorf("with GOGC=%q it is collected at %d %%", set, during)
		}
		debug.SetGCPercent(collectAt + 1)
		end()
		if after := debug.SetGCPercent(collectAt); (after == collectAt) != want {
			t.Errorf("with GOGC=%q it is collected at %d %% afterwards", set, after)
		}
	}
}

// The more is alive, the fewer percent are as much: also where long work began when little was.
func TestTheHeapGrowsByAsMuchWhateverIsAlive(t *testing.T) {
	t.Parallel()
	for live, want := range map[uint64]int{0: 12800, 20 << 20: 640, 128 << 20: 100, 256 << 20: 50, 1 << 30: collectAt} {
		if got := percentOf(live); got != want {
			t.Errorf("of %d bytes that are alive: %d %%, want %d", live, got, want)
		}
	}
}

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
		end := collectSeldom()
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

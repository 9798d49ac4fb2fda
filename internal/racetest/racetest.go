// Package racetest tells tests whether the race detector watches. Test code only.
package racetest

import "testing"

// Skip skips under the race detector a test, or a part of one, that is the work of one
// goroutine and would take minutes there: the run without it has the test.
func Skip(t testing.TB) {
	t.Helper()
	if enabled {
		t.Skip("one goroutine's work: not run under the race detector")
	}
}

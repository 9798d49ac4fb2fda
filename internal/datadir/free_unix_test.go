//go:build linux || darwin

package datadir

import (
	"path/filepath"
	"syscall"
	"testing"
)

func TestTheFreeBytesOfADirectorysDiskAreThoseOfTheSystem(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		t.Fatal(err)
	}
	// Others write meanwhile: half of it or twice as much is near enough.
	want := float64(s.Bavail) * float64(s.Bsize)
	if got := float64(Free(dir)); got < want/2 || got > 2*want {
		t.Errorf("free: %v bytes, want some %v", got, want)
	}
	if got := Free(filepath.Join(dir, "missing")); got >= 0 {
		t.Errorf("free in no directory: %d, want a negative number", got)
	}
}

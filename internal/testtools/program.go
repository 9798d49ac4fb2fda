// Package testtools gives tests what is not ours, programs that read what we write and a server
// of mail, and what several rooms need: golden files, plain pictures, copies of a file that is slow
// to make. It imports no room, so that a room's tests link no application and stay valid while
// others change. Test code only.
package testtools

import (
	"os"
	"os/exec"
	"testing"
)

// Program finds a program that a test needs. Where it is missing the test is
// skipped with one clear line; in CI, which installs everything
// (PERSEPSI_CI=1), it fails.
func Program(t testing.TB, names ...string) string {
	t.Helper()
	for _, n := range names {
		if p, err := exec.LookPath(n); err == nil {
			return p
		}
	}
	if os.Getenv("PERSEPSI_CI") != "" {
		t.Fatalf("%s is not installed, and CI must have it", names[0])
	}
	t.Skipf("%s is not installed: what needs it is not tested here", names[0])
	return ""
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

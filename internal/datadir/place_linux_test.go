package datadir

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// Where the one call is refused the other tells the same: a file from another, and a path
// that leads to none.
func TestBothWaysTellWhichFileAPathLeadsTo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	one, other, none := filepath.Join(dir, "one"), filepath.Join(dir, "other"), filepath.Join(dir, "none")
	for _, name := range []string{one, other} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, of := range map[string]func(string) (place, error){"statx": placeOf, "stat": statPlace} {
		a, err := of(one)
		b, err2 := of(other)
		again, err3 := of(one)
		if err := errors.Join(err, err2, err3); err != nil {
			t.Fatal(err)
		}
		if !a.same(again) || a.same(b) || a.inode == 0 {
			t.Errorf("%s: %+v and %+v", name, a, b)
		}
		if _, err := of(none); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: a path to nothing is %v", name, err)
		}
	}
}

//go:build unix

package sqlite

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"persepsi/internal/datadir"
	"persepsi/internal/spool"
	"persepsi/internal/storetest"
)

// mode returns the permissions of a file.
func mode(t *testing.T, name string) fs.FileMode {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}

func chmod(t *testing.T, name string, mode fs.FileMode) {
	t.Helper()
	if err := os.Chmod(name, mode); err != nil {
		t.Fatal(err)
	}
}

// TestAStoreThatOthersCouldReadIsShut: whoever made it, and also what another
// process holds open.
func TestAStoreThatOthersCouldReadIsShut(t *testing.T) {
	t.Parallel()
	dir, lib := filepath.Join(t.TempDir(), "data"), storetest.Library(t)
	server := opened(t, dir, lib)
	defer server.Close()
	queue, err := spool.Open(dir, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	defer queue.Close()
	unlock, err := datadir.Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) < 7 {
		t.Fatalf("%d files, err = %v", len(entries), err)
	}
	for _, e := range entries {
		if got := mode(t, filepath.Join(dir, e.Name())); got != datadir.FileMode {
			t.Errorf("%s was made with mode %o", e.Name(), got)
		}
		chmod(t, filepath.Join(dir, e.Name()), 0o644)
	}
	if got := mode(t, dir); got != datadir.DirMode {
		t.Errorf("the directory was made with mode %o", got)
	}
	chmod(t, dir, 0o755)
	letter := filepath.Join(dir, "letter.txt")
	if err := os.WriteFile(letter, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	chmod(t, letter, 0o644)
	defer opened(t, dir, lib).Close()
	for _, e := range entries {
		if got := mode(t, filepath.Join(dir, e.Name())); got != datadir.FileMode {
			t.Errorf("%s keeps the mode %o", e.Name(), got)
		}
	}
	if got := mode(t, dir); got != datadir.DirMode {
		t.Errorf("the directory keeps the mode %o", got)
	}
	if got := mode(t, letter); got != 0o644 {
		t.Errorf("a file that isn't ours has the mode %o now", got)
	}
	// The server's locks are still there: its files were not opened and closed.
	if _, err := server.Append(t.Context(), storetest.NewMaker(t, 80).Batch(3)); err != nil {
		t.Error(err)
	}
}

func TestADirectoryThatIsSharedStaysOpen(t *testing.T) {
	t.Parallel()
	lib := storetest.Library(t)
	for name, prepare := range map[string]func(dir string) error{
		"a sticky one": func(dir string) error { return os.Chmod(dir, 0o777|fs.ModeSticky) },
		"one with directories of others": func(dir string) error {
			return os.Mkdir(filepath.Join(dir, "home"), 0o755)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			chmod(t, dir, 0o755)
			if err := prepare(dir); err != nil {
				t.Fatal(err)
			}
			before := mode(t, dir)
			db := opened(t, dir, lib)
			defer db.Close()
			if got := mode(t, dir); got != before {
				t.Errorf("the directory had mode %o and has %o", before, got)
			}
			entries, err := os.ReadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				if strings.HasPrefix(e.Name(), datadir.StoreFile) && mode(t, filepath.Join(dir, e.Name())) != datadir.FileMode {
					t.Errorf("%s has mode %o", e.Name(), mode(t, filepath.Join(dir, e.Name())))
				}
			}
		})
	}
}

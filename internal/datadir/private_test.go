package datadir

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func modeOf(t *testing.T, name string) fs.FileMode {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}

func TestWhatIsOursIsShutAndNothingElse(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		dirs, ours, theirs []string
		links              bool
		shared             bool
	}{
		"nothing else": {
			ours: []string{StoreFile, StoreFile + "-wal", SpoolFile, SpoolFile + "-wal", ServeLock, ImportLock}, theirs: []string{"catatan.txt", "old-" + StoreFile},
		},
		"directories of ours": {dirs: []string{"lost+found", tempName, RestorePrefix + "123"}, ours: []string{StoreFile}},
		"another directory":   {dirs: []string{"foto"}, ours: []string{StoreFile}, shared: true},
		"what is elsewhere":   {links: true, theirs: []string{"catatan.txt"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, elsewhere := t.TempDir(), filepath.Join(t.TempDir(), "elsewhere")
			if err := os.Chmod(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			for _, d := range c.dirs {
				if err := os.Mkdir(filepath.Join(dir, d), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			files := []string{elsewhere}
			for _, f := range append(c.ours, c.theirs...) {
				files = append(files, filepath.Join(dir, f))
			}
			for _, f := range files {
				if err := errors.Join(os.WriteFile(f, nil, 0o600), os.Chmod(f, 0o644)); err != nil {
					t.Fatal(err)
				}
			}
			if c.links {
				if err := os.Symlink(elsewhere, filepath.Join(dir, StoreFile)); err != nil {
					t.Fatal(err)
				}
			}
			if err := Make(dir); err != nil {
				t.Fatal(err)
			}
			if got := modeOf(t, dir) != DirMode; got != c.shared {
				t.Errorf("the directory has mode %v, want it shared: %v", modeOf(t, dir), c.shared)
			}
			for _, f := range c.ours {
				if got := modeOf(t, filepath.Join(dir, f)); got != FileMode {
					t.Errorf("%s has mode %v, want %v", f, got, FileMode)
				}
			}
			for _, f := range c.theirs {
				if got := modeOf(t, filepath.Join(dir, f)); got != 0o644 {
					t.Errorf("%s, which is not ours, has mode %v", f, got)
				}
			}
			if got := modeOf(t, elsewhere); got != 0o644 {
				t.Errorf("what a link leads to has mode %v", got)
			}
		})
	}
	restrict(filepath.Join(t.TempDir(), "missing"), FileMode) // another process removed it meanwhile: nothing to do
}

func TestAFileThatCannotBeMadeIsTold(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, StoreFile)
	if err := Create(name); err != nil || modeOf(t, name) != FileMode {
		t.Errorf("create: %v, mode %v", err, modeOf(t, name))
	}
	if err := os.WriteFile(name, []byte("rows"), FileMode); err != nil {
		t.Fatal(err)
	}
	if err := Create(name); err != nil {
		t.Errorf("create what is there: %v", err)
	}
	if data, err := os.ReadFile(name); err != nil || string(data) != "rows" {
		t.Errorf("it holds %q, %v", data, err)
	}
	if err := Create(filepath.Join(dir, "missing", StoreFile)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("in a directory that there is not: %v", err)
	}
}

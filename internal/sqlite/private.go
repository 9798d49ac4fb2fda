package sqlite

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"persepsi/survey"
)

const (
	privateDir  fs.FileMode = 0o700
	privateFile fs.FileMode = 0o600
)

// Exists reports whether a directory holds a store. It makes nothing.
func Exists(dir string) (bool, error) {
	_, err := os.Stat(filepath.Join(dir, fileName))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, survey.Errorf(survey.Unavailable, "the data directory %s cannot be read: %s", dir, reason(err))
	}
	return true, nil
}

// writable makes a data directory where it is missing, shuts it to everybody
// but its owner, and checks that it can be written to.
func writable(dir string) error {
	if err := os.MkdirAll(dir, privateDir); err != nil {
		return survey.Errorf(survey.Unavailable, "the data directory %s cannot be made: %s", dir, reason(err))
	}
	shut(dir)
	probe, err := os.CreateTemp(dir, ".write-*")
	if err != nil {
		return survey.Errorf(survey.Unavailable, "the data directory %s cannot be written to: %s", dir, reason(err))
	}
	_ = probe.Close()
	if err := os.Remove(probe.Name()); err != nil {
		return survey.Errorf(survey.Unavailable, "the data directory %s cannot be written to: %s", dir, reason(err))
	}
	return nil
}

// shut takes a data directory and the database files in it away from everybody
// but their owner, whoever made them: answers are personal data. What belongs
// to somebody else stays as it is, and so does a directory that is shared: a
// sticky one, such as /tmp, or one with directories in it that are not ours.
func shut(dir string) {
	info, err := os.Stat(dir)
	if err != nil {
		return
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	shared := info.Mode()&fs.ModeSticky != 0 || !owned(info)
	for _, e := range entries {
		if e.IsDir() && e.Name() != "lost+found" && e.Name() != tempName && !strings.HasPrefix(e.Name(), restorePrefix) {
			shared = true
		}
		if ours := strings.HasPrefix(e.Name(), fileName) || strings.HasPrefix(e.Name(), spoolName) || strings.HasSuffix(e.Name(), lockSuffix); ours && e.Type().IsRegular() {
			restrict(filepath.Join(dir, e.Name()), privateFile)
		}
	}
	if !shared {
		restrict(dir, privateDir)
	}
}

// restrict sets the mode of what others may use so far.
func restrict(name string, mode fs.FileMode) {
	if info, err := os.Lstat(name); err == nil && info.Mode().Perm()&0o077 != 0 {
		_ = os.Chmod(name, mode) // not ours: then its owner decides
	}
}

// precreate makes a database file that only its owner may read; SQLite gives
// the files beside it the same mode. One that exists is not opened: closing it
// again would give up the locks that SQLite holds on it in this process.
func precreate(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, privateFile)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

package datadir

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"persepsi/survey"
)

// DirMode and FileMode shut what is personal data to everybody but its owner.
const (
	DirMode  fs.FileMode = 0o700
	FileMode fs.FileMode = 0o600
)

// Make makes a data directory where it is missing, shuts it to everybody
// but its owner, and checks that it can be written to. Unavailable: it cannot.
func Make(dir string) error {
	if err := os.MkdirAll(dir, DirMode); err != nil {
		return survey.Errorf(survey.Unavailable, "the data directory %s cannot be made: %s", dir, Reason(err))
	}
	shut(dir)
	probe, err := os.CreateTemp(dir, ".write-*")
	if err != nil {
		return survey.Errorf(survey.Unavailable, "the data directory %s cannot be written to: %s", dir, Reason(err))
	}
	_ = probe.Close()
	if err := os.Remove(probe.Name()); err != nil {
		return survey.Errorf(survey.Unavailable, "the data directory %s cannot be written to: %s", dir, Reason(err))
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
		if e.IsDir() && e.Name() != "lost+found" && e.Name() != tempName && !strings.HasPrefix(e.Name(), RestorePrefix) {
			shared = true
		}
		if ours := strings.HasPrefix(e.Name(), StoreFile) || strings.HasPrefix(e.Name(), SpoolFile) || strings.HasSuffix(e.Name(), lockSuffix); ours && e.Type().IsRegular() {
			restrict(filepath.Join(dir, e.Name()), FileMode)
		}
	}
	if !shared {
		restrict(dir, DirMode)
	}
}

// restrict sets the mode of what others may use so far.
func restrict(name string, mode fs.FileMode) {
	if info, err := os.Lstat(name); err == nil && info.Mode().Perm()&0o077 != 0 {
		_ = os.Chmod(name, mode) // not ours: then its owner decides
	}
}

// Create makes a database file that only its owner may read; SQLite gives
// the files beside it the same mode. One that exists is not opened: closing it
// again would give up the locks that SQLite holds on it in this process.
func Create(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, FileMode)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// Reason returns the system's word for what is wrong, without the path again.
func Reason(err error) string {
	var pe *os.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}

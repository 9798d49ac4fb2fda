package storetest

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/uuid"

	"persepsi/survey"
)

// Lost runs a test for each way in which a data directory, with a file that is open, is lost
// beneath a process that writes to it.
func Lost(t *testing.T, file string, test func(t *testing.T, dir string, lose func())) {
	t.Helper()
	for name, lose := range map[string]func(dir string) error{
		"removed": os.RemoveAll,
		"moved":   func(dir string) error { return os.Rename(dir, dir+"-old") },
		"replaced by a copy": func(dir string) error {
			return errors.Join(os.Rename(dir, dir+"-old"), os.CopyFS(dir, os.DirFS(dir+"-old")))
		},
		"replaced by a file": func(dir string) error {
			return errors.Join(os.Rename(dir, dir+"-old"), os.WriteFile(dir, nil, 0o600))
		},
		"database removed": func(dir string) error { return os.Remove(filepath.Join(dir, file)) },
		"log removed":      func(dir string) error { return os.Remove(filepath.Join(dir, file+"-wal")) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "data")
			test(t, dir, func() {
				if err := lose(dir); err != nil {
					t.Fatal(err)
				}
			})
		})
	}
}

// WantGone fails unless an error says that what was asked for cannot be had now.
func WantGone(t *testing.T, what string, err error) {
	t.Helper()
	if survey.CodeOf(err) != survey.Unavailable {
		t.Errorf("%s: err = %v, want Unavailable", what, err)
	}
}

// LegibleIn counts what the files of a directory hold of a text.
func LegibleIn(t *testing.T, dir string, text []byte) (n int) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(names) == 0 {
		t.Fatalf("%d files, %v", len(names), err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		n += bytes.Count(data, text)
	}
	return n
}

// IDs are those of responses.
func IDs(list []*survey.Response) []uuid.UUID {
	ids := make([]uuid.UUID, len(list))
	for i, r := range list {
		ids[i] = r.ID
	}
	return ids
}

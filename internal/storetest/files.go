package storetest

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/uuid"

	"persepsi/survey"
)

// Losses are the ways in which a data directory is lost beneath a process that
// writes to it.
func Losses() map[string]func(t *testing.T, dir, name string) {
	must := func(t *testing.T, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	return map[string]func(t *testing.T, dir, name string){
		"removed": func(t *testing.T, dir, _ string) { must(t, os.RemoveAll(dir)) },
		"moved":   func(t *testing.T, dir, _ string) { must(t, os.Rename(dir, dir+"-old")) },
		"replaced by a copy": func(t *testing.T, dir, _ string) {
			must(t, os.Rename(dir, dir+"-old"))
			must(t, os.CopyFS(dir, os.DirFS(dir+"-old")))
		},
		"replaced by a file": func(t *testing.T, dir, _ string) {
			must(t, os.Rename(dir, dir+"-old"))
			must(t, os.WriteFile(dir, nil, 0o600))
		},
		"database removed": func(t *testing.T, dir, name string) { must(t, os.Remove(filepath.Join(dir, name))) },
		"log removed":      func(t *testing.T, dir, name string) { must(t, os.Remove(filepath.Join(dir, name+"-wal"))) },
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

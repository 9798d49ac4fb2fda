package datadir

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"persepsi/survey"
)

func TestFilesThatAreSentLieInADirectoryOfTheirOwnWithNothingOfAServerBefore(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	// A directory of that name is nobody's file, and others could once read the whole.
	if err := errors.Join(os.MkdirAll(filepath.Join(dir, "tmp", "sent-dir"), 0o755), os.Chmod(filepath.Join(dir, "tmp"), 0o755)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		name, err := Temp(dir, "sent-")
		if err != nil || name != filepath.Join(dir, "tmp") {
			t.Fatalf("%q, %v", name, err)
		}
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("mode %v, %v", info.Mode(), err)
		}
		if _, err := os.Stat(filepath.Join(name, "sent-1")); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a file that a server before left is still there: %v", err)
		}
		if err := os.WriteFile(filepath.Join(name, "sent-1"), []byte("rows"), 0o600); err != nil { // as one that was killed leaves
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(name, "theirs"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Temp(dir, "sent-"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"theirs", "sent-dir"} {
		if _, err := os.Stat(filepath.Join(dir, "tmp", name)); err != nil {
			t.Errorf("what is not the server's is gone: %v", err)
		}
	}
	// It is ours: the data directory is shut with it in it.
	if err := Make(dir); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the data directory has mode %v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Temp(filepath.Join(dir, "file"), "sent-"); survey.CodeOf(err) != survey.Unavailable {
		t.Errorf("where none can be made: %v", err)
	}
}

package sqlite

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"zombiezen.com/go/sqlite"

	"persepsi/internal/datadir"
	"persepsi/survey"
)

func TestWhyABackupFailsIsSaidInWordsForAPerson(t *testing.T) {
	t.Parallel()
	disk := errors.New("disk quota exceeded")
	for want, err := range map[string]error{
		"it is taken":                     fmt.Errorf("look: %w", survey.Errorf(survey.Conflict, "it is taken")),
		"it was broken off":               fmt.Errorf("read: %w", context.Canceled),
		"it was broken off, by SQLite":    sqlite.ResultInterrupt.ToError(),
		"disk quota exceeded":             fmt.Errorf("pack: %w", &fs.PathError{Op: "write", Path: "/rahasia", Err: disk}),
		"disk quota exceeded, renaming":   &os.LinkError{Op: "rename", Old: "/rahasia", New: "/lain", Err: disk},
		"something unexpected went wrong": errors.New("/rahasia is odd"),
	} {
		said := told("no backup was made", err)
		want, _, _ = strings.Cut(want, ",")
		code := survey.Unavailable
		switch want {
		case "it is taken":
			code = survey.Conflict
		case "something unexpected went wrong":
			code = survey.Internal
		}
		var known *survey.Error
		if !errors.As(said, &known) || known.Message != "no backup was made: "+want || known.Code != code || !errors.Is(said, err) {
			t.Errorf("%v is told as %v (%s)", err, said, survey.CodeOf(said))
		}
	}
	if err := told("no backup was made", nil); err != nil {
		t.Errorf("nothing went wrong, and it is told as %v", err)
	}
}

// Who breaks off a backup or a restore is told so, wherever it was, and finds nothing of it; not
// that a file is damaged.
func TestABackupAndARestoreMayBeBrokenOffAnywhere(t *testing.T) {
	t.Parallel()
	dir, file, lib := backedUp(t)
	for what, do := range map[string]func(ctx context.Context, to string) error{
		"a backup":  func(ctx context.Context, to string) error { return last(WriteBackup(ctx, dir, to)) },
		"a restore": func(ctx context.Context, to string) error { return last(Restore(ctx, to, file, lib)) },
	} {
		steps := 0
		for ; ; steps++ {
			to := filepath.Join(t.TempDir(), "baru")
			err := do(&ending{t.Context(), steps}, to)
			if err == nil {
				break
			}
			if survey.CodeOf(err) != survey.Unavailable || !strings.Contains(err.Error(), ": it was broken off") || strings.Contains(err.Error(), "\n") {
				t.Fatalf("%s after %d steps: %v", what, steps, err)
			}
			if left, err := os.ReadDir(filepath.Dir(to)); err != nil || len(left) != 0 {
				t.Fatalf("%s after %d steps left %v, err = %v", what, steps, left, err)
			}
		}
		if steps < 4 {
			t.Errorf("%s could be broken off in %d places", what, steps)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := inspect(ctx, filepath.Join(dir, datadir.StoreFile)); !errors.Is(err, context.Canceled) || survey.CodeOf(err) == survey.Invalid {
		t.Errorf("a check that is broken off: %v", err)
	}
}

func TestABackupReplacesABackupAndNothingElse(t *testing.T) {
	t.Parallel()
	dir, file, _ := backedUp(t)
	if _, err := WriteBackup(t.Context(), dir, file); err != nil {
		t.Errorf("the next one under its name: %v", err)
	}
	top := t.TempDir()
	for name, data := range map[string][]byte{
		"empty": {}, "letter": []byte("Yth. Bapak"), "book": bytes.Repeat([]byte("kalimat "), 100), "archive": append([]byte{0x1f, 0x8b}, make([]byte, 200)...),
	} {
		at := filepath.Join(top, name)
		if err := os.WriteFile(at, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := WriteBackup(t.Context(), dir, at); survey.CodeOf(err) != survey.Conflict {
			t.Errorf("in place of the %s: %v", name, err)
		}
		if got, err := os.ReadFile(at); err != nil || !bytes.Equal(got, data) {
			t.Errorf("the %s has %d bytes now, err = %v", name, len(got), err)
		}
	}
	for _, at := range []string{top, filepath.Join(dir, datadir.StoreFile)} {
		if _, err := WriteBackup(t.Context(), dir, at); survey.CodeOf(err) != survey.Conflict {
			t.Errorf("in place of %s: %v", filepath.Base(at), err)
		}
	}
	if _, err := WriteBackup(t.Context(), top, filepath.Join(t.TempDir(), "cadangan")); err == nil || !strings.HasPrefix(err.Error(), "no backup was made as ") {
		t.Errorf("of a directory without a store: %v", err)
	}
}

// A log without its database would be taken for that of the restored one.
func TestNothingIsRestoredBesideAPartOfAStore(t *testing.T) {
	t.Parallel()
	_, file, lib := backedUp(t)
	for _, name := range []string{"", "-wal", "-shm", "-journal"} {
		dir := t.TempDir()
		part := filepath.Join(dir, datadir.StoreFile+name)
		if err := os.WriteFile(part, []byte("isi"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Restore(t.Context(), dir, file, lib); survey.CodeOf(err) != survey.Conflict || !strings.Contains(err.Error(), filepath.Base(part)) {
			t.Errorf("beside %s: %v", filepath.Base(part), err)
		}
		if data, err := os.ReadFile(part); err != nil || string(data) != "isi" {
			t.Errorf("%s holds %q, err = %v", filepath.Base(part), data, err)
		}
	}
	if _, err := Restore(t.Context(), filepath.Join(t.TempDir(), "data"), file+"-lain", lib); survey.CodeOf(err) != survey.NotFound {
		t.Errorf("of a file that there is not: %v", err)
	}
}

func TestARestoreThatFailsLeavesADirectoryAsItWas(t *testing.T) {
	t.Parallel()
	_, _, lib := backedUp(t)
	letter := filepath.Join(t.TempDir(), "letter")
	if err := os.WriteFile(letter, []byte("Yth. Bapak"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"", datadir.ServeLock} {
		dir := t.TempDir()
		if want != "" {
			if err := os.WriteFile(filepath.Join(dir, want), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := Restore(t.Context(), dir, letter, lib); survey.CodeOf(err) != survey.Invalid {
			t.Errorf("err = %v", err)
		}
		got := ""
		left, err := os.ReadDir(dir)
		for _, e := range left {
			got += e.Name()
		}
		if err != nil || got != want {
			t.Errorf("it holds %q and held %q, err = %v", got, want, err)
		}
	}
}

// A server that waits for the directory has opened that file: with another one beside it
// two servers would run.
func TestARestoreLeavesTheFileThatServersLock(t *testing.T) {
	t.Parallel()
	_, file, lib := backedUp(t)
	dir := t.TempDir()
	if _, err := Restore(t.Context(), dir, file, lib); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, datadir.ServeLock)); err != nil {
		t.Error(err)
	}
}

func TestADatabaseThatIsCutIsNotRestored(t *testing.T) {
	t.Parallel()
	dir, lib := flippable(t)
	data, err := os.ReadFile(filepath.Join(dir, datadir.StoreFile))
	if err != nil {
		t.Fatal(err)
	}
	headless := bytes.Clone(data)
	clear(headless[len(sqliteMagic):200])
	for name, part := range map[string][]byte{"its first half": data[:len(data)/2], "its first page": data[:4096], "its magic": data[:len(sqliteMagic)], "without its header": headless} {
		if err := refusedRestore(t, part, lib); survey.CodeOf(err) != survey.Invalid || !strings.Contains(err.Error(), ": the database is damaged or is none of this program") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// broken is a disk that fails.
type broken struct{ err error }

func (b broken) Write([]byte) (int, error) { return 0, b.err }

// What fails on the disk is no fault of the file that is packed or unpacked.
func TestADiskThatFailsIsNotADamagedBackup(t *testing.T) {
	t.Parallel()
	dir, file, _ := backedUp(t)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head := len(backupHeader(""))
	for _, want := range []error{&fs.PathError{Op: "write", Path: "persepsi.db", Err: syscall.ENOSPC}, context.Canceled} {
		if err := unzip(broken{want}, data[:head], bytes.NewReader(data[head:])); !errors.Is(err, want) || survey.CodeOf(err) == survey.Invalid {
			t.Errorf("on %v: %v", want, err)
		}
	}
	var out bytes.Buffer
	if err := unzip(&out, data[:head], bytes.NewReader(data[head:])); err != nil || !bytes.HasPrefix(out.Bytes(), sqliteMagic) {
		t.Errorf("on a sound one: %d bytes, %v", out.Len(), err)
	}
	store, to := filepath.Join(dir, datadir.StoreFile), filepath.Join(t.TempDir(), "cadangan")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := pack(t.Context(), store+"-lain", to); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what there is not is packed: %v", err)
	}
	if err := pack(ctx, store, to); !errors.Is(err, context.Canceled) {
		t.Errorf("packed when it was broken off: %v", err)
	}
	if err := pack(t.Context(), store, to); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over what is there: %v", err)
	}
	if _, _, err := digest(to + "-lain"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the sum of what there is not: %v", err)
	}
	if err := syncDir(to + "-lain"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a directory that there is not: %v", err)
	}
}

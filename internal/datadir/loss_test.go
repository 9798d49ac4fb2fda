package datadir

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"

	"persepsi/survey"
)

func TestADirectoryThatIsLostStaysSo(t *testing.T) {
	t.Parallel()
	must := func(t *testing.T, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	cases := map[string]struct {
		lose func(t *testing.T, dir string)
		back func(t *testing.T, dir string)
		gone bool // for good; else it only cannot be looked at
	}{
		"moved away": {
			func(t *testing.T, dir string) { must(t, os.Rename(dir, dir+"-old")) },
			func(t *testing.T, dir string) { must(t, os.Rename(dir+"-old", dir)) }, true,
		},
		"replaced by a copy": {
			func(t *testing.T, dir string) {
				must(t, os.Rename(dir, dir+"-old"))
				must(t, os.CopyFS(dir, os.DirFS(dir+"-old")))
			},
			func(t *testing.T, dir string) {
				must(t, os.RemoveAll(dir))
				must(t, os.Rename(dir+"-old", dir))
			}, true,
		},
		"replaced by a file": {
			func(t *testing.T, dir string) {
				must(t, os.Rename(dir, dir+"-old"))
				must(t, os.WriteFile(dir, nil, FileMode))
			},
			func(t *testing.T, dir string) {
				must(t, os.Remove(dir))
				must(t, os.Rename(dir+"-old", dir))
			}, true,
		},
		"behind a link that leads nowhere": {
			func(t *testing.T, dir string) {
				must(t, os.Rename(dir, dir+"-old"))
				must(t, os.Symlink(dir, dir))
			},
			func(t *testing.T, dir string) {
				must(t, os.Remove(dir))
				must(t, os.Rename(dir+"-old", dir))
			}, false,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "data")
			must(t, os.Mkdir(dir, DirMode))
			file := filepath.Join(dir, StoreFile)
			must(t, os.WriteFile(file, []byte("rows"), FileMode))
			g, err := Watch(file)
			must(t, err)
			must(t, g.Check())
			c.lose(t, dir)
			for what, err := range map[string]error{"check": g.Check(), "probe": g.Takes(t.Context(), func() error { return nil })} {
				if survey.CodeOf(err) != survey.Unavailable || strings.Contains(err.Error(), "gone") != c.gone {
					t.Errorf("%s: %v, want Unavailable, gone = %v", what, err, c.gone)
				}
			}
			c.back(t, dir)
			if err := g.Check(); (err != nil) != c.gone {
				t.Errorf("after it was put back: %v", err)
			}
		})
	}
	if g, err := Watch(filepath.Join(t.TempDir(), "missing")); g != nil || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that there is not is watched: %v, %v", g, err)
	}
}

func TestAProbeTellsWhatFailedAndLeavesNoFile(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	g := watched(t)
	if err := g.Takes(t.Context(), func() error { return broken }); !errors.Is(err, broken) {
		t.Errorf("err = %v, want what the caller's part of the probe said", err)
	}
	if _, err := os.Stat(filepath.Join(g.dir, probeName)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the probe's file is still there: %v", err)
	}
	g = watched(t)
	if err := os.Mkdir(filepath.Join(g.dir, probeName), DirMode); err != nil { // no file can be made in its place
		t.Fatal(err)
	}
	asked := false
	if err := g.Takes(t.Context(), func() error { asked = true; return nil }); survey.CodeOf(err) != survey.Unavailable || asked {
		t.Errorf("err = %v, want Unavailable; the caller's part was asked: %v", err, asked)
	}
}

func TestWhyNothingCanBeWrittenIsSaid(t *testing.T) {
	t.Parallel()
	if err := unwritable(nil); err != nil {
		t.Errorf("nothing is wrong: %v", err)
	}
	for cause, want := range map[syscall.Errno]string{
		syscall.ENOSPC: "the disk is full", syscall.EDQUOT: "the disk is full",
		syscall.EROFS: "the data directory cannot be written to: " + syscall.EROFS.Error(),
	} {
		err := unwritable(&os.PathError{Op: "write", Path: "/data/.probe", Err: cause})
		var told *survey.Error
		if !errors.As(err, &told) || told.Code != survey.Unavailable || told.Message != want || told.RetryAfter == 0 || !errors.Is(err, cause) {
			t.Errorf("%v: %v, want %q", cause, err, want)
		}
	}
}

func TestWhoClosesTheFilesWaitsForTheProbe(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := watched(t)
		g.Rest() // no probe runs: there is nothing to wait for
		hang, rested := make(chan struct{}), make(chan struct{})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := g.Takes(ctx, func() error { <-hang; return nil }); err == nil {
			t.Error("a probe that hangs is said to be done")
		}
		go func() {
			g.Rest()
			close(rested)
		}()
		synctest.Wait()
		select {
		case <-rested:
			t.Error("it did not wait")
		default:
		}
		close(hang)
		<-rested
	})
}

func TestADirectoryHasOneServer(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	unlock, err := Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Lock(dir); survey.CodeOf(err) != survey.Conflict || !strings.HasSuffix(err.Error(), fmt.Sprintf(" (process %d)", os.Getpid())) {
		t.Errorf("a second one: %v, want Conflict that names this process", err)
	}
	if err := os.Truncate(filepath.Join(dir, ServeLock), 0); err != nil { // as between the lock and the note of the process
		t.Fatal(err)
	}
	if _, err := Lock(dir); survey.CodeOf(err) != survey.Conflict || strings.Contains(err.Error(), "process") {
		t.Errorf("a second one: %v, want Conflict that names no process", err)
	}
	unlock()
	if unlock, err = Lock(dir); err != nil {
		t.Fatalf("after the first gave up: %v", err)
	}
	unlock()
}

func TestADirectoryThatCannotBeLockedIsNotServed(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]func(dir string) error{
		"no directory": func(dir string) error { return os.WriteFile(dir, nil, FileMode) },
		"no lock":      func(dir string) error { return os.MkdirAll(filepath.Join(dir, ServeLock), DirMode) },
	} {
		dir := filepath.Join(t.TempDir(), "data")
		if err := in(dir); err != nil {
			t.Fatal(err)
		}
		if unlock, err := Lock(dir); unlock != nil || survey.CodeOf(err) != survey.Unavailable {
			t.Errorf("%s: %v, want Unavailable", name, err)
		}
	}
}

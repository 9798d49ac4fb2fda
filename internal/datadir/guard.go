package datadir

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"persepsi/survey"
)

// Guard watches the place that open files of this process lie in. An open file outlives its
// directory: after `rm -rf`, a move or a replacement, commits go on succeeding in files that
// nobody will ever find again. Safe for concurrent use.
type Guard struct {
	dir   string
	files map[string]place // by path, as they were when they were opened
	gone  atomic.Bool      // for good: what the open files hold since may be lost

	mu      sync.Mutex
	running chan struct{} // closed when the probe that runs is done; nil: none runs
	probed  time.Time     // when the last one was done
	verdict error         // its result
}

const (
	// probeEvery is how old the result of a probe may be: so often the disk is
	// written to at most, however many ask.
	probeEvery = 2 * time.Second
	// probeBytes is more than a commit of answers needs, so that a disk is
	// found full a little before the answers are refused.
	probeBytes = 256 << 10
	probeName  = ".probe"
)

// Watch notes files of one directory that are open.
func Watch(names ...string) (*Guard, error) {
	g := &Guard{dir: filepath.Dir(names[0]), files: map[string]place{}}
	for _, name := range names {
		at, err := placeOf(name)
		if err != nil {
			return nil, err
		}
		g.files[name] = at
	}
	return g, nil
}

// Check reports whether the open files are still those of the directory. It is
// called after each commit and before anybody is told of it, and costs two
// calls of the system (BenchmarkGuard). Unavailable: they are not, which stays so
// until the directory is opened anew, or that cannot be found out now.
func (g *Guard) Check() error {
	if g.gone.Load() {
		return errGone()
	}
	for name, was := range g.files {
		now, err := placeOf(name)
		switch {
		case err == nil && was.same(now):
		case err == nil, errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
			g.gone.Store(true)
			return errGone()
		default:
			return &survey.Error{Code: survey.Unavailable, Message: "the data directory cannot be looked at", RetryAfter: 30 * time.Second, Cause: err}
		}
	}
	return nil
}

func errGone() error {
	return &survey.Error{
		Code: survey.Unavailable, RetryAfter: time.Minute,
		Message: "the data directory is gone, or is not the one that was opened: put it back and start the service again",
	}
}

// Takes reports whether the directory can take an answer now: its files are the
// opened ones, and a probe of at most probeEvery ago could be written durably.
// more is part of the probe. It returns when ctx ends, also if the disk hangs.
func (g *Guard) Takes(ctx context.Context, more func() error) error {
	if err := g.Check(); err != nil {
		return err
	}
	g.mu.Lock()
	if g.running == nil && time.Since(g.probed) >= probeEvery {
		g.running = make(chan struct{})
		go g.probe(more)
	}
	running := g.running
	g.mu.Unlock()
	if running != nil {
		select {
		case <-running:
		case <-ctx.Done():
			return &survey.Error{Code: survey.Unavailable, Message: "the disk does not answer in time", Cause: ctx.Err()}
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.verdict
}

func (g *Guard) probe(more func() error) {
	err := probeDisk(g.dir)
	if err == nil {
		err = more()
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.verdict, g.probed = err, time.Now()
	close(g.running)
	g.running = nil
}

// Rest waits until no probe runs, so that the files can be closed.
func (g *Guard) Rest() {
	g.mu.Lock()
	running := g.running
	g.mu.Unlock()
	if running != nil {
		<-running
	}
}

// probeDisk writes a file durably and removes it.
func probeDisk(dir string) error {
	data := make([]byte, probeBytes)
	_, _ = rand.Read(data) // never fails; a file system may store zeros in no room
	name := filepath.Join(dir, probeName)
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, FileMode)
	if err == nil {
		_, err = f.Write(data)
		if err == nil {
			err = f.Sync()
		}
		err = errors.Join(err, f.Close(), os.Remove(name))
	}
	return unwritable(err)
}

// unwritable says why nothing can be written, if so.
func unwritable(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return &survey.Error{Code: survey.Unavailable, Message: "the disk is full", RetryAfter: 30 * time.Second, Cause: err}
	default:
		return &survey.Error{Code: survey.Unavailable, Message: fmt.Sprintf("the data directory cannot be written to: %s", Reason(err)), RetryAfter: 30 * time.Second, Cause: err}
	}
}

package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"

	"persepsi/internal/projection"
	"persepsi/survey"
)

const (
	// serverName is the file in --data that holds the id by which other servers of
	// the database know the one that spools there.
	serverName = "server-id"
	// announceEvery is how often a server tells what waits in its spool: final figures
	// wait a little longer than this.
	announceEvery = 15 * time.Second
)

// serverBook is where servers tell of themselves.
type serverBook interface {
	Announce(ctx context.Context, s projection.Server, first bool) error
	SignOff(ctx context.Context, id, run string) error
}

// announcer tells other servers of a database what waits in the spool of this one:
// see projection.Server. For use by one goroutine.
type announcer struct {
	book  serverBook
	spool interface {
		Periods(ctx context.Context) (map[string]int64, error)
	}
	now     func() time.Time
	dir     string
	id, run string
	known   bool // the book has this run of the server
}

// newAnnouncer makes an announcer for the server that spools in a directory.
func newAnnouncer(dir string, book serverBook, spool interface {
	Periods(ctx context.Context) (map[string]int64, error)
}, now func() time.Time,
) (*announcer, error) {
	a := &announcer{book: book, spool: spool, now: now, dir: dir, run: uuid.NewString()}
	var err error
	a.id, err = serverID(dir)
	return a, err
}

// serverID reads the id that is kept in a directory, empty where there is none.
func serverID(dir string) (string, error) {
	text, err := os.ReadFile(filepath.Join(dir, serverName))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	id := strings.TrimSpace(string(text))
	if raw, wrong := hex.DecodeString(id); wrong != nil || len(raw) != idBytes {
		id = "" // a new one is as good
	}
	return id, err
}

const idBytes = 4

// rename gives the server a new id.
func (a *announcer) rename() error {
	raw := uuid.New()
	id := hex.EncodeToString(raw[:idBytes])
	if err := keepFile(a.dir, serverName, []byte(id+"\n")); err != nil {
		return fmt.Errorf("keep the server's id: %w", err)
	}
	a.id, a.known = id, false
	return nil
}

// announce tells what waits in the spool. What left it before is in the figures of
// others as soon as they are told so: settle brings it there. That the database is
// away is no error.
func (a *announcer) announce(ctx context.Context, settle func(context.Context) error) error {
	if a.id == "" {
		if err := a.rename(); err != nil {
			return err
		}
	}
	s := projection.Server{ID: a.id, Run: a.run, Seen: a.now().UTC().Truncate(time.Millisecond)}
	var err error
	if s.Waiting, err = a.spool.Periods(ctx); err != nil {
		return err
	}
	if err = settle(ctx); err == nil {
		err = a.book.Announce(ctx, s, !a.known)
	}
	if survey.CodeOf(err) == survey.Conflict { // somebody copied the directory
		if err = a.rename(); err == nil {
			s.ID = a.id
			err = a.book.Announce(ctx, s, true)
		}
	}
	a.known = a.known || err == nil
	return unlessAway(err)
}

// leave tells that the server stops: with an empty spool nobody needs to wait for it.
func (a *announcer) leave(ctx context.Context, settle func(context.Context) error) error {
	err := a.announce(ctx, settle)
	if err != nil || !a.known {
		return err
	}
	waiting, err := a.spool.Periods(ctx)
	if err == nil && len(waiting) == 0 {
		err = a.book.SignOff(ctx, a.id, a.run)
	}
	return unlessAway(err)
}

// unlessAway returns an error but that of a database that is away.
func unlessAway(err error) error {
	if survey.CodeOf(err) == survey.Unavailable {
		return nil
	}
	return err
}

package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"persepsi/internal/projection"
	"persepsi/internal/spool"
	"persepsi/internal/storetest"
	"persepsi/survey"
)

// page is a book of servers as a store keeps it.
type page struct {
	servers map[string]projection.Server
	err     error
	firsts  []bool // which announcements told of a new run
	signed  int    // how many signed off
}

func (p *page) Announce(_ context.Context, s projection.Server, first bool) error {
	p.firsts = append(p.firsts, first)
	if old, ok := p.servers[s.ID]; ok && !first && old.Run != s.Run {
		return survey.Errorf(survey.Conflict, "taken")
	}
	if p.err == nil {
		p.servers[s.ID] = s
	}
	return p.err
}

func (p *page) SignOff(_ context.Context, id, run string) error {
	p.signed++
	if p.err == nil && p.servers[id].Run == run {
		delete(p.servers, id)
	}
	return p.err
}

func TestAServerTellsWhatWaitsInItsSpool(t *testing.T) {
	t.Parallel()
	dir, book := t.TempDir(), &page{servers: map[string]projection.Server{}}
	now := time.Date(2026, 7, 1, 1, 2, 3, 4, time.UTC)
	queue, err := spool.Open(dir, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := queue.Close(); err != nil {
			t.Error(err)
		}
	})
	settled := 0
	settle := func(context.Context) error { settled++; return nil }
	server := func() *announcer {
		t.Helper()
		a, err := newAnnouncer(dir, book, queue, func() time.Time { return now })
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	announce := func(a *announcer) {
		t.Helper()
		if err := a.announce(t.Context(), settle); err != nil {
			t.Error(err)
		}
	}
	has := func(what string, want ...projection.Server) {
		t.Helper()
		all := map[string]projection.Server{}
		for _, s := range want {
			all[s.ID] = s
		}
		if diff := cmp.Diff(all, book.servers); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	a := server()
	announce(a)
	is := func(a *announcer, waiting map[string]int64) projection.Server {
		return projection.Server{ID: a.id, Run: a.run, Seen: now.Truncate(time.Millisecond), Waiting: waiting}
	}
	has("at first", is(a, map[string]int64{}))

	list := storetest.NewMaker(t, 3).Batch(4)
	list[3].Period = "2026-s2"
	if _, err := queue.Append(t.Context(), list); err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Minute)
	announce(a)
	waiting := map[string]int64{"2026-s1": 3, "2026-s2": 1}
	has("with answers", is(a, waiting))
	if settled != 2 {
		t.Errorf("settled %d times, want before each time that it tells", settled)
	}
	if err := a.leave(t.Context(), settle); err != nil {
		t.Error(err)
	}
	has("it stops with answers in its spool", is(a, waiting))

	// The same server, started again, and one that runs in a copy of its directory.
	again := server()
	announce(again)
	has("started again", is(again, waiting))
	if again.id != a.id || again.run == a.run {
		t.Errorf("id %s run %s, then id %s run %s: want the same id and another run", a.id, a.run, again.id, again.run)
	}
	announce(a) // its id was taken
	has("a copy of the directory", is(again, waiting), is(a, waiting))
	if kept, err := serverID(dir); err != nil || kept != a.id || a.id == again.id {
		t.Errorf("the new id %s is kept as %s, err = %v", a.id, kept, err)
	}

	for _, r := range list {
		if err := queue.Quarantine(t.Context(), r, "for a person to decide"); err != nil {
			t.Fatal(err)
		}
	}
	if err := again.leave(t.Context(), settle); err != nil {
		t.Error(err)
	}
	has("it stops with an empty spool", is(a, waiting))

	// Nothing is told that is not so, and a database that is away is no error.
	now = now.Add(time.Hour)
	book.err = &survey.Error{Code: survey.Unavailable}
	announce(a)
	book.err = nil
	if err := a.announce(t.Context(), func(context.Context) error { return errors.New("a tally") }); err == nil {
		t.Error("what cannot be settled is no error")
	}
	if seen := book.servers[a.id].Seen; seen.Equal(now.Truncate(time.Millisecond)) {
		t.Error("it tells of an empty spool before others can count what was in it")
	}
}

// A server that the book never had is new to it until it has, also under a new id, and has
// nothing to sign off.
func TestAServerIsKnownOnceItWasTold(t *testing.T) {
	t.Parallel()
	dir, book := t.TempDir(), &page{servers: map[string]projection.Server{}, err: &survey.Error{Code: survey.Unavailable}}
	queue, err := spool.Open(dir, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	defer queue.Close() // nothing is in it
	a, err := newAnnouncer(dir, book, queue, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	settle := func(context.Context) error { return nil }
	if err := a.leave(t.Context(), settle); err != nil || book.signed != 0 {
		t.Errorf("%d signed off, err = %v, want none of a server that nobody knows", book.signed, err)
	}
	for n := range 6 {
		switch n {
		case 1:
			book.err = nil // the second tells it
		case 3: // somebody else took its id, and the database goes away at that moment
			book.servers[a.id] = projection.Server{ID: a.id, Run: "another"}
			book.err = &survey.Error{Code: survey.Unavailable}
		case 4:
			book.err = nil
		}
		if err := a.announce(t.Context(), settle); err != nil {
			t.Error(err)
		}
	}
	// Of the fourth one is refused, which is told again under a new id.
	if want := []bool{true, true, true, false, false, true, true, false}; !slices.Equal(book.firsts, want) {
		t.Errorf("new were %v, want %v", book.firsts, want)
	}
	for text, want := range map[string]string{"0011aabb\n": "0011aabb", "0011aabbcc": "", "0011aa": "", "xx11aabb": ""} {
		if err := os.WriteFile(filepath.Join(dir, serverName), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := serverID(dir); err != nil || got != want {
			t.Errorf("of %q the id is %q, err = %v, want %q", text, got, err, want)
		}
	}
}

func TestADamagedServerIDIsReplaced(t *testing.T) {
	t.Parallel()
	dir, book := t.TempDir(), &page{servers: map[string]projection.Server{}}
	if err := os.WriteFile(filepath.Join(dir, serverName), []byte("../ini bukan id\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	queue, err := spool.Open(dir, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	defer queue.Close() // nothing is in it
	a, err := newAnnouncer(dir, book, queue, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.announce(t.Context(), func(context.Context) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if kept, err := serverID(dir); err != nil || len(kept) != 2*idBytes || len(book.servers) != 1 || book.servers[kept].Run != a.run {
		t.Errorf("kept %q, err = %v, told %v", kept, err, book.servers)
	}
}

package main_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/internal/sqlite"
	"persepsi/internal/storetest"
	"persepsi/survey"
)

// crashRounds is the number of rounds: few, unless PERSEPSI_CRASH_ROUNDS asks
// for more. docs/performance.md tells of the last long run.
func crashRounds(t *testing.T, few int) int {
	t.Helper()
	if s := os.Getenv("PERSEPSI_CRASH_ROUNDS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 {
			t.Fatalf("PERSEPSI_CRASH_ROUNDS: %q is no number of rounds", s)
		}
		return n
	}
	if testing.Short() {
		return 2
	}
	return few
}

// crashCity is a city whose period contains today.
func crashCity(units int) string {
	text := "city: {name: Kota Uji}\nagencies:\n  - code: dinas\n    name: Dinas Uji\n    units:\n"
	for i := range units {
		text += fmt.Sprintf("      - {code: unit-%d, name: Unit %d, services: [{code: umum, name: Umum}], points: [{code: TITIK%dA, name: Loket}]}\n", i, i, i)
	}
	today := time.Now()
	return text + fmt.Sprintf("periods:\n  - {code: kini, name: Kini, from: %s, to: %s, instrument: terpadu-16}\n",
		today.AddDate(0, 0, -3).Format(time.DateOnly), today.AddDate(0, 0, 3).Format(time.DateOnly))
}

// counted is what a store offers to those who check it.
type counted interface {
	survey.Reader
	Recount(ctx context.Context, period string) (analytics.RecountResult, error)
	Close() error
}

// checkStore compares a store with what was acknowledged: every acknowledged id
// exactly once, no id that was never sent, all tallies equal to a recount. It
// returns the number of stored responses.
func checkStore(t *testing.T, s counted, book *ledger) int {
	t.Helper()
	seen := contentOf(t, s, book, nil)
	book.mu.Lock()
	defer book.mu.Unlock()
	lost := 0
	for id, a := range book.answers {
		if a.acknowledged && seen[id] == 0 {
			lost++
		}
	}
	if lost > 0 {
		t.Errorf("%d acknowledged answers are lost", lost)
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("%s is stored %d times", id, n)
		}
		if book.answers[id] == nil {
			t.Errorf("%s is stored and was never sent", id)
		}
	}
	n, err := s.Recount(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	if n.Differing != 0 || n.Moving != 0 || n.Responses != int64(len(seen)) {
		t.Errorf("recount = %+v, want %d responses and no difference", n, len(seen))
	}
	return len(seen)
}

// contentOf reads a store, counts the responses of each id, and tells of each
// which of its contents is there, where told is given.
func contentOf(t *testing.T, s survey.Reader, book *ledger, told map[uuid.UUID]content) map[uuid.UUID]int {
	t.Helper()
	seen := map[uuid.UUID]int{}
	err := s.Responses(context.Background(), survey.Filter{}, func(r *survey.Response) error {
		seen[r.ID]++
		a := book.answers[r.ID]
		switch {
		case told == nil || a == nil: // what was never sent is told by checkStore
		case r.Comment == a.comment:
			told[r.ID] = a.of
		case a.other != nil && r.Comment == a.other.comment:
			told[r.ID] = a.other.of
		default:
			t.Errorf("%s is stored with content that was never sent", r.ID)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

// checkHistory is checkStore, and holds every call against what is stored.
func checkHistory(t *testing.T, s counted, book *ledger) int {
	t.Helper()
	stored := map[uuid.UUID]content{}
	contentOf(t, s, book, stored)
	book.check(t, func(id uuid.UUID) content { return stored[id] })
	return checkStore(t, s, book)
}

func TestCrashOfTheServerOnSQLite(t *testing.T) {
	rounds := crashRounds(t, 8)
	rng := rand.New(rand.NewPCG(1, uint64(time.Now().UnixNano())))
	const lifetime = 25 // rounds of one data directory, so that checking stays quick
	var dir string
	var book *ledger
	var slowest time.Duration
	answers, kills := 0, 0
	for round := range rounds {
		if round%lifetime == 0 {
			dir, book = t.TempDir(), newLedger()
			runOK(t, "apply", city(t, crashCity(4)), "--data", dir)
		}
		v := start(t, "--data", dir)
		stop := v.load(book, 16, 4)
		switch rng.IntN(4) {
		case 0: // at once, or while the first commit runs
			time.Sleep(time.Duration(rng.IntN(20)) * time.Millisecond)
		case 1: // while it stops by itself
			time.Sleep(time.Duration(rng.IntN(200)) * time.Millisecond)
			v.signal(syscall.SIGTERM)
			time.Sleep(time.Duration(rng.IntN(30)) * time.Millisecond)
		default:
			time.Sleep(time.Duration(rng.IntN(400)) * time.Millisecond)
		}
		v.signal(syscall.SIGKILL)
		kills++
		v.wait()
		stop()
		if rng.IntN(4) == 0 { // a start that is killed too
			early := spawn(t, "--data", dir)
			time.Sleep(time.Duration(rng.IntN(60)) * time.Millisecond)
			early.signal(syscall.SIGKILL)
			kills++
			early.wait()
		}
		v = start(t, "--data", dir)
		book.again(t, v)
		slowest = max(slowest, v.healed(book))
		s := openSQLite(t, dir)
		answers = checkHistory(t, s, book)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		v.signal(syscall.SIGTERM)
		v.wait()
		if t.Failed() {
			t.Fatalf("round %d of %d failed", round+1, rounds)
		}
	}
	t.Logf("%d rounds, %d kills, %d answers in the last store; figures healed within %s of the start at the slowest; %s", rounds, kills, answers, slowest.Round(time.Millisecond), book.summary())
}

func openSQLite(t *testing.T, dir string) counted {
	t.Helper()
	s, err := sqlite.Open(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return storetest.Project(t, s)
}

// smallDisk mounts a disk of 4 MB, 1 MB of which a ballast takes, and returns a
// data directory on it.
func smallDisk(t *testing.T) (data, ballast string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "small")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=4m"); err != nil {
		t.Skipf("no small disk can be mounted here (%v): a full disk is not tested", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	ballast = filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "data"), ballast
}

func TestCrashOnAFullDisk(t *testing.T) {
	data, ballast := smallDisk(t)
	book := newLedger()
	runOK(t, "apply", city(t, crashCity(4)), "--data", data)
	v := start(t, "--data", data)
	refused := v.fill(book, 20_000)
	if refused.StatusCode != 503 || refused.Header.Get("Retry-After") == "" {
		t.Errorf("a full disk gives %d with Retry-After %q, want 503 and a time", refused.StatusCode, refused.Header.Get("Retry-After"))
	}
	if v.exited() {
		t.Fatal("the process died of the full disk")
	}
	v.becomes(503, "the disk is full")
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	v.becomes(200, `"store":{"ok":true}`)
	v.acceptsAgain(book)
	v.signal(syscall.SIGKILL)
	v.wait()
	v = start(t, "--data", data)
	v.healed(book)
	s := openSQLite(t, data)
	n := checkHistory(t, s, book)
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	v.signal(syscall.SIGTERM)
	v.wait()
	t.Logf("%d answers fitted before and after", n)
}

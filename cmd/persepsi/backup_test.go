package main_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"persepsi/internal/sqlite"
	"persepsi/survey"
)

// output runs the program and returns what it printed.
func output(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command(binary(t), args...).Output()
	if err != nil {
		t.Fatalf("persepsi %v: %v", args, err)
	}
	return string(out)
}

// shownResults are the results of a store but for the time they were made at.
func shownResults(t *testing.T, data string) map[string]any {
	t.Helper()
	var out map[string]any
	if err := json.Unmarshal([]byte(output(t, "results", "--data", data, "--period", "kini")), &out); err != nil {
		t.Fatal(err)
	}
	delete(out, "generated_at")
	delete(out, "as_of")
	return out
}

// acknowledged lists the answers that were acknowledged so far.
func (l *ledger) acknowledged() []uuid.UUID {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []uuid.UUID
	for id, a := range l.answers {
		if a.acknowledged {
			out = append(out, id)
		}
	}
	return out
}

// storedIDs opens a store that nobody serves, and lists what is in it.
func storedIDs(t *testing.T, data string) map[uuid.UUID]bool {
	t.Helper()
	db, err := sqlite.Open(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() // only read
	out := map[uuid.UUID]bool{}
	if err := db.Responses(t.Context(), survey.Filter{}, func(r *survey.Response) error {
		out[r.ID] = true
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestABackupUnderLoadIsRestoredWithEveryAnswerThatWasAcknowledgedBefore(t *testing.T) {
	t.Parallel()
	top := t.TempDir()
	data := filepath.Join(top, "data")
	runOK(t, "apply", "--data", data, city(t, crashCity(4)))
	v := start(t, "--data", data)
	book := newLedger()
	stop := v.load(book, 8, 4)
	until := func(n int) {
		t.Helper()
		for began := time.Now(); len(book.acknowledged()) < n; time.Sleep(5 * time.Millisecond) {
			if time.Since(began) > time.Minute {
				t.Fatalf("%d answers were acknowledged in a minute, want %d: %s", len(book.acknowledged()), n, v.stderr)
			}
		}
	}
	until(300)
	for round := range 3 {
		before := book.acknowledged()
		file, restored := filepath.Join(top, fmt.Sprintf("cadangan-%d", round)), filepath.Join(top, fmt.Sprintf("data-%d", round))
		runOK(t, "backup", "--data", data, file)
		until(len(before) + 100)
		if told := output(t, "restore", "--data", restored, file); !strings.Contains(told, " 0 tallies differed\n") {
			t.Errorf("the restore tells %q", told)
		}
		have := storedIDs(t, restored)
		for _, id := range before {
			if !have[id] {
				t.Errorf("answer %s was acknowledged before the backup and is not in it", id)
			}
		}
		book.mu.Lock()
		for id := range have {
			if book.answers[id] == nil {
				t.Errorf("answer %s was never sent", id)
			}
		}
		book.mu.Unlock()
		if told := output(t, "recount", "--data", restored); !strings.Contains(told, fmt.Sprintf("%d responses in ", len(have))) || !strings.Contains(told, " 0 tallies differed\n") {
			t.Errorf("a recount of the %d restored answers tells %q", len(have), told)
		}
	}
	stop()
	file, restored := filepath.Join(top, "cadangan"), filepath.Join(top, "lain")
	runOK(t, "backup", "--data", data, file) // the server goes on, and nothing comes in
	runOK(t, "restore", "--data", restored, file)
	if diff := cmp.Diff(shownResults(t, data), shownResults(t, restored)); diff != "" {
		t.Errorf("the figures of the restored store differ:\n%s", diff)
	}
	if output(t, "export", "--data", data, "--period", "kini") != output(t, "export", "--data", restored, "--period", "kini") {
		t.Error("the rows of the restored store differ")
	}
	if out, err := exec.Command(binary(t), "restore", "--data", data, file).CombinedOutput(); err == nil || !strings.Contains(string(out), "holds a store already") {
		t.Errorf("a restore into the served directory: %v, %s", err, out)
	}
	v.signal(syscall.SIGTERM)
	v.wait()
}

// TestCrashOfAnImportLeavesAllOfItOrNothing kills imports at random moments,
// beside a server that takes answers.
func TestCrashOfAnImportLeavesAllOfItOrNothing(t *testing.T) {
	t.Parallel()
	const rows = 8_000
	top := t.TempDir()
	var csv strings.Builder
	csv.WriteString(strings.Join(scored(t), ",") + "\n")
	for i := range rows {
		for q := range scored(t) {
			if q > 0 {
				csv.WriteByte(',')
			}
			csv.WriteByte('1' + byte((i>>q+q)%4))
		}
		csv.WriteByte('\n')
	}
	file := filepath.Join(top, "kertas.csv")
	if err := os.WriteFile(file, []byte(csv.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	one := func(round int, kill time.Duration) (took time.Duration, paper int) {
		data := filepath.Join(top, fmt.Sprintf("data-%d", round))
		runOK(t, "apply", "--data", data, city(t, crashCity(1)))
		v := start(t, "--data", data)
		book := newLedger()
		stop := v.load(book, 2, 1)
		began := time.Now()
		imported := exec.Command(binary(t), "import", "--data", data, "--period", "kini", "--unit", "unit-0", file)
		if err := imported.Start(); err != nil {
			t.Fatal(err)
		}
		if kill > 0 {
			time.Sleep(kill)
			_ = imported.Process.Kill() // it may be done already
		}
		err := imported.Wait()
		if took = time.Since(began); kill == 0 && err != nil {
			t.Fatal(err)
		}
		stop()
		v.signal(syscall.SIGTERM)
		v.wait()
		have := storedIDs(t, data)
		for _, id := range book.acknowledged() {
			if !have[id] {
				t.Errorf("answer %s is lost", id)
			}
		}
		for id := range have {
			if book.answers[id] == nil {
				paper++
			}
		}
		if told := output(t, "recount", "--data", data); !strings.Contains(told, " 0 tallies differed\n") {
			t.Errorf("a recount tells %q", told)
		}
		return took, paper
	}
	whole, paper := one(0, 0)
	if paper != rows {
		t.Fatalf("%d rows were imported, want %d", paper, rows)
	}
	none, all := 0, 0
	for round := range crashRounds(t, 4) {
		kill := time.Duration(rand.Int64N(int64(whole))) + time.Millisecond
		switch _, paper := one(round+1, kill); paper {
		case 0:
			none++
		case rows:
			all++
		default:
			t.Errorf("killed after %s of %s the import left %d of %d rows", kill, whole, paper, rows)
		}
	}
	t.Logf("a whole import took %s; of the killed ones %d left nothing and %d all", whole, none, all)
}

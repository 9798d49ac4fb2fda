package bench

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"persepsi/internal/sqlite"
	"persepsi/survey"
)

func TestTheRealProgram(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds the program and runs it some twenty times")
	}
	name := filepath.Join(t.TempDir(), "persepsi")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", name, "persepsi/cmd/persepsi").CombinedOutput()
	if err != nil {
		t.Fatalf("build the program: %v: %s", err, out)
	}
	t.Run("is measured from one end to the other, and its accounts are equal", func(t *testing.T) {
		t.Parallel()
		wholeProgramme(t, name)
	})
	t.Run("is named with what it said where it does not start", func(t *testing.T) {
		t.Parallel()
		noStart(t, name)
	})
}

func runner(t *testing.T, program string) *Runner {
	t.Helper()
	g := generator(t, 0)
	return &Runner{
		Program: program, Version: "test", Clients: 4, Duration: 200 * time.Millisecond, Rounds: 2, Answers: []int64{600, 200},
		Units: 5, Seed: 3, Dir: t.TempDir(), Now: time.Now(), Log: t.Output(),
		Directory: func(ctx context.Context, data, _ string) (*survey.Directory, error) {
			db, err := sqlite.Open(ctx, data, g.Library)
			if err != nil {
				return nil, err
			}
			defer db.Close()
			return directory(t, g, db), nil
		},
	}
}

func wholeProgramme(t *testing.T, program string) {
	t.Helper()
	r := runner(t, program)
	report, err := r.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := report.Markdown(&b); err != nil {
		t.Fatal(err)
	}
	t.Log(b.String())
	for _, want := range []string{
		"hello: bare Fiber GET", "citizen's page, compressed", "fsync: bare Fiber POST", "durable submissions", "start until ready",
		"public result page of a unit, compressed", "results of a unit", "results of the city", "recount", "export as CSV",
	} {
		if !strings.Contains(b.String(), "| "+want+" |") {
			t.Errorf("the report has no row %q", want)
		}
	}
	for _, row := range report.Rows {
		if len(row.Rounds) == 0 || len(row.Rounds) > r.Rounds {
			t.Errorf("row %q has %d rounds, want up to %d", row.What, len(row.Rounds), r.Rounds)
		}
		// Rates may be anything on a machine that has no time: no assertion.
		if row.Clients == 0 && row.median("value") <= 0 {
			t.Errorf("row %q measured nothing: %+v", row.What, row.Rounds)
		}
	}
	taken := int64(0)
	for _, a := range report.Accounts {
		taken += a.Acknowledged
	}
	if taken == 0 {
		t.Error("no submission was acknowledged")
	}
	left, err := filepath.Glob(filepath.Join(r.Dir, "scratch-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left over: %v, %v", left, err)
	}
	// The stores are used again, and must be what they were.
	db, err := sqlite.Open(t.Context(), filepath.Join(r.Dir, "answers-600"), generator(t, 0).Library)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if n := len(responses(t, db)); n != 600 {
		t.Errorf("the store of 600 answers holds %d after the run", n)
	}
}

func noStart(t *testing.T, path string) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p := program{path: path}
	_, err := p.start(t.Context(), nil, "serve", "--data", name, "--addr", "127.0.0.1:0")
	if err == nil || !strings.Contains(err.Error(), "serve ended before it was ready") || !strings.Contains(err.Error(), "data directory") {
		t.Errorf("err = %v", err)
	}
}

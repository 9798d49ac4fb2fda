package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"persepsi/internal/sqlite"
)

func TestTheRealProgram(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds the program and runs it some thirty times")
	}
	dir := t.TempDir()
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", dir, "persepsi/cmd/...").CombinedOutput()
	if err != nil {
		t.Fatalf("build the programs: %v: %s", err, out)
	}
	name := filepath.Join(dir, "persepsi")
	t.Run("is measured from one end to the other, and its accounts are equal", func(t *testing.T) {
		t.Parallel()
		wholeProgramme(t, name)
	})
	t.Run("is named with what it said where it does not start", func(t *testing.T) {
		t.Parallel()
		noStart(t, name)
	})
}

// measured runs bench load with tiny sizes.
func measured(t *testing.T, program, dir string) (table string, report *Report) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "report.json")
	cmd := exec.CommandContext(t.Context(), program+"-bench", "load", "--answers", "600,200", "--units", "5", "--seed", "3", "--clients", "4",
		"--duration", "200ms", "--rounds", "1", "--dir", dir, "--json", name)
	var out, progress strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &progress
	if err := cmd.Run(); err != nil {
		t.Fatalf("bench load: %v\n%s\n%s", err, progress.String(), out.String())
	}
	t.Log(out.String())
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	report = new(Report)
	if err := json.Unmarshal(data, report); err != nil {
		t.Fatal(err)
	}
	return out.String(), report
}

func wholeProgramme(t *testing.T, program string) {
	t.Helper()
	dir := t.TempDir()
	table, report := measured(t, program, dir)
	for _, want := range []string{
		"hello: bare Fiber GET", "citizen's page, compressed", "fsync: bare Fiber POST", "durable submissions, UUIDv7", "durable submissions, UUIDv4", "start until ready",
		"public result page of a unit, compressed", "results of a unit", "results of the city", "/healthz, answers coming in and figures being read", "results of the city, compressed, answers coming in", "recount", "export as CSV",
		"manager: /meja", "evaluator: /meja/unit/{unit}/sampel, answers coming in", "evaluator: /meja/kota", "evaluator: /meja/banding", "manager: /meja/komentar", "anybody: /hasil/opd/{agency}",
		"/healthz, answers coming in and desks being read", "evaluator: /lke", "evaluator: /lke/kesiapan, answers coming in", "anybody: the city's results with explanations",
	} {
		if !strings.Contains(table, "| "+want+" |") {
			t.Errorf("the report has no row %q", want)
		}
	}
	for _, row := range report.Rows {
		want := 1
		if row.What == "fsync: bare Fiber POST" {
			want = 2 // in each round anew beside each store
		}
		if len(row.Rounds) != want {
			t.Errorf("row %q has %d rounds, want %d", row.What, len(row.Rounds), want)
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
	if taken == 0 || len(report.Faults) > 0 {
		t.Errorf("%d submissions acknowledged, faults %v", taken, report.Faults)
	}
	left, err := filepath.Glob(filepath.Join(dir, "scratch-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left over: %v, %v", left, err)
	}
	// The stores are used again, and must be what they were.
	db, err := sqlite.Open(t.Context(), filepath.Join(dir, "answers-600"))
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

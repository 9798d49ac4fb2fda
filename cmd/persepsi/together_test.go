package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// outcome is how one of several processes ended.
type outcome struct {
	code           int
	stdout, stderr string
}

// together runs one command as several processes at the same moment.
func together(t *testing.T, n int, args ...string) []outcome {
	t.Helper()
	out := make([]outcome, n)
	var all sync.WaitGroup
	for i := range out {
		all.Go(func() {
			var stdout, stderr bytes.Buffer
			cmd := exec.Command("persepsi", args...)
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			_ = cmd.Run() // its exit code tells
			out[i] = outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
			discreet(t, "persepsi "+args[0], stderr.String())
		})
	}
	all.Wait()
	return out
}

func TestProcessesShareOneStore(t *testing.T) {
	t.Parallel()
	const processes = 6
	for _, e := range engines() {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			flags := e.flags(t)
			// Every one of them finds the store empty and brings it to its shape.
			for _, o := range together(t, processes, append([]string{"migrate"}, flags...)...) {
				if o.code != exitDone {
					t.Errorf("migrate: exit code %d: %s", o.code, o.stderr)
				}
			}
			// One declares the city; whoever comes too late is told so.
			file, applied := declared(t, oneCounter), 0
			for _, o := range together(t, processes, append([]string{"apply", file}, flags...)...) {
				switch {
				case o.code == exitDone && strings.HasPrefix(o.stdout, "applied: "):
					applied++
				case o.code == exitDone && strings.HasPrefix(o.stdout, "nothing to change (catalogue version 1)"):
				case o.code == exitFailed && strings.Contains(o.stderr, "changed by somebody else"):
				default:
					t.Errorf("apply: exit code %d: %s%s", o.code, o.stdout, o.stderr)
				}
			}
			if applied != 1 {
				t.Errorf("%d processes declared the city", applied)
			}
			// The rows of one file are stored once, whoever stores which.
			rows := filepath.Join(t.TempDir(), "kertas.csv")
			if err := os.WriteFile(rows, []byte("informasi,prosedur\n"+strings.Repeat("4,3\n", 500)), 0o600); err != nil {
				t.Fatal(err)
			}
			stored := map[string]int{} // by import: several may have gone on with one
			for _, o := range together(t, processes, append([]string{"import", rows, "--period", "berjalan", "--unit", "dukcapil-loket"}, flags...)...) {
				if o.code == exitFailed && (strings.Contains(o.stderr, "jawaban yang sama dengan impor") || strings.Contains(o.stderr, " is done")) {
					continue // it came after another one
				}
				var own, before int
				if _, err := fmt.Sscanf(o.stdout, "imported: %d rows stored, %d were there before", &own, &before); err != nil || o.code != exitDone || own+before != 500 {
					t.Errorf("import: exit code %d: %s%s", o.code, o.stdout, o.stderr)
				}
				stored[o.stderr] = own
			}
			all := 0
			for _, n := range stored {
				all += n
			}
			if all != 500 {
				t.Errorf("%d rows were stored, want 500: %v", all, stored)
			}
			if out, _ := must(t, append([]string{"recount"}, flags...)...); out != "500 responses in 1 buckets recounted, 0 tallies differed\n" {
				t.Errorf("the recount says %q", out)
			}
		})
	}
}

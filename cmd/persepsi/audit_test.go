package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"persepsi/internal/audit"
)

// Whoever changes an entry in the store's own file is found out by every command that
// checks it, and keeps no answer from being restored.
func TestAnEntryThatWasChangedIsNamed(t *testing.T) {
	t.Parallel()
	dir, elsewhere := t.TempDir(), t.TempDir()
	must(t, "apply", declared(t, oneCounter), "--data", dir, "--reason", "SK 12/2026")
	must(t, "export", "--data", dir, "--period", "berjalan", "--full", "--reason", "permintaan TPN")
	must(t, "apikey", "add", "--data", dir, "--role", "evaluator")
	must(t, "recount", "--data", dir)

	db := filepath.Join(dir, "persepsi.db")
	pages, err := os.ReadFile(db)
	if err != nil {
		t.Fatal(err)
	}
	forged := bytes.ReplaceAll(pages, []byte("permintaan TPN"), []byte("permintaan BPK"))
	if bytes.Equal(forged, pages) {
		t.Fatal("there is no entry in the file")
	}
	if err := os.WriteFile(db, forged, 0o600); err != nil {
		t.Fatal(err)
	}
	const fault = "  entry 2: was changed after it was written\n"
	for _, args := range [][]string{{"audit"}, {"audit", "--head"}, {"audit", "--unit", "dukcapil-loket"}, {"recount"}} {
		code, out, errs := call(t, append(args, "--data", dir)...)
		if code != 1 || !strings.HasSuffix(errs, fault) || args[0] == "audit" && out != "" {
			t.Errorf("%v: %d %q %q", args, code, out, errs)
		}
	}
	out, _ := must(t, "audit", "--data", dir, "--anyway")
	for _, want := range []string{"why: permintaan BPK", "apply catalogue 1", "\nwrong: entry 2 was changed after it was written\nhead 3 "} {
		if !strings.Contains(out, want) {
			t.Errorf("audit --anyway prints no %q:\n%s", want, out)
		}
	}
	if lines, _ := must(t, "audit", "--data", dir, "--anyway", "--format", "jsonl"); strings.Count(lines, "\n") != 3 || strings.Contains(lines, "wrong:") {
		t.Errorf("audit --anyway --format jsonl prints %s", lines)
	}
	// Others go on writing, which mends nothing.
	must(t, "apikey", "add", "--data", dir, "--role", "evaluator")
	backup := filepath.Join(elsewhere, "cadangan")
	must(t, "backup", backup, "--data", dir)
	restored := filepath.Join(elsewhere, "lain")
	code, told, errs := call(t, "restore", backup, "--data", restored)
	if code != 1 || !strings.HasPrefix(errs, "persepsi: the store is restored; the audit in it is not what was written (faults: 1)") || !strings.HasSuffix(errs, fault) {
		t.Errorf("restore: %d %q", code, errs)
	}
	if !strings.Contains(told, "restored: 0 responses\n") {
		t.Errorf("restore tells %q", told)
	}
	must(t, "results", "--data", restored, "--period", "berjalan")
}

// A text of several lines cannot pretend to be an entry.
func TestAnEntryIsOneParagraph(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, "apply", declared(t, oneCounter), "--data", dir)
	must(t, "export", "--data", dir, "--period", "berjalan", "--full", "--reason", "a\n\n9    2026-01-01 00:00:00 WITA  wali kota\x1b[2J")
	out, _ := must(t, "audit", "--data", dir)
	if n := len(regexp.MustCompile(`(?m)^\d+ +20`).FindAllString(out, -1)); n != 2 || strings.Contains(out, "\x1b") {
		t.Errorf("%d entries are printed, want 2:\n%s", n, out)
	}
}

// growing is an audit to which another process adds while it is listed.
type growing []audit.Entry

func (growing) Audit(context.Context, ...audit.Entry) error { return nil }

func (g growing) AuditLog(_ context.Context, fn func(audit.Entry) error) error {
	for _, e := range g {
		if err := fn(e); err != nil {
			return err
		}
	}
	return nil
}

func TestNoEntryIsListedThatWasNotChecked(t *testing.T) {
	t.Parallel()
	entries := growing(audit.Prepare([]audit.Entry{{Subject: "satu"}, {Subject: "dua"}}))
	entries[0] = entries[0].After(audit.Head{})
	entries[1] = entries[1].After(entries[0].Head())
	var chain audit.Chain
	chain.Add(&entries[0])
	var out strings.Builder
	if err := (&auditCommand{Format: "text"}).write(t.Context(), &out, entries, &chain, time.UTC); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); !strings.Contains(text, "satu") || strings.Contains(text, "dua") || !strings.HasSuffix(text, "\nhead "+entries[0].Head().String()+"\n") {
		t.Errorf("listed are\n%s", text)
	}
}

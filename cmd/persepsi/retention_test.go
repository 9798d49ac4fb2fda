package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"persepsi/internal/ingest"
	"persepsi/internal/jobs"
	"persepsi/survey"
)

const endedCity = `
city: {name: Kota Contoh%s}
agencies: [{code: a, name: Dinas, units: [{code: loket, name: Loket}]}]
periods: [{code: 2025-s1, name: Semester I 2025, from: 2025-01-01, to: 2025-06-30, instrument: skm-9}]
`

// serverTask returns the task of a server that releases and erases, on the data that
// the environment names.
func serverTask(t *testing.T, data string, every time.Duration) (jobs.Task, *store) {
	t.Helper()
	e := &environment{now: time.Now}
	e.Data = data
	b, err := e.begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	register, err := b.register(t.Context(), data, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	in := &intake{Queue: ingest.NewQueue(b.store, ingest.QueueOptions{}), store: b, now: time.Now}
	return eraseTask(every, register, in, slog.New(slog.DiscardHandler), time.Now), b.store
}

// otherSeal tells of a seal that holds nothing.
type otherSeal struct{ backend }

func (otherSeal) Seal(context.Context, string) (*survey.Seal, error) { return new(survey.Seal), nil }

// TestRetentionIsTakenFromWhatIsDeclared declares a retention for a period that ended
// long ago, and does with it what people do afterwards.
func TestRetentionIsTakenFromWhatIsDeclared(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	write := func(name, text string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	must := func(want int, args ...string) (string, string) {
		t.Helper()
		code, stdout, stderr := call(t, append(args, "--data", data)...)
		if code != want {
			t.Fatalf("%v: exit code %d\n%s%s", args, code, stdout, stderr)
		}
		return stdout, stderr
	}
	holds := func(text, want string, times int) {
		t.Helper()
		if n := strings.Count(text, want); n != times {
			t.Errorf("%q stands %d times, want %d, in\n%s", want, n, times, text)
		}
	}
	rows := "persyaratan,prosedur,waktu,biaya,produk,kompetensi,perilaku,pengaduan,sarana,sex,comment\n"
	for i := range 24 {
		rows += fmt.Sprintf("4,3,4,4,4,4,4,4,%d,%s,kalimat rahasia %d\n", 1+i%4, []string{"L", "P"}[i%2], i)
	}
	must(0, "apply", write("city.yaml", fmt.Sprintf(endedCity, "")))
	must(0, "import", write("kertas.csv", rows), "--period", "2025-s1", "--unit", "loket", "--reason", "arsip")
	kept := write("notice.yaml", fmt.Sprintf(endedCity, ", notice: {retention_months: 2}"))
	const will = "comments and respondent fields of period 2025-s1 were kept until 2025-08-30: a server removes them within the hour, for ever\n"
	stdout, _ := must(0, "apply", kept, "--dry-run")
	holds(stdout, will, 1)
	task, s := serverTask(t, data, 0)
	if task.First <= 0 || task.First > 5*time.Minute || task.Every > time.Hour {
		t.Errorf("it runs %s after the start and every %s: who starts a server anew each hour never erases, and apply promises within the hour", task.First, task.Every)
	}
	if err := task.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	stdout, _ = must(0, "export", "--period", "2025-s1")
	holds(stdout, "kalimat rahasia", 24)
	stdout, _ = must(0, "apply", kept)
	holds(stdout, will, 1)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	before := filepath.Join(dir, "sebelum.gz")
	must(0, "backup", before)
	task, s = serverTask(t, data, 0)
	defer s.Close()
	for range 2 {
		if err := task.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	day := survey.DateOf(time.Now(), time.FixedZone("WITA", 8*3600)).String()
	stdout, stderr := must(0, "export", "--period", "2025-s1")
	holds(stdout, "rahasia", 0)
	holds(stdout, "4,3,4,4,4,4,4,4,", 24)
	holds(stderr, "24 rows\nnote: comments and respondent fields of period 2025-s1 were removed on "+day+" (kept for 2 months): their columns are empty\n", 1)
	stdout, stderr = must(0, "recount")
	holds(stdout, "24 responses in 1 buckets recounted, 0 tallies differed\n1 releases verified against their answers\n", 1)
	holds(stderr, "note: what respondents of period 2025-s1 told of themselves cannot be recounted: removed on "+day+"\n", 1)
	stdout, _ = must(0, "audit", "--action", "erase", "--period", "2025-s1")
	holds(stdout, "erase 2025-s1: comments of 24 and respondent fields of 24 of 24 answers are removed", 1)
	holds(stdout, "why: retention of 2 months", 1)
	holds(stdout, "seal of 2025-s1 loket: none → release 1 ", 1)
	var told strings.Builder
	var forged environment
	forged.Err = &told
	if err := forged.sealed(t.Context(), &store{otherSeal{s.backend}, s.Projector}, "2025-s1"); survey.CodeOf(err) != survey.Conflict {
		t.Errorf("a forged seal: err = %v", err)
	}
	holds(told.String(), "wrong: the seal of 2025-s1 loket is gone\n", 1)
	if err := forged.sealed(t.Context(), s, "2025-s1"); err != nil {
		t.Error(err)
	}
	holds(stdout, "server", 1)
	finished := "period 2025-s1 is finished: its comments and respondent fields were removed on " + day + ", so that "
	for _, args := range [][]string{
		{"import", write("lain.csv", rows+"1,1,1,1,1,1,1,1,1,L,\n"), "--period", "2025-s1", "--unit", "loket", "--reason", "arsip"},
		{"import", "--dry-run", write("lain.csv", rows), "--period", "2025-s1", "--unit", "loket"},
		{"import", "undo", "1", "--reason", "keliru"},
	} {
		_, stderr = must(1, args...)
		holds(stderr, finished, 1)
	}
	stdout, _ = must(0, "audit", "--action", "import_undo")
	holds(stdout, "begins", 0)
	stdout, _ = must(0, "apply", kept, "--dry-run")
	holds(stdout, will, 0)
	backup := filepath.Join(dir, "cadangan.gz")
	must(0, "backup", backup)
	other := filepath.Join(dir, "lain")
	code, stdout, stderr := call(t, "restore", backup, "--data", other)
	if code != 0 {
		t.Fatal(stderr)
	}
	holds(stdout, "0 tallies differed", 1)

	// A backup of before is erased again.
	data = filepath.Join(dir, "sebelum")
	must(0, "restore", before)
	stdout, _ = must(0, "export", "--period", "2025-s1")
	holds(stdout, "kalimat rahasia", 24)
	task, again := serverTask(t, data, 0)
	if err := task.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	stdout, _ = must(0, "export", "--period", "2025-s1")
	holds(stdout, "rahasia", 0)
	stdout, _ = must(0, "recount")
	holds(stdout, "24 responses in 1 buckets recounted, 0 tallies differed\n1 releases verified against their answers\n", 1)
}

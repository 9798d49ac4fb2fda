package main

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/sqlite"
)

// printed starts a server, ends it and returns what it printed after its first line,
// and what it logged.
func printed(t *testing.T, args ...string) (more, log string) {
	t.Helper()
	s := serve(t, args...)
	if code := s.stop(); code != exitDone {
		t.Fatalf("exit code %d: %s", code, s.log)
	}
	return strings.TrimSuffix(s.more(), "\n"), s.log.String()
}

func TestServePrintsALinkWhileTheCityHasNoAdministrator(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	first, log := printed(t, "--data", data)
	link := regexp.MustCompile(`^administrator http://127\.0\.0\.1:\d+/mulai/([A-Za-z0-9_-]{43})$`).FindStringSubmatch(first)
	if link == nil || strings.Contains(log, "mulai") || strings.Contains(log, link[1]) {
		t.Fatalf("printed %q, logged:\n%s", first, log)
	}
	second, _ := printed(t, "--data", data, "--public-url", "https://survei.kota.go.id")
	if !regexp.MustCompile(`^administrator https://survei\.kota\.go\.id/mulai/[A-Za-z0-9_-]{43}$`).MatchString(second) {
		t.Errorf("printed %q", second)
	}
	db, err := sqlite.Open(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	people, err := db.People(t.Context())
	if err != nil || len(people) != 1 || people[0].OpenLink(link[1], time.Now()) == nil || len(people[0].Links) != 2 || people[0].Links[0].Purpose != access.FirstAdmin {
		t.Fatalf("people %+v, err = %v", people, err)
	}
	people[0].Password, people[0].Version = "$argon2id$", people[0].Version+1
	if err := db.RecordPerson(t.Context(), people[0]); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if line, log := printed(t, "--data", data); line != "" {
		t.Errorf("there is an administrator, and yet it prints %q\n%s", line, log)
	}
}

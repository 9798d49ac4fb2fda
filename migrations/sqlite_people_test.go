package migrations

import (
	"strings"
	"testing"

	"zombiezen.com/go/sqlite/sqlitex"
)

func TestKeysKeepWhatTheyWereGrantedAndTheirSessionsEnd(t *testing.T) {
	t.Parallel()
	c := empty(t)
	if err := runSQLite(c, sqliteSteps()[:8]); err != nil {
		t.Fatal(err)
	}
	execute(t, c, `
		INSERT INTO api_keys (hash, id, name, role, agency, at, expires, revoked) VALUES
			(x'aa', 'k1', 'Inspektorat', 'evaluator', '', 5, 0, 0), (x'bb', 'k2', 'Dinas', 'manager', 'dinkes', 6, 7, 8);
		INSERT INTO sessions (hash, key, at, expires) VALUES (x'cc', 'k1', 1, 2)`)
	if err := SQLite(c); err != nil {
		t.Fatal(err)
	}
	want := `k1|Inspektorat|[{"role":"evaluator","on":"city"}]|5|0|0` + "\n" + `k2|Dinas|[{"role":"manager","on":"agency:dinkes"}]|6|7|8` + "\n"
	if got := query(t, c, `SELECT id, name, grants, at, expires, revoked FROM api_keys`); got != want {
		t.Errorf("the keys are\n%s, want\n%s", got, want)
	}
	if got := query(t, c, `SELECT count(*) FROM sessions`); got != "0\n" {
		t.Errorf("%s sessions are left", got)
	}
}

func TestTheSQLiteShapeOfPeopleIsFrozen(t *testing.T) {
	t.Parallel()
	c := empty(t)
	if err := runSQLite(c, sqliteSteps()[:9]); err != nil {
		t.Fatal(err)
	}
	shape := strings.Replace(schema, "WHERE", "WHERE tbl_name IN ('api_keys', 'people', 'sessions') AND", 1)
	golden(t, "sqlite_people.sql", query(t, c, shape))
	execute(t, c, `INSERT INTO people (id, email, version, doc) VALUES ('a', 'a@x', 1, '{}')`)
	for rule, row := range map[string]string{
		"an address is one person's": `INSERT INTO people (id, email, version, doc) VALUES ('b', 'a@x', 1, '{}')`,
		"a person is there once":     `INSERT INTO people (id, email, version, doc) VALUES ('a', 'b@x', 1, '{}')`,
		"a session is somebody's":    `INSERT INTO sessions (hash, at, seen, expires, device, second, ceremony) VALUES (x'aa', 1, 1, 2, '', 0, '')`,
	} {
		if err := sqlitex.ExecuteTransient(c, row, nil); err == nil {
			t.Errorf("%s: the shape lets it pass", rule)
		}
	}
}

package migrations

import (
	"strings"
	"testing"

	"zombiezen.com/go/sqlite/sqlitex"
)

func TestKeysMadeBeforeTheyCouldExpireGoOnForEver(t *testing.T) {
	t.Parallel()
	c := empty(t)
	if err := runSQLite(c, sqliteSteps()[:1]); err != nil {
		t.Fatal(err)
	}
	execute(t, c, sampleOfFirst)
	if err := runSQLite(c, sqliteSteps()[:2]); err != nil {
		t.Fatal(err)
	}
	if got, want := query(t, c, `SELECT id, name, role, agency, at, expires, revoked FROM api_keys`), "k1|Inspektorat|evaluator||1772413323004|0|0\n"; got != want {
		t.Errorf("the key is %q, want %q", got, want)
	}
}

func TestTheShapeOfKeysAndSessionsIsFrozen(t *testing.T) {
	t.Parallel()
	c := empty(t)
	if err := runSQLite(c, sqliteSteps()[:2]); err != nil {
		t.Fatal(err)
	}
	shape := strings.Replace(schema, "WHERE", "WHERE tbl_name IN ('api_keys', 'sessions') AND", 1)
	golden(t, "sqlitekeys.sql", query(t, c, shape))
	execute(t, c, `INSERT INTO sessions (hash, key, at, expires) VALUES (x'aa', 'k1', 1, 2)`)
	for rule, row := range map[string]string{
		"a session is there once":            `INSERT INTO sessions (hash, key, at, expires) VALUES (x'aa', 'k2', 1, 2)`,
		"a session has an end":               `INSERT INTO sessions (hash, key, at) VALUES (x'bb', 'k1', 1)`,
		"a session belongs to a key":         `INSERT INTO sessions (hash, at, expires) VALUES (x'bb', 1, 2)`,
		"a key's expiry is a moment or none": `INSERT INTO api_keys (hash, id, name, role, agency, at, expires) VALUES (x'bb', 'k2', '', '', '', 0, NULL)`,
	} {
		if err := sqlitex.ExecuteTransient(c, row, nil); err == nil {
			t.Errorf("%s: the shape lets it pass", rule)
		}
	}
}

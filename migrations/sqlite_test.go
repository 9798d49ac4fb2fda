package migrations

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/survey"
)

func connect(t testing.TB, file string) *sqlite.Conn {
	t.Helper()
	c, err := sqlite.OpenConn(file, sqlite.OpenReadWrite, sqlite.OpenCreate)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func empty(t testing.TB) *sqlite.Conn {
	t.Helper()
	return connect(t, filepath.Join(t.TempDir(), "persepsi.db"))
}

// query returns the rows of a query, one a line, the values separated by |.
func query(t testing.TB, c *sqlite.Conn, text string) string {
	t.Helper()
	var out strings.Builder
	err := sqlitex.ExecuteTransient(c, text, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
		for i := range s.ColumnCount() {
			if i > 0 {
				out.WriteString("|")
			}
			out.WriteString(s.ColumnText(i))
		}
		out.WriteString("\n")
		return nil
	}})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return out.String()
}

func execute(t testing.TB, c *sqlite.Conn, script string) {
	t.Helper()
	if err := sqlitex.ExecuteScript(c, script, nil); err != nil {
		t.Fatal(err)
	}
}

const (
	schema = `SELECT sql || ';' FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, name`
	lines  = `SELECT number, name, at > 1700000000000 FROM migrations ORDER BY number`
)

// everything returns the whole content: the schema and every row.
func everything(t testing.TB, c *sqlite.Conn) string {
	t.Helper()
	out := query(t, c, schema)
	for _, table := range strings.Fields(query(t, c, `SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`)) {
		out += table + ":\n" + query(t, c, "SELECT * FROM "+table)
	}
	return out
}

func TestAFreshSQLiteStoreGetsEveryStepAndKeepsThem(t *testing.T) {
	t.Parallel()
	c := empty(t)
	if err := SQLite(c); err != nil {
		t.Fatal(err)
	}
	want := ""
	for i, s := range sqliteSteps() {
		want += fmt.Sprintf("%d|%s|1\n", i+1, s.name)
	}
	if got := query(t, c, lines); got != want {
		t.Errorf("the ledger is %q, want %q", got, want)
	}
	before, version := everything(t, c), query(t, c, `PRAGMA schema_version`)
	if err := SQLite(c); err != nil {
		t.Fatal(err)
	}
	if after := everything(t, c); after != before || query(t, c, `PRAGMA schema_version`) != version {
		t.Errorf("running again changed the store from\n%s\nto\n%s", before, after)
	}
}

// sampleOfFirst has one row for every table of the first shape.
const sampleOfFirst = `
INSERT INTO segments (id, period, day, n) VALUES (1, '2026-s1', 20514, 1);
INSERT INTO unit_forms (id, unit, form) VALUES (1, 'loket', 'skm-9@1');
INSERT INTO responses (rowid, unit_form, id, service, point, mode, hour, answers, respondent, lang, started_at, received_at, comment)
	VALUES (4294967297, 1, x'0197a1b2c3d47e5f8a9b0c1d2e3f4a5b', 'ktp', 'KUPARI47', 0, 9, '444444443-', '23---', 'id', 0, 1772413323004, 'Baik');
INSERT INTO tallies (period, level, start, unit, form, tally) VALUES ('2026-s1', 1, 20514, 'loket', 'skm-9@1', x'01');
INSERT INTO revisions (period, n) VALUES ('2026-s1', 3);
INSERT INTO catalogues (version, catalogue) VALUES (1, '{}');
INSERT INTO evaluations (period, unit, version, entry) VALUES ('2026-s1', 'loket', 1, '{}');
INSERT INTO audit (at, actor, action, subject, detail) VALUES (1772413323004, 'command line', 'apply', 'catalogue 1', '');
INSERT INTO api_keys (hash, id, name, role, agency, at) VALUES (x'aa', 'k1', 'Inspektorat', 'evaluator', '', 1772413323004);
`

func TestTheFirstSQLiteShapeIsFrozen(t *testing.T) {
	t.Parallel()
	c := empty(t)
	if got := query(t, c, schema); got != "" {
		t.Fatalf("an empty store has %s", got)
	}
	if err := runSQLite(c, sqliteSteps()[:1]); err != nil {
		t.Fatal(err)
	}
	golden(t, "sqlite1.sql", query(t, c, schema))
	execute(t, c, sampleOfFirst)
	for rule, row := range map[string]string{
		"an id is stored once":                   `INSERT INTO responses VALUES (4294967298, 1, x'0197a1b2c3d47e5f8a9b0c1d2e3f4a5b', '', '', 0, 9, '', '', 'id', 0, 0, '')`,
		"a segment is there once":                `INSERT INTO segments (period, day, n) VALUES ('2026-s1', 20514, 0)`,
		"a unit's form is there once":            `INSERT INTO unit_forms (unit, form) VALUES ('loket', 'skm-9@1')`,
		"a tally is there once":                  `INSERT INTO tallies (period, level, start, unit, form, tally) VALUES ('2026-s1', 1, 20514, 'loket', 'skm-9@1', x'02')`,
		"a catalogue's version is taken once":    `INSERT INTO catalogues VALUES (1, '{}')`,
		"an evaluation's version is taken once":  `INSERT INTO evaluations VALUES ('2026-s1', 'loket', 1, '{}')`,
		"a key's public name is taken once":      `INSERT INTO api_keys VALUES (x'bb', 'k1', '', '', '', 0)`,
		"a number is a number":                   `INSERT INTO revisions VALUES ('2026-s2', 'tiga')`,
		"an answer must be there, even if empty": `INSERT INTO responses (rowid, id) VALUES (9, x'00')`,
	} {
		if err := sqlitex.ExecuteTransient(c, row, nil); err == nil {
			t.Errorf("%s: the shape lets it pass", rule)
		}
	}
}

func TestTheStepsAfterTheFirstKeepWhatIsStored(t *testing.T) {
	t.Parallel()
	c := empty(t)
	if err := runSQLite(c, sqliteSteps()[:1]); err != nil {
		t.Fatal(err)
	}
	execute(t, c, sampleOfFirst)
	if err := SQLite(c); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"segments", "unit_forms", "responses", "catalogues", "evaluations", "audit", "api_keys"} {
		if n := query(t, c, "SELECT count(*) FROM "+table); n != "1\n" {
			t.Errorf("%s has %s rows, want its one", table, n)
		}
	}
}

func TestASQLiteStepThatFailsLeavesTheStoreAsItWas(t *testing.T) {
	t.Parallel()
	good := sqliteStep{"a note", `CREATE TABLE notes (text TEXT NOT NULL) STRICT; INSERT INTO notes VALUES ('satu');`}
	broken := sqliteStep{"half of a step", `UPDATE notes SET text = 'dua'; CREATE TABLE half (n INTEGER) STRICT; INSERT INTO nowhere VALUES (1);`}

	t.Run("a store in use", func(t *testing.T) {
		t.Parallel()
		c := empty(t)
		if err := runSQLite(c, []sqliteStep{good}); err != nil {
			t.Fatal(err)
		}
		before := everything(t, c)
		err := runSQLite(c, []sqliteStep{good, {"a column", `ALTER TABLE notes ADD COLUMN n INTEGER`}, broken})
		if err == nil || !strings.Contains(err.Error(), "migration 3 (half of a step)") {
			t.Errorf("err = %v, want the step named", err)
		}
		if after := everything(t, c); after != before {
			t.Errorf("the store was\n%s\nand is\n%s", before, after)
		}
		// Mended, it runs.
		if err := runSQLite(c, []sqliteStep{good, {"a column", `ALTER TABLE notes ADD COLUMN n INTEGER`}, {"mended", `UPDATE notes SET n = 1`}}); err != nil {
			t.Fatal(err)
		}
		if got := query(t, c, `SELECT text, n FROM notes`); got != "satu|1\n" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("a fresh store", func(t *testing.T) {
		t.Parallel()
		c := empty(t)
		if err := runSQLite(c, []sqliteStep{good, broken}); err == nil {
			t.Error("the broken step passed")
		}
		if got := everything(t, c); got != "" {
			t.Errorf("the store has\n%s", got)
		}
	})
}

func TestASQLiteStoreOfAnUnreleasedShapeIsRefusedUntouched(t *testing.T) {
	t.Parallel()
	c := empty(t)
	if err := runSQLite(c, []sqliteStep{{"another first step", `CREATE TABLE notes (text TEXT NOT NULL) STRICT`}}); err != nil {
		t.Fatal(err)
	}
	before := everything(t, c)
	if err := SQLite(c); survey.CodeOf(err) != survey.Conflict || !strings.Contains(err.Error(), "another first step") {
		t.Errorf("err = %v, want a conflict that names the step", err)
	}
	if after := everything(t, c); after != before {
		t.Errorf("the store was\n%s\nand is\n%s", before, after)
	}
}

func TestANewerSQLiteStoreIsRefusedUntouched(t *testing.T) {
	t.Parallel()
	c := empty(t)
	if err := SQLite(c); err != nil {
		t.Fatal(err)
	}
	execute(t, c, `INSERT INTO migrations (number, name, at) VALUES (99, 'a shape of the future', 1893456000000)`)
	before := everything(t, c)
	newerRefused(t, SQLite(c))
	if after := everything(t, c); after != before {
		t.Errorf("the store was\n%s\nand is\n%s", before, after)
	}
}

// TestSQLiteStoresMayBeMigratedAtOnce: whoever comes second finds nothing left
// to do. A step that ran twice would fail on its own tables.
func TestSQLiteStoresMayBeMigratedAtOnce(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "persepsi.db")
	conns := make([]*sqlite.Conn, 8)
	for i := range conns {
		conns[i] = connect(t, file)
	}
	var all sync.WaitGroup
	for _, c := range conns {
		all.Go(func() {
			if err := SQLite(c); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := strings.Count(query(t, conns[0], lines), "\n"); got != len(sqliteSteps()) {
		t.Errorf("the ledger has %d lines, want %d", got, len(sqliteSteps()))
	}
}

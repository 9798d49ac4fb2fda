package sqlite

import (
	"fmt"
	"testing"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/analytics"
	"persepsi/internal/audit"
)

func TestEntriesOfAnImportAreStoredAllOrNoneWhereverItBreaksOff(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	script := func(text string) {
		t.Helper()
		if err := db.commitFacts(func(c *sqlite.Conn) error { return sqlitex.ExecuteScript(c, text, nil) }); err != nil {
			t.Fatal(err)
		}
	}
	list := []analytics.Evaluation{{Period: "p", Unit: "u", Version: 1}, {Period: "p", Unit: "v", Version: 1}, {Period: "p", Unit: "w", Version: 1}}
	said := []audit.Entry{{At: time.Now()}, {At: time.Now()}, {At: time.Now()}}
	for n, at := range []string{"evaluations WHEN NEW.unit = 'u'", "evaluations WHEN NEW.unit = 'v'", "evaluations WHEN NEW.unit = 'w'", "audit"} {
		script(fmt.Sprintf(`CREATE TRIGGER refuse BEFORE INSERT ON %s BEGIN SELECT RAISE(ABORT, 'broken off'); END;`, at))
		if err := db.RecordEvaluations(t.Context(), list, said); err == nil {
			t.Errorf("%d: stored", n)
		}
		script(`DROP TRIGGER refuse`)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if db, err = Open(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if got, err := db.Evaluations(t.Context(), "p"); err != nil || len(got) != 0 {
		t.Errorf("%d units are stored, err = %v", len(got), err)
	}
	if err := db.RecordEvaluations(t.Context(), list, said); err != nil {
		t.Fatal(err)
	}
	if got, err := db.Evaluations(t.Context(), "p"); err != nil || len(got) != 3 {
		t.Errorf("%d units are stored, err = %v", len(got), err)
	}
}

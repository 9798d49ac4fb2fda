package sqlite

import (
	"path/filepath"
	"testing"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/internal/datadir"
	"persepsi/internal/storetest"
	"persepsi/survey"
)

func TestAnUndoThatWasBrokenOffIsBroughtToItsEnd(t *testing.T) {
	t.Parallel()
	lib := storetest.Library(t)
	list := paper(t, 70, 2*importBatch+100)
	for name, parts := range map[string]int{"before the first response": 0, "in the middle": 2, "after the last response": 3} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			server, dead := opened(t, dir, lib), opened(t, dir, lib)
			defer server.Close()
			if _, err := dead.Import(t.Context(), new(survey.Import), list); err != nil {
				t.Fatal(err)
			}
			mustSettle(t, server)
			if err := dead.commitFacts(func(c *sqlite.Conn) error { return beginUndo(c, 1, `{"reason":"keliru"}`) }); err != nil {
				t.Fatal(err)
			}
			after := int64(0)
			for range parts {
				if err := dead.commitDerived(func(c *sqlite.Conn) (err error) {
					after, _, err = takeOutSome(c, 1, after)
					return err
				}); err != nil {
					t.Fatal(err)
				}
			}
			if err := dead.Close(); err != nil {
				t.Fatal(err)
			}
			project := storetest.Project(t, server)
			if _, err := project.Settle(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := number(t, server, `SELECT count(*) FROM responses WHERE unit_form > 0`); n != 0 {
				t.Errorf("%d responses still count", n)
			}
			if n := number(t, server, `SELECT (SELECT count(*) FROM tallies) + (SELECT count(*) FROM undoing) + (SELECT count(*) FROM recounts)`); n != 0 {
				t.Errorf("%d tallies and notes are left", n)
			}
			if n, err := project.Recount(t.Context(), ""); err != nil || n.Differing != 0 {
				t.Errorf("recount = %+v, err = %v", n, err)
			}
		})
	}
}

func TestAnUndoThatRunsIsLeftAloneByOthers(t *testing.T) {
	t.Parallel()
	dir, lib := t.TempDir(), storetest.Library(t)
	server, other := opened(t, dir, lib), opened(t, dir, lib)
	defer server.Close()
	defer other.Close()
	if _, err := other.Import(t.Context(), new(survey.Import), paper(t, 71, 10)); err != nil {
		t.Fatal(err)
	}
	lock := datadir.ForImports(filepath.Dir(other.path))
	if ok, err := lock.TryLock(); err != nil || !ok {
		t.Fatal(ok, err)
	}
	if err := other.commitFacts(func(c *sqlite.Conn) error { return beginUndo(c, 1, `{}`) }); err != nil {
		t.Fatal(err)
	}
	mustSettle(t, server)
	if n := number(t, server, `SELECT count(*) FROM responses WHERE unit_form > 0`); n != 10 {
		t.Errorf("%d responses count, want all 10 until whoever is at it takes them out", n)
	}
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
}

// TestARecountIsForgottenOnlyByWhoDidIt notes a bucket after a batch was taken: that
// batch knows nothing of it.
func TestARecountIsForgottenOnlyByWhoDidIt(t *testing.T) {
	t.Parallel()
	db := opened(t, t.TempDir(), storetest.Library(t))
	defer db.Close()
	for seq := range 3 {
		if err := db.commitFacts(func(c *sqlite.Conn) error {
			return sqlitex.Execute(c, `INSERT INTO recounts (period, unit, form, day) VALUES ('p', 'u', 'f', ?)`, &sqlitex.ExecOptions{Args: []any{seq}})
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.commitFacts(func(c *sqlite.Conn) error { return counted(c, 2) }); err != nil {
		t.Fatal(err)
	}
	if n := number(t, db, `SELECT count(*) FROM recounts`); n != 1 {
		t.Errorf("%d notes are left, want the newest", n)
	}
}

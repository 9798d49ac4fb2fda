package sqlite

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/internal/datadir"
	"persepsi/internal/storetest"
	"persepsi/survey"
)

// occupied lets another process write to the store until it is told to end.
func occupied(t *testing.T, db *DB) (end func()) {
	t.Helper()
	c, err := sqlite.OpenConn(db.path, sqlite.OpenReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	commit, err := sqlitex.ImmediateTransaction(c)
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		var err error
		commit(&err)
		if err := errors.Join(err, c.Close()); err != nil {
			t.Error(err)
		}
	}
}

func TestWhoWaitsForItsTurnIsTriedAgainOnlyUntilItRan(t *testing.T) {
	t.Parallel()
	db := opened(t, t.TempDir(), storetest.Library(t))
	defer db.Close()
	ran := 0
	count := func(err error) func(*sqlite.Conn) error {
		return func(*sqlite.Conn) error { ran++; return err }
	}
	end := occupied(t, db)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := db.inTurn(ctx, false, count(nil)); !errors.Is(err, context.Canceled) || ran != 0 {
		t.Errorf("whose caller gave up: %v, ran %d times", err, ran)
	}
	time.AfterFunc(100*time.Millisecond, end)
	if err := db.inTurn(t.Context(), false, count(nil)); err != nil || ran != 1 {
		t.Errorf("while another wrote for a moment: %v, ran %d times", err, ran)
	}
	for _, failure := range []error{errors.New("not now"), sqlite.ResultBusy.ToError()} {
		ran = 0
		if err := db.inTurn(t.Context(), false, count(failure)); err == nil || ran != 1 {
			t.Errorf("what failed with %v: %v, ran %d times", failure, err, ran)
		}
	}
	// Whoever writes next waits within SQLite again; so does who comes after the log was emptied.
	emptied := func() {
		for range 100 {
			if db.truncateLog() {
				return
			}
		}
		t.Error("the log is not emptied")
	}
	for _, before := range []func(){func() {}, emptied} {
		before()
		ran = 0
		time.AfterFunc(100*time.Millisecond, occupied(t, db))
		if err := db.commitDerived(count(nil)); err != nil || ran != 1 {
			t.Errorf("the next commit: %v, ran %d times", err, ran)
		}
	}
}

func TestAnUndoWaitsForAnImportUntilItsCallerGivesUp(t *testing.T) {
	t.Parallel()
	db := opened(t, t.TempDir(), storetest.Library(t))
	defer db.Close()
	if _, err := db.Import(t.Context(), new(survey.Import), paper(t, 27, 3)); err != nil {
		t.Fatal(err)
	}
	lock := datadir.ForImports(filepath.Dir(db.path))
	if ok, err := lock.TryLock(); err != nil || !ok {
		t.Fatal(ok, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := db.UndoImport(ctx, 1, survey.Undo{}); survey.CodeOf(err) != survey.Unavailable || !strings.Contains(err.Error(), "another import is running") {
		t.Errorf("err = %v", err)
	}
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
	if n := number(t, db, `SELECT count(*) FROM responses WHERE unit_form > 0`); n != 3 {
		t.Errorf("%d responses count", n)
	}
	if err := db.UndoImport(t.Context(), 1, survey.Undo{}); err != nil {
		t.Error(err)
	}
}

// refuse makes a statement on a table fail until what is returned is called.
func refuse(t *testing.T, db *DB, on, why string) (end func()) {
	t.Helper()
	script := func(query string) {
		t.Helper()
		if err := sqlitex.ExecuteScript(db.writer, query, nil); err != nil {
			t.Fatal(err)
		}
	}
	script(`CREATE TEMP TRIGGER refuse AFTER INSERT ON ` + on + ` BEGIN SELECT ` + why + `; END;`)
	return func() { script(`DROP TRIGGER refuse`) }
}

// An import that fails before its commit leaves no row; one that fails after it is brought to its
// end.
func TestAnImportThatFailsLeavesNothingOrIsFinished(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		on     string
		stored bool
	}{
		"while it stages, after a batch": {`staged WHEN NEW.seq > 1100`, false},
		"at its commit":                  {`import_commit`, false},
		"as a fact":                      {`imports`, false},
		"while it moves":                 {`responses`, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := opened(t, t.TempDir(), storetest.Library(t))
			defer db.Close()
			list := paper(t, 23, importBatch+200)
			end := refuse(t, db, tc.on, `RAISE(ABORT, 'not now')`)
			_, err := db.Import(t.Context(), new(survey.Import), list)
			if err == nil || !strings.Contains(err.Error(), "not now") || strings.Contains(err.Error(), "by itself") || survey.CodeOf(err) == survey.Unavailable {
				t.Errorf("err = %v", err)
			}
			if n := number(t, db, `SELECT count(*) FROM imports`); (n == 1) != tc.stored {
				t.Errorf("%d imports are stored", n)
			}
			if n := number(t, db, `SELECT count(*) FROM staged`); strings.HasPrefix(tc.on, "staged") && n != 0 {
				t.Errorf("%d rows are left of it", n)
			}
			end()
			if err := db.finishImport(t.Context()); err != nil {
				t.Fatal(err)
			}
			want := int64(0)
			if tc.stored {
				want = int64(len(list))
			}
			if n := number(t, db, `SELECT count(*) FROM responses`); n != want {
				t.Errorf("then %d rows are stored, want %d", n, want)
			}
			if out, err := db.Import(t.Context(), new(survey.Import), list); err != nil || out.Stored != len(list)-int(want) {
				t.Errorf("imported again: %+v, err = %v", out, err)
			}
		})
	}
}

// Of one whose store goes away after its commit it is said that it is stored.
func TestAnImportThatCannotBeFinishedNowGoesOnByItself(t *testing.T) {
	t.Parallel()
	top, lib := t.TempDir(), storetest.Library(t)
	dir, away := filepath.Join(top, "data"), filepath.Join(top, "away")
	db := opened(t, dir, lib)
	if err := db.writer.CreateFunction("vanish", &sqlite.FunctionImpl{AllowIndirect: true, Scalar: func(sqlite.Context, []sqlite.Value) (sqlite.Value, error) {
		return sqlite.IntegerValue(1), os.Rename(dir, away)
	}}); err != nil {
		t.Fatal(err)
	}
	list := paper(t, 28, 10)
	refuse(t, db, `responses WHEN NEW.rowid & 4294967295 = 1`, `vanish()`)
	_, err := db.Import(t.Context(), new(survey.Import), list)
	if survey.CodeOf(err) != survey.Unavailable || !strings.Contains(err.Error(), "the import is stored and goes on by itself; it could not be finished now: ") {
		t.Errorf("err = %v", err)
	}
	_ = db.Close() // its directory is gone
	if err := os.Rename(away, dir); err != nil {
		t.Fatal(err)
	}
	db = opened(t, dir, lib)
	defer db.Close()
	if n := number(t, db, `SELECT count(*) FROM responses`); n != int64(len(list)) {
		t.Errorf("then %d rows are stored, want %d", n, len(list))
	}
}

// What is lost, or names what there is not, is told, and neither counted nor acknowledged.
func TestAResponseOfNoSegmentAndOfNoUnitIsAnError(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change string
		append bool // again, instead of a count
		says   string
	}{
		"its segment is lost":       {`UPDATE segments SET id = 8`, true, "neither free nor stored"},
		"its unit and form are 0":   {`UPDATE responses SET unit_form = 0`, false, "names unit and form 0"},
		"there is none such":        {`UPDATE responses SET unit_form = 2`, false, "names unit and form 2"},
		"there is none by far such": {`UPDATE responses SET unit_form = 9000`, false, "names unit and form 9000"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := opened(t, t.TempDir(), storetest.Library(t))
			defer db.Close()
			list := storetest.NewMaker(t, 24).Batch(1)
			if _, err := db.Append(t.Context(), list); err != nil {
				t.Fatal(err)
			}
			if err := db.commitFacts(func(c *sqlite.Conn) error { return sqlitex.ExecuteScript(c, tc.change, nil) }); err != nil {
				t.Fatal(err)
			}
			_, err := storetest.Project(t, db).Settle(t.Context())
			if tc.append {
				_, err = db.Append(t.Context(), list)
			}
			if err == nil || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("err = %v, want %q", err, tc.says)
			}
		})
	}
}

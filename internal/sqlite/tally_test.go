package sqlite

import (
	"strings"
	"testing"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/analytics"
	"persepsi/internal/storetest"
)

// What a recount, a server's start and a desk read of some days is found by the index: a look at
// every tally of the period for each of them took longer than counting the answers.
func TestTalliesOfSomeDaysAreFoundByTheIndex(t *testing.T) {
	t.Parallel()
	db, err := Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, tc := range []struct {
		query string
		args  []any
		want  string
	}{
		{selectTallies + ofDays, []any{"p", 1, 1, 2}, "(period=? AND level=? AND start>? AND start<?)"},
		{selectTallies + ofLevel, []any{"p", 1}, "(period=? AND level=?)"},
		{selectTallies + ofOneDay, []any{"p", 1, 1, "u"}, "(period=? AND level=? AND start=? AND unit=?)"},
		{selectStarts, []any{"p", 1}, "(period=? AND level=? AND start>?)"},
	} {
		plan := ""
		if err := db.read(t.Context(), func(c *sqlite.Conn) error {
			return sqlitex.Execute(c, `EXPLAIN QUERY PLAN `+tc.query, &sqlitex.ExecOptions{Args: tc.args, ResultFunc: func(s *sqlite.Stmt) error {
				plan += s.ColumnText(3) + "\n"
				return nil
			}})
		}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(plan, tc.want) || strings.Contains(plan, "SCAN tallies") {
			t.Errorf("%s is found by\n%s", tc.query, plan)
		}
	}
}

// A tally of a day that nobody answered on is met by no count: a recount looks for it.
func TestARecountRemovesATallyOfADayWithoutAnswers(t *testing.T) {
	t.Parallel()
	db := opened(t, t.TempDir(), storetest.Library(t))
	defer db.Close()
	if _, err := db.Append(t.Context(), storetest.NewMaker(t, 24).Batch(30)); err != nil {
		t.Fatal(err)
	}
	mustSettle(t, db)
	before := number(t, db, `SELECT count(*) FROM tallies`)
	if err := db.commitDerived(func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `INSERT INTO tallies (period, level, start, unit, form, tally)
			SELECT period, level, start + 400, unit, form, tally FROM tallies WHERE level = ? LIMIT 1`, &sqlitex.ExecOptions{Args: []any{int64(analytics.LevelDay)}})
	}); err != nil {
		t.Fatal(err)
	}
	n, err := storetest.Project(t, db).Recount(t.Context(), "")
	if left := number(t, db, `SELECT count(*) FROM tallies`); err != nil || n.Differing != 1 || left != before {
		t.Errorf("recount = %+v, %d tallies are left of %d, err = %v", n, left, before, err)
	}
}

// Answers that were taken out before they were counted change no tally, and are not read again
// at each look.
func TestWhatChangesNoTallyIsSettled(t *testing.T) {
	t.Parallel()
	db := opened(t, t.TempDir(), storetest.Library(t))
	defer db.Close()
	if _, err := db.Append(t.Context(), storetest.NewMaker(t, 25).Batch(3)); err != nil {
		t.Fatal(err)
	}
	if err := db.commitDerived(func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `UPDATE responses SET unit_form = -unit_form`, nil)
	}); err != nil {
		t.Fatal(err)
	}
	mustSettle(t, db)
	if n := number(t, db, `SELECT (SELECT count(*) FROM segments WHERE tallied < n) + (SELECT count(*) FROM tallies)`); n != 0 {
		t.Errorf("%d segments and tallies are left", n)
	}
}

package sqlite

import (
	"strings"
	"testing"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
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

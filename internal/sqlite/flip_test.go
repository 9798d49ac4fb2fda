package sqlite

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/analytics"
	"persepsi/internal/racetest"
	"persepsi/internal/report"
	"persepsi/internal/storetest"
	"persepsi/survey"
)

// figures are what pages show, as a server that has just started tells it: the
// totals and the breakdown of every unit.
func figures(t *testing.T, dir string, lib *survey.Library) string {
	t.Helper()
	db := opened(t, dir, lib)
	defer db.Close() // only read
	board := report.NewBoard(storetest.Project(t, db))
	if err := board.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	form, err := lib.FormByID("terpadu-16@1")
	if err != nil {
		t.Fatal(err)
	}
	out := ""
	for _, unit := range []string{"unit-0", "unit-1", "unit-2"} {
		whole, err := board.Breakdown(t.Context(), &survey.Period{Code: "2026-s1"}, unit, form)
		if err != nil {
			t.Fatal(err)
		}
		totals := board.Period("2026-s1").Units[analytics.UnitForm{Unit: unit, Form: form.ID}]
		if whole == nil || totals == nil {
			out += fmt.Sprintf("%s has none (%t %t)\n", unit, whole == nil, totals == nil)
			continue
		}
		out += fmt.Sprintf("%s %x %x\n", unit, totals.Encode(), whole.Encode())
	}
	return out
}

func opened(t *testing.T, dir string, lib *survey.Library) *DB {
	t.Helper()
	db, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// flip flips a random bit of a column of a random tally behind the program's
// back, and returns what it did.
func flip(t *testing.T, dir string, lib *survey.Library, rng *rand.Rand, columns ...string) string {
	t.Helper()
	db := opened(t, dir, lib)
	defer db.Close() // the change is committed
	column := columns[rng.IntN(len(columns))]
	var ids []int64
	number, text, data := int64(0), false, []byte(nil)
	run := func(query string, fn func(*sqlite.Stmt) error, args ...any) {
		t.Helper()
		if err := sqlitex.ExecuteTransient(db.writer, query, &sqlitex.ExecOptions{Args: args, ResultFunc: fn}); err != nil {
			t.Fatal(err)
		}
	}
	run(`SELECT id FROM tallies`, func(s *sqlite.Stmt) error { ids = append(ids, s.ColumnInt64(0)); return nil })
	id := ids[rng.IntN(len(ids))]
	run(`SELECT `+column+` FROM tallies WHERE id = ?`, func(s *sqlite.Stmt) error {
		number, text = s.ColumnInt64(0), s.ColumnType(0) == sqlite.TypeText
		data = make([]byte, s.ColumnLen(0))
		s.ColumnBytes(0, data)
		return nil
	}, id)
	bit := 0
	switch column {
	case "level", "start":
		bit = rng.IntN(40)
		// A key that is taken already is refused, and nothing was flipped.
		run(`UPDATE OR IGNORE tallies SET `+column+` = ? WHERE id = ?`, nil, number^(1<<bit), id)
	default:
		bit = rng.IntN(8 * len(data))
		data[bit/8] ^= 1 << (bit % 8)
		value := any(slices.Clone(data))
		if text {
			value = string(data)
		}
		run(`UPDATE OR IGNORE tallies SET `+column+` = ? WHERE id = ?`, nil, value, id)
	}
	return fmt.Sprintf("bit %d of the %s of tally %d", bit, column, id)
}

func flippable(t *testing.T) (dir string, lib *survey.Library) {
	t.Helper()
	dir, lib = t.TempDir(), storetest.Library(t)
	db := opened(t, dir, lib)
	defer db.Close() // it is settled
	if _, err := db.Append(t.Context(), storetest.NewMaker(t, 30).Batch(60)); err != nil {
		t.Fatal(err)
	}
	if _, err := storetest.Project(t, db).Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	return dir, lib
}

func TestAFlippedBitInAStoredTallyNeverChangesAFigure(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("not in a short run: 200 stores are opened")
	}
	racetest.Skip(t)
	dir, lib := flippable(t)
	rng := rand.New(rand.NewPCG(30, 1))
	want := figures(t, dir, lib)
	for range 200 {
		what := flip(t, dir, lib, rng, "tally")
		if got := figures(t, dir, lib); got != want {
			t.Fatalf("%s: the figures were\n%s\nand are\n%s", what, want, got)
		}
	}
	recounted(t, dir, lib)
	recountedClean(t, dir, lib)
}

func TestARecountMendsAFlippedBitInTheKeyOfAStoredTally(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("not in a short run: 60 stores are recounted")
	}
	racetest.Skip(t)
	dir, lib := flippable(t)
	rng := rand.New(rand.NewPCG(31, 1))
	want, flips := figures(t, dir, lib), 60
	if os.Getenv("PERSEPSI_WHOLE") != "" {
		flips = 200
	}
	for range flips {
		what := flip(t, dir, lib, rng, "period", "unit", "form", "level", "start")
		recounted(t, dir, lib)
		if got := figures(t, dir, lib); got != want {
			t.Fatalf("%s: the figures were\n%s\nand are\n%s", what, want, got)
		}
	}
	recountedClean(t, dir, lib)
}

// Tallies under a level or a day that there is not are in nobody's way, and a recount removes
// them; the two that they were made of are made again.
func TestARecountRemovesTalliesUnderNamesThatNothingHas(t *testing.T) {
	t.Parallel()
	dir, lib := flippable(t)
	want := figures(t, dir, lib)
	db := opened(t, dir, lib)
	before := number(t, db, `SELECT count(*) FROM tallies`)
	err := sqlitex.ExecuteScript(db.writer, `
		UPDATE tallies SET start = start + (1 << 40) WHERE id = (SELECT min(id) FROM tallies);
		UPDATE tallies SET level = level + (1 << 40) WHERE id = (SELECT max(id) FROM tallies);`, nil)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	n := recounted(t, dir, lib)
	if n.Differing < 2 {
		t.Errorf("%d differ", n.Differing)
	}
	db = opened(t, dir, lib)
	after, strange := number(t, db, `SELECT count(*) FROM tallies`), number(t, db, `SELECT count(*) FROM tallies WHERE start >= 1 << 40 OR level >= 1 << 40`)
	if err := db.Close(); err != nil || after != before || strange != 0 {
		t.Errorf("of %d tallies %d are there, %d of them strange, err = %v", before, after, strange, err)
	}
	if got := figures(t, dir, lib); got != want {
		t.Errorf("the figures were\n%s\nand are\n%s", want, got)
	}
	recountedClean(t, dir, lib)
}

// TestTalliesOfAnEarlierProgramAreMadeAnew: they had no checksum.
func TestTalliesOfAnEarlierProgramAreMadeAnew(t *testing.T) {
	t.Parallel()
	dir, lib := flippable(t)
	want := figures(t, dir, lib)
	db := opened(t, dir, lib)
	err := sqlitex.Execute(db.writer, `UPDATE tallies SET tally = CAST(x'01' || substr(tally, 2, length(tally) - 5) AS BLOB)`, nil)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	if got := figures(t, dir, lib); got != want {
		t.Errorf("the figures were\n%s\nand are\n%s", want, got)
	}
	recountedClean(t, dir, lib)
}

func recounted(t *testing.T, dir string, lib *survey.Library) analytics.RecountResult {
	t.Helper()
	db := opened(t, dir, lib)
	defer db.Close() // it is done
	n, err := storetest.Project(t, db).Recount(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func recountedClean(t *testing.T, dir string, lib *survey.Library) {
	t.Helper()
	if n := recounted(t, dir, lib); n.Differing != 0 {
		t.Errorf("recounted again, %+v still differ", n.Corrections)
	}
	db := opened(t, dir, lib)
	defer db.Close() // only read
	maker := storetest.NewMaker(t, 30)
	form, err := lib.FormByID(maker.Response().Form)
	if err != nil {
		t.Fatal(err)
	}
	var list []*survey.Response
	if err := db.Responses(t.Context(), survey.Filter{}, func(r *survey.Response) error {
		c := *r
		list = append(list, &c)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	storetest.CheckTallies(t, storetest.Project(t, db), storetest.Count(t, form, list))
}

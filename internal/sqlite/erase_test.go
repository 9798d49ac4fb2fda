package sqlite

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/analytics"
	"persepsi/internal/projection"
	"persepsi/internal/retention"
	"persepsi/internal/storetest"
	"persepsi/survey"
)

func anErasure() survey.Erasure {
	return survey.Erasure{Period: "2026-s1", At: time.Unix(1_800_000_000, 0), Day: survey.NewDate(2026, time.July, 31), Months: 1}
}

// eraseAll erases as an eraser does.
func eraseAll(t *testing.T, db *DB) {
	t.Helper()
	err := retention.Erase(t.Context(), db, "2026-s1")
	if err == nil {
		_, err = storetest.Project(t, db).Recount(t.Context(), "2026-s1")
	}
	if err == nil {
		err = db.EndErasure(t.Context(), "2026-s1")
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestWhatWasErasedIsNotLegibleInTheFiles has answers, some of them imported, that give
// what is to be removed a form of its own. They come day after day: of those that come
// for days before, SQLite may leave copies of some where it splits a page, which only a
// file that is written anew is rid of.
func TestWhatWasErasedIsNotLegibleInTheFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := opened(t, dir, storetest.Library(t))
	list := telling(t, 90, 3*importBatch+100)
	slices.SortStableFunc(list, func(a, b *survey.Response) int { return int(a.Day - b.Day) })
	for part := range chunk(list[:importBatch], 100) {
		if _, err := db.Append(t.Context(), part); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.Import(t.Context(), &survey.Import{Period: "2026-s1", File: "f17e5", Key: "8e7ba5e", Units: []survey.ImportedUnit{{Unit: "unit-0", Digest: "d19e57"}}}, list[importBatch:]); err != nil {
		t.Fatal(err)
	}
	if n := storetest.LegibleIn(t, dir, []byte("1zyxw")); n < len(list) {
		t.Fatalf("%d of %d are found at all", n, len(list))
	}
	mustSettle(t, db)
	var ends [][]byte // of tallies: cells of the last field, and a checksum of all
	if err := db.Docs(t.Context(), projection.Selection{}, func(_ analytics.Key, d projection.Doc) error {
		ends = append(ends, bytes.Clone(d.Tally[len(d.Tally)-24:]))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	storetest.MustBeginErasure(t, db, anErasure())
	eraseAll(t, db)
	for _, end := range ends {
		if n := storetest.LegibleIn(t, dir, end); n != 0 {
			t.Errorf("the files hold a tally of before %d times", n)
		}
	}
	for _, text := range []string{"kalimat-rahasia", "1zyxw", "d19e57", "f17e5", "8e7ba5e"} { // while it is open, as a server has it
		if n := storetest.LegibleIn(t, dir, []byte(text)); n != 0 {
			t.Errorf("the files hold %s %d times", text, n)
		}
	}
	if n := number(t, db, `SELECT count(*) FROM responses WHERE id <> '' AND answers <> ''`); n != int64(len(list)) {
		t.Errorf("%d of %d answers are left", n, len(list))
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// telling makes answers whose comments and respondent fields can be found in a file.
func telling(t *testing.T, seed uint64, n int) []*survey.Response {
	list := storetest.NewMaker(t, seed).Batch(n)
	for i, r := range list {
		r.Comment, r.Respondent = fmt.Sprintf("kalimat-rahasia %d", i), "1zyxw"
	}
	return list
}

func TestABackupHoldsNothingOfWhatWasErased(t *testing.T) {
	t.Parallel()
	dir, to, lib := t.TempDir(), t.TempDir(), storetest.Library(t)
	db := opened(t, dir, lib)
	for part := range chunk(telling(t, 95, 3000), 100) { // of days in no order
		if _, err := db.Append(t.Context(), part); err != nil {
			t.Fatal(err)
		}
	}
	mustSettle(t, db)
	storetest.MustBeginErasure(t, db, anErasure())
	eraseAll(t, db)
	file := filepath.Join(t.TempDir(), "backup.gz")
	if _, err := WriteBackup(t.Context(), dir, file); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	done, err := Restore(t.Context(), to, file, lib)
	if err != nil || done.Recounted.Differing != 0 {
		t.Fatalf("%+v, err = %v", done, err)
	}
	for _, text := range []string{"kalimat-rahasia", "1zyxw"} {
		if n := storetest.LegibleIn(t, to, []byte(text)); n != 0 {
			t.Errorf("the restored files hold %s %d times", text, n)
		}
	}
}

func chunk(list []*survey.Response, n int) func(func([]*survey.Response) bool) {
	return func(yield func([]*survey.Response) bool) {
		for len(list) > 0 {
			part := list[:min(n, len(list))]
			if list = list[len(part):]; !yield(part) {
				return
			}
		}
	}
}

// TestAnErasureThatIsBrokenOffGoesOn breaks one off between two of its transactions.
func TestAnErasureThatIsBrokenOffGoesOn(t *testing.T) {
	t.Parallel()
	lib := storetest.Library(t)
	for parts := range 4 {
		dir := t.TempDir()
		dead := opened(t, dir, lib)
		if _, err := dead.Append(t.Context(), storetest.NewMaker(t, 91).Batch(1500)); err != nil {
			t.Fatal(err)
		}
		mustSettle(t, dead)
		what, err := dead.Erasable(t.Context(), "2026-s1")
		if err != nil || what.Answers != 1500 || what.Comments == 0 || what.Told == 0 {
			t.Fatalf("%+v, err = %v", what, err)
		}
		storetest.MustBeginErasure(t, dead, anErasure())
		for range parts {
			if err := dead.commitDerived(func(c *sqlite.Conn) error { _, err := eraseSome(c, "2026-s1"); return err }); err != nil {
				t.Fatal(err)
			}
		}
		if err := dead.Close(); err != nil {
			t.Fatal(err)
		}
		db := opened(t, dir, lib)
		left, err := db.Erasable(t.Context(), "2026-s1")
		if err != nil || (left.Answers == 1500) != (parts == 0) || left.Answers == 0 {
			t.Errorf("after %d parts %+v, err = %v", parts, left, err)
		}
		eraseAll(t, db)
		left, err = db.Erasable(t.Context(), "2026-s1")
		list, fault := db.Erasures(t.Context())
		if err != nil || fault != nil || left.Answers != 0 || !list[0].Done {
			t.Errorf("left %+v of %+v, err = %v, %v", left, list, err, fault)
		}
		if n, err := storetest.Project(t, db).Recount(t.Context(), ""); err != nil || n.Differing != 0 {
			t.Errorf("recount = %+v, err = %v", n, err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestALateErasureThatIsKilledGoesOn kills one after its last row and before the log is
// emptied: nothing is left to remove but what the log holds.
func TestALateErasureThatIsKilledGoesOn(t *testing.T) {
	t.Parallel()
	dir, to, lib := t.TempDir(), t.TempDir(), storetest.Library(t)
	dead := opened(t, dir, lib)
	defer dead.Close()
	for n, list := range [][]*survey.Response{storetest.NewMaker(t, 96).Batch(50), telling(t, 97, 40)} {
		if _, err := dead.Append(t.Context(), list); err != nil {
			t.Fatal(err)
		}
		mustSettle(t, dead)
		if n > 0 {
			break
		}
		storetest.MustBeginErasure(t, dead, anErasure())
		eraseAll(t, dead)
	}
	for more := true; more; {
		if err := dead.commitDerived(func(c *sqlite.Conn) (err error) { more, err = eraseSome(c, "2026-s1"); return err }); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil { // what kill -9 leaves
		t.Fatal(err)
	}
	if n := storetest.LegibleIn(t, to, []byte("kalimat-rahasia")); n == 0 {
		t.Fatal("nothing is legible any more: the test tests nothing")
	}
	db := opened(t, to, lib)
	project := storetest.Project(t, db)
	eraser := &retention.Eraser{Store: db, Tallies: project.Projector, Actor: "server", Log: slog.New(slog.DiscardHandler)}
	directory, err := survey.NewDirectory(&survey.Catalogue{Periods: []survey.Period{{Code: "2026-s1", Instruments: []string{"terpadu-16@1"}}}}, lib, new(survey.Methods))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second has nothing to do
		if err := eraser.Run(t.Context(), directory, anErasure().At); err != nil {
			t.Fatal(err)
		}
	}
	if list, err := db.Erasures(t.Context()); err != nil || !list[0].Done {
		t.Errorf("erasures %+v, err = %v", list, err)
	}
	if n := storetest.LegibleIn(t, to, []byte("kalimat-rahasia")); n != 0 {
		t.Errorf("the files hold %d late comments", n)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestNothingIsErasedThatNoTallyHolds(t *testing.T) {
	t.Parallel()
	db := opened(t, t.TempDir(), storetest.Library(t))
	defer db.Close()
	m := storetest.NewMaker(t, 92)
	if _, err := db.Append(t.Context(), m.Batch(50)); err != nil {
		t.Fatal(err)
	}
	if err := retention.Erase(t.Context(), db, "2026-s1"); err == nil || number(t, db, `SELECT count(*) FROM responses WHERE respondent = '~'`) != 0 {
		t.Errorf("erased before it began, err = %v", err)
	}
	mustSettle(t, db)
	if err := retention.Erase(t.Context(), db, "2026-s1"); err == nil || number(t, db, `SELECT count(*) FROM responses WHERE respondent = '~'`) != 0 {
		t.Errorf("erased before it began, err = %v", err)
	}
	storetest.MustBeginErasure(t, db, anErasure())
	if _, err := db.Append(t.Context(), m.Batch(30)); err != nil {
		t.Fatal(err)
	}
	if err := retention.Erase(t.Context(), db, "2026-s1"); !errors.Is(err, retention.ErrNotNow) {
		t.Errorf("err = %v, want that something is left", err)
	}
	if n := number(t, db, `SELECT count(*) FROM responses WHERE respondent = '~'`); n != 50 {
		t.Errorf("%d answers are erased, want the 50 that tallies hold", n)
	}
	if list, err := db.Erasures(t.Context()); err != nil || list[0].Done {
		t.Errorf("%+v, err = %v, want it not done", list, err)
	}
}

func TestAnErasureWaitsForAnUndoAndForReaders(t *testing.T) {
	t.Parallel()
	db := opened(t, t.TempDir(), storetest.Library(t))
	defer db.Close()
	if _, err := db.Import(t.Context(), &survey.Import{Period: "2026-s1"}, paper(t, 93, 10)); err != nil {
		t.Fatal(err)
	}
	mustSettle(t, db)
	if err := db.commitFacts(func(c *sqlite.Conn) error { return beginUndo(c, 1, `{}`) }); err != nil {
		t.Fatal(err)
	}
	if err := db.BeginErasure(t.Context(), anErasure()); !errors.Is(err, retention.ErrNotNow) {
		t.Errorf("err = %v while an undo goes on", err)
	}
	if err := db.takeOut(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if err := db.BeginErasure(t.Context(), anErasure()); !errors.Is(err, retention.ErrNotNow) {
		t.Errorf("err = %v while tallies hold what was undone", err)
	}
	mustSettle(t, db)
	storetest.MustBeginErasure(t, db, anErasure())
	err := db.snapshot(t.Context(), func(c *sqlite.Conn) error {
		if _, err := erasures(c, ""); err != nil { // it sees this moment from now on
			return err
		}
		if err := retention.Erase(context.Background(), db, "2026-s1"); err != nil {
			t.Error(err)
		}
		if err := db.EndErasure(context.Background(), "2026-s1"); !errors.Is(err, retention.ErrNotNow) {
			t.Errorf("err = %v while somebody reads what was", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	eraseAll(t, db)
}

// What is known of comments goes in parts, until nothing of the period is left.
func TestAllThatIsKnownOfCommentsGoesHoweverMuchThereIs(t *testing.T) {
	t.Parallel()
	db := opened(t, t.TempDir(), storetest.Library(t))
	defer db.Close()
	db.mu.Lock()
	for period, n := range map[string]int{"2026-s1": 2*importBatch + 1, "2026-s2": 1} {
		if err := sqlitex.Execute(db.writer, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2) INSERT INTO comment_steps (period, unit, serial, body) SELECT ?1, 'loket', i, '{}' FROM n`, &sqlitex.ExecOptions{Args: []any{period, n}}); err != nil {
			t.Error(err)
		}
	}
	db.mu.Unlock()
	if err := db.EraseComments(t.Context(), "2026-s1"); err != nil {
		t.Fatal(err)
	}
	if left, others := number(t, db, `SELECT count(*) FROM comment_steps WHERE period = '2026-s1'`), number(t, db, `SELECT count(*) FROM comment_steps WHERE period = '2026-s2'`); left != 0 || others != 1 {
		t.Errorf("%d steps of the period are left, and %d of another", left, others)
	}
}

package sqlite

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/internal/datadir"
	"persepsi/internal/ingest"
	"persepsi/internal/report"
	"persepsi/internal/storetest"
	"persepsi/survey"
)

// paper makes rows of an import, all of one day.
func paper(t *testing.T, seed uint64, n int) []*survey.Response {
	t.Helper()
	list := storetest.NewMaker(t, seed).Batch(n)
	for _, r := range list {
		r.Day, r.Mode = storetest.First(), survey.ModePaper
	}
	return list
}

// number reads one number.
func number(t *testing.T, db *DB, query string, args ...any) (n int64) {
	t.Helper()
	if err := db.read(t.Context(), func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, query, &sqlitex.ExecOptions{Args: args, ResultFunc: func(s *sqlite.Stmt) error {
			n = s.ColumnInt64(0)
			return nil
		}})
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestAnswersAreStoredWhileAnImportRunsBesideTheServer: every one of them, and
// not only before and after it.
func TestAnswersAreStoredWhileAnImportRunsBesideTheServer(t *testing.T) {
	t.Parallel()
	rows := 50_000
	if testing.Short() {
		rows = 5_000
	}
	dir, lib := t.TempDir(), storetest.Library(t)
	server, importer := opened(t, dir, lib), opened(t, dir, lib)
	defer server.Close()
	defer importer.Close()
	list := paper(t, 40, rows)
	ctx, stop := context.WithCancel(t.Context())
	board := report.NewBoard(storetest.Project(t, server))
	intake := ingest.NewQueue(server, ingest.QueueOptions{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for ctx.Err() == nil {
			if err := board.Refresh(ctx); err != nil && ctx.Err() == nil {
				t.Errorf("the server's figures: %v", err)
			}
			time.Sleep(10 * time.Millisecond) // a server waits longer; the lock of a file is no clock's
		}
	})
	var answers, longest atomic.Int64
	for client := range 8 {
		maker := storetest.NewMaker(t, 41+uint64(client))
		wg.Go(func() {
			for ctx.Err() == nil {
				r := maker.Response()
				r.Day, r.Mode = storetest.First(), survey.ModeQR
				began := time.Now()
				if _, err := intake.Submit(context.WithoutCancel(ctx), r); err != nil {
					t.Errorf("an answer beside the import: %v", err)
				}
				answers.Add(1)
				for waited := int64(time.Since(began)); ; {
					if old := longest.Load(); waited <= old || longest.CompareAndSwap(old, waited) {
						break
					}
				}
				time.Sleep(time.Millisecond) // people come one after another
			}
		})
	}
	began := time.Now()
	got, err := importer.Import(t.Context(), new(survey.Import), list)
	took := time.Since(began)
	if err == nil {
		_, err = storetest.Project(t, importer).Settle(t.Context())
	}
	settled := time.Since(began)
	stop()
	wg.Wait()
	if err := errors.Join(err, intake.Close(context.Background())); err != nil || got.Stored != rows {
		t.Fatalf("imported %+v, err = %v", got, err)
	}
	between := number(t, server, `SELECT count(*) FROM responses WHERE mode <> ?1
		AND rowid > (SELECT min(rowid) FROM responses WHERE mode = ?1) AND rowid < (SELECT max(rowid) FROM responses WHERE mode = ?1)`, int64(survey.ModePaper))
	t.Logf("%d rows in %s, settled in %s; %d answers beside it, %d between its rows; the longest waited %s",
		rows, took, settled, answers.Load(), between, time.Duration(longest.Load()))
	if between == 0 {
		t.Errorf("of %d answers none was stored between the rows of the import: it held the store all the while", answers.Load())
	}
	if n := number(t, server, `SELECT count(*) FROM responses`); n != int64(rows)+answers.Load() {
		t.Errorf("%d responses are stored, want %d rows and %d answers", n, rows, answers.Load())
	}
	n, err := storetest.Project(t, server).Recount(t.Context(), "")
	if err != nil || n.Differing != 0 {
		t.Errorf("recount = %+v, err = %v", n, err)
	}
}

// brokenOff leaves an import as a process that is killed would: steps are how
// many of its parts came to be done.
func brokenOff(t *testing.T, db *DB, list []*survey.Response, committed bool, moves int) {
	t.Helper()
	if err := db.stage(t.Context(), list); err != nil {
		t.Fatal(err)
	}
	if committed {
		if err := db.commitImport(t.Context(), new(survey.Import)); err != nil {
			t.Fatal(err)
		}
	}
	for range moves {
		opened := newBatch()
		if err := db.commitDerived(func(c *sqlite.Conn) error {
			_, err := db.moveStaged(c, &opened, committed, 1)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAnImportThatWasBrokenOffIsThereAsAWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	lib := storetest.Library(t)
	list := paper(t, 50, 2*importBatch+100)
	for name, tc := range map[string]struct {
		committed bool
		moves     int
		want      int
	}{
		"while it staged":           {false, 0, 0},
		"while a staged one goes":   {false, 1, 0},
		"just after its commit":     {true, 0, len(list)},
		"in the middle of its move": {true, 2, len(list)},
		"after its last row":        {true, 3, len(list)},
		"when all was done":         {true, 4, len(list)},
	} {
		for heals, next := range map[string]func(t *testing.T, server *DB, dir string) *DB{
			"the next start": func(t *testing.T, server *DB, dir string) *DB {
				if err := server.Close(); err != nil {
					t.Fatal(err)
				}
				return opened(t, dir, lib)
			},
			"the server that runs beside it": func(t *testing.T, server *DB, _ string) *DB {
				mustSettle(t, server)
				return server
			},
			"the next import": func(t *testing.T, server *DB, _ string) *DB {
				if _, err := server.Import(t.Context(), new(survey.Import), list[:0]); err != nil {
					t.Fatal(err)
				}
				return server
			},
		} {
			t.Run(name+", then "+heals, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				server, dead := opened(t, dir, lib), opened(t, dir, lib)
				brokenOff(t, dead, list, tc.committed, tc.moves)
				if err := dead.Close(); err != nil {
					t.Fatal(err)
				}
				db := next(t, server, dir)
				defer db.Close()
				if n := number(t, db, `SELECT count(*) FROM responses WHERE mode = ?`, int64(survey.ModePaper)); n != int64(tc.want) {
					t.Errorf("%d rows are stored, want %d", n, tc.want)
				}
				if n := number(t, db, `SELECT (SELECT count(*) FROM staged) + (SELECT count(*) FROM import_commit)`); n != 0 {
					t.Errorf("%d rows of a dead import are left", n)
				}
				if n := number(t, db, `SELECT coalesce(sum(stored), 0) FROM imports`); n != int64(tc.want) {
					t.Errorf("the import is said to have stored %d rows, want %d", n, tc.want)
				}
				if n, err := storetest.Project(t, db).Recount(t.Context(), ""); err != nil || n.Differing != 0 {
					t.Errorf("recount = %+v, err = %v", n, err)
				}
			})
		}
	}
}

func mustSettle(t *testing.T, db *DB) {
	t.Helper()
	if _, err := storetest.Project(t, db).Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestAnImportThatRunsIsLeftAloneByOthers(t *testing.T) {
	t.Parallel()
	dir, lib := t.TempDir(), storetest.Library(t)
	server, importer := opened(t, dir, lib), opened(t, dir, lib)
	defer server.Close()
	defer importer.Close()
	lock := datadir.ForImports(filepath.Dir(importer.path))
	if ok, err := lock.TryLock(); err != nil || !ok {
		t.Fatal(ok, err)
	}
	brokenOff(t, importer, paper(t, 60, 300), false, 0)
	mustSettle(t, server)
	if err := opened(t, dir, lib).Close(); err != nil {
		t.Fatal(err)
	}
	if n := number(t, server, `SELECT count(*) FROM staged`); n != 300 {
		t.Errorf("%d rows are staged, want the 300 of the import that runs", n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := server.Import(ctx, new(survey.Import), paper(t, 61, 1)); survey.CodeOf(err) != survey.Unavailable {
		t.Errorf("a second import: err = %v, want it to wait until its caller gives up", err)
	}
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
	mustSettle(t, server)
	if n := number(t, server, `SELECT count(*) FROM staged`); n != 0 {
		t.Errorf("%d rows of a dead import are left", n)
	}
}

// TestACommandThatEndsHoldsUpNoAnswer: to close a store while others read it
// used to wait for the readers, with the lock of the writers in its hand.
func TestACommandThatEndsHoldsUpNoAnswer(t *testing.T) {
	t.Parallel()
	dir, lib := t.TempDir(), storetest.Library(t)
	server, command := opened(t, dir, lib), opened(t, dir, lib)
	defer server.Close()
	maker := storetest.NewMaker(t, 70)
	if _, err := command.Append(t.Context(), maker.Batch(10)); err != nil {
		t.Fatal(err)
	}
	server.writer.SetBusyTimeout(300 * time.Millisecond) // nobody else writes
	err := server.snapshot(t.Context(), func(c *sqlite.Conn) error {
		if err := sqlitex.Execute(c, `SELECT count(*) FROM responses`, nil); err != nil {
			return err
		}
		if _, err := server.Append(t.Context(), maker.Batch(10)); err != nil {
			return err
		}
		closed := make(chan error, 1)
		go func() { closed <- command.Close() }()
		for {
			select {
			case err := <-closed:
				return err
			default:
			}
			if _, err := server.Append(t.Context(), maker.Batch(1)); err != nil {
				return err
			}
		}
	})
	if err != nil {
		t.Error(err)
	}
}

package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/internal/datadir"
	"persepsi/internal/sqlitefile"
	"persepsi/survey"
)

const (
	// importBatch is what one transaction of an import takes: some
	// milliseconds, in which the answers of a server wait.
	importBatch = 1024
	// importPause is the least time that the store is left to others after
	// each: SQLite's waiters look for the lock now and then, and must find it
	// free.
	importPause = 2 * time.Millisecond
	// importPoll is how often an import looks whether the store is free, and
	// importPatience how long.
	importPoll     = time.Millisecond
	importPatience = time.Minute
	// importTurn is how often one looks whether another import is done.
	importTurn = 100 * time.Millisecond
)

const stagedColumns = `id, period, unit, form, day, service, point, mode, hour, answers, respondent, lang, started_at, received_at, comment`

// Import stores all responses or none, also where the process is killed in the
// middle, in many short transactions; see survey.Importer. Rows are staged
// first; one small durable transaction is the moment from which all of them
// count. Then they move among the responses, which whoever opens the store next
// goes on with if this process can't.
func (db *DB) Import(ctx context.Context, of *survey.Import, list []*survey.Response) (survey.ImportResult, error) {
	lock := datadir.ForImports(filepath.Dir(db.path))
	if ok, err := lock.TryLockContext(ctx, importTurn); err != nil || !ok {
		return survey.ImportResult{}, &survey.Error{Code: survey.Unavailable, Message: "another import is running", Cause: err}
	}
	defer lock.Unlock() //nolint:errcheck // it goes with the file
	if _, err := db.clearStage(ctx); err != nil {
		return survey.ImportResult{}, err
	}
	if of.Serial != 0 { // whoever had the lock brought it to its end
		return survey.ImportResult{}, survey.DoneBefore(of.Serial)
	}
	if err := db.eachImport(ctx, of.SharesKey); err != nil { // nobody adds one while the lock is held
		return survey.ImportResult{}, err
	}
	if err := db.stage(ctx, list); err != nil {
		_, left := db.clearStage(context.WithoutCancel(ctx)) // else the next one does
		return survey.ImportResult{}, errors.Join(err, left)
	}
	if err := db.commitImport(ctx, of); err != nil {
		return survey.ImportResult{}, err
	}
	out, err := db.clearStage(context.WithoutCancel(ctx)) // from here on there is no way back
	var known *survey.Error
	if errors.As(err, &known) && known.Code == survey.Unavailable {
		return out, &survey.Error{Code: survey.Unavailable, Message: "the import is stored and goes on by itself; it could not be finished now: " + known.Message, Cause: err}
	}
	return out, err
}

// commitImport makes all staged rows count, durably, and the import a fact.
func (db *DB) commitImport(ctx context.Context, of *survey.Import) error {
	body, err := json.Marshal(of)
	if err != nil {
		return fmt.Errorf("write an import: %w", err)
	}
	return db.inTurn(context.WithoutCancel(ctx), true, func(c *sqlite.Conn) error {
		if err := stillWhole(c, of.Period, "an import"); err != nil {
			return err
		}
		if err := sqlitex.Execute(c, `INSERT INTO imports (serial, body) SELECT coalesce(max(serial), 0) + 1, ? FROM imports`, &sqlitex.ExecOptions{Args: []any{string(body)}}); err != nil {
			return fmt.Errorf("write an import: %w", err)
		}
		return sqlitex.Execute(c, `INSERT INTO import_commit (one, at, import) VALUES (1, ?, ?)`, &sqlitex.ExecOptions{Args: []any{time.Now().UnixMilli(), c.LastInsertRowID()}})
	})
}

// finishImport does what a process that died left undone: a committed import
// is brought to its end, another one is thrown away. An import that is running
// is left alone.
func (db *DB) finishImport(ctx context.Context) error {
	if there, _, _, err := db.staged(ctx); err != nil || !there {
		return err
	}
	lock := datadir.ForImports(filepath.Dir(db.path))
	if ok, err := lock.TryLock(); err != nil || !ok {
		return nil // whoever holds it is at it
	}
	defer lock.Unlock() //nolint:errcheck // it goes with the file
	_, err := db.clearStage(ctx)
	return err
}

// staged reports whether there are staged rows, whether they count, and the import
// that they are of then.
func (db *DB) staged(ctx context.Context) (there, committed bool, serial int, err error) {
	err = db.read(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `SELECT EXISTS (SELECT 1 FROM staged), EXISTS (SELECT 1 FROM import_commit), (SELECT import FROM import_commit)`, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
			committed, serial = s.ColumnBool(1), s.ColumnInt(2)
			there = s.ColumnBool(0) || committed
			return nil
		}})
	})
	return there, committed, serial, err
}

// stage puts responses beside the others. Nothing need be durable before the
// commit, which makes it so: all go into one log in one order.
func (db *DB) stage(ctx context.Context, list []*survey.Response) error {
	for len(list) > 0 {
		n := min(len(list), importBatch)
		if err := db.inTurn(ctx, false, func(c *sqlite.Conn) error { return insertStaged(c, list[:n]) }); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

// inTurn runs fn in a transaction, then leaves the store to others for at least
// as long as that took. Beside a busy server the store is free for a millisecond
// at a time, which SQLite's own way of waiting, ever more seldom, hardly meets.
func (db *DB) inTurn(ctx context.Context, durable bool, fn func(c *sqlite.Conn) error) error {
	var began time.Time
	timed := func(c *sqlite.Conn) error {
		began = time.Now()
		return fn(c)
	}
	// Not waiting within SQLite.
	once := func() error { return db.writeWithin(0, durable, timed) }
	err := once()
	for since := time.Now(); err != nil && began.IsZero() && sqlite.ErrCode(err).ToPrimary() == sqlite.ResultBusy && time.Since(since) < importPatience; err = once() {
		if err := rest(ctx, importPoll); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	return rest(ctx, max(time.Since(began), importPause))
}

func rest(ctx context.Context, d time.Duration) error {
	pause := time.NewTimer(d)
	defer pause.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-pause.C:
		return nil
	}
}

func insertStaged(c *sqlite.Conn, list []*survey.Response) error {
	insert, err := c.Prepare(`INSERT INTO staged (` + stagedColumns + `) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
	if err != nil {
		return fmt.Errorf("stage responses: %w", err)
	}
	for _, r := range list {
		insert.BindBytes(1, r.ID[:])
		insert.BindText(2, r.Period)
		insert.BindText(3, r.Unit)
		insert.BindText(4, r.Form)
		insert.BindInt64(5, int64(r.Day))
		bindSaid(insert, 6, r)
		if err := run(insert); err != nil {
			return fmt.Errorf("stage responses: %w", err)
		}
	}
	return nil
}

// clearStage moves a committed import among the responses and throws away
// another one, batch by batch. The caller holds the lock of imports.
func (db *DB) clearStage(ctx context.Context) (survey.ImportResult, error) {
	_, committed, serial, err := db.staged(ctx)
	total := survey.ImportResult{Serial: serial}
	for more := true; more && err == nil; {
		opened := newBatch()
		var outcomes []survey.Outcome
		err = db.inTurn(ctx, false, func(c *sqlite.Conn) (err error) {
			outcomes, err = db.moveStaged(c, &opened, committed, serial)
			more = len(outcomes) > 0
			return err
		})
		if err != nil {
			break
		}
		db.unitForms.learn(opened.unitForms) // they are committed
		if committed {
			total.Add(outcomes)
		}
	}
	if err == nil {
		err = total.Refused()
	}
	return total, err
}

// moveStaged takes the next staged rows away, into the responses where they
// count; it returns no outcome when there was nothing left.
func (db *DB) moveStaged(c *sqlite.Conn, opened *batch, committed bool, serial int) ([]survey.Outcome, error) {
	list, last, err := nextStaged(c)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, endImport(c, serial)
	}
	outcomes := make([]survey.Outcome, len(list))
	if committed {
		if err := db.append(c, opened, list, outcomes); err != nil {
			return nil, fmt.Errorf("import responses: %w", err)
		}
		if err := note(c, serial, list, outcomes); err != nil {
			return nil, err
		}
	}
	return outcomes, sqlitex.Execute(c, `DELETE FROM staged WHERE seq <= ?`, &sqlitex.ExecOptions{Args: []any{last}})
}

// note keeps which responses an import stored.
func note(c *sqlite.Conn, serial int, list []*survey.Response, outcomes []survey.Outcome) error {
	for i, r := range list {
		if serial == 0 || outcomes[i].Result != survey.Stored {
			continue
		}
		if err := sqlitex.Execute(c, `INSERT INTO import_rows (import, response) SELECT ?, rowid FROM responses WHERE id = ?`, &sqlitex.ExecOptions{Args: []any{serial, r.ID[:]}}); err != nil {
			return fmt.Errorf("note an imported response: %w", err)
		}
	}
	return nil
}

// endImport notes that an import is done.
func endImport(c *sqlite.Conn, serial int) error {
	if err := sqlitex.Execute(c, `UPDATE imports SET stored = (SELECT count(*) FROM import_rows WHERE import = ?1) WHERE serial = ?1`, &sqlitex.ExecOptions{Args: []any{serial}}); err != nil {
		return fmt.Errorf("end an import: %w", err)
	}
	return sqlitex.Execute(c, `DELETE FROM import_commit`, nil)
}

// nextStaged reads the first staged rows.
func nextStaged(c *sqlite.Conn) (list []*survey.Response, last int64, err error) {
	err = sqlitex.Execute(c, `SELECT seq, `+stagedColumns+` FROM staged ORDER BY seq LIMIT ?`, &sqlitex.ExecOptions{Args: []any{importBatch}, ResultFunc: func(s *sqlite.Stmt) error {
		last = s.ColumnInt64(0)
		r := &survey.Response{
			Period: s.ColumnText(2), Unit: s.ColumnText(3), Form: s.ColumnText(4), Day: survey.Date(s.ColumnInt64(5)),
			Service: s.ColumnText(6), Point: s.ColumnText(7), Mode: survey.Mode(s.ColumnInt64(8)), Hour: uint8(s.ColumnInt64(9)),
			Answers: survey.Marks(s.ColumnText(10)), Respondent: survey.Marks(s.ColumnText(11)), Lang: s.ColumnText(12),
			StartedAt: sqlitefile.Time(s.ColumnInt64(13)), ReceivedAt: sqlitefile.Time(s.ColumnInt64(14)), Comment: s.ColumnText(15),
		}
		s.ColumnBytes(1, r.ID[:])
		list = append(list, r)
		return nil
	}})
	if err != nil {
		return nil, 0, fmt.Errorf("read staged responses: %w", err)
	}
	return list, last, nil
}

package sqlite

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"sync"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/analytics"
	"persepsi/survey"
)

// groupKey names what is recounted at once: one unit in one period.
type groupKey struct{ period, unit, form string }

// Recount rebuilds every tally from raw responses; see analytics.TallyStore.
// Groups are counted side by side, each at one moment of the store, so a
// server may go on writing.
func (db *DB) Recount(ctx context.Context, period string) (analytics.Recounted, error) {
	if _, err := db.Settle(ctx); err != nil {
		return analytics.Recounted{}, err
	}
	var groups []groupKey
	err := db.read(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `SELECT DISTINCT period, unit, form FROM buckets WHERE ?1 = '' OR period = ?1
			UNION SELECT DISTINCT period, unit, form FROM tallies WHERE ?1 = '' OR period = ?1`,
			&sqlitex.ExecOptions{Args: []any{period}, ResultFunc: func(s *sqlite.Stmt) error {
				groups = append(groups, groupKey{s.ColumnText(0), s.ColumnText(1), s.ColumnText(2)})
				return nil
			}})
	})
	if err != nil {
		return analytics.Recounted{}, err
	}
	return db.recountAll(ctx, groups)
}

func (db *DB) recountAll(ctx context.Context, groups []groupKey) (analytics.Recounted, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	work := make(chan groupKey)
	var total analytics.Recounted
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range max(runtime.GOMAXPROCS(0), 1) {
		wg.Go(func() {
			for g := range work {
				n, err := db.recountGroup(ctx, g)
				if err != nil {
					cancel(err)
					return
				}
				mu.Lock()
				total.Buckets += n.Buckets
				total.Responses += n.Responses
				total.Differing += n.Differing
				mu.Unlock()
			}
		})
	}
feed:
	for _, g := range groups {
		select {
		case work <- g:
		case <-ctx.Done():
			break feed
		}
	}
	close(work)
	wg.Wait()
	if err := context.Cause(ctx); err != nil {
		return total, fmt.Errorf("recount: %w", err)
	}
	return total, nil
}

// replacement is a stored tally that differs from the recount.
type replacement struct {
	key    analytics.Key
	stored []byte // nil: there was none
	right  *analytics.Tally
}

func (db *DB) recountGroup(ctx context.Context, g groupKey) (analytics.Recounted, error) {
	n, differing, err := db.compareGroup(ctx, g)
	if err != nil || len(differing) == 0 {
		return n, err
	}
	err = db.deriving(func(c *sqlite.Conn) error {
		for _, d := range differing {
			now, err := storedTally(c, d.key)
			if err != nil {
				return err
			}
			if !bytes.Equal(now, d.stored) {
				continue // it changed since: the change was made on what was compared
			}
			if d.right.N == 0 {
				err = sqlitex.Execute(c, `DELETE FROM tallies WHERE period = ? AND level = ? AND unit = ? AND form = ? AND start = ?`,
					&sqlitex.ExecOptions{Args: []any{d.key.Period, int64(d.key.Level), d.key.Unit, d.key.Form, int64(d.key.Start)}})
			} else {
				err = putTally(c, d.key, d.right)
			}
			if err != nil {
				return err
			}
		}
		return revise(c, g.period)
	})
	return n, err
}

// compareGroup counts a group anew and gives what differs. Of a bucket that
// lags only what its tally should hold is counted.
func (db *DB) compareGroup(ctx context.Context, g groupKey) (analytics.Recounted, []replacement, error) {
	var n analytics.Recounted
	var out []replacement
	form, err := db.library.FormByID(g.form)
	if err != nil {
		return n, nil, err
	}
	err = db.snapshot(ctx, func(c *sqlite.Conn) error {
		list, err := groupBuckets(c, g)
		if err != nil {
			return err
		}
		stored, err := groupTallies(c, g)
		if err != nil {
			return err
		}
		right := map[analytics.Key]*analytics.Tally{}
		names := interner{}
		for _, b := range list {
			key := b.key.tally()
			upTo := b.n
			if b.stale {
				if stored[key] == nil {
					upTo = 0
				} else if held := db.held(stored[key]); held >= 0 {
					upTo = min(held, b.n)
				}
			}
			day := analytics.NewTally(form)
			if err := scanTallied(c, &b.bucket, 0, upTo, names, day.Add); err != nil {
				return fmt.Errorf("count bucket %s: %w", b.key.day, err)
			}
			n.Buckets++
			n.Responses += day.N
			right[key] = day
			for _, k := range key.Up() {
				if right[k] == nil {
					right[k] = analytics.NewTally(form)
				}
				if err := right[k].Merge(day); err != nil {
					return err
				}
			}
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		out = differences(stored, right, form)
		return nil
	})
	n.Differing = len(out)
	return n, out, err
}

func differences(stored map[analytics.Key][]byte, right map[analytics.Key]*analytics.Tally, form *survey.Form) []replacement {
	var out []replacement
	for key, t := range right {
		if have := stored[key]; t.N > 0 && !bytes.Equal(have, t.Encode()) || t.N == 0 && have != nil {
			out = append(out, replacement{key, have, t})
		}
	}
	for key, have := range stored {
		if right[key] == nil {
			out = append(out, replacement{key, have, analytics.NewTally(form)})
		}
	}
	return out
}

type markedBucket struct {
	bucket
	stale bool
}

func groupBuckets(c *sqlite.Conn, g groupKey) ([]markedBucket, error) {
	var out []markedBucket
	err := sqlitex.Execute(c, `SELECT id, n, day, id IN (SELECT bucket FROM stale) FROM buckets WHERE period = ? AND unit = ? AND form = ? ORDER BY day`,
		&sqlitex.ExecOptions{Args: []any{g.period, g.unit, g.form}, ResultFunc: func(s *sqlite.Stmt) error {
			out = append(out, markedBucket{
				bucket: bucket{id: s.ColumnInt64(0), n: s.ColumnInt64(1), key: bucketKey{g.period, g.unit, g.form, survey.Date(s.ColumnInt64(2))}},
				stale:  s.ColumnBool(3),
			})
			return nil
		}})
	if err != nil {
		return nil, fmt.Errorf("list buckets: %w", err)
	}
	return out, nil
}

func groupTallies(c *sqlite.Conn, g groupKey) (map[analytics.Key][]byte, error) {
	out := map[analytics.Key][]byte{}
	for _, level := range []analytics.Level{analytics.LevelDay, analytics.LevelMonth, analytics.LevelPeriod} {
		err := sqlitex.Execute(c, `SELECT start, tally FROM tallies WHERE period = ? AND level = ? AND unit = ? AND form = ?`,
			&sqlitex.ExecOptions{Args: []any{g.period, int64(level), g.unit, g.form}, ResultFunc: func(s *sqlite.Stmt) error {
				k := analytics.Key{Period: g.period, Unit: g.unit, Form: g.form, Level: level, Start: survey.Date(s.ColumnInt64(0))}
				out[k] = blob(s, 1, nil)
				return nil
			}})
		if err != nil {
			return nil, fmt.Errorf("read tallies: %w", err)
		}
	}
	return out, nil
}

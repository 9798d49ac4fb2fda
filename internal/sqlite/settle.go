package sqlite

import (
	"context"
	"fmt"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/analytics"
	"persepsi/survey"
)

// settleChunk is the number of buckets settled in one transaction: few enough
// that no answer waits long for the writer.
const settleChunk = 24

// delta is what a bucket's tally lacks.
type delta struct {
	bucket bucket
	// held is the number of responses that the saved tally holds.
	held  int64
	fresh *analytics.Tally
	// broken tells that the saved tally can't be read, or holds more than
	// there is: it is counted anew.
	broken bool
}

// Settle brings every lagging bucket up to date; see analytics.TallyStore.
//
// What is missing is counted beside the writers: responses within a bucket are
// numbered without a gap, so the range after the saved tally's N can't change.
// The writer only merges.
func (db *DB) Settle(ctx context.Context) (int, error) {
	changed := 0
	stale, err := db.stale(ctx)
	if err != nil {
		return 0, err
	}
	for len(stale) > 0 {
		chunk := stale[:min(settleChunk, len(stale))]
		stale = stale[len(chunk):]
		deltas, err := db.deltas(ctx, chunk)
		if err != nil {
			return changed, err
		}
		n, err := db.merge(deltas)
		changed += n
		if err != nil {
			return changed, err
		}
		for _, d := range deltas {
			if !d.broken {
				continue
			}
			if _, err := db.recountGroup(ctx, groupKey{d.bucket.key.period, d.bucket.key.unit, d.bucket.key.form}); err != nil {
				return changed, err
			}
			changed++
		}
	}
	return changed, nil
}

// stale lists the buckets that may lag.
func (db *DB) stale(ctx context.Context) ([]int64, error) {
	var out []int64
	err := db.read(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `SELECT bucket FROM stale`, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
			out = append(out, s.ColumnInt64(0))
			return nil
		}})
	})
	return out, err
}

// deltas counts what the tallies of some buckets lack.
func (db *DB) deltas(ctx context.Context, ids []int64) ([]delta, error) {
	out := make([]delta, 0, len(ids))
	err := db.snapshot(ctx, func(c *sqlite.Conn) error {
		names := interner{}
		for _, id := range ids {
			b, err := bucketByID(c, id)
			if err != nil {
				return err
			}
			d, err := db.delta(c, b, names)
			if err != nil {
				return fmt.Errorf("count bucket %s/%s %s: %w", b.key.period, b.key.unit, b.key.day, err)
			}
			out = append(out, d)
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

func bucketByID(c *sqlite.Conn, id int64) (bucket, error) {
	b := bucket{}
	err := sqlitex.Execute(c, `SELECT id, n, period, unit, form, day FROM buckets WHERE id = ?`,
		&sqlitex.ExecOptions{Args: []any{id}, ResultFunc: func(s *sqlite.Stmt) error {
			b = bucket{id: s.ColumnInt64(0), n: s.ColumnInt64(1), key: bucketKey{
				s.ColumnText(2), s.ColumnText(3), s.ColumnText(4), survey.Date(s.ColumnInt64(5)),
			}}
			return nil
		}})
	if err == nil && b.id == 0 {
		err = fmt.Errorf("bucket %d is not there", id)
	}
	return b, err
}

func (k bucketKey) tally() analytics.Key {
	return analytics.Key{Period: k.period, Unit: k.unit, Form: k.form, Level: analytics.LevelDay, Start: k.day}
}

func (db *DB) delta(c *sqlite.Conn, b bucket, names interner) (delta, error) {
	form, err := db.library.FormByID(b.key.form)
	if err != nil {
		return delta{}, err
	}
	d := delta{bucket: b, fresh: analytics.NewTally(form)}
	saved, err := storedTally(c, b.key.tally())
	if err != nil {
		return delta{}, err
	}
	if saved != nil {
		if d.held = db.held(saved); d.held < 0 || d.held > b.n {
			d.broken = true
			return d, nil
		}
	}
	return d, scanTallied(c, &b, d.held, b.n, names, d.fresh.Add)
}

// held gives the number of responses that a saved tally holds, -1 where it
// can't be read.
func (db *DB) held(saved []byte) int64 {
	t, err := analytics.DecodeTotals(db.library, saved)
	if err != nil {
		return -1
	}
	return t.N
}

// merge adds the deltas to the saved tallies and clears the marks of buckets
// that got no response meanwhile.
func (db *DB) merge(deltas []delta) (int, error) {
	changed := 0
	err := db.deriving(func(c *sqlite.Conn) error {
		changed = 0
		for i := range deltas {
			d := &deltas[i]
			if d.broken {
				continue
			}
			done, err := db.mergeOne(c, d)
			if err != nil {
				return fmt.Errorf("settle bucket %s/%s %s: %w", d.bucket.key.period, d.bucket.key.unit, d.bucket.key.day, err)
			}
			if done {
				changed++
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return changed, nil
}

func (db *DB) mergeOne(c *sqlite.Conn, d *delta) (bool, error) {
	key := d.bucket.key.tally()
	held := int64(0)
	if err := sqlitex.Execute(c, `SELECT n FROM tallies WHERE period = ? AND level = ? AND unit = ? AND form = ? AND start = ?`,
		&sqlitex.ExecOptions{Args: []any{key.Period, int64(key.Level), key.Unit, key.Form, int64(key.Start)}, ResultFunc: func(s *sqlite.Stmt) error {
			held = s.ColumnInt64(0)
			return nil
		}}); err != nil {
		return false, err
	}
	if held != d.held {
		return false, nil // another process settled it first; its mark stays for the next round
	}
	if d.fresh.N > 0 {
		up := key.Up()
		for _, k := range []analytics.Key{key, up[0], up[1]} {
			t, err := db.grown(c, k, d.fresh)
			if err != nil {
				return false, err
			}
			if err := putTally(c, k, t); err != nil {
				return false, err
			}
		}
		if err := revise(c, key.Period); err != nil {
			return false, err
		}
	}
	return d.fresh.N > 0, sqlitex.Execute(c, `DELETE FROM stale WHERE bucket = ?1 AND (SELECT n FROM buckets WHERE id = ?1) = ?2`,
		&sqlitex.ExecOptions{Args: []any{d.bucket.id, d.bucket.n}})
}

// grown gives a saved tally with a delta added.
func (db *DB) grown(c *sqlite.Conn, k analytics.Key, fresh *analytics.Tally) (*analytics.Tally, error) {
	saved, err := storedTally(c, k)
	if err != nil {
		return nil, err
	}
	if saved == nil {
		return fresh, nil
	}
	t, err := analytics.DecodeTally(db.library, saved)
	if err != nil {
		return nil, err
	}
	return t, t.Merge(fresh)
}

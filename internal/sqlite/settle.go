package sqlite

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/analytics"
)

const (
	// settleRows and settleBuckets bound what is settled in one transaction:
	// memory, and how long an answer may wait for the writer.
	settleRows    = 16 << 10
	settleBuckets = 1 << 10
)

// settlement is what some segments' tallies lack, merged into the stored ones
// and ready to be written.
type settlement struct {
	period   string
	revision int64 // of the period, when the stored tallies were read
	portions []portion
	buckets  int
	puts     []put
	buf      []byte // what the puts are cut out of
	stored   []byte // what was read last: memory to be used again
}

// portion is a range of responses of a segment: after to upTo.
type portion struct {
	segment
	upTo int64
}

// put is a tally to be written: buf[from:to].
type put struct {
	key      analytics.Key
	id       int64 // of the stored one, 0 where there is none
	from, to int
}

// unreadable tells that a stored tally can't be decoded.
type unreadable struct {
	key   analytics.Key
	cause error
}

func (e *unreadable) Error() string {
	return fmt.Sprintf("tally of %s/%s, level %d, %s: %v", e.key.Period, e.key.Unit, e.key.Level, e.key.Start, e.cause)
}

func (e *unreadable) Unwrap() error { return e.cause }

// Settle brings every lagging bucket up to date; see analytics.TallyStore.
//
// What is missing is counted and merged beside the writers: responses within a
// segment are numbered without a gap, so a range of them can't change. The
// writer only stores, where nobody else did meanwhile.
func (db *DB) Settle(ctx context.Context) (int, error) {
	changed, _, err := db.settle(ctx)
	return changed, err
}

// settle is Settle, and tells which tallies it had to mend.
func (db *DB) settle(ctx context.Context) (changed int, mended analytics.Recounted, err error) {
	db.settling.Lock()
	defer db.settling.Unlock()
	if err := db.finishImport(ctx); err != nil {
		return 0, mended, err
	}
	lagging, err := db.lagging(ctx)
	if err != nil {
		return 0, mended, err
	}
	anew := ""
	for len(lagging) > 0 {
		s, rest, err := db.settlement(ctx, lagging)
		var bad *unreadable
		if errors.As(err, &bad) && anew != bad.key.Period {
			// Derived data that can't be read are made anew from the facts.
			anew = bad.key.Period
			n, err := db.recount(ctx, anew)
			if err != nil {
				return changed, mended, err
			}
			changed += n.Differing
			mended.Add(n)
			continue
		}
		if err != nil {
			return changed, mended, err
		}
		kept, err := db.keep(s)
		if err != nil {
			return changed, mended, err
		}
		// Where it was not kept, another process came first: look again.
		if kept {
			changed += s.buckets
			lagging = rest
		}
	}
	return changed, mended, nil
}

// lagging lists what the tallies lack.
func (db *DB) lagging(ctx context.Context) ([]portion, error) {
	var out []portion
	err := db.read(ctx, func(c *sqlite.Conn) error {
		list, err := segments(c, `WHERE tallied < n`)
		for _, s := range list {
			out = append(out, portion{s, s.n})
		}
		return err
	})
	return out, err
}

// settlement counts the first of some portions, as many as fit, and gives the
// rest.
func (db *DB) settlement(ctx context.Context, lagging []portion) (*settlement, []portion, error) {
	s := &settlement{period: lagging[0].period, buf: db.tallyBuf[:0]}
	rest := slices.Clone(lagging)
	err := db.snapshot(ctx, func(c *sqlite.Conn) error {
		var err error
		if s.revision, err = revision(c, s.period); err != nil {
			return err
		}
		counted := db.newCount()
		defer counted.release()
		if rest, err = s.count(ctx, c, db, counted, rest); err != nil {
			return err
		}
		s.buckets = len(counted.fresh)
		return s.merge(c, counted)
	})
	db.tallyBuf = s.buf
	return s, rest, err
}

// count counts portions of one period until enough is counted, and gives those
// that are left.
func (s *settlement) count(ctx context.Context, c *sqlite.Conn, db *DB, counted *count, todo []portion) ([]portion, error) {
	of, err := db.unitForms.names(c)
	if err != nil {
		return nil, err
	}
	rows := int64(0)
	for len(todo) > 0 && todo[0].period == s.period && rows < settleRows && len(counted.fresh) < settleBuckets {
		p := &todo[0]
		now, err := segments(c, `WHERE id = ?`, p.id)
		if err != nil {
			return nil, err
		}
		if len(now) != 1 {
			return nil, fmt.Errorf("segment %s %s is not there", p.period, p.day)
		}
		from := now[0].tallied // another process may have settled some
		upTo := min(p.upTo, from+settleRows-rows)
		if upTo > from {
			if err := counted.add(c, &p.segment, from, upTo, of); err != nil {
				return nil, err
			}
			rows += upTo - from
			taken := portion{p.segment, upTo}
			taken.tallied = from
			s.portions = append(s.portions, taken)
		}
		if upTo >= p.upTo {
			todo = todo[1:]
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	return todo, nil
}

// merge adds what was counted to the stored tallies of all levels.
func (s *settlement) merge(c *sqlite.Conn, counted *count) error {
	fresh := make(map[analytics.Key][]*analytics.Tally, 3*len(counted.fresh))
	keys := make([]analytics.Key, 0, 3*len(counted.fresh))
	for b, t := range counted.fresh {
		key := segmentKey{s.period, b.day}.tally(b.of)
		up := key.Up()
		for _, k := range []analytics.Key{key, up[0], up[1]} {
			if fresh[k] == nil {
				keys = append(keys, k)
			}
			fresh[k] = append(fresh[k], t)
		}
	}
	slices.SortFunc(keys, analytics.Key.Compare)
	for _, key := range keys {
		if err := s.grow(c, key, fresh[key], counted.pool); err != nil {
			return err
		}
		runtime.Gosched() // answers come first
	}
	return nil
}

// grow adds tallies to a stored one.
func (s *settlement) grow(c *sqlite.Conn, key analytics.Key, fresh []*analytics.Tally, pool *tallyPool) error {
	sum, err := pool.take(key.Form)
	if err != nil {
		return err
	}
	defer pool.put(sum)
	id, stored, err := storedTally(c, key, s.stored)
	if err != nil {
		return err
	}
	if id != 0 {
		s.stored = stored
		if err := sum.Decode(stored); err != nil {
			return &unreadable{key, err}
		}
	}
	for _, t := range fresh {
		if err := sum.Merge(t); err != nil {
			return err
		}
	}
	from := len(s.buf)
	s.buf = sum.AppendEncode(s.buf)
	s.puts = append(s.puts, put{key, id, from, len(s.buf)})
	return nil
}

// keep writes a settlement, unless another process changed a tally of the
// period since it was made.
func (db *DB) keep(s *settlement) (kept bool, err error) {
	if len(s.portions) == 0 {
		return true, nil // others settled it all
	}
	err = db.deriving(func(c *sqlite.Conn) error {
		now, err := revision(c, s.period)
		if err != nil || now != s.revision {
			return err
		}
		for _, p := range s.portions {
			if err := sqlitex.Execute(c, `UPDATE segments SET tallied = ? WHERE id = ?`, &sqlitex.ExecOptions{Args: []any{p.upTo, p.id}}); err != nil {
				return fmt.Errorf("settle segment %s %s: %w", p.period, p.day, err)
			}
		}
		for _, p := range s.puts {
			if err := p.write(c, s.buf[p.from:p.to]); err != nil {
				return err
			}
		}
		kept = true
		return revise(c, s.period)
	})
	return kept && err == nil, err
}

// write writes a tally where nothing changed since it was read.
func (p *put) write(c *sqlite.Conn, tally []byte) error {
	if p.id == 0 {
		return putTally(c, p.key, tally)
	}
	update, err := c.Prepare(`UPDATE tallies SET tally = ? WHERE id = ?`)
	if err != nil {
		return fmt.Errorf("write a tally: %w", err)
	}
	update.BindBytes(1, tally)
	update.BindInt64(2, p.id)
	if err := run(update); err != nil {
		return fmt.Errorf("write a tally: %w", err)
	}
	return nil
}

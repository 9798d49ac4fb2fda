package sqlite

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/analytics"
	"persepsi/survey"
)

// Recount rebuilds every tally from raw responses; see analytics.TallyStore.
// A server may go on writing: what the tallies hold at one moment is compared
// with the responses that they hold then.
func (db *DB) Recount(ctx context.Context, period string) (analytics.Recounted, error) {
	_, total, err := db.settle(ctx)
	if err != nil {
		return total, err
	}
	// What settling counted to mend is counted again, and told once.
	total.Buckets, total.Responses = 0, 0
	n, err := db.recount(ctx, period)
	total.Add(n)
	return total, err
}

func (db *DB) recount(ctx context.Context, period string) (analytics.Recounted, error) {
	var total analytics.Recounted
	err := db.snapshot(ctx, func(c *sqlite.Conn) error {
		of, err := db.unitForms.names(c)
		if err != nil {
			return err
		}
		periods, err := counted(c, period)
		if err != nil {
			return err
		}
		for _, p := range periods {
			r := recounting{db: db, moment: c, period: p, of: of, names: interner{}, marks: map[int64]int64{}, differing: map[analytics.Key][]byte{}, damaged: map[analytics.Key]bool{}}
			if err := r.run(ctx); err != nil {
				return fmt.Errorf("recount period %s: %w", p, err)
			}
			total.Buckets += r.buckets
			total.Responses += r.responses
			for _, key := range slices.SortedFunc(maps.Keys(r.differing), analytics.Key.Compare) {
				total.Mend(analytics.Mended{Key: key, Damaged: r.damaged[key]})
			}
			for _, s := range r.strays {
				total.Mend(analytics.Mended{Key: s.key, Damaged: true})
			}
		}
		return nil
	})
	return total, err
}

// counted lists the periods that have responses or tallies.
func counted(c *sqlite.Conn, period string) ([]string, error) {
	var out []string
	err := sqlitex.Execute(c, `SELECT period FROM segments WHERE ?1 = '' OR period = ?1 UNION SELECT period FROM tallies WHERE ?1 = '' OR period = ?1 ORDER BY 1`,
		&sqlitex.ExecOptions{Args: []any{period}, ResultFunc: func(s *sqlite.Stmt) error {
			out = append(out, s.ColumnText(0))
			return nil
		}})
	if err != nil {
		return nil, fmt.Errorf("list periods: %w", err)
	}
	return out, nil
}

// recounting is the recount of one period.
type recounting struct {
	db     *DB
	moment *sqlite.Conn // sees the tallies, and what they hold, at one moment
	period string
	of     map[int64]unitForm
	names  interner
	marks  map[int64]int64 // how many responses of a segment were counted

	mu        sync.Mutex // guards the rest while segments are counted side by side
	buckets   int
	responses int64
	// differing are the right tallies, encoded, where the stored ones are
	// others; nil where there should be none.
	differing map[analytics.Key][]byte
	damaged   map[analytics.Key]bool // those of them whose stored one can't be read
	strays    []stray
}

// stray is a stored tally under a level or start that nothing can have.
type stray struct {
	id  int64
	key analytics.Key
}

// span is a level and start.
type span struct {
	level analytics.Level
	start survey.Date
}

// sums are the right tallies of one span.
type sums map[unitForm]*analytics.Tally

func (s sums) release(pool *tallyPool) {
	for _, t := range s {
		pool.put(t)
	}
}

func (r *recounting) run(ctx context.Context) error {
	list, err := segments(r.moment, `WHERE period = ?`, r.period)
	if err != nil {
		return err
	}
	unseen, err := r.spans()
	if err != nil {
		return err
	}
	whole := sums{}
	defer whole.release(&r.db.tallies)
	for len(list) > 0 {
		days := 1
		for days < len(list) && list[days].day.Month() == list[0].day.Month() {
			days++
		}
		if err := r.month(ctx, list[:days], whole, unseen); err != nil {
			return err
		}
		list = list[days:]
	}
	if err := r.check(span{analytics.LevelPeriod, 0}, whole, unseen); err != nil {
		return err
	}
	for s := range unseen { // tallies of nothing
		if err := r.check(s, sums{}, nil); err != nil {
			return err
		}
	}
	if len(r.differing) == 0 && len(r.strays) == 0 {
		return nil
	}
	return r.mend()
}

// spans lists what there are stored tallies for.
func (r *recounting) spans() (map[span]bool, error) {
	out := map[span]bool{}
	err := sqlitex.Execute(r.moment, `SELECT level, start, id, unit, form FROM tallies WHERE period = ?`,
		&sqlitex.ExecOptions{Args: []any{r.period}, ResultFunc: func(s *sqlite.Stmt) error {
			this := span{analytics.Level(s.ColumnInt64(0)), survey.Date(s.ColumnInt64(1))}
			if int64(this.level) == s.ColumnInt64(0) && int64(this.start) == s.ColumnInt64(1) {
				out[this] = true
				return nil
			}
			of := unitForm{r.names.column(s, 3), r.names.column(s, 4)}
			r.strays = append(r.strays, stray{s.ColumnInt64(2), r.key(this, of)})
			return nil
		}})
	if err != nil {
		return nil, fmt.Errorf("list tallies: %w", err)
	}
	return out, nil
}

// month counts the segments of a month side by side, and adds them to the
// whole.
func (r *recounting) month(ctx context.Context, days []segment, whole sums, unseen map[span]bool) error {
	month := sums{}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range days {
		s := &days[i]
		r.marks[s.id] = s.tallied
		this := span{analytics.LevelDay, s.day}
		delete(unseen, this)
		stored, err := r.stored(this)
		if err != nil {
			return errors.Join(err, group.Wait())
		}
		group.Go(func() error { return r.day(ctx, s, stored, month) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	defer month.release(&r.db.tallies)
	if err := r.check(span{analytics.LevelMonth, days[0].day.Month()}, month, unseen); err != nil {
		return err
	}
	return r.raise(month, whole)
}

// day counts one segment.
func (r *recounting) day(ctx context.Context, s *segment, stored map[unitForm][]byte, month sums) error {
	n := r.db.newCount()
	defer n.release()
	// Not the moment's connection: what is counted can't change.
	if err := r.db.read(ctx, func(c *sqlite.Conn) error { return n.add(c, s, 0, s.tallied, r.of) }); err != nil {
		return err
	}
	right := make(sums, len(n.fresh))
	responses := int64(0)
	for b, t := range n.fresh {
		right[b.of] = t
		responses += t.N
	}
	r.compare(span{analytics.LevelDay, s.day}, right, stored)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.buckets += len(right)
	r.responses += responses
	return r.raise(right, month)
}

// raise adds tallies to those of the span above.
func (r *recounting) raise(from, to sums) error {
	for of, t := range from {
		if to[of] == nil {
			fresh, err := r.db.tallies.take(of.form)
			if err != nil {
				return err
			}
			to[of] = fresh
		}
		if err := to[of].Merge(t); err != nil {
			return err
		}
	}
	return nil
}

// stored reads the stored tallies of a span.
func (r *recounting) stored(s span) (map[unitForm][]byte, error) {
	out := make(map[unitForm][]byte, len(r.of))
	var block []byte // what the tallies are cut out of
	err := sqlitex.Execute(r.moment, `SELECT unit, form, tally FROM tallies WHERE period = ? AND level = ? AND start = ?`,
		&sqlitex.ExecOptions{Args: []any{r.period, int64(s.level), int64(s.start)}, ResultFunc: func(row *sqlite.Stmt) error {
			size := row.ColumnLen(2)
			if len(block) < size {
				block = make([]byte, max(size, 256<<10))
			}
			out[unitForm{r.names.column(row, 0), r.names.column(row, 1)}] = blob(row, 2, block[:size:size])
			block = block[size:]
			return nil
		}})
	if err != nil {
		return nil, fmt.Errorf("read tallies: %w", err)
	}
	return out, nil
}

// check compares the stored tallies of a month or the period.
func (r *recounting) check(s span, right sums, unseen map[span]bool) error {
	delete(unseen, s)
	stored, err := r.stored(s)
	if err != nil {
		return err
	}
	r.compare(s, right, stored)
	return nil
}

// compare notes what differs.
func (r *recounting) compare(s span, right sums, stored map[unitForm][]byte) {
	var buf []byte
	for of, t := range right {
		buf = t.AppendEncode(buf[:0])
		if old, ok := stored[of]; !ok || !bytes.Equal(buf, old) {
			r.differ(r.key(s, of), bytes.Clone(buf), old)
		}
	}
	for of, old := range stored {
		if right[of] == nil {
			r.differ(r.key(s, of), nil, old)
		}
	}
}

// differ notes a right tally whose stored one is another; nil is none.
func (r *recounting) differ(key analytics.Key, right, stored []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.differing[key] = right
	if stored != nil {
		_, err := analytics.DecodeTotals(r.db.library, stored)
		r.damaged[key] = err != nil
	}
}

func (r *recounting) key(s span, of unitForm) analytics.Key {
	return analytics.Key{Period: r.period, Unit: of.unit, Form: of.form, Level: s.level, Start: s.start}
}

// mend writes the right tallies, with what the stored ones were given since
// the moment that was recounted.
func (r *recounting) mend() error {
	return r.db.deriving(func(c *sqlite.Conn) error {
		list, err := segments(c, `WHERE period = ?`, r.period)
		if err != nil {
			return err
		}
		of, err := r.db.unitForms.names(c)
		if err != nil {
			return err
		}
		grown := map[analytics.Key]*analytics.Tally{}
		for i := range list {
			s := &list[i]
			if err := s.scanTallied(c, r.marks[s.id], s.tallied, interner{}, func(number int64, given *survey.Response) error {
				given.Unit, given.Form = of[number].unit, of[number].form
				return r.add(grown, given)
			}); err != nil {
				return fmt.Errorf("count segment %s %s: %w", s.period, s.day, err)
			}
		}
		for _, s := range r.strays {
			if err := sqlitex.Execute(c, `DELETE FROM tallies WHERE id = ?`, &sqlitex.ExecOptions{Args: []any{s.id}}); err != nil {
				return fmt.Errorf("remove a tally: %w", err)
			}
		}
		for key, right := range r.differing {
			if t := grown[key]; t != nil {
				right = t.Encode()
			}
			if right == nil {
				err = dropTally(c, key)
			} else {
				err = putTally(c, key, right)
			}
			if err != nil {
				return err
			}
		}
		return revise(c, r.period)
	})
}

// add counts a response in those tallies that differ.
func (r *recounting) add(grown map[analytics.Key]*analytics.Tally, given *survey.Response) error {
	key := analytics.KeyOf(given)
	up := key.Up()
	for _, k := range []analytics.Key{key, up[0], up[1]} {
		right, differs := r.differing[k]
		if !differs {
			continue
		}
		if grown[k] == nil {
			form, err := r.db.library.FormByID(k.Form)
			if err != nil {
				return err
			}
			t := analytics.NewTally(form)
			if right != nil {
				if err := t.Decode(right); err != nil {
					return err
				}
			}
			grown[k] = t
		}
		if err := grown[k].Add(given); err != nil {
			return err
		}
	}
	return nil
}

package sqlite

import (
	"context"
	"fmt"
	"runtime"

	"zombiezen.com/go/sqlite"

	"persepsi/analytics"
	"persepsi/internal/projection"
	"persepsi/survey"
)

const (
	// takeRows and takeBuckets bound what is taken at once: memory, and how long
	// an answer may wait for the writer when it is stored.
	takeRows    = 16 << 10
	takeBuckets = 1 << 10
)

// batchPortions is the note of which responses a batch holds.
type batchPortions struct {
	// portions are its responses, by segment. Within one they are numbered without a
	// gap, so a range of them can't change but by being taken out: it is read beside
	// the writers, and one number tells what the tallies hold.
	portions map[int64]*portion
	// recounts is the newest request for a recount that it knows: see take.
	recounts int64
}

// portion is the responses after from up to upTo of a segment.
type portion struct {
	segment
	from, upTo int64
}

// Take counts responses that no tally holds; see projection.Store.
func (db *DB) Take(ctx context.Context, b *projection.Batch) (more bool, err error) {
	if err := db.finishImport(ctx); err != nil {
		return false, err
	}
	if err := db.finishUndo(ctx); err != nil {
		return false, err
	}
	held, ok := b.Mark.(*batchPortions)
	if !ok {
		held = &batchPortions{portions: map[int64]*portion{}}
		b.Mark = held
	}
	err = db.snapshot(ctx, func(c *sqlite.Conn) error {
		if held.recounts, err = recounts(c, b.Anew); err != nil {
			return err
		}
		list, err := segments(c, `WHERE tallied < n`)
		if err != nil {
			return err
		}
		of, err := db.unitForms.names(c)
		if err != nil {
			return err
		}
		rows := int64(0)
		for i := range list {
			s := &list[i]
			p := held.portions[s.id]
			if p == nil {
				p = &portion{segment: *s, from: s.tallied, upTo: s.tallied}
				held.portions[s.id] = p
			}
			upTo := min(s.n, p.upTo+takeRows-rows)
			if err := s.count(c, p.upTo, upTo, of, func(u unitForm) (*analytics.Tally, error) {
				return b.Tally(s.tally(u), p.from == 0, 0)
			}); err != nil {
				return err
			}
			rows += upTo - p.upTo
			p.upTo = upTo
			if rows >= takeRows || len(b.Fresh) >= takeBuckets {
				more = upTo < s.n || i+1 < len(list)
				break
			}
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		b.Rows += rows
		return nil
	})
	return more, err
}

// Release has nothing to do: how many responses the tallies hold stands in the
// store.
func (db *DB) Release(*projection.Batch) {}

// Count counts buckets anew, those of a day in one go; see projection.Store.
func (db *DB) Count(ctx context.Context, keys []analytics.Key, b *projection.Batch, to projection.Sink) error {
	days := map[segmentKey]bool{}
	wanted := make(map[analytics.Key]bool, len(keys))
	for _, k := range keys {
		days[segmentKey{k.Period, k.Start}], wanted[k] = true, true
	}
	held, _ := b.Mark.(*batchPortions)
	if held == nil {
		held = new(batchPortions)
	}
	return db.snapshot(ctx, func(c *sqlite.Conn) error {
		of, err := db.unitForms.names(c)
		if err != nil {
			return err
		}
		for day := range days {
			list, err := segments(c, `WHERE period = ? AND day = ?`, day.period, int64(day.day))
			if err != nil {
				return err
			}
			for i := range list {
				s := &list[i]
				upTo := s.tallied
				if p := held.portions[s.id]; p != nil {
					upTo = p.upTo
				}
				if err := s.count(c, 0, upTo, of, func(u unitForm) (*analytics.Tally, error) {
					k := s.tally(u)
					if !wanted[k] {
						return nil, nil //nolint:nilnil // nobody asked for it
					}
					return to(k)
				}); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// count counts the responses after to up to seq in the tallies of their units
// and forms; where there is none they are left out.
func (s *segment) count(c *sqlite.Conn, after, upTo int64, of map[int64]unitForm, to func(unitForm) (*analytics.Tally, error)) error {
	byNumber := make([]*analytics.Tally, len(of)+1) // numbers have no gaps
	known := make([]bool, len(of)+1)
	rows := 0
	err := s.scanTallied(c, after, upTo, interner{}, func(number int64, r *survey.Response) error {
		if number < 0 {
			return nil // it was taken out
		}
		if number == 0 || number >= int64(len(byNumber)) {
			return fmt.Errorf("a response names unit and form %d, which is not there", number)
		}
		if !known[number] {
			known[number] = true
			var err error
			if byNumber[number], err = to(of[number]); err != nil {
				return err
			}
		}
		if rows++; rows%64 == 0 {
			runtime.Gosched() // answers come first
		}
		t := byNumber[number]
		if t == nil {
			return nil
		}
		r.Form = t.Form().ID
		return t.Add(r)
	})
	if err != nil {
		return fmt.Errorf("count segment %s %s: %w", s.period, s.day, err)
	}
	return nil
}

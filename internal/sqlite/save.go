package sqlite

import (
	"context"
	"fmt"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/analytics"
	"persepsi/internal/projection"
)

// Save writes all of a batch in one transaction, unless another process changed
// a tally of one of its periods since it was read; see projection.Store.
func (db *DB) Save(_ context.Context, b *projection.Batch, puts []projection.Put) ([]analytics.Key, error) {
	held, _ := b.Mark.(*batchPortions)
	if held == nil {
		held = new(batchPortions)
	}
	if len(held.portions) == 0 && len(puts) == 0 && held.recounts == 0 {
		return nil, nil
	}
	return nil, db.commitDerived(func(c *sqlite.Conn) error {
		revs := map[string]int64{}
		for i := range puts {
			rev, ok := revs[puts[i].Period]
			if !ok {
				var err error
				if rev, err = revision(c, puts[i].Period); err != nil {
					return err
				}
				revs[puts[i].Period] = rev
			}
			if rev != puts[i].Old.Rev {
				return projection.ErrMoved
			}
			if puts[i].Same {
				continue
			}
			if err := put(c, &puts[i]); err != nil {
				return err
			}
		}
		for _, p := range held.portions {
			err := sqlitex.Execute(c, `UPDATE segments SET tallied = ? WHERE id = ? AND tallied = ?`, &sqlitex.ExecOptions{Args: []any{p.upTo, p.id, p.from}})
			if err != nil {
				return fmt.Errorf("settle segment %s %s: %w", p.period, p.day, err)
			}
			if c.Changes() == 0 {
				return projection.ErrMoved
			}
		}
		if err := counted(c, held.recounts); err != nil {
			return err
		}
		for period := range revs {
			if err := revise(c, period); err != nil {
				return err
			}
		}
		return nil
	})
}

// put writes or removes one tally.
func put(c *sqlite.Conn, p *projection.Put) error {
	query := `INSERT INTO tallies (period, level, start, unit, form, tally) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (period, level, start, unit, form) DO UPDATE SET tally = excluded.tally`
	if p.Tally == nil {
		query = `DELETE FROM tallies WHERE period = ? AND level = ? AND start = ? AND unit = ? AND form = ?`
	}
	s, err := c.Prepare(query)
	if err != nil {
		return fmt.Errorf("write a tally: %w", err)
	}
	bindKey(s, p.Key)
	if p.Tally != nil {
		s.BindBytes(6, p.Tally)
	}
	if err := run(s); err != nil {
		return fmt.Errorf("write a tally: %w", err)
	}
	return nil
}

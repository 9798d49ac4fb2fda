package sqlite

import (
	"context"
	"encoding/json"
	"fmt"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/internal/audit"
	"persepsi/internal/retention"
	"persepsi/survey"
)

// Erasures returns the erasures of all periods; see projection.Store.
func (db *DB) Erasures(ctx context.Context) (out []survey.Erasure, err error) {
	err = db.read(ctx, func(c *sqlite.Conn) error {
		out, err = erasures(c, `ORDER BY period`)
		return err
	})
	return out, err
}

func erasures(c *sqlite.Conn, where string, args ...any) (out []survey.Erasure, err error) {
	err = sqlitex.Execute(c, `SELECT body, done, EXISTS (SELECT 1 FROM seals WHERE seals.period = erasures.period), earlier FROM erasures `+where, &sqlitex.ExecOptions{Args: args, ResultFunc: func(s *sqlite.Stmt) error {
		e := survey.Erasure{}
		err := json.Unmarshal([]byte(s.ColumnText(0)), &e)
		e.Done, e.Sealed, e.Earlier = s.ColumnBool(1), s.ColumnBool(2), s.ColumnBool(3)
		out = append(out, e)
		return err
	}})
	if err != nil {
		return nil, fmt.Errorf("read erasures: %w", err)
	}
	return out, nil
}

// stillWhole fails where a period is erased: what is not possible any more then.
func stillWhole(c *sqlite.Conn, period, what string) error {
	list, err := erasures(c, `WHERE period = ?`, period)
	if err == nil && len(list) > 0 {
		err = list[0].Refuse(what)
	}
	return err
}

// BeginErasure stores an erasure; see retention.Store.
func (db *DB) BeginErasure(_ context.Context, e survey.Erasure) error {
	body, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("write an erasure: %w", err)
	}
	return db.commitFacts(func(c *sqlite.Conn) error {
		if err := settled(c, e.Period); err != nil {
			return err
		}
		if err := sqlitex.Execute(c, `INSERT INTO erasures (period, body) VALUES (?, ?) ON CONFLICT DO NOTHING`, &sqlitex.ExecOptions{Args: []any{e.Period, string(body)}}); err != nil {
			return fmt.Errorf("write an erasure: %w", err)
		}
		if c.Changes() == 0 {
			return retention.Begun(e.Period)
		}
		return nil
	})
}

// Seal returns the seal of an erased period; see projection.Store.
func (db *DB) Seal(ctx context.Context, period string) (out *survey.Seal, err error) {
	err = db.read(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `SELECT body FROM seals WHERE period = ?`, &sqlitex.ExecOptions{Args: []any{period}, ResultFunc: func(s *sqlite.Stmt) error {
			out = new(survey.Seal)
			return json.Unmarshal([]byte(s.ColumnText(0)), out)
		}})
	})
	if err != nil {
		return nil, fmt.Errorf("read a seal: %w", err)
	}
	return out, nil
}

// PutSeal stores the seal of a period with what the audit tells of it; see
// retention.Store. The revision grows: tallies that were computed before are not saved.
func (db *DB) PutSeal(_ context.Context, period string, at int64, seal *survey.Seal, said ...audit.Entry) error {
	body, err := json.Marshal(seal)
	if err != nil {
		return fmt.Errorf("write a seal: %w", err)
	}
	return db.commitFacts(func(c *sqlite.Conn) error {
		if err := settled(c, period); err != nil {
			return err
		}
		switch now, err := revision(c, period); {
		case err != nil:
			return err
		case now != at:
			return retention.ErrNotNow
		}
		if err := sqlitex.Execute(c, `INSERT INTO seals (period, body) SELECT period, ?2 FROM erasures WHERE period = ?1 ON CONFLICT DO NOTHING`, &sqlitex.ExecOptions{Args: []any{period, string(body)}}); err != nil {
			return fmt.Errorf("write a seal: %w", err)
		}
		if c.Changes() == 0 {
			return retention.Sealed(period)
		}
		if err := revise(c, period); err != nil {
			return err
		}
		return appendAudit(c, said)
	})
}

// EndErasure empties the log and stores that an erasure is done; see retention.Store.
func (db *DB) EndErasure(ctx context.Context, period string) error {
	for try := 1; !db.truncateLog(); try++ { // a reader needs it
		if try == truncateTries {
			return retention.ErrNotNow
		}
		if err := rest(ctx, truncatePause); err != nil {
			return err
		}
	}
	return db.commitFacts(func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `UPDATE erasures SET done = 1 WHERE period = ?`, &sqlitex.ExecOptions{Args: []any{period}})
	})
}

package sqlite

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/survey"
)

// scanTallied reads what tallies need of the responses after to up to seq of a
// segment; the one response is reused. Its unit and form are for fn to find by
// their number.
func (s *segment) scanTallied(c *sqlite.Conn, after, upTo int64, names interner, fn func(unitForm int64, r *survey.Response) error) error {
	if after >= upTo {
		return nil
	}
	rows, err := c.Prepare(selectTallied)
	if err != nil {
		return err
	}
	defer rows.Reset() //nolint:errcheck // the step's error is what counts
	rows.BindInt64(1, s.id<<seqBits|(after+1))
	rows.BindInt64(2, s.id<<seqBits|upTo)
	r := survey.Response{Period: s.period, Day: s.day}
	marks := roomFor(upTo - after)
	for {
		more, err := rows.Step()
		if err != nil || !more {
			return err
		}
		tallied(rows, &r, names, marks)
		if err := fn(rows.ColumnInt64(0), &r); err != nil {
			return err
		}
	}
}

// Responses streams the stored responses of a filter; see survey.Reader. It
// sees one moment of the store.
func (db *DB) Responses(ctx context.Context, f survey.Filter, fn func(*survey.Response) error) error {
	return db.stream(ctx, f.Period, func(_ survey.Date, unit string) bool { return f.Unit == "" || unit == f.Unit }, nil, fn)
}

// Rows calls fn with the responses that some units got on some days; see
// projection.FactStore. A day of all units is one run of rows, read once.
func (db *DB) Rows(ctx context.Context, period string, days map[string][]survey.Date, fn func(*survey.Response) error) error {
	wanted := map[survey.Date]map[string]bool{}
	for unit, list := range days {
		for _, day := range list {
			if wanted[day] == nil {
				wanted[day] = map[string]bool{}
			}
			wanted[day][unit] = true
		}
	}
	return db.stream(ctx, period, func(day survey.Date, unit string) bool { return wanted[day][unit] }, wanted, fn)
}

// stream calls fn with the responses of a period, of every one when empty, whose
// day and unit are wanted; of these days alone, where they are named. It sees one
// moment of the store.
func (db *DB) stream(ctx context.Context, period string, wanted func(survey.Date, string) bool, days map[survey.Date]map[string]bool, fn func(*survey.Response) error) error {
	return db.snapshot(ctx, func(c *sqlite.Conn) error {
		list, err := segments(c, `WHERE ?1 = '' OR period = ?1`, period)
		if err != nil {
			return err
		}
		of, err := db.unitForms.names(c)
		if err != nil {
			return err
		}
		rows, err := c.Prepare(selectWhole)
		if err != nil {
			return fmt.Errorf("read responses: %w", err)
		}
		defer rows.Reset() //nolint:errcheck // the step's error is what counts
		names, marks := interner{}, texts{}
		for i := range list {
			s := &list[i]
			if days != nil && days[s.day] == nil {
				continue
			}
			if err := rows.Reset(); err != nil {
				return fmt.Errorf("read responses: %w", err)
			}
			rows.BindInt64(1, s.id<<seqBits)
			rows.BindInt64(2, s.id<<seqBits|(1<<seqBits-1))
			r := survey.Response{Period: s.period, Day: s.day}
			for {
				more, err := rows.Step()
				if err != nil {
					return fmt.Errorf("read responses: %w", err)
				}
				if !more {
					break
				}
				given, counts := of[rows.ColumnInt64(0)] // one that was taken out is no unit's
				if !counts || !wanted(s.day, given.unit) {
					continue
				}
				r.Unit, r.Form = given.unit, given.form
				whole(rows, &r, names, &marks)
				if err := fn(&r); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Find returns the stored responses with these ids.
func (db *DB) Find(ctx context.Context, ids []uuid.UUID) ([]*survey.Response, error) {
	// Who finds an answer tells its sender that it is stored.
	if err := db.guard.Check(); err != nil {
		return nil, err
	}
	var out []*survey.Response
	err := db.snapshot(ctx, func(c *sqlite.Conn) error {
		names, marks := interner{}, roomFor(int64(len(ids)))
		for _, id := range ids {
			r, err := find(c, id[:], names, marks)
			if err != nil {
				return err
			}
			if r != nil {
				out = append(out, r)
			}
		}
		return nil
	})
	return out, err
}

// find reads one response, nil where there is none.
func find(c *sqlite.Conn, id []byte, names interner, marks *texts) (*survey.Response, error) {
	var out *survey.Response
	err := sqlitex.Execute(c, `SELECT r.unit_form, r.service, r.point, r.mode, r.hour, r.answers, r.respondent, r.id, r.lang, r.started_at, r.received_at, r.comment,
		s.period, s.day, u.unit, u.form
		FROM responses r JOIN segments s ON s.id = r.rowid >> 32 JOIN unit_forms u ON u.id = abs(r.unit_form) WHERE r.id = ?`,
		&sqlitex.ExecOptions{Args: []any{id}, ResultFunc: func(s *sqlite.Stmt) error {
			out = &survey.Response{
				Period: s.ColumnText(12), Day: survey.Date(s.ColumnInt64(13)), Unit: s.ColumnText(14), Form: s.ColumnText(15),
			}
			whole(s, out, names, marks)
			return nil
		}})
	if err != nil {
		return nil, fmt.Errorf("find a response: %w", err)
	}
	return out, nil
}

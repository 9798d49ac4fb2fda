package sqlite

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/survey"
)

// interner keeps one copy of short texts that repeat from row to row.
type interner map[string]string

func (in interner) column(s *sqlite.Stmt, col int) string {
	var buf [64]byte
	n := s.ColumnBytes(col, buf[:])
	if n == 0 {
		return ""
	}
	if n == len(buf) { // there may be more of it
		return s.ColumnText(col)
	}
	if text, ok := in[string(buf[:n])]; ok {
		return text
	}
	text := string(buf[:n])
	in[text] = text
	return text
}

// texts takes short texts that differ from row to row out of one block of
// memory for many of them, instead of one allocation each.
type texts struct{ block strings.Builder }

const (
	textBlock  = 16 << 10
	textPerRow = 24 // answers and respondent of the longest form shipped
)

// room makes a new block. What was taken out of the last one keeps that.
func (t *texts) room(size int) {
	t.block.Reset()
	t.block.Grow(size)
}

// roomFor returns texts with room for those of so many rows: no more than a block.
func roomFor(rows int64) *texts {
	var t texts
	t.room(int(min(rows, textBlock/textPerRow) * textPerRow))
	return &t
}

func (t *texts) column(s *sqlite.Stmt, col int) string {
	var buf [64]byte
	n := s.ColumnBytes(col, buf[:])
	if n == len(buf) {
		return s.ColumnText(col)
	}
	if t.block.Cap()-t.block.Len() < n {
		t.room(textBlock)
	}
	at := t.block.Len()
	t.block.Write(buf[:n])
	return t.block.String()[at:]
}

const (
	selectTallied = `SELECT unit_form, service, point, mode, hour, answers, respondent FROM responses WHERE rowid BETWEEN ?1 AND ?2 ORDER BY rowid`
	selectWhole   = `SELECT unit_form, service, point, mode, hour, answers, respondent, id, lang, started_at, received_at, comment
		FROM responses WHERE rowid BETWEEN ?1 AND ?2 ORDER BY rowid`
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

func tallied(s *sqlite.Stmt, r *survey.Response, names interner, marks *texts) {
	r.Service, r.Point = names.column(s, 1), names.column(s, 2)
	r.Mode, r.Hour = survey.Mode(s.ColumnInt64(3)), uint8(s.ColumnInt64(4))
	r.Answers, r.Respondent = survey.Marks(marks.column(s, 5)), survey.Marks(marks.column(s, 6))
}

func whole(s *sqlite.Stmt, r *survey.Response, names interner, marks *texts) {
	tallied(s, r, names, marks)
	s.ColumnBytes(7, r.ID[:])
	r.Lang = names.column(s, 8)
	r.StartedAt, r.ReceivedAt = fromMillis(s.ColumnInt64(9)), fromMillis(s.ColumnInt64(10))
	r.Comment = s.ColumnText(11)
}

// Responses streams the stored responses of a filter; see survey.Reader. It
// sees one moment of the store.
func (db *DB) Responses(ctx context.Context, f survey.Filter, fn func(*survey.Response) error) error {
	return db.stream(ctx, f.Period, func(_ survey.Date, unit string) bool { return f.Unit == "" || unit == f.Unit }, nil, fn)
}

// Rows calls fn with the responses that some units got on some days; see
// projection.ReleaseStore. A day of all units is one run of rows, read once.
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

// Find returns those of the responses with these ids that are stored.
func (db *DB) Find(ctx context.Context, ids []uuid.UUID) ([]*survey.Response, error) {
	// Who finds an answer tells its sender that it is stored.
	if err := db.guard.check(); err != nil {
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

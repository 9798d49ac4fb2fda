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

// bucket is a stored bucket.
type bucket struct {
	id, n int64
	key   bucketKey
}

// listBuckets gives the buckets of a filter, ordered as responses stream.
func listBuckets(c *sqlite.Conn, f survey.Filter) ([]bucket, error) {
	query := `SELECT id, n, period, unit, form, day FROM buckets WHERE (?1 = '' OR period = ?1) AND (?2 = '' OR unit = ?2) ORDER BY period, unit, form, day`
	if f.Period != "" { // lets the index be used
		query = `SELECT id, n, period, unit, form, day FROM buckets WHERE period = ?1 AND (?2 = '' OR unit = ?2) ORDER BY period, unit, form, day`
	}
	var out []bucket
	names := interner{}
	err := sqlitex.Execute(c, query, &sqlitex.ExecOptions{Args: []any{f.Period, f.Unit}, ResultFunc: func(s *sqlite.Stmt) error {
		out = append(out, bucket{
			id: s.ColumnInt64(0), n: s.ColumnInt64(1),
			key: bucketKey{names.column(s, 2), names.column(s, 3), names.column(s, 4), survey.Date(s.ColumnInt64(5))},
		})
		return nil
	}})
	if err != nil {
		return nil, fmt.Errorf("list buckets: %w", err)
	}
	return out, nil
}

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

const selectTallied = `SELECT service, point, mode, hour, answers, respondent FROM responses WHERE rowid BETWEEN ?1 AND ?2 ORDER BY rowid`

const selectWhole = `SELECT service, point, mode, hour, answers, respondent, id, lang, started_at, received_at, comment, rowid FROM responses WHERE rowid BETWEEN ?1 AND ?2 ORDER BY rowid`

// scanTallied reads what a tally needs of the responses after to up to seq of
// a bucket; the one response is reused.
func scanTallied(c *sqlite.Conn, b *bucket, after, upTo int64, names interner, fn func(*survey.Response) error) error {
	s, err := c.Prepare(selectTallied)
	if err != nil {
		return err
	}
	defer s.Reset() //nolint:errcheck // the step's error is what counts
	s.BindInt64(1, b.id<<seqBits|(after+1))
	s.BindInt64(2, b.id<<seqBits|upTo)
	r := b.response()
	var marks texts
	marks.room(int(min(upTo-after, textBlock/textPerRow) * textPerRow))
	for {
		more, err := s.Step()
		if err != nil || !more {
			return err
		}
		tallied(s, &r, names, &marks)
		if err := fn(&r); err != nil {
			return err
		}
	}
}

func (b *bucket) response() survey.Response {
	return survey.Response{Period: b.key.period, Unit: b.key.unit, Form: b.key.form, Day: b.key.day}
}

func tallied(s *sqlite.Stmt, r *survey.Response, names interner, marks *texts) {
	r.Service, r.Point = names.column(s, 0), names.column(s, 1)
	r.Mode, r.Hour = survey.Mode(s.ColumnInt64(2)), uint8(s.ColumnInt64(3))
	r.Answers, r.Respondent = survey.Marks(marks.column(s, 4)), survey.Marks(marks.column(s, 5))
}

func whole(s *sqlite.Stmt, r *survey.Response, names interner, marks *texts) {
	tallied(s, r, names, marks)
	s.ColumnBytes(6, r.ID[:])
	r.Lang = names.column(s, 7)
	r.StartedAt, r.ReceivedAt = moment(s.ColumnInt64(8)), moment(s.ColumnInt64(9))
	r.Comment = s.ColumnText(10)
}

// Responses streams the stored responses of a filter; see survey.Reader. It
// sees one moment of the store.
func (db *DB) Responses(ctx context.Context, f survey.Filter, fn func(*survey.Response) error) error {
	return db.snapshot(ctx, func(c *sqlite.Conn) error {
		list, err := listBuckets(c, f)
		if err != nil {
			return err
		}
		s, err := c.Prepare(selectWhole)
		if err != nil {
			return fmt.Errorf("read responses: %w", err)
		}
		defer s.Reset() //nolint:errcheck // the step's error is what counts
		names, marks := interner{}, texts{}
		for i := range list {
			b := &list[i]
			if err := s.Reset(); err != nil {
				return fmt.Errorf("read responses: %w", err)
			}
			s.BindInt64(1, b.id<<seqBits)
			s.BindInt64(2, b.id<<seqBits|(1<<seqBits-1))
			r := b.response()
			for {
				more, err := s.Step()
				if err != nil {
					return fmt.Errorf("read responses: %w", err)
				}
				if !more {
					break
				}
				whole(s, &r, names, &marks)
				if err := fn(&r); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Find gives those of the responses with these ids that are stored.
func (db *DB) Find(ctx context.Context, ids []uuid.UUID) ([]*survey.Response, error) {
	var out []*survey.Response
	err := db.snapshot(ctx, func(c *sqlite.Conn) error {
		for _, id := range ids {
			r, err := find(c, id[:])
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
func find(c *sqlite.Conn, id []byte) (*survey.Response, error) {
	var out *survey.Response
	err := sqlitex.Execute(c, `SELECT r.service, r.point, r.mode, r.hour, r.answers, r.respondent, r.id, r.lang, r.started_at, r.received_at, r.comment,
		b.period, b.unit, b.form, b.day FROM responses r JOIN buckets b ON b.id = r.rowid >> 32 WHERE r.id = ?`,
		&sqlitex.ExecOptions{Args: []any{id}, ResultFunc: func(s *sqlite.Stmt) error {
			out = &survey.Response{
				Period: s.ColumnText(11), Unit: s.ColumnText(12), Form: s.ColumnText(13), Day: survey.Date(s.ColumnInt64(14)),
			}
			whole(s, out, interner{}, new(texts))
			return nil
		}})
	if err != nil {
		return nil, fmt.Errorf("find a response: %w", err)
	}
	return out, nil
}

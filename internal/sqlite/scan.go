package sqlite

import (
	"context"
	"fmt"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/analytics"
	"persepsi/internal/projection"
	"persepsi/survey"
)

// Scans shows each period in one snapshot of the store, whatever servers write
// meanwhile; see projection.Store.
func (db *DB) Scans(ctx context.Context, f analytics.TallyFilter, fn func(projection.Scan) error) error {
	return db.snapshot(ctx, func(c *sqlite.Conn) error {
		of, err := db.unitForms.names(c)
		if err != nil {
			return err
		}
		periods, err := periods(c, f.Period)
		if err != nil {
			return err
		}
		for _, p := range periods {
			m := &scan{db: db, c: c, period: p, forms: of}
			if m.segments, err = segments(c, `WHERE period = ?`, p); err != nil {
				return err
			}
			if err := fn(m); err != nil {
				return err
			}
		}
		return nil
	})
}

// periods lists the periods that have responses or tallies.
func periods(c *sqlite.Conn, period string) ([]string, error) {
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

// scan is one period in a snapshot of the store.
type scan struct {
	db       *DB
	c        *sqlite.Conn
	period   string
	segments []segment
	forms    map[int64]unitForm
	strays   []stray
}

// stray is a stored tally under a level or start that nothing can have.
type stray struct {
	id  int64
	key analytics.Key
}

func (m *scan) Scope() analytics.TallyFilter { return analytics.TallyFilter{Period: m.period} }

func (m *scan) Starts(context.Context) ([]projection.Start, error) {
	var out []projection.Start
	seen := map[projection.Start]bool{}
	m.strays = nil
	err := sqlitex.Execute(m.c, `SELECT level, start, id, unit, form FROM tallies WHERE period = ?`,
		&sqlitex.ExecOptions{Args: []any{m.period}, ResultFunc: func(s *sqlite.Stmt) error {
			this := projection.Start{Level: analytics.Level(s.ColumnInt64(0)), Start: survey.Date(s.ColumnInt64(1))}
			if int64(this.Level) != s.ColumnInt64(0) || int64(this.Start) != s.ColumnInt64(1) {
				m.strays = append(m.strays, stray{s.ColumnInt64(2), analytics.Key{
					Period: m.period, Unit: s.ColumnText(3), Form: s.ColumnText(4), Level: this.Level, Start: this.Start,
				}})
			} else if !seen[this] {
				seen[this] = true
				out = append(out, this)
			}
			return nil
		}})
	if err != nil {
		return nil, fmt.Errorf("list tallies: %w", err)
	}
	return out, nil
}

// Parts returns the days: each is a segment.
func (m *scan) Parts(context.Context) ([]projection.Part, error) {
	out := make([]projection.Part, len(m.segments))
	for i := range m.segments {
		out[i] = projection.Part{From: m.segments[i].day, Before: m.segments[i].day + 1}
	}
	return out, nil
}

func (m *scan) Docs(_ context.Context, s projection.Selection, fn func(analytics.Key, projection.Doc) error) error {
	return docs(m.c, s, fn)
}

// Count counts a day on a connection of its own: the responses that
// tallies held in the snapshot can't change.
func (m *scan) Count(ctx context.Context, p projection.Part, to projection.Sink) error {
	for i := range m.segments {
		s := &m.segments[i]
		if s.day < p.From || s.day >= p.Before {
			continue
		}
		if err := m.db.read(ctx, func(c *sqlite.Conn) error {
			return s.count(c, 0, s.tallied, m.forms, func(u unitForm) (*analytics.Tally, error) { return to(s.tally(u)) })
		}); err != nil {
			return err
		}
	}
	return nil
}

// Unchanged is always true: a snapshot of the store doesn't change.
func (m *scan) Unchanged(context.Context) (bool, error) { return true, nil }

func (m *scan) Discard(context.Context) ([]analytics.Key, error) {
	if len(m.strays) == 0 {
		return nil, nil
	}
	var out []analytics.Key
	err := m.db.commitDerived(func(c *sqlite.Conn) error {
		for _, s := range m.strays {
			if err := sqlitex.Execute(c, `DELETE FROM tallies WHERE id = ?`, &sqlitex.ExecOptions{Args: []any{s.id}}); err != nil {
				return fmt.Errorf("remove a tally: %w", err)
			}
			out = append(out, s.key)
		}
		return revise(c, m.period)
	})
	return out, err
}

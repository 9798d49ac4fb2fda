package sqlite

import (
	"context"
	"errors"
	"fmt"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/survey"
)

const seqBits = 32

// openSegment is a segment that a batch writes to.
type openSegment struct {
	segment
	before int64
}

// batch is what one Append opened.
type batch struct {
	segments  map[segmentKey]*openSegment
	unitForms map[unitForm]int64
}

func newBatch() batch {
	return batch{segments: make(map[segmentKey]*openSegment, 2), unitForms: map[unitForm]int64{}}
}

// Append stores a batch in one durable transaction; see survey.Appender.
func (db *DB) Append(_ context.Context, list []*survey.Response) ([]survey.Outcome, error) {
	if len(list) == 0 {
		return nil, nil
	}
	outcomes := make([]survey.Outcome, len(list))
	opened := newBatch()
	err := db.commitFacts(func(c *sqlite.Conn) error {
		if err := db.append(c, &opened, list, outcomes); err != nil {
			return fmt.Errorf("append responses: %w", err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	db.unitForms.learn(opened.unitForms) // they are committed
	return outcomes, nil
}

func (db *DB) append(c *sqlite.Conn, opened *batch, list []*survey.Response, outcomes []survey.Outcome) error {
	insert, err := c.Prepare(insertResponse)
	if err != nil {
		return err
	}
	for i, r := range list {
		s, err := opened.segment(c, segmentKey{r.Period, r.Day})
		if err != nil {
			return err
		}
		of, err := db.unitForm(c, opened, unitForm{r.Unit, r.Form})
		if err != nil {
			return err
		}
		bind(insert, s.id<<seqBits|(s.n+1), of, r)
		if err := run(insert); err != nil {
			return err
		}
		if c.Changes() > 0 {
			s.n++
			outcomes[i] = survey.Outcome{Result: survey.Stored, ReceivedAt: r.ReceivedAt}
			continue
		}
		if outcomes[i], err = compare(c, r); err != nil {
			return err
		}
	}
	for _, s := range opened.segments {
		if s.n == s.before {
			continue
		}
		if err := sqlitex.Execute(c, `UPDATE segments SET n = ? WHERE id = ?`, &sqlitex.ExecOptions{Args: []any{s.n, s.id}}); err != nil {
			return err
		}
	}
	return nil
}

// run runs a statement that returns no rows.
func run(s *sqlite.Stmt) error {
	_, err := s.Step()
	return errors.Join(err, s.Reset())
}

// segment finds or makes a segment and reads how many responses it has: the
// number is never trusted from memory, another process may have written.
func (b *batch) segment(c *sqlite.Conn, key segmentKey) (*openSegment, error) {
	if s, ok := b.segments[key]; ok {
		return s, nil
	}
	s := &openSegment{segment: segment{segmentKey: key}}
	err := sqlitex.Execute(c, `SELECT id, n FROM segments WHERE period = ? AND day = ?`,
		&sqlitex.ExecOptions{Args: []any{key.period, int64(key.day)}, ResultFunc: func(row *sqlite.Stmt) error {
			s.id, s.n = row.ColumnInt64(0), row.ColumnInt64(1)
			return nil
		}})
	if err != nil {
		return nil, err
	}
	if s.id == 0 {
		if err := sqlitex.Execute(c, `INSERT INTO segments (period, day, n) VALUES (?, ?, 0)`,
			&sqlitex.ExecOptions{Args: []any{key.period, int64(key.day)}}); err != nil {
			return nil, err
		}
		s.id = c.LastInsertRowID()
	}
	s.before = s.n
	b.segments[key] = s
	return s, nil
}

// unitForm returns the number of a unit and form, which is made where it is
// missing and never changes.
func (db *DB) unitForm(c *sqlite.Conn, opened *batch, of unitForm) (int64, error) {
	if id, ok := db.unitForms.id(of); ok {
		return id, nil
	}
	if id, ok := opened.unitForms[of]; ok {
		return id, nil
	}
	id := int64(0)
	err := sqlitex.Execute(c, `SELECT id FROM unit_forms WHERE unit = ? AND form = ?`,
		&sqlitex.ExecOptions{Args: []any{of.unit, of.form}, ResultFunc: func(row *sqlite.Stmt) error {
			id = row.ColumnInt64(0)
			return nil
		}})
	if err != nil {
		return 0, err
	}
	if id == 0 {
		if err := sqlitex.Execute(c, `INSERT INTO unit_forms (unit, form) VALUES (?, ?)`,
			&sqlitex.ExecOptions{Args: []any{of.unit, of.form}}); err != nil {
			return 0, err
		}
		id = c.LastInsertRowID()
	}
	opened.unitForms[of] = id
	return id, nil
}

// compare says whether a response whose id is stored is the stored one.
func compare(c *sqlite.Conn, r *survey.Response) (survey.Outcome, error) {
	old, err := find(c, r.ID[:], interner{}, roomFor(1))
	if err != nil {
		return survey.Outcome{}, err
	}
	if old == nil {
		return survey.Outcome{}, fmt.Errorf("the id is neither free nor stored")
	}
	return r.Again(old), nil
}

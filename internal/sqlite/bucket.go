package sqlite

import (
	"fmt"
	"maps"
	"sync"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/analytics"
	"persepsi/survey"
)

// segmentKey names a segment: one period and civil day.
type segmentKey struct {
	period string
	day    survey.Date
}

// segment is a stored segment: n responses, of which the tallies hold the first
// ones.
type segment struct {
	segmentKey
	id, n, tallied int64
}

// unitForm is what a response was given to.
type unitForm struct{ unit, form string }

// tally returns the key of the bucket of a unit in a segment.
func (k segmentKey) tally(of unitForm) analytics.Key {
	return analytics.Key{Period: k.period, Unit: of.unit, Form: of.form, Level: analytics.LevelDay, Start: k.day}
}

const segmentColumns = `id, n, tallied, period, day`

// segments lists segments, by period and day; the query chooses them.
func segments(c *sqlite.Conn, where string, args ...any) ([]segment, error) {
	var out []segment
	names := interner{}
	err := sqlitex.Execute(c, `SELECT `+segmentColumns+` FROM segments `+where+` ORDER BY period, day`, &sqlitex.ExecOptions{Args: args, ResultFunc: func(s *sqlite.Stmt) error {
		out = append(out, segment{
			segmentKey: segmentKey{names.column(s, 3), survey.Date(s.ColumnInt64(4))},
			id:         s.ColumnInt64(0), n: s.ColumnInt64(1), tallied: s.ColumnInt64(2),
		})
		return nil
	}})
	if err != nil {
		return nil, fmt.Errorf("list segments: %w", err)
	}
	return out, nil
}

// unitForms knows committed numbers of units and forms, which never change and
// have no gaps. Safe for concurrent use.
type unitForms struct {
	mu   sync.RWMutex
	ids  map[unitForm]int64
	byID map[int64]unitForm
	upTo int64 // all numbers up to this one are known
}

func (u *unitForms) id(of unitForm) (int64, bool) {
	u.mu.RLock()
	defer u.mu.RUnlock()
	id, ok := u.ids[of]
	return id, ok
}

func (u *unitForms) learn(more map[unitForm]int64) {
	if len(more) == 0 {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.ids == nil {
		u.ids = map[unitForm]int64{}
	}
	// Readers keep what they were given.
	byID := maps.Clone(u.byID)
	if byID == nil {
		byID = map[int64]unitForm{}
	}
	for of, id := range more {
		u.ids[of], byID[id] = id, of
	}
	u.byID = byID
	for ; byID[u.upTo+1] != (unitForm{}); u.upTo++ {
	}
}

// names returns all units and forms by their number, as a connection that reads
// sees them. What is given must not be changed.
func (u *unitForms) names(c *sqlite.Conn) (map[int64]unitForm, error) {
	stored := int64(0)
	err := sqlitex.Execute(c, `SELECT max(id) FROM unit_forms`, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
		stored = s.ColumnInt64(0)
		return nil
	}})
	if err != nil {
		return nil, fmt.Errorf("count units and forms: %w", err)
	}
	u.mu.RLock()
	known, upTo := u.byID, u.upTo
	u.mu.RUnlock()
	if upTo >= stored { // the same number is not enough: another process may have made one that is not known here
		return known, nil
	}
	all := map[unitForm]int64{}
	err = sqlitex.Execute(c, `SELECT id, unit, form FROM unit_forms`, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
		all[unitForm{s.ColumnText(1), s.ColumnText(2)}] = s.ColumnInt64(0)
		return nil
	}})
	if err != nil {
		return nil, fmt.Errorf("list units and forms: %w", err)
	}
	u.learn(all)
	u.mu.RLock()
	defer u.mu.RUnlock()
	return u.byID, nil
}

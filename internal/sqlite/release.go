package sqlite

import (
	"context"
	"fmt"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/internal/projection"
)

// PutRelease adds a unit's next release; see projection.ReleaseStore.
func (db *DB) PutRelease(_ context.Context, r projection.StoredRelease) error {
	return db.commitFacts(func(c *sqlite.Conn) error {
		if err := stillWhole(c, r.Period, "a release"); err != nil {
			return err
		}
		err := sqlitex.Execute(c, `INSERT INTO releases (period, unit, serial, checksum, body) SELECT ?1, ?2, ?3, ?4, ?5
			WHERE ?3 = (SELECT coalesce(max(serial), 0) + 1 FROM releases WHERE period = ?1 AND unit = ?2)`,
			&sqlitex.ExecOptions{Args: []any{r.Period, r.Unit, r.Serial, r.Checksum, r.Body}})
		if err != nil {
			return fmt.Errorf("write a release: %w", err)
		}
		if c.Changes() == 0 {
			return r.NotNext()
		}
		return revise(c, projection.AllReleases)
	})
}

// ReplaceRelease replaces a release of a period that is being erased; see
// projection.Store.
func (db *DB) ReplaceRelease(_ context.Context, checksum string, r projection.StoredRelease) error {
	return db.commitFacts(func(c *sqlite.Conn) error {
		err := sqlitex.Execute(c, `UPDATE releases SET checksum = ?5, body = ?6 WHERE period = ?1 AND unit = ?2 AND serial = ?3 AND checksum = ?4
			AND EXISTS (SELECT 1 FROM erasures WHERE period = ?1) AND NOT EXISTS (SELECT 1 FROM seals WHERE period = ?1)`,
			&sqlitex.ExecOptions{Args: []any{r.Period, r.Unit, r.Serial, checksum, r.Checksum, r.Body}})
		if err != nil {
			return fmt.Errorf("replace a release: %w", err)
		}
		if c.Changes() == 0 {
			return r.NotReplaced()
		}
		return revise(c, projection.AllReleases)
	})
}

// NewestReleases returns the newest serials of a period.
func (db *DB) NewestReleases(ctx context.Context, period string) (map[string]int, error) {
	out := map[string]int{}
	err := db.read(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `SELECT unit, max(serial) FROM releases WHERE period = ? GROUP BY unit`,
			&sqlitex.ExecOptions{Args: []any{period}, ResultFunc: func(s *sqlite.Stmt) error {
				out[s.ColumnText(0)] = s.ColumnInt(1)
				return nil
			}})
	})
	if err != nil {
		return nil, fmt.Errorf("list releases: %w", err)
	}
	return out, nil
}

// Releases calls fn with a unit's releases.
func (db *DB) Releases(ctx context.Context, period, unit string, from int, fn func(projection.StoredRelease) error) error {
	return db.snapshot(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `SELECT serial, checksum, body FROM releases WHERE period = ? AND unit = ? AND serial >= ? ORDER BY serial`,
			&sqlitex.ExecOptions{Args: []any{period, unit, from}, ResultFunc: func(s *sqlite.Stmt) error {
				body := make([]byte, s.ColumnLen(2))
				s.ColumnBytes(2, body)
				return fn(projection.StoredRelease{Period: period, Unit: unit, Serial: s.ColumnInt(0), Checksum: s.ColumnText(1), Body: body})
			}})
	})
}

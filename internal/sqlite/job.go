package sqlite

import (
	"context"
	"encoding/json"
	"fmt"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/internal/jobs"
	"persepsi/survey"
)

// Jobs returns every job; see jobs.Store.
func (db *DB) Jobs(ctx context.Context) ([]jobs.Job, error) {
	var out []jobs.Job
	err := db.read(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `SELECT body FROM jobs`, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
			var j jobs.Job
			if err := json.Unmarshal([]byte(s.ColumnText(0)), &j); err != nil {
				return fmt.Errorf("read a job: %w", err)
			}
			out = append(out, j)
			return nil
		}})
	})
	jobs.Order(out)
	return out, err
}

// PutJob stores a version of a job; see jobs.Store. What a job makes can be made again, so no
// commit of it waits for the disk but that which answers who asks.
func (db *DB) PutJob(_ context.Context, j jobs.Job, part *jobs.Part) error {
	body, err := json.Marshal(j)
	if err != nil {
		return fmt.Errorf("write a job: %w", err)
	}
	return db.write(!j.Open() || j.Version == 1, func(c *sqlite.Conn) error {
		err := sqlitex.Execute(c, `INSERT INTO jobs (id, version, body) SELECT ?1, ?2, ?3
			WHERE ?2 = (SELECT coalesce(max(version), 0) + 1 FROM jobs WHERE id = ?1)
			ON CONFLICT (id) DO UPDATE SET version = excluded.version, body = excluded.body`,
			&sqlitex.ExecOptions{Args: []any{j.ID, j.Version, string(body)}})
		if err != nil {
			return fmt.Errorf("write a job: %w", err)
		}
		if c.Changes() == 0 {
			return survey.ChangedMeanwhile("the job")
		}
		if part == nil {
			return nil
		}
		err = sqlitex.Execute(c, `INSERT OR REPLACE INTO job_parts (job, key, file, note, data) VALUES (?, ?, ?, ?, ?)`,
			&sqlitex.ExecOptions{Args: []any{j.ID, part.Key, part.File, part.Note, append([]byte{}, part.Data...)}})
		if err != nil {
			return fmt.Errorf("write a part of a job: %w", err)
		}
		return nil
	})
}

// Parts returns the parts of a job; see jobs.Store.
func (db *DB) Parts(ctx context.Context, job string) ([]jobs.Part, error) {
	var out []jobs.Part
	err := db.read(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `SELECT key, file, note FROM job_parts WHERE job = ? ORDER BY key`, &sqlitex.ExecOptions{Args: []any{job}, ResultFunc: func(s *sqlite.Stmt) error {
			out = append(out, jobs.Part{Key: s.ColumnText(0), File: s.ColumnText(1), Note: s.ColumnText(2)})
			return nil
		}})
	})
	return out, err
}

// PartData returns what a part of a job holds; see jobs.Store.
func (db *DB) PartData(ctx context.Context, job, key string) ([]byte, error) {
	var out []byte
	found := false
	err := db.read(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `SELECT data FROM job_parts WHERE job = ? AND key = ?`, &sqlitex.ExecOptions{Args: []any{job, key}, ResultFunc: func(s *sqlite.Stmt) error {
			found, out = true, make([]byte, s.ColumnLen(0))
			s.ColumnBytes(0, out)
			return nil
		}})
	})
	if err == nil && !found {
		return nil, survey.Errorf(survey.NotFound, "there is no such part of the job")
	}
	return out, err
}

// PartsOf returns the ids of jobs that have parts; see jobs.Store.
func (db *DB) PartsOf(ctx context.Context) (out []string, err error) {
	err = db.read(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `SELECT DISTINCT job FROM job_parts`, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
			out = append(out, s.ColumnText(0))
			return nil
		}})
	})
	return out, err
}

// DropParts removes the parts of a job; see jobs.Store. What is removed is overwritten, so each
// part goes in a commit of its own. None waits for the disk: what a crash brings back is swept.
func (db *DB) DropParts(ctx context.Context, job string) error {
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := db.commitDerived(func(c *sqlite.Conn) error {
			err := sqlitex.Execute(c, `DELETE FROM job_parts WHERE job = ?1 AND key = (SELECT max(key) FROM job_parts WHERE job = ?1)`, &sqlitex.ExecOptions{Args: []any{job}})
			more = c.Changes() > 0
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// DropJob removes a job's parts and then the job; see jobs.Store.
func (db *DB) DropJob(ctx context.Context, job string) error {
	if err := db.DropParts(ctx, job); err != nil {
		return err
	}
	return db.commitFacts(func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `DELETE FROM jobs WHERE id = ?`, &sqlitex.ExecOptions{Args: []any{job}})
	})
}

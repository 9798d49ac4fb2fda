package migrations

import "testing"

func TestTheSQLiteShapeOfJobsIsFrozenAndKeepsWhatWasWritten(t *testing.T) {
	t.Parallel()
	c := empty(t)
	if err := runSQLite(c, sqliteSteps()[:15]); err != nil {
		t.Fatal(err)
	}
	execute(t, c, `INSERT INTO manuscripts (period, unit, kind, version, body) VALUES ('p', 'u', 'skm', 1, '{}');`)
	before := query(t, c, `SELECT * FROM manuscripts`)
	execute(t, c, sqliteJobs)
	if after := query(t, c, `SELECT * FROM manuscripts`); after != before {
		t.Errorf("what was written is\n%s, want\n%s", after, before)
	}
	golden(t, "sqlite_jobs.sql", query(t, c, `SELECT sql || ';' FROM sqlite_schema WHERE name IN ('jobs', 'job_parts') ORDER BY name`))
}

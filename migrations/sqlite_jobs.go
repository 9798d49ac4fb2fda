package migrations

// sqliteJobs adds long work that people ask for, and what it made so far. body is JSON.
const sqliteJobs = `
CREATE TABLE jobs (
	id      TEXT PRIMARY KEY,
	version INTEGER NOT NULL,
	body    TEXT NOT NULL
) STRICT;
CREATE TABLE job_parts (
	job  TEXT NOT NULL,
	key  TEXT NOT NULL,
	file TEXT NOT NULL,
	note TEXT NOT NULL,
	data BLOB NOT NULL,
	PRIMARY KEY (job, key)
) STRICT;
`

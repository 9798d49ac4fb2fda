package migrations

import "testing"

func TestTheSQLiteShapeOfPicturesIsFrozenAndKeepsCatalogues(t *testing.T) {
	t.Parallel()
	c := empty(t)
	if err := runSQLite(c, sqliteSteps()[:14]); err != nil {
		t.Fatal(err)
	}
	execute(t, c, `INSERT INTO catalogues (version, catalogue) VALUES (1, '{"version":1}');`)
	before := query(t, c, `SELECT * FROM catalogues`)
	execute(t, c, sqlitePictures)
	if after := query(t, c, `SELECT * FROM catalogues`); after != before {
		t.Errorf("what was declared is\n%s, want\n%s", after, before)
	}
	golden(t, "sqlite_pictures.sql", query(t, c, `SELECT sql || ';' FROM sqlite_schema WHERE name = 'pictures'`))
}

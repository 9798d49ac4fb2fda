package sqlite

import (
	"testing"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// TestAUnitThatAnotherProcessAddedHasItsName: what this process knows are as
// many units as the reader sees, but not the same ones.
func TestAUnitThatAnotherProcessAddedHasItsName(t *testing.T) {
	t.Parallel()
	db, err := Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.commitFacts(func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, `INSERT INTO unit_forms (id, unit, form) VALUES (1, 'theirs', 'skm-9@1')`, nil)
	})
	if err != nil {
		t.Fatal(err)
	}
	db.unitForms.learn(map[unitForm]int64{{"ours", "skm-9@1"}: 2}) // after the reader's moment
	err = db.snapshot(t.Context(), func(c *sqlite.Conn) error {
		names, err := db.unitForms.names(c)
		if names[1].unit != "theirs" {
			t.Errorf("the names are %v", names)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

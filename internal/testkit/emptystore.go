package testkit

import (
	"context"

	"persepsi/internal/sqlite"
	"persepsi/internal/testtools"
)

// storeFile is the name of an embedded store's database in its directory.
const storeFile = "persepsi.db"

// copyEmptyStore puts an empty store into a directory that holds none: the migrations took
// most of the time in which a test's application opens.
var copyEmptyStore = testtools.Copies(storeFile, func(dir string) error {
	db, err := sqlite.Open(context.Background(), dir)
	if err != nil {
		return err
	}
	return db.Close()
})

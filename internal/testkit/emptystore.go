package testkit

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"

	"persepsi/internal/sqlite"
)

// storeFile is the name of an embedded store's database in its directory.
const storeFile = "persepsi.db"

// emptyStore is the file of a store that was just made. It is made once for all tests: the
// migrations took most of the time in which a test's application opens.
var emptyStore = sync.OnceValues(func() (file []byte, err error) {
	dir, err := os.MkdirTemp("", "persepsi-empty")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	db, err := sqlite.Open(context.Background(), dir)
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, storeFile))
})

// copyEmptyStore puts an empty store into a directory that holds none.
func copyEmptyStore(dir string) error {
	file, err := emptyStore()
	if err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(dir, storeFile), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = f.Write(file)
	return errors.Join(err, f.Close())
}

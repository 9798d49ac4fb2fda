package testtools

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
)

// Copies returns what puts copies of a file into directories that have none of its name. The
// file is made by the first who needs one, in a directory of its own: what is slow to make is
// made once for all tests.
func Copies(name string, make func(dir string) error) (put func(dir string) error) {
	made := sync.OnceValues(func() (file []byte, err error) {
		dir, err := os.MkdirTemp("", "persepsi-copies")
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		if err := make(dir); err != nil {
			return nil, err
		}
		return os.ReadFile(filepath.Join(dir, name))
	})
	return func(dir string) error {
		file, err := made()
		if err != nil {
			return err
		}
		f, err := os.OpenFile(filepath.Join(dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, os.ErrExist) {
			return nil
		}
		if err != nil {
			return err
		}
		_, err = f.Write(file)
		return errors.Join(err, f.Close())
	}
}

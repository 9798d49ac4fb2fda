package datadir

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"

	"persepsi/survey"
)

// Lock makes this process the one server of a data directory; the returned
// function gives that up. Conflict: another process serves it.
func Lock(dir string) (func(), error) {
	if err := Make(dir); err != nil {
		return nil, err
	}
	name := filepath.Join(dir, ServeLock)
	lock := flock.New(name)
	ok, err := lock.TryLock()
	if err != nil {
		return nil, survey.Errorf(survey.Unavailable, "the data directory %s cannot be locked: %s", dir, Reason(err))
	}
	if !ok {
		who := ""
		if pid, err := os.ReadFile(name); err == nil && len(pid) > 0 {
			who = " (process " + strings.TrimSpace(string(pid)) + ")"
		}
		return nil, survey.Errorf(survey.Conflict, "the data directory %s is in use by another server%s", dir, who)
	}
	// The pid is a courtesy to whoever comes second; the lock is what counts.
	_ = os.WriteFile(name, []byte(fmt.Sprintf("%d\n", os.Getpid())), FileMode)
	return func() { _ = lock.Unlock() }, nil
}

// ForImports is what whoever imports into the store of a directory, or takes an import out,
// must hold.
func ForImports(dir string) *flock.Flock { return flock.New(filepath.Join(dir, ImportLock)) }

package sqlite

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"

	"persepsi/survey"
)

const (
	lockSuffix = ".lock"
	serveLock  = "serve" + lockSuffix
	importLock = "import" + lockSuffix
)

// Lock makes this process the one server of a data directory; the returned
// function gives that up. Conflict: another process serves it.
func Lock(dir string) (func(), error) {
	if err := writable(dir); err != nil {
		return nil, err
	}
	name := filepath.Join(dir, serveLock)
	lock := flock.New(name)
	ok, err := lock.TryLock()
	if err != nil {
		return nil, survey.Errorf(survey.Unavailable, "the data directory %s cannot be locked: %s", dir, reason(err))
	}
	if !ok {
		who := ""
		if pid, err := os.ReadFile(name); err == nil && len(pid) > 0 {
			who = " (process " + strings.TrimSpace(string(pid)) + ")"
		}
		return nil, survey.Errorf(survey.Conflict, "the data directory %s is in use by another server%s", dir, who)
	}
	// The pid is a courtesy to whoever comes second; the lock is what counts.
	_ = os.WriteFile(name, []byte(fmt.Sprintf("%d\n", os.Getpid())), 0o600)
	return func() { _ = lock.Unlock() }, nil
}

package sqlitefile

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"zombiezen.com/go/sqlite"

	"persepsi/survey"
)

// Trouble turns SQLite's errors into ours: Unavailable for all that may pass by itself or
// when somebody looks after the disk. Others pass.
func Trouble(what string, err error) error {
	var known *survey.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	switch sqlite.ErrCode(err).ToPrimary() {
	case sqlite.ResultFull:
		return &survey.Error{Code: survey.Unavailable, Message: "the disk is full", RetryAfter: 30 * time.Second, Cause: err}
	case sqlite.ResultBusy, sqlite.ResultLocked:
		return &survey.Error{Code: survey.Unavailable, Message: "the store is busy", RetryAfter: time.Second, Cause: err}
	case sqlite.ResultIOErr, sqlite.ResultReadOnly, sqlite.ResultCantOpen, sqlite.ResultCorrupt, sqlite.ResultNotADB:
		return &survey.Error{Code: survey.Unavailable, Message: "the store cannot be used", RetryAfter: 30 * time.Second, Cause: err}
	default:
		return fmt.Errorf("%s: %w", what, err)
	}
}

// Opening says in one line why a file cannot be opened.
func Opening(path string, err error) error {
	var known *survey.Error
	if errors.As(err, &known) {
		return err
	}
	dir, name := filepath.Dir(path), filepath.Base(path)
	switch sqlite.ErrCode(err).ToPrimary() {
	case sqlite.ResultNotADB, sqlite.ResultCorrupt:
		return &survey.Error{Code: survey.Unavailable, Message: fmt.Sprintf("%s in %s is not a database of this program", name, dir), Cause: err}
	default:
		return &survey.Error{Code: survey.Unavailable, Message: fmt.Sprintf("the store in %s cannot be opened", dir), Cause: err}
	}
}

package datadir

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"persepsi/survey"
)

// Temp returns the directory in a data directory for files that the server of it makes to be
// sent, which may hold rows of answers: its owner's alone, on the disk that the operator
// chose for such. What a server before left there, whose names begin with a prefix, is removed,
// and nothing else.
func Temp(dir, prefix string) (string, error) {
	name := filepath.Join(dir, tempName)
	if err := emptied(name, prefix); err != nil {
		return "", survey.Errorf(survey.Unavailable, "the directory %s for files to be sent cannot be made: %s", name, Reason(err))
	}
	return name, nil
}

func emptied(name, prefix string) error {
	if err := os.MkdirAll(name, DirMode); err != nil {
		return err
	}
	restrict(name, DirMode)
	entries, err := os.ReadDir(name)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), prefix) && e.Type().IsRegular() {
			err = errors.Join(err, os.Remove(filepath.Join(name, e.Name())))
		}
	}
	return err
}

package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"persepsi/survey"
)

// readFile reads a file that a command was given, and at most one byte more of
// it than the command takes: a device or a pipe may have no end.
func readFile(name string, most int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", name, reason(err))
	}
	defer f.Close() // only read
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", name, reason(err))
	}
	return data, nil
}

// reason is why a file could not be used, without its name and the system call.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// file opens where a command writes: a named file, or Out for "" and "-". The
// file is complete or not there: it is written beside and renamed by done.
func (e *environment) file(name string) (w io.Writer, done func() error, abandon func(), err error) {
	if name == "" || name == "-" {
		return e.Out, func() error { return nil }, func() {}, nil
	}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return nil, nil, nil, fmt.Errorf("--out: %s is a directory", name)
	}
	part := name + ".part"
	f, err := os.OpenFile(part, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("--out: %s cannot be written: %w", name, reason(err))
	}
	done = func() error {
		err := f.Close()
		if err == nil {
			err = os.Rename(part, name)
		}
		if err != nil {
			_ = os.Remove(part)
			return fmt.Errorf("--out: %w", err)
		}
		return nil
	}
	abandon = func() {
		_ = f.Close()
		_ = os.Remove(part)
	}
	return f, done, abandon, nil
}

// formatOf returns the format that a flag names or, without it, the ending of the file that
// is written. Two that contradict each other are wrong usage, as is an ending that tells
// nothing.
func formatOf(format, out string, known ...string) (string, error) {
	ending := strings.ToLower(strings.TrimPrefix(filepath.Ext(out), "."))
	switch {
	case format != "" && !slices.Contains(known, format):
		return "", misused("--format must be one of %s, not %q", strings.Join(known, ", "), survey.Printable(format))
	case format != "" && slices.Contains(known, ending) && ending != format:
		return "", misused("--format %s contradicts --out %s", format, survey.Printable(out))
	case format == "" && !slices.Contains(known, ending):
		return "", misused("--out: %q ends in none of .%s; name the format with --format", survey.Printable(out), strings.Join(known, ", ."))
	case format == "":
		return ending, nil
	}
	return format, nil
}

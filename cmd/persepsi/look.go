package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"persepsi/internal/ink"
	"persepsi/survey"
)

// filesBeside returns what reads the pictures that an apply file names: files of its own
// directory and below, so that a file from elsewhere leads to nothing else of this machine.
func filesBeside(applied string) survey.FileReader {
	return func(path string) ([]byte, error) {
		if !filepath.IsLocal(path) {
			return nil, fmt.Errorf("must be a path within the directory of the apply file: %s is not", survey.Printable(path))
		}
		cannot := func(err error) error {
			return fmt.Errorf("%s, in the directory of the apply file, cannot be read: %w", survey.Printable(path), reason(err))
		}
		dir, err := os.OpenRoot(filepath.Dir(applied))
		if err != nil {
			return nil, cannot(err)
		}
		defer dir.Close() // only read
		info, err := dir.Stat(path)
		if err == nil && !info.Mode().IsRegular() { // a pipe would never be opened
			err = errors.New("it is no file")
		}
		if err != nil {
			return nil, cannot(err)
		}
		f, err := dir.Open(path)
		if err != nil {
			return nil, cannot(err)
		}
		defer f.Close() // only read
		data, err := io.ReadAll(io.LimitReader(f, survey.MaxPicture+1))
		if err != nil {
			return nil, cannot(err)
		}
		return data, nil
	}
}

// lookNotes returns what somebody should know of the colour that prints shall have.
func lookNotes(c *survey.Catalogue) []string {
	color, ok := ink.Parse(c.City.Colour)
	if !ok || color.Readable() {
		return nil
	}
	return []string{fmt.Sprintf("city.colour: %s has a contrast of %.1f : 1 on white paper and needs %.1f : 1 to be read, so prints keep the colour of their own", c.City.Colour, color.Contrast(), ink.LeastContrast)}
}

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"persepsi/survey"
)

// keptName is the file in --data that holds the newest catalogue of the database
// that the server uses, so that a machine that starts while the database is away
// knows its points and forms.
const keptName = "catalogue.json"

type keptFile struct {
	Database  string            `json:"database"` // its address, without user and password
	Catalogue *survey.Catalogue `json:"catalogue"`
	Pictures  map[string][]byte `json:"pictures,omitempty"` // by their sums
}

// keepCatalogue keeps a catalogue of a database durably. One that declares nothing is
// not kept.
func keepCatalogue(dir, database string, c *survey.Catalogue) error {
	if c.Version == 0 {
		return nil
	}
	text, err := json.Marshal(keptFile{Database: database, Catalogue: c, Pictures: c.Pictures()})
	if err != nil {
		return err
	}
	return keepFile(dir, keptName, text)
}

// keepFile writes a file of a directory durably: it is the old one or the new one,
// whatever happens.
func keepFile(dir, name string, text []byte) error {
	part, err := os.CreateTemp(dir, "."+name+"-*") // only its owner may read it
	if err != nil {
		return err
	}
	_, err = part.Write(text)
	if err == nil {
		err = part.Sync()
	}
	if err = errors.Join(err, part.Close()); err == nil {
		err = os.Rename(part.Name(), filepath.Join(dir, name))
	}
	if err != nil {
		_ = os.Remove(part.Name())
		return err
	}
	return syncDirectory(dir)
}

func syncDirectory(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// keptCatalogue reads the kept catalogue of a database. Its errors say in words
// that end a sentence why there is none.
func keptCatalogue(dir, database string) (*survey.Catalogue, error) {
	text, err := os.ReadFile(filepath.Join(dir, keptName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("no catalogue is kept in %s", dir)
	}
	var kept keptFile
	if err == nil {
		err = json.Unmarshal(text, &kept)
	}
	if err != nil || kept.Catalogue == nil {
		return nil, fmt.Errorf("the catalogue that is kept in %s cannot be read", dir)
	}
	if kept.Database != database {
		return nil, fmt.Errorf("the catalogue that is kept in %s belongs to %s", dir, kept.Database)
	}
	kept.Catalogue.Fill(kept.Pictures)
	return kept.Catalogue, nil
}

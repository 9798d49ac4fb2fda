package main

import (
	"context"

	"persepsi/survey"
)

type dumpCommand struct {
	Out string `help:"File to write." placeholder:"FILE" shown:"standard output"`
}

// Run writes the catalogue as an apply file.
func (c *dumpCommand) Run(ctx context.Context, e *environment) error {
	s, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // nothing is left to be written
	text, err := survey.Declaration(d.Catalogue())
	if err != nil {
		return err
	}
	w, done, abandon, err := e.file(c.Out)
	if err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		abandon()
		return err
	}
	return done()
}

package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"text/tabwriter"

	"persepsi/qr"
	"persepsi/survey"
)

type applyCommand struct {
	File string `arg:"" help:"The YAML file." type:"path"`
}

// Run applies the file: all of it or nothing.
func (a *applyCommand) Run(ctx context.Context, e *environment) error {
	text, err := readFile(a.File, survey.MaxDeclaration)
	if err != nil {
		return err
	}
	s, r, err := e.open(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // nothing is left to be written
	now, err := s.Catalogue(ctx)
	if err != nil {
		return err
	}
	applied, err := survey.Apply(now, text, r.library, r.methods, func() (string, error) { return qr.NewCode(rand.Reader) }, answered(ctx, s))
	if err != nil {
		return err
	}
	if !applied.Changed {
		fmt.Fprintf(e.Out, "nothing to change (catalogue version %d)\n", now.Version)
		return nil
	}
	// The directory must work before the catalogue is stored.
	if _, err := survey.NewDirectory(applied.Catalogue, r.library, r.methods); err != nil {
		return err
	}
	if err := s.PutCatalogue(ctx, applied.Catalogue); err != nil {
		return err
	}
	summary := fmt.Sprintf("%d added, %d changed", applied.Added, applied.Updated)
	if err := note(ctx, s, e.now(), "apply", fmt.Sprintf("catalogue %d", applied.Catalogue.Version), summary); err != nil {
		return err
	}
	fmt.Fprintf(e.Out, "applied: %s (catalogue version %d)\n", summary, applied.Catalogue.Version)
	return e.tellCodes(applied)
}

// tellCodes prints the codes that were made, and a hint where codes can be
// guessed.
func (e *environment) tellCodes(a *survey.Applied) error {
	if len(a.Made) > 0 {
		fmt.Fprintln(e.Out, "new point codes:")
		w := tabwriter.NewWriter(e.Out, 0, 0, 2, ' ', 0)
		for _, p := range a.Made {
			fmt.Fprintf(w, "  %s\t%s\t%s\n", p.Point.Code, p.Unit.Code, p.Point.Name)
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	var codes []string
	for _, agency := range a.Catalogue.Agencies {
		for _, unit := range agency.Units {
			for _, p := range unit.Points {
				codes = append(codes, p.Code)
			}
		}
	}
	if g := qr.Guessable(codes); len(g) > 0 {
		fmt.Fprintf(e.Err, "hint: %d point codes, such as %s, are a sequence that anybody can guess; leave `code` out to get one made\n", len(g), g[0])
	}
	return nil
}

type migrateCommand struct{}

// Run opens the store, which migrates it.
func (migrateCommand) Run(ctx context.Context, e *environment) error {
	s, _, err := e.open(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // nothing is left to be written
	_, err = fmt.Fprintln(e.Out, "the store has this program's shape")
	return err
}

package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"text/tabwriter"

	"persepsi/qr"
	"persepsi/survey"
)

type applyCommand struct {
	File string `arg:"" help:"The YAML file." type:"path"`
}

// Run applies the file: all of it or nothing.
func (a *applyCommand) Run(ctx context.Context, e *environment) error {
	text, err := os.ReadFile(a.File)
	if err != nil {
		return fmt.Errorf("read the file: %w", err)
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
	if err := audit(ctx, s, e.now(), "apply", fmt.Sprintf("catalogue %d", applied.Catalogue.Version), summary); err != nil {
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

type qrCommand struct {
	Point     string `required:"" help:"The point's code." placeholder:"CODE"`
	Format    string `help:"png, svg or txt (${enum})." enum:"png,svg,txt" default:"txt"`
	Size      int    `help:"Width of a PNG in pixels." default:"1024"`
	PublicURL string `name:"public-url" help:"Address under which citizens reach the service." default:"http://127.0.0.1:8080" env:"PERSEPSI_PUBLIC_URL"`
	Out       string `help:"File to write; default: standard output." placeholder:"FILE"`
}

// Run writes the symbol.
func (q *qrCommand) Run(ctx context.Context, e *environment) error {
	s, _, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // only read
	place, ok := d.Point(q.Point)
	if !ok {
		return survey.Errorf(survey.NotFound, "--point: there is no point %q", survey.Printable(q.Point))
	}
	base, err := publicURL(q.PublicURL)
	if err != nil {
		return err
	}
	data, err := symbol(q.Format, base+"/s/"+place.Point.Code, q.Size)
	if err != nil {
		return survey.Errorf(survey.Invalid, "--size: %s", err.Error())
	}
	w, done, abandon, err := e.file(q.Out)
	if err != nil {
		return err
	}
	if _, err := w.Write(data); err != nil {
		abandon()
		return fmt.Errorf("write the symbol: %w", err)
	}
	return done()
}

func symbol(format, address string, size int) ([]byte, error) {
	switch format {
	case "png":
		return qr.PNG(address, size)
	case "svg":
		return qr.SVG(address)
	default:
		text, err := qr.Terminal(address)
		return []byte(text), err
	}
}

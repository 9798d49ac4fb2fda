package main

import (
	"context"

	"persepsi/analytics"
	"persepsi/internal/cache"
	"persepsi/internal/report"
	"persepsi/internal/sheet"
	"persepsi/survey"
)

type sheetCommand struct {
	Period    string `required:"" help:"The survey period." placeholder:"P"`
	Unit      string `required:"" help:"The unit." placeholder:"U"`
	Size      string `help:"${enum}." enum:"a4,a3" default:"a4"`
	Format    string `help:"pdf or png, of 150 dots an inch." placeholder:"FORMAT" shown:"the ending of --out"`
	Lang      string `help:"Language: ${enum}." enum:"id,en" default:"id"`
	PublicURL string `name:"public-url" help:"Address under which citizens reach the service; it stands in the symbol that tells the print's age." placeholder:"URL" shown:"none, and no sheet is made"`
	Out       string `required:"" help:"File to write." placeholder:"FILE"`
}

// Run writes the publication sheet of a unit's newest released figures of a period.
func (c *sheetCommand) Run(ctx context.Context, e *environment) error {
	format, err := formatOf(c.Format, c.Out, string(sheet.PDF), string(sheet.PNG))
	if err != nil {
		return err
	}
	base, err := printedURL(c.PublicURL)
	if err != nil {
		return err
	}
	s, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // only read
	if _, _, err := inPeriod(d, c.Period, c.Unit); err != nil {
		return err
	}
	figures, err := report.NewBuilder(report.NewBoard(s), func() *survey.Directory { return d }, cache.New(0), e.now)
	if err != nil {
		return err
	}
	if err := figures.Refresh(ctx); err != nil {
		return err
	}
	grades, err := analytics.LoadGrades()
	if err != nil {
		return err
	}
	in, err := sheet.Gather(figures.Figures(), grades, c.Period, c.Unit)
	if err != nil {
		return flagged("--unit", err)
	}
	w, done, abandon, err := e.file(c.Out)
	if err != nil {
		return err
	}
	if err := sheet.Write(w, in, sheet.Order{Size: sheet.Size(c.Size), Format: sheet.Format(format), Lang: c.Lang, Base: base}); err != nil {
		abandon()
		return err
	}
	return done()
}

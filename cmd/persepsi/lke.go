package main

import (
	"context"

	"persepsi/internal/export"
	"persepsi/internal/report"
)

type lkeCommand struct {
	Write  lkeWrite  `cmd:"" default:"withargs" help:"Write the LKE workbook of a period. The word write may be left out."`
	Import lkeImport `cmd:"" help:"Read a workbook back and take what was entered in it: all or none."`
}

type lkeWrite struct {
	Period string `required:"" help:"The survey period." placeholder:"P"`
	Agency string `help:"One agency." placeholder:"A" shown:"all"`
	Out    string `help:"File to write." placeholder:"FILE.xlsx" shown:"standard output"`
}

// Run writes the workbook.
func (c *lkeWrite) Run(ctx context.Context, e *environment) error {
	s, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // nothing is left to be written
	if err := (&resultsCommand{Period: c.Period, Agency: c.Agency}).check(d); err != nil {
		return err
	}
	results, err := e.results(ctx, s, d, report.Scope{Audience: report.Live, Period: c.Period, Agency: c.Agency})
	if err != nil {
		return err
	}
	say, err := words()
	if err != nil {
		return err
	}
	w, done, abandon, err := e.file(c.Out)
	if err != nil {
		return err
	}
	if err := export.LKEXLSX(w, results, d.UnitKey, d.Zone(), say); err != nil {
		abandon()
		return err
	}
	return done()
}

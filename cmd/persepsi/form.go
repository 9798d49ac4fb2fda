package main

import (
	"context"
	"path/filepath"
	"strings"

	"persepsi/internal/export"
	"persepsi/internal/paperform"
	"persepsi/internal/wording"
	"persepsi/survey"
)

type formCommand struct {
	Period string `required:"" help:"The survey period." placeholder:"P"`
	Unit   string `help:"The unit: its name and services stand on the form." placeholder:"U" shown:"none: they are written in by hand"`
	Lang   string `help:"Language: ${enum}." enum:"id,en" default:"id"`
	Out    string `required:"" help:"File to write: the form to print (.pdf), or the empty file that its answers are typed into and import reads (.xlsx, .csv)." placeholder:"FILE"`
}

// Run writes the questionnaire on paper, or the empty file that a clerk types it into.
func (c *formCommand) Run(ctx context.Context, e *environment) error {
	ending := strings.ToLower(filepath.Ext(c.Out))
	if ending != ".pdf" && ending != ".xlsx" && ending != ".csv" {
		return misused("--out: %q must end in .pdf, .xlsx or .csv", survey.Printable(c.Out))
	}
	s, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // only read
	period, place, err := inPeriod(d, c.Period, c.Unit)
	if err != nil {
		return err
	}
	words, err := wording.Load()
	if err != nil {
		return err
	}
	w, done, abandon, err := e.file(c.Out)
	if err != nil {
		return err
	}
	empty := &export.EmptyForm{Period: period, Form: d.Form(period.Code), Place: place, Units: participants(d, period)}
	switch ending {
	case ".pdf":
		err = paperform.Write(w, paperform.Order{City: d.City(), Period: period, Form: empty.Form, Place: place, Lang: c.Lang})
	case ".xlsx":
		err = empty.XLSX(w, words.In(c.Lang))
	default:
		err = empty.CSV(w)
	}
	if err != nil {
		abandon()
		return err
	}
	return done()
}

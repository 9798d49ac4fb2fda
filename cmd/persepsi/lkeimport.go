package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"persepsi/analytics"
	"persepsi/internal/cache"
	"persepsi/internal/lke"
	"persepsi/internal/lkebook"
	"persepsi/internal/report"
	"persepsi/survey"
)

type lkeImport struct {
	File   string `arg:"" help:"The workbook that lke wrote." type:"path"`
	Reason string `help:"Why the entries are made, 3 to 200 characters; needed but with --dry-run." placeholder:"TEXT"`
	DryRun bool   `help:"Tell what would change; store nothing."`
}

// Run takes what was entered in a workbook.
func (c *lkeImport) Run(ctx context.Context, e *environment) error {
	data, err := readFile(c.File, lkebook.MaxBytes)
	if err != nil {
		return err
	}
	table, err := analytics.LoadLKE()
	if err != nil {
		return err
	}
	s, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // everything is durable after Record
	sheets, err := lkebook.Read(data, table)
	if err != nil {
		return err
	}
	changes, err := lkebook.Compare(ctx, sheets, d, s)
	if err != nil {
		return err
	}
	var told strings.Builder // a failure prints nothing here
	cells := 0
	for _, change := range changes {
		for _, x := range change.Differences {
			cells++
			fmt.Fprintf(&told, "%s!%s %s: %s → %s\n", survey.Printable(x.Sheet), x.Cell, x.Field, inOneLine(x.Ours), inOneLine(x.Theirs))
		}
	}
	if len(changes) == 0 || c.DryRun {
		_, err := fmt.Fprintf(e.Out, "%s%d cells of %d units differ; nothing was stored\n", told.String(), cells, len(changes))
		return err
	}
	figures, err := report.NewBuilder(report.NewBoard(s), func() *survey.Directory { return d }, cache.New(0), e.now)
	if err != nil {
		return err
	}
	entries, err := lke.NewEntries(s, figures.Check, e.now)
	if err != nil {
		return err
	}
	if _, err := lkebook.Take(ctx, entries, changes, commandLine, commandLine, strings.TrimSpace(c.Reason)); err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.Out, "%s%d cells of %d units stored\n", told.String(), cells, len(changes))
	return err
}

// inOneLine is a value as one line tells it; a note may have several.
func inOneLine(text string) string {
	return cmp.Or(strings.ReplaceAll(text, "\n", " ↵ "), "–")
}

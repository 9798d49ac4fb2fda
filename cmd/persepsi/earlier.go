package main

import (
	"fmt"

	"persepsi/internal/report"
	"persepsi/survey"
)

// tellEarlier prints what somebody who declares earlier results should know.
func (e *environment) tellEarlier(before *survey.Catalogue, after *survey.Directory) error {
	notes, err := report.NotesOnEarlier(before, after)
	if err != nil || len(notes) == 0 {
		return err
	}
	fmt.Fprintln(e.Out, "notes:")
	for _, n := range notes[:min(len(notes), mostTold)] {
		fmt.Fprintf(e.Out, "  %s\n", n)
	}
	if more := len(notes) - mostTold; more > 0 {
		fmt.Fprintf(e.Out, "  and %d more\n", more)
	}
	return nil
}

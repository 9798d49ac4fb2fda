package main

import (
	"fmt"

	"persepsi/survey"
)

// previewUndo tells what an undo of an import would take out.
func (e *environment) previewUndo(d *survey.Directory, of *survey.Import) error {
	answers := fmt.Sprintf("%d answers", of.Stored)
	if !of.Done {
		answers = fmt.Sprintf("what is stored of its %d answers", of.Rows())
	}
	fmt.Fprintf(e.Out, "import %d of %s by %s, period %s: %s\n", of.Serial, survey.DateOf(of.At, d.Zone()), of.By, of.Period, unitsShown(d, of))
	fmt.Fprintf(e.Out, "an undo would keep %s, and count them no longer in live figures\n", answers)
	if period, ok := d.Period(of.Period); ok && d.Today(e.now()) > period.To {
		fmt.Fprintf(e.Out, "period %s ended on %s: its tables would stay, and its final figures change only where that tells on nobody\n", period.Code, period.To)
	}
	_, err := fmt.Fprintln(e.Out, "nothing was changed")
	return err
}

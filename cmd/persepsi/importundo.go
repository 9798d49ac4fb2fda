package main

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"

	"persepsi/internal/audit"
	"persepsi/internal/paper"
	"persepsi/survey"
)

// importName is what the audit calls an import.
func importName(serial int) string { return "import " + strconv.Itoa(serial) }

// codesOf returns the codes that the units of an import have today.
func codesOf(d *survey.Directory, of *survey.Import) (out []string) {
	for _, u := range of.Units {
		out = append(out, codeToday(d, u.Unit))
	}
	return out
}

// codeToday returns the code that a unit has today, by the one that its answers are
// stored under.
func codeToday(d *survey.Directory, key string) string {
	if place, ok := d.Unit(key); ok {
		return place.Unit.Code
	}
	return key
}

// compare looks at the imports that there are. It returns how many brought some of the
// same rows before, and the refusal of what they say of this one: see survey.Repetition.
func (i *importFile) compare(ctx context.Context, s *store, d *survey.Directory, of *survey.Import) (before int, err error) {
	found := survey.Repetition{Again: i.Again}
	if err := s.Imports(ctx, func(old *survey.Import) error {
		found.Compare(of, old)
		return nil
	}); err != nil {
		return 0, err
	}
	return found.Before, paper.Refused(paper.RepeatedFaults(found.Refused, func(unit string) string { return codeToday(d, unit) }, d.Zone()))
}

type importUndo struct {
	ID     int    `arg:"" help:"The import, as import list numbers it."`
	Reason string `help:"Why; it stands in the list and in the audit. Needed for all but --dry-run." placeholder:"TEXT"`
	DryRun bool   `help:"Tell what would be taken out, and change nothing."`
}

// Run undoes an import.
func (u *importUndo) Run(ctx context.Context, e *environment) error {
	reason := strings.TrimSpace(u.Reason)
	if reason == "" && !u.DryRun {
		return survey.Errorf(survey.Invalid, "--reason: say why")
	}
	s, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // everything is durable after UndoImport
	of, err := findImport(ctx, s, u.ID)
	if err != nil {
		return err
	}
	if of.Undone != nil {
		return survey.Errorf(survey.Conflict, "import %d is undone already", u.ID)
	}
	if err := refuseErased(ctx, s, of.Period, "an undo"); err != nil {
		return err
	}
	if u.DryRun {
		return e.previewUndo(d, of)
	}
	figures, err := e.watchFigures(ctx, s, d, of.Period)
	if err != nil {
		return err
	}
	// The store goes on with an undo that is broken off: its reason is told before.
	begins := said(e.now(), audit.UndoImport, importName(u.ID))
	begins.Detail, begins.Reason = "begins", reason
	for _, code := range codesOf(d, of) {
		begins.Concerns(of.Period, code)
	}
	if err := note(ctx, s, begins); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx) // what was begun is told to its end
	if err := s.UndoImport(ctx, u.ID, survey.Undo{At: e.now().UTC(), By: commandLine, Reason: reason}); err != nil {
		return err
	}
	if _, err := s.Settle(ctx); err != nil {
		return err
	}
	out := 0
	if err := s.TakenOut(ctx, of.Period, func(serial int, _ *survey.Response) error {
		if serial == u.ID {
			out++
		}
		return nil
	}); err != nil {
		return err
	}
	entry := said(e.now(), audit.UndoImport, importName(u.ID))
	entry.Detail, entry.Reason = fmt.Sprintf("%d answers taken out; period %s, units %s", out, of.Period, strings.Join(codesOf(d, of), ", ")), reason
	if err := figures.record(ctx, &entry, of); err != nil {
		return err
	}
	if err := note(ctx, s, entry); err != nil {
		return err
	}
	fmt.Fprintf(e.Out, "undone: %d answers of import %d are kept, and count no longer\n", out, u.ID)
	for _, c := range entry.Changes {
		fmt.Fprintf(e.Out, "  %s: %s → %s\n", c.What, cmp.Or(c.Before, none), cmp.Or(c.After, none))
	}
	_, err = fmt.Fprintln(e.Out, "released figures follow with a later release, or stay where the change would tell what somebody answered; the unit's page says so")
	return err
}

// findImport returns an import; NotFound where there is none of the serial.
func findImport(ctx context.Context, s *store, serial int) (*survey.Import, error) {
	var out *survey.Import
	if err := s.Imports(ctx, func(i *survey.Import) error {
		if i.Serial == serial {
			out = i
		}
		return nil
	}); err != nil {
		return nil, err
	}
	if out == nil {
		return nil, survey.Errorf(survey.NotFound, "there is no import %d; import list shows which there are", serial)
	}
	return out, nil
}

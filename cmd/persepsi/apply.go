package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"persepsi/qr"
	"persepsi/survey"
)

type applyCommand struct {
	File   string `arg:"" help:"The YAML file." type:"path"`
	DryRun bool   `help:"Tell what would change, and change nothing."`
	Prune  bool   `help:"Close the agencies, units, services and points that the file does not name; answers stay."`
	Reason string `help:"Why a period that has answers is amended; shown beside its figures." placeholder:"TEXT"`
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
	if err := declarable(text, &now.City); err != nil {
		return err
	}
	before, err := survey.NewDirectory(now, r.library, r.methods)
	if err != nil {
		return err
	}
	options := []survey.ApplyOption{survey.Files(filesBeside(a.File))}
	if a.Prune {
		options = append(options, survey.Prune)
	}
	applied, err := survey.Apply(now, text, r.library, r.methods, a.codes(), &answerCounts{ctx, s}, before.Today(e.now()), options...)
	if err != nil {
		return err
	}
	if !applied.Changed {
		fmt.Fprintf(e.Out, "nothing to change (catalogue version %d)\n", now.Version)
		a.tellUnnamed(e.Out, applied)
		return tellExpired(ctx, e.Out, s, before, e.now())
	}
	// The directory must work before the catalogue is stored.
	after, err := survey.NewDirectory(applied.Catalogue, r.library, r.methods)
	if err != nil {
		return err
	}
	moves, err := e.moves(ctx, s, before, after, applied)
	if err != nil {
		return err
	}
	if len(applied.Amended) > 0 && strings.TrimSpace(a.Reason) == "" && !a.DryRun {
		return refusal(applied.Amended, moves)
	}
	notes, err := noticeNotes(now, applied.Catalogue, before.Today(e.now()), (&answerCounts{ctx, s}).Answered)
	if err != nil {
		return err
	}
	defer tellNotice(e.Err, append(notes, lookNotes(applied.Catalogue)...))
	if a.DryRun {
		fmt.Fprintf(e.Out, "nothing is changed by a dry run; without it: %s\n", summaryOf(applied))
		tellChanges(e.Out, applied, moves)
		a.tellUnnamed(e.Out, applied)
		if err := tellExpired(ctx, e.Out, s, after, e.now()); err != nil {
			return err
		}
		return e.tellEarlier(now, after)
	}
	if err := a.store(ctx, e, s, now, applied, moves); err != nil {
		return err
	}
	fmt.Fprintf(e.Out, "applied: %s (catalogue version %d)\n", summaryOf(applied), applied.Catalogue.Version)
	tellChanges(e.Out, applied, moves)
	a.tellUnnamed(e.Out, applied)
	if err := tellExpired(ctx, e.Out, s, after, e.now()); err != nil {
		return err
	}
	if err := e.tellEarlier(now, after); err != nil {
		return err
	}
	return e.tellCodes(applied)
}

// codes returns what makes points' codes. A dry run makes none: those of the run
// after it are others.
func (a *applyCommand) codes() survey.CodeMaker {
	if !a.DryRun {
		return func() (string, error) { return qr.NewCode(rand.Reader) }
	}
	n := 0
	return func() (string, error) {
		n++
		return fmt.Sprintf("code-to-be-made-%d", n), nil
	}
}

// mostUnnamed is how many lines tell what a file doesn't name.
const mostUnnamed = 40

// tellUnnamed prints what the file doesn't name.
func (a *applyCommand) tellUnnamed(w io.Writer, applied *survey.ApplyResult) {
	var lines []string
	for _, u := range applied.Omitted {
		lines = append(lines, u.Path+": "+u.Name)
	}
	if len(lines) == 0 {
		return
	}
	if a.Prune {
		fmt.Fprintln(w, "not named in the file and left as they are (periods are never pruned):")
	} else {
		fmt.Fprintln(w, "not named in the file and left as they are (--prune closes all but periods):")
	}
	for _, line := range lines[:min(len(lines), mostUnnamed)] {
		fmt.Fprintf(w, "  %s\n", line)
	}
	if more := len(lines) - mostUnnamed; more > 0 {
		fmt.Fprintf(w, "  and %d more\n", more)
	}
}

// store stores the catalogue together with what the audit tells of it.
func (a *applyCommand) store(ctx context.Context, e *environment, s *store, before *survey.Catalogue, applied *survey.ApplyResult, moves []move) error {
	at, reason := e.now(), strings.TrimSpace(a.Reason)
	applied.Amend(at, commandLine, reason)
	return s.RecordCatalogue(ctx, applied.Catalogue, auditOf(at, before, applied, moves, reason)...)
}

// summaryOf counts what an apply changed: in a first one everything is added.
func summaryOf(a *survey.ApplyResult) string {
	if a.Catalogue.Version == 1 {
		return fmt.Sprintf("%d added", a.Added)
	}
	out := fmt.Sprintf("%d added, %d changed", a.Added, a.Updated)
	counts := map[survey.ChangeKind]int{}
	for _, c := range a.Changes {
		counts[c.Kind]++
	}
	var kinds []string
	for _, kind := range []survey.ChangeKind{survey.ChangeRenamed, survey.ChangeMoved, survey.ChangeClosed, survey.ChangeReopened} {
		if n := counts[kind]; n > 0 {
			kinds = append(kinds, fmt.Sprintf("%d %s", n, kind))
		}
	}
	if len(kinds) > 0 {
		out += " (" + strings.Join(kinds, ", ") + ")"
	}
	return out
}

// mostTold is how many changes, and how many figures, are told one by one.
const mostTold = 200

// tellChanges prints what an apply changes, and the figures that an amendment moves.
func tellChanges(w io.Writer, a *survey.ApplyResult, moves []move) {
	fmt.Fprintln(w, "changes:")
	for _, c := range a.Changes {
		fmt.Fprintf(w, "  %s\n", c)
	}
	if len(a.Amended) == 0 {
		return
	}
	fmt.Fprintln(w, "figures that move:")
	for _, m := range moves[:min(len(moves), mostTold)] {
		fmt.Fprintf(w, "  %s: %s → %s\n", m.name, m.before, m.after)
	}
	switch more := len(moves) - mostTold; {
	case len(moves) == 0:
		fmt.Fprintln(w, "  none")
	case more > 0:
		fmt.Fprintf(w, "  and %d more\n", more)
	}
}

// refusal returns the error that asks for a reason.
func refusal(amended []survey.Change, moves []move) error {
	var faults []survey.Fault
	for _, c := range amended {
		message := fmt.Sprintf("%s → %s", cmp.Or(c.Before, none), cmp.Or(c.After, none))
		if c.Kind == survey.ChangeMoved {
			message = fmt.Sprintf("moves from %s, and has answers in period %s", c.Before, c.Period)
		}
		faults = append(faults, survey.Fault{Field: c.Path, Code: "amends", Message: message})
	}
	for _, m := range moves[:min(len(moves), mostTold)] {
		faults = append(faults, survey.Fault{Field: m.name, Code: "moves", Message: fmt.Sprintf("%s → %s", m.before, m.after)})
	}
	return survey.Faulty("--reason: this amends a period that has answers; say why, and it is shown beside the figures", faults)
}

// tellCodes prints the codes that were made, and a hint where codes can be
// guessed.
func (e *environment) tellCodes(a *survey.ApplyResult) error {
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

// answerCounts tells an apply what is stored.
type answerCounts struct {
	ctx   context.Context //nolint:containedctx // of the one command that asks
	store *store
}

// Answered reports whether a period has any response.
func (a *answerCounts) Answered(period string) (bool, error) {
	found := errors.New("found")
	err := a.store.Responses(a.ctx, survey.Filter{Period: period}, func(*survey.Response) error { return found })
	if errors.Is(err, found) {
		return true, nil
	}
	return false, err
}

// Counts counts a period's answers by unit and day.
func (a *answerCounts) Counts(period string, fn func(unit string, day survey.Date, answers int64)) error {
	return a.store.Counts(a.ctx, period, fn)
}

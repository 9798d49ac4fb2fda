package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"persepsi/analytics"
	"persepsi/internal/cache"
	"persepsi/internal/report"
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
	var options []survey.ApplyOption
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
	defer tellNotice(e.Err, notes)
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
func (a *applyCommand) tellUnnamed(w io.Writer, applied *survey.Applied) {
	var lines []string
	for _, u := range applied.Unnamed {
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
func (a *applyCommand) store(ctx context.Context, e *environment, s *store, before *survey.Catalogue, applied *survey.Applied, moves []move) error {
	at, reason := e.now(), strings.TrimSpace(a.Reason)
	applied.Amend(at, commandLine, reason)
	return s.RecordCatalogue(ctx, applied.Catalogue, auditOf(at, before, applied, moves, reason)...)
}

// summaryOf counts what an apply changed: in a first one everything is added.
func summaryOf(a *survey.Applied) string {
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
func tellChanges(w io.Writer, a *survey.Applied, moves []move) {
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

// none stands for a value that there isn't.
const none = "none"

// move is a figure that an amendment moves.
type move struct {
	figure
	period        string
	before, after string
}

// figure names a figure of a period: of a unit, or of an agency where that is empty.
type figure struct{ unit, name string }

// moves returns the figures of all amended periods that are others by what is
// declared after than by what was declared before.
func (e *environment) moves(ctx context.Context, s *store, before, after *survey.Directory, a *survey.Applied) ([]move, error) {
	if len(a.Amended) == 0 {
		return nil, nil
	}
	board := report.NewBoard(s)
	var figures [2]*report.Figures
	for i, d := range []*survey.Directory{before, after} {
		b, err := report.NewBuilder(board, func() *survey.Directory { return d }, cache.New(0), e.now)
		if err != nil {
			return nil, err
		}
		if err := b.Refresh(ctx); err != nil {
			return nil, err
		}
		figures[i] = b.Figures()
	}
	var out []move
	periods := map[string]bool{}
	for _, c := range a.Amended {
		if periods[c.Period] {
			continue
		}
		periods[c.Period] = true
		var shown [2]map[string]string
		var order []figure
		for i, f := range figures {
			r, err := f.Results(report.Scope{Audience: report.Live, Period: c.Period})
			if err != nil {
				return nil, err
			}
			shown[i] = figuresOf(r, after, &order)
		}
		seen := map[string]bool{}
		for _, f := range order {
			if was, is := shown[0][f.name], shown[1][f.name]; was != is && !seen[f.name] {
				seen[f.name] = true
				f.name = c.Period + " " + f.name
				out = append(out, move{f, c.Period, cmp.Or(was, none), cmp.Or(is, none)})
			}
		}
	}
	return out, nil
}

// figuresOf returns what is shown of each unit and agency, by a name that has the codes
// of after; order gets the figures.
func figuresOf(r *report.Results, after *survey.Directory, order *[]figure) map[string]string {
	out := map[string]string{}
	add := func(unit, name, value string) {
		out[name] = value
		*order = append(*order, figure{unit, name})
	}
	indexes := func(unit, of string, all map[string]*analytics.Index) {
		for _, code := range analytics.Order(r.Form) {
			if x := all[code]; x != nil {
				add(unit, of+" "+code, x.Shown)
			}
		}
	}
	for _, u := range r.Units {
		name := u.Unit
		if place, ok := after.Unit(name); ok {
			name = place.Unit.Code
		}
		indexes(name, name, u.Indexes)
		if u.Sample.Needed != nil {
			add(name, name+" sample needed", strconv.Itoa(*u.Sample.Needed))
		}
	}
	for _, g := range r.Agencies {
		name := g.Agency
		if agency, ok := after.Agency(name); ok {
			name = agency.Code
		}
		indexes("", "agency "+name, g.Indexes)
	}
	return out
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

type dumpCommand struct {
	Out string `help:"File to write." placeholder:"FILE" shown:"standard output"`
}

// Run writes the catalogue as an apply file.
func (c *dumpCommand) Run(ctx context.Context, e *environment) error {
	s, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // nothing is left to be written
	text, err := survey.Declaration(d.Catalogue())
	if err != nil {
		return err
	}
	w, done, abandon, err := e.file(c.Out)
	if err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		abandon()
		return err
	}
	return done()
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

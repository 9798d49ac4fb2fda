package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"persepsi/internal/audit"
	"persepsi/survey"
)

type auditCommand struct {
	Period string `help:"Entries about a period." placeholder:"P" shown:"all"`
	Unit   string `help:"Entries about a unit." placeholder:"U" shown:"all"`
	By     string `help:"Entries of one person or key." placeholder:"NAME" shown:"all"`
	Action string `help:"Entries of one kind, by the names of docs/audit.md: apply, import, add_person …" placeholder:"A" shown:"all"`
	Format string `help:"${enum}." enum:"text,jsonl" default:"text"`
	Head   bool   `help:"Print the newest entry's serial and hash alone, to be kept elsewhere."`
	Known  string `help:"A head that was kept: fail where the audit does not hold it any more." placeholder:"SERIAL:HASH"`
	Anyway bool   `help:"List also what is not what was written any more, and tell at the end what is wrong."`
	Out    string `help:"File to write." placeholder:"FILE" shown:"standard output"`

	units []string // the codes that Unit has and had
}

// Run lists who did what, the oldest first, and fails where the entries do not follow
// one another as they were written.
func (c *auditCommand) Run(ctx context.Context, e *environment) error {
	chain, err := c.chain()
	if err != nil {
		return err
	}
	s, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // nothing is left to be written
	if _, ok := d.Period(c.Period); !ok && c.Period != "" {
		return survey.Unknown("--period", "period", c.Period, d.Periods())
	}
	if c.Action != "" && !slices.Contains(audit.Actions(), c.Action) {
		return survey.Unknown("--action", "action", c.Action, audit.Actions())
	}
	place, ok := d.Unit(c.Unit)
	if !ok && c.Unit != "" {
		return survey.Unknown("--unit", "unit", c.Unit, d.Units())
	}
	if ok { // by whichever of its codes an entry names it
		c.units = place.Unit.Codes()
	}
	if err := s.AuditLog(ctx, func(entry audit.Entry) error {
		chain.Add(&entry)
		return nil
	}); err != nil {
		return err
	}
	if err := unsound("the audit", chain.End()); err != nil && !c.Anyway {
		return err
	}
	w, done, abandon, err := e.file(c.Out)
	if err != nil {
		return err
	}
	if err := c.write(ctx, w, s, chain, d.Zone()); err != nil {
		abandon()
		return err
	}
	return done()
}

// write writes the entries that are asked for, then the head or what is wrong.
func (c *auditCommand) write(ctx context.Context, w io.Writer, s audit.Store, chain *audit.Chain, zone *time.Location) error {
	if c.Head {
		_, err := fmt.Fprintln(w, chain.Head)
		return err
	}
	filter := audit.Filter{Period: c.Period, Units: c.units, By: c.By, Action: c.Action}
	lines := json.NewEncoder(w)
	lines.SetEscapeHTML(false)
	err := s.AuditLog(ctx, func(entry audit.Entry) error {
		switch {
		case entry.Serial > chain.Head.Serial || !filter.Selects(&entry): // those that came since are not checked
			return nil
		case c.Format == "jsonl":
			return lines.Encode(entry)
		default:
			return c.print(w, &entry, zone)
		}
	})
	if err != nil || c.Format == "jsonl" {
		return err
	}
	for _, fault := range chain.Faults {
		fmt.Fprintf(w, "wrong: %s\n", fault)
	}
	_, err = fmt.Fprintln(w, "head", chain.Head)
	return err
}

// chain returns a chain that looks out for the known head.
func (c *auditCommand) chain() (*audit.Chain, error) {
	chain := new(audit.Chain)
	if c.Known == "" {
		return chain, nil
	}
	serial, hash, _ := strings.Cut(strings.Replace(strings.TrimSpace(c.Known), " ", ":", 1), ":")
	n, err := strconv.ParseInt(serial, 10, 64)
	if err != nil || n < 1 || len(hash) != 64 || strings.Trim(hash, "0123456789abcdef") != "" {
		return nil, survey.Errorf(survey.Invalid, "--known: must be a serial and a hash such as audit --head prints")
	}
	chain.Known = audit.Head{Serial: n, Hash: hash}
	return chain, nil
}

// mostPrinted is how many changes of an entry are printed one by one: a new city has
// thousands.
const mostPrinted = 40

// print prints an entry as a paragraph. Of very many changes those that name the unit
// that is asked for are printed, or else the first ones.
func (c *auditCommand) print(w io.Writer, e *audit.Entry, zone *time.Location) error {
	const indent = "\n     "
	var b strings.Builder
	fmt.Fprintf(&b, "%-3d  %s  %s", e.Serial, e.At.In(zone).Format("2006-01-02 15:04:05 MST"), oneLine(e.Actor))
	fmt.Fprintf(&b, indent+"%s %s", oneLine(e.Action), oneLine(e.Subject))
	if e.Detail != "" {
		b.WriteString(": " + oneLine(e.Detail))
	}
	if e.Reason != "" {
		b.WriteString(indent + "why: " + oneLine(e.Reason))
	}
	changes := e.Changes
	if len(changes) > mostPrinted && len(c.units) > 0 {
		changes = slices.DeleteFunc(slices.Clone(changes), func(x audit.Change) bool {
			words := strings.FieldsFunc(x.What, func(r rune) bool { return r == '.' || r == ' ' })
			return !slices.ContainsFunc(c.units, func(code string) bool { return slices.Contains(words, code) })
		})
	}
	changes = changes[:min(len(changes), mostPrinted)]
	for _, c := range changes {
		fmt.Fprintf(&b, indent+"%s: %s → %s", oneLine(c.What), oneLine(cmp.Or(c.Before, none)), oneLine(cmp.Or(c.After, none)))
	}
	if more := len(e.Changes) - len(changes); more > 0 {
		fmt.Fprintf(&b, indent+"and %d more changes (--format jsonl has them all)", more)
	}
	_, err := fmt.Fprintf(w, "%s\n\n", b.String())
	return err
}

// unsound returns the error that tells what is wrong with an audit; nil: nothing.
func unsound(what string, found []audit.Fault) error {
	var faults []survey.Fault
	for _, f := range found[:min(len(found), mostTold)] {
		faults = append(faults, survey.Fault{Field: fmt.Sprintf("entry %d", f.Serial), Code: "unsound", Message: f.What})
	}
	return survey.Faulty(fmt.Sprintf("%s is not what was written (faults: %d); audit --anyway lists it all the same", what, len(found)), faults)
}

// auditSound checks the whole audit.
func auditSound(ctx context.Context, s audit.Store) error {
	_, faults, err := audit.Verify(ctx, s)
	if err != nil {
		return err
	}
	return unsound("the audit", faults)
}

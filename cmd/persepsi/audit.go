package main

import (
	"context"
	"encoding/json"
	"fmt"
	"text/tabwriter"
	"time"

	"persepsi/internal/audit"
	"persepsi/survey"
)

type auditCommand struct {
	Period string `help:"Entries about a period." placeholder:"P" shown:"all"`
	Unit   string `help:"Entries about a unit." placeholder:"U" shown:"all"`
	By     string `help:"Entries of one person or key." placeholder:"NAME" shown:"all"`
	Action string `help:"Entries of one kind: apply, amend, import, export_full, set_evaluation, add_key …" placeholder:"A" shown:"all"`
	Format string `help:"${enum}." enum:"text,jsonl" default:"text"`
	Out    string `help:"File to write." placeholder:"FILE" shown:"standard output"`
}

// auditLine is an entry as JSON.
type auditLine struct {
	At      time.Time `json:"at"`
	By      string    `json:"by"`
	Action  string    `json:"action"`
	Subject string    `json:"subject"`
	Detail  string    `json:"detail"`
}

// Run lists who did what, the oldest first.
func (c *auditCommand) Run(ctx context.Context, e *environment) error {
	s, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // nothing is left to be written
	if _, ok := d.Period(c.Period); !ok && c.Period != "" {
		return survey.Errorf(survey.NotFound, "--period: there is no period %q", survey.Printable(c.Period))
	}
	if _, ok := d.Unit(c.Unit); !ok && c.Unit != "" {
		return survey.Errorf(survey.NotFound, "--unit: there is no unit %q", survey.Printable(c.Unit))
	}
	w, done, abandon, err := e.file(c.Out)
	if err != nil {
		return err
	}
	filter := audit.Filter{Period: c.Period, Unit: c.Unit, By: c.By, Action: c.Action}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	lines := json.NewEncoder(w)
	lines.SetEscapeHTML(false)
	err = s.AuditLog(ctx, func(entry audit.Entry) error {
		if !filter.Selects(&entry) {
			return nil
		}
		if c.Format == "jsonl" {
			return lines.Encode(auditLine{At: entry.At.UTC(), By: entry.Actor, Action: entry.Action, Subject: entry.Subject, Detail: entry.Detail})
		}
		_, err := fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", entry.At.In(d.Zone()).Format("2006-01-02 15:04:05"),
			oneLine(entry.Actor), entry.Action, oneLine(entry.Subject), oneLine(entry.Detail))
		return err
	})
	if err == nil {
		err = table.Flush()
	}
	if err != nil {
		abandon()
		return err
	}
	return done()
}

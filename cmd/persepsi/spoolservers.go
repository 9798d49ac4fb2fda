package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"persepsi/internal/audit"
	"persepsi/internal/mongodb"
	"persepsi/internal/projection"
	"persepsi/survey"
)

// serverRow is one server of the list.
type serverRow struct {
	ID      string           `json:"id"`
	Here    bool             `json:"here,omitempty"` // it spools in --data
	Seen    time.Time        `json:"seen"`
	Waiting map[string]int64 `json:"waiting"` // answers, by period
	// Awaited are the periods whose final figures wait for it, Unheard those whose final
	// figures do so no longer.
	Awaited []string `json:"awaited,omitempty"`
	Unheard []string `json:"unheard,omitempty"`
}

// servers lists what the servers of the database told last.
func (e *environment) servers(ctx context.Context) (out []serverRow, err error) {
	here, err := serverID(e.Data)
	if err != nil {
		return nil, err
	}
	s, d, err := e.openCity(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	list, err := s.Servers(ctx)
	if err != nil {
		return nil, err
	}
	for _, server := range list {
		row := serverRow{ID: server.ID, Here: server.ID == here, Seen: server.Seen, Waiting: server.Waiting}
		for i := range d.Catalogue().Periods {
			span := projection.SpanOf(&d.Catalogue().Periods[i], d.Zone())
			if e.now().Before(span.Close) {
				continue
			}
			switch server.State(span, e.now()) {
			case projection.Done:
			case projection.Awaited:
				row.Awaited = append(row.Awaited, span.Period)
			case projection.Unheard:
				row.Unheard = append(row.Unheard, span.Period)
			}
		}
		out = append(out, row)
	}
	return out, nil
}

func (e *environment) printServers(list []serverRow) error {
	if len(list) == 0 {
		return nil
	}
	w := tabwriter.NewWriter(e.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SERVER\tLAST HEARD OF\tIN ITS SPOOL\tFINAL FIGURES")
	for _, s := range list {
		id, waiting, finals := s.ID, []string{}, []string{}
		if s.Here {
			id += " (this one)"
		}
		for _, period := range slices.Sorted(maps.Keys(s.Waiting)) {
			waiting = append(waiting, fmt.Sprintf("%d of %s", s.Waiting[period], oneLine(period)))
		}
		for _, period := range s.Awaited {
			finals = append(finals, period+" waits for it")
		}
		for _, period := range s.Unheard {
			finals = append(finals, period+" is made without it")
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", id, s.Seen.Format(time.RFC3339), orNothing(waiting), orNothing(finals))
	}
	return w.Flush()
}

func orNothing(list []string) string {
	if len(list) == 0 {
		return "-"
	}
	return strings.Join(list, ", ")
}

type spoolForget struct {
	ID     string `arg:"" help:"The server's id, as spool list tells it."`
	Reason string `help:"Why; stands in the audit." placeholder:"R" required:""`
}

// Run forgets a server. One that lives is known again when it tells of itself next.
func (c *spoolForget) Run(ctx context.Context, e *environment) (err error) {
	if e.MongoDB == "" {
		return survey.Errorf(survey.Invalid, "--mongodb: name the database whose servers are meant; a directory of its own has one server")
	}
	reason := strings.TrimSpace(c.Reason)
	if reason == "" {
		return survey.Errorf(survey.Invalid, "--reason: say why; it stands in the audit")
	}
	s, _, err := e.openExisting(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	db, ok := s.backend.(*mongodb.DB)
	if !ok {
		return survey.Errorf(survey.Invalid, "--mongodb: names no MongoDB")
	}
	list, err := db.Servers(ctx)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(list, func(s projection.Server) bool { return s.ID == c.ID })
	if at < 0 {
		return survey.Errorf(survey.NotFound, "there is no server %q", survey.Printable(c.ID))
	}
	entry := said(e.now(), audit.ForgetServer, c.ID)
	entry.Reason, entry.Detail = reason, "last heard of "+list[at].Seen.Format(time.RFC3339)
	for _, period := range slices.Sorted(maps.Keys(list[at].Waiting)) {
		entry.Detail += fmt.Sprintf(", %d answers of %s in its spool", list[at].Waiting[period], period)
		entry.Concerns(period, "")
	}
	// Audited first: a crash in between costs repeating the command.
	if err := note(ctx, s, entry); err != nil {
		return err
	}
	if err := db.ForgetServer(ctx, c.ID); err != nil {
		return err
	}
	fmt.Fprintln(e.Out, "forgotten: final figures wait for this server no longer, unless it tells of itself again")
	return nil
}

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/google/uuid"

	"persepsi/internal/ingest"
	"persepsi/internal/spool"
	"persepsi/survey"
)

type spoolCommand struct {
	List    spoolList    `cmd:"" help:"List the answers that were set aside, how many wait for MongoDB, and what waits at the other servers of the database."`
	Resolve spoolResolve `cmd:"" help:"Decide about an answer that was set aside: without an option it is tried again."`
	Forget  spoolForget  `cmd:"" help:"Let final figures wait no longer for a server that does not come back."`
}

type spoolList struct {
	All    bool   `help:"List those too that are resolved."`
	Format string `help:"${enum}." enum:"table,json" default:"table"`
}

// spoolRow is one answer of the list: never what was answered.
type spoolRow struct {
	ID         uuid.UUID  `json:"id"`
	Received   time.Time  `json:"received"`
	Point      string     `json:"point"`
	Period     string     `json:"period"`
	Reason     string     `json:"reason"`
	Resolution string     `json:"resolution,omitempty"`
	Resolved   *time.Time `json:"resolved,omitempty"`
}

type spoolListing struct {
	Waiting  int64      `json:"waiting"`
	SetAside int64      `json:"set_aside"` // unresolved
	Answers  []spoolRow `json:"answers"`
	// Servers is nil without --mongodb, and while the database is away.
	Servers []serverRow `json:"servers,omitempty"`
}

// Run prints the list.
func (l *spoolList) Run(ctx context.Context, e *environment) error {
	queue, err := spool.OpenExisting(e.Data)
	if err != nil {
		return err
	}
	defer queue.Close() // only read
	stats, err := queue.Stats(ctx)
	if err != nil {
		return err
	}
	listing := spoolListing{Waiting: stats.Waiting, SetAside: stats.Quarantined, Answers: []spoolRow{}}
	if err := queue.Quarantined(ctx, func(a ingest.QuarantinedResponse) error {
		row := spoolRow{ID: a.ID, Received: a.ReceivedAt, Point: a.Point, Period: a.Period, Reason: a.Reason, Resolution: a.Resolution}
		if a.Resolution != "" {
			row.Resolved = &a.ResolvedAt
		}
		if a.Resolution == "" || l.All {
			listing.Answers = append(listing.Answers, row)
		}
		return nil
	}); err != nil {
		return err
	}
	if e.MongoDB != "" {
		if listing.Servers, err = e.servers(ctx); survey.CodeOf(err) == survey.Unavailable {
			fmt.Fprintln(e.Err, "the servers of the database cannot be listed while it is away")
		} else if err != nil {
			return err
		}
	}
	if l.Format == "json" {
		return json.NewEncoder(e.Out).Encode(listing)
	}
	if err := e.printSpool(&listing); err != nil {
		return err
	}
	return e.printServers(listing.Servers)
}

func (e *environment) printSpool(l *spoolListing) error {
	fmt.Fprintf(e.Out, "%d wait for MongoDB, %d set aside for a person to decide\n", l.Waiting, l.SetAside)
	if len(l.Answers) == 0 {
		return nil
	}
	w := tabwriter.NewWriter(e.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tRECEIVED\tPOINT\tPERIOD\tREASON")
	for _, a := range l.Answers {
		what := oneLine(a.Reason)
		if a.Resolved != nil {
			what += fmt.Sprintf(" (%s, %s)", oneLine(a.Resolution), a.Resolved.Format(time.RFC3339))
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", a.ID, a.Received.Format(time.RFC3339), a.Point, a.Period, what)
	}
	return w.Flush()
}

// oneLine keeps a text from breaking a table or a terminal.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}

type spoolResolve struct {
	ID     string `arg:"" help:"The answer's id, as spool list tells it."`
	AsNew  bool   `name:"as-new" help:"Where the store holds another answer under the id: store this one as an answer of its own, under a new id."`
	Drop   bool   `help:"Leave the answer out of every figure. It is kept in the spool with the reason."`
	Reason string `help:"Why; stands in the audit. --drop needs it." placeholder:"R"`
}

// Run resolves one answer, also beside a running server.
func (c *spoolResolve) Run(ctx context.Context, e *environment) error {
	id, err := uuid.Parse(c.ID)
	if err != nil {
		return survey.Errorf(survey.Invalid, "%q is no id of an answer", survey.Printable(c.ID))
	}
	queue, err := spool.OpenExisting(e.Data)
	if err != nil {
		return err
	}
	defer queue.Close() // every change is durable
	if e.MongoDB == "" {
		return survey.Errorf(survey.Invalid, "--mongodb: name the database that the answer was meant for")
	}
	s, _, err := e.openExisting(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // everything is durable
	resolution, err := ingest.ResolveQuarantined(ctx, queue, s, id, ingest.Decision{
		AsNew: c.AsNew, Drop: c.Drop, Reason: c.Reason, Actor: "command line",
	}, e.now())
	if err != nil {
		return err
	}
	fmt.Fprintln(e.Out, resolution)
	if _, err := s.Settle(ctx); err != nil {
		return fmt.Errorf("it is resolved; the figures follow when a server brings them up to date: %w", err)
	}
	return nil
}

package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/internal/cache"
	"persepsi/internal/export"
	"persepsi/internal/paper"
	"persepsi/internal/projection"
	"persepsi/internal/report"
	"persepsi/survey"
)

type importCommand struct {
	File   string   `arg:"" help:"The CSV or XLSX file." type:"path"`
	Period string   `required:"" help:"The survey period." placeholder:"P"`
	Unit   string   `required:"" help:"The unit that the answers are about." placeholder:"U"`
	Ignore []string `help:"Columns to leave out." placeholder:"COLUMN"`
}

// Run imports the file: all rows or none.
func (i *importCommand) Run(ctx context.Context, e *environment) error {
	data, err := readFile(i.File, paper.MaxBytes)
	if err != nil {
		return err
	}
	s, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // everything is durable after Import
	period, place, err := inPeriod(d, i.Period, i.Unit)
	if err != nil {
		return err
	}
	if today := d.Today(e.now()); today < period.From {
		return survey.Errorf(survey.Closed, "--period: period %s begins on %s", period.Code, period.From)
	}
	table, err := paper.Read(i.File, data)
	if err != nil {
		return err
	}
	reader := paper.Reader{
		Assignment: survey.Assignment{Place: place, Period: period, Form: d.Form(period.Code)},
		Zone:       d.Zone(), Now: e.now(), Ignore: i.Ignore,
	}
	reading, err := reader.Responses(table, data)
	if err != nil {
		return err
	}
	if err := clashes(ctx, s, reading.Responses); err != nil {
		return err
	}
	imported, err := s.Import(ctx, reading.Responses)
	if err != nil {
		return err
	}
	if _, err := s.Settle(ctx); err != nil {
		return err
	}
	summary := fmt.Sprintf("%d rows stored, %d were there before", imported.Stored, imported.Before)
	if err := note(ctx, s, e.now(), "import", period.Code+"/"+place.Unit.Code, summary); err != nil {
		return err
	}
	if len(reading.Absent) > 0 {
		fmt.Fprintf(e.Err, "note: no column for %s: their answers count as missing\n", strings.Join(reading.Absent, ", "))
	}
	_, err = fmt.Fprintf(e.Out, "imported: %s\n", summary)
	return err
}

// clashes refuses a file whose ids are stored with other content: the check
// comes before the first row is stored, so that nothing is half done.
func clashes(ctx context.Context, s *store, list []*survey.Response) error {
	ids := make([]uuid.UUID, len(list))
	byID := make(map[uuid.UUID]*survey.Response, len(list))
	for i, r := range list {
		ids[i], byID[r.ID] = r.ID, r
	}
	found, err := s.Find(ctx, ids)
	if err != nil {
		return err
	}
	var faults []survey.Fault
	for _, old := range found {
		if fresh := byID[old.ID]; !fresh.Same(old) {
			faults = append(faults, survey.Fault{Field: "id " + old.ID.String(), Code: "conflict", Message: "is stored already with other content"})
		}
	}
	return survey.Faulty("the file cannot be imported", faults)
}

type resultsCommand struct {
	Period string `required:"" help:"The survey period." placeholder:"P"`
	Unit   string `help:"One unit." placeholder:"U" shown:"all"`
	Agency string `help:"One agency." placeholder:"A" shown:"all"`
	Format string `help:"${enum}." enum:"json,csv,xlsx" default:"json"`
	Out    string `help:"File to write." placeholder:"FILE" shown:"standard output"`
}

// Run prints the result indicators.
func (c *resultsCommand) Run(ctx context.Context, e *environment) error {
	s, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // nothing is left to be written
	if err := c.check(d); err != nil {
		return err
	}
	figures, err := report.NewBuilder(report.NewBoard(s), func() *survey.Directory { return d }, cache.New(0), e.now)
	if err != nil {
		return err
	}
	if err := figures.Refresh(ctx); err != nil && !figures.Figures().Loaded() {
		return err
	} else if err != nil {
		fmt.Fprintf(e.Err, "note: %s\n", strings.ReplaceAll(err.Error(), "\n", "\nnote: "))
	}
	results, err := figures.Figures().Results(report.Scope{Audience: report.Live, Period: c.Period, Agency: c.Agency, Unit: c.Unit, Explain: c.Unit != ""})
	if err != nil {
		return err
	}
	w, done, abandon, err := e.file(c.Out)
	if err != nil {
		return err
	}
	if err := writeResults(w, c.Format, results); err != nil {
		abandon()
		return err
	}
	return done()
}

// check names the flag of a period, agency or unit that there isn't.
func (c *resultsCommand) check(d *survey.Directory) error {
	if _, ok := d.Period(c.Period); !ok {
		return survey.Errorf(survey.NotFound, "--period: there is no period %q", survey.Printable(c.Period))
	}
	if _, ok := d.Agency(c.Agency); !ok && c.Agency != "" {
		return survey.Errorf(survey.NotFound, "--agency: there is no agency %q", survey.Printable(c.Agency))
	}
	if place, ok := d.Unit(c.Unit); c.Unit != "" && (!ok || c.Agency != "" && place.Agency.Code != c.Agency) {
		return survey.Errorf(survey.NotFound, "--unit: there is no unit %q", survey.Printable(c.Unit))
	}
	return nil
}

func writeResults(w io.Writer, format string, r *report.Results) error {
	switch format {
	case "csv":
		return export.ResultsCSV(w, r)
	case "xlsx":
		return export.ResultsXLSX(w, r)
	}
	data, err := r.AppendJSON(nil)
	if err != nil {
		return err
	}
	_, err = w.Write(append(data, '\n'))
	return err
}

type recountCommand struct {
	Period string `help:"One period." placeholder:"P" shown:"all"`
}

// Run rebuilds the tallies.
func (c *recountCommand) Run(ctx context.Context, e *environment) error {
	s, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // nothing is left to be written
	if c.Period != "" {
		if _, _, err := inPeriod(d, c.Period, ""); err != nil {
			return err
		}
	}
	n, err := s.Recount(ctx, c.Period)
	if err != nil {
		return err
	}
	if err := e.tellRecounted(n); err != nil {
		return err
	}
	return e.verify(ctx, s, d, c.Period)
}

// verify checks the releases of a period, of all when empty, against their
// answers, and tells of each that is wrong.
func (e *environment) verify(ctx context.Context, s *store, d *survey.Directory, period string) error {
	var sum projection.Verified
	for i := range d.Catalogue().Periods {
		code := d.Catalogue().Periods[i].Code
		if period != "" && period != code {
			continue
		}
		v, err := s.Verify(ctx, code, d.Form(code))
		if err != nil {
			return err
		}
		sum.Releases += v.Releases
		sum.Wrong = append(sum.Wrong, v.Wrong...)
	}
	for _, wrong := range sum.Wrong {
		fmt.Fprintln(e.Err, "wrong:", wrong)
	}
	if len(sum.Wrong) > 0 {
		return survey.Errorf(survey.Conflict, "the releases of %d units contradict the stored answers; nothing was changed", len(sum.Wrong))
	}
	if sum.Releases == 0 {
		return nil
	}
	_, err := fmt.Fprintf(e.Out, "%d releases verified against their answers\n", sum.Releases)
	return err
}

// tellRecounted prints what a recount found: each tally that it mended, then
// the sum.
func (e *environment) tellRecounted(n analytics.Recounted) error {
	for _, m := range n.Mended {
		what := "differed"
		if m.Damaged {
			what = "could not be read"
		}
		fmt.Fprintf(e.Out, "mended: period %s, unit %s, %s: %s\n", survey.Printable(m.Period), survey.Printable(m.Unit), span(m.Key), what)
	}
	if more := n.Differing - len(n.Mended); more > 0 {
		fmt.Fprintf(e.Out, "mended: %d more\n", more)
	}
	if n.Moving > 0 {
		fmt.Fprintf(e.Err, "note: %d units were receiving answers all the while and could not be compared; recount again\n", n.Moving)
	}
	_, err := fmt.Fprintf(e.Out, "%d responses in %d buckets recounted, %d tallies differed\n", n.Responses, n.Buckets, n.Differing)
	return err
}

// span tells what time a tally covers.
func span(k analytics.Key) string {
	switch k.Level {
	case analytics.LevelDay:
		return "day " + k.Start.String()
	case analytics.LevelMonth:
		return "month " + k.Start.String()[:len("2026-01")]
	case analytics.LevelPeriod:
		return "whole period"
	default: // a damaged key
		return fmt.Sprintf("level %d", k.Level)
	}
}

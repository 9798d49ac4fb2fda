package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"persepsi/analytics"
	"persepsi/internal/cache"
	"persepsi/internal/export"
	"persepsi/internal/projection"
	"persepsi/internal/report"
	"persepsi/internal/wording"
	"persepsi/survey"
)

type resultsCommand struct {
	Period string `required:"" help:"The survey period." placeholder:"P"`
	Unit   string `help:"One unit." placeholder:"U" shown:"all"`
	Agency string `help:"One agency." placeholder:"A" shown:"all"`
	Format string `help:"${enum}." enum:"${result_formats}" default:"json"`
	Out    string `help:"File to write." placeholder:"FILE" shown:"standard output"`
}

// resultFormat is a format of results, by the name that the flag has for it.
type resultFormat struct {
	name  string
	write func(io.Writer, *report.Results, *time.Location) error
	// explains says that it tells how figures come about, also where it is not of one unit.
	explains bool
}

// resultFormats lists the formats of results.
func resultFormats() []resultFormat {
	return []resultFormat{
		{"json", writeResultsJSON, false},
		{"csv", func(w io.Writer, r *report.Results, _ *time.Location) error { return export.ResultsCSV(w, r) }, false},
		{"xlsx", writeResultsXLSX, true},
	}
}

// resultFormatNames returns the formats of results, as the flag names them.
func resultFormatNames() string {
	var out []string
	for _, f := range resultFormats() {
		out = append(out, f.name)
	}
	return strings.Join(out, ",")
}

// resultFormatOf returns the format that the flag names.
func resultFormatOf(name string) (resultFormat, error) {
	for _, f := range resultFormats() {
		if f.name == name {
			return f, nil
		}
	}
	return resultFormat{}, fmt.Errorf("there is no format %s", name) // kong refuses it before
}

// Run prints the result indicators.
func (c *resultsCommand) Run(ctx context.Context, e *environment) error {
	format, err := resultFormatOf(c.Format)
	if err != nil {
		return err
	}
	s, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // nothing is left to be written
	if err := c.check(d); err != nil {
		return err
	}
	results, err := e.results(ctx, s, d, report.Scope{Audience: report.Live, Period: c.Period, Agency: c.Agency, Unit: c.Unit, Explain: c.Unit != "" || format.explains})
	if err != nil {
		return err
	}
	w, done, abandon, err := e.file(c.Out)
	if err != nil {
		return err
	}
	if err := format.write(w, results, d.Zone()); err != nil {
		abandon()
		return err
	}
	return done()
}

// results computes what there is to be shown of a scope, and tells of what can't be.
func (e *environment) results(ctx context.Context, s *store, d *survey.Directory, scope report.Scope) (*report.Results, error) {
	figures, err := report.NewBuilder(report.NewBoard(s), func() *survey.Directory { return d }, cache.New(0), e.now)
	if err != nil {
		return nil, err
	}
	if err := figures.Refresh(ctx); err != nil && !figures.Figures().Loaded() {
		return nil, err
	} else if err != nil {
		fmt.Fprintf(e.Err, "note: %s\n", strings.ReplaceAll(err.Error(), "\n", "\nnote: "))
	}
	return figures.Figures().Results(scope)
}

// check names the flag of a period, agency or unit that there isn't.
func (c *resultsCommand) check(d *survey.Directory) error {
	if _, ok := d.Period(c.Period); !ok {
		return survey.Unknown("--period", "period", c.Period, d.Periods())
	}
	if _, ok := d.Agency(c.Agency); !ok && c.Agency != "" {
		return survey.Unknown("--agency", "agency", c.Agency, d.Agencies())
	}
	if c.Unit == "" {
		return nil
	}
	place, ok := d.Unit(c.Unit)
	if !ok {
		return survey.Unknown("--unit", "unit", c.Unit, d.Units())
	}
	if c.Agency != "" && !slices.Contains(place.Agency.Codes(), c.Agency) {
		return survey.Errorf(survey.NotFound, "--unit: unit %s is of agency %s", place.Unit.Code, place.Agency.Code)
	}
	return nil
}

func writeResultsXLSX(w io.Writer, r *report.Results, zone *time.Location) error {
	say, err := words()
	if err != nil {
		return err
	}
	return export.ResultsXLSX(w, r, zone, say)
}

func writeResultsJSON(w io.Writer, r *report.Results, _ *time.Location) error {
	data, err := r.AppendJSON(nil)
	if err != nil {
		return err
	}
	_, err = w.Write(append(data, '\n'))
	return err
}

// words returns the messages of the catalogue in the language of the offices.
func words() (export.Say, error) {
	catalogue, err := wording.Load()
	if err != nil {
		return nil, err
	}
	return export.Spoken(catalogue.In(survey.Languages()[0])), nil
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
	if err := e.tellErased(ctx, s, c.Period); err != nil {
		return err
	}
	if err := e.verify(ctx, s, d, c.Period); err != nil {
		return err
	}
	if err := e.sealed(ctx, s, c.Period); err != nil {
		return err
	}
	return auditSound(ctx, s)
}

// verify checks the releases of a period, of all when empty, against their
// answers, and tells of each that is wrong.
func (e *environment) verify(ctx context.Context, s *store, d *survey.Directory, period string) error {
	var sum projection.VerifyResult
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
func (e *environment) tellRecounted(n analytics.RecountResult) error {
	for _, m := range n.Corrections {
		what := "differed"
		if m.Damaged {
			what = "could not be read"
		}
		fmt.Fprintf(e.Out, "mended: period %s, unit %s, %s: %s\n", survey.Printable(m.Period), survey.Printable(m.Unit), span(m.Key), what)
	}
	if more := n.Differing - len(n.Corrections); more > 0 {
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

package main

import (
	"context"
	"errors"
	"slices"

	"persepsi/internal/access"
	"persepsi/internal/cache"
	"persepsi/internal/comment"
	"persepsi/internal/desk"
	"persepsi/internal/report"
	"persepsi/internal/reporting"
	"persepsi/survey"
)

type reportCommand struct {
	Period    string `required:"" help:"The survey period." placeholder:"P"`
	Unit      string `required:"" help:"The unit." placeholder:"U"`
	Kind      string `help:"skm, of the IKM, or zi, of IPKP and IPAK." enum:"skm,zi" default:"skm"`
	Format    string `help:"pdf or docx." placeholder:"FORMAT" shown:"the ending of --out"`
	Lang      string `help:"Language: ${enum}." enum:"id,en" default:"id"`
	PublicURL string `name:"public-url" help:"Address under which citizens reach the service: a symbol leads from the print to the newest figure." placeholder:"URL" shown:"none, and no symbol"`
	Out       string `required:"" help:"File to write." placeholder:"FILE"`
}

// Run writes the report of a unit: of a closed period the final figures, of a running one
// those of the newest release, and it says so.
func (c *reportCommand) Run(ctx context.Context, e *environment) error {
	format, err := c.format()
	if err != nil {
		return err
	}
	base := ""
	if c.PublicURL != "" {
		if base, err = publicURL(c.PublicURL); err != nil {
			return err
		}
	}
	s, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // nothing is left to be written
	data, err := c.file(ctx, e, s, d, base, format)
	if err != nil {
		return err
	}
	w, done, abandon, err := e.file(c.Out)
	if err != nil {
		return err
	}
	if _, err := w.Write(data); err != nil {
		abandon()
		return err
	}
	return done()
}

// file makes the report.
func (c *reportCommand) file(ctx context.Context, e *environment, s *store, d *survey.Directory, base string, format reporting.Format) ([]byte, error) {
	if _, _, err := inPeriod(d, c.Period, c.Unit); err != nil {
		return nil, err
	}
	figures, err := report.NewBuilder(report.NewBoard(s), func() *survey.Directory { return d }, cache.New(0), e.now)
	if err != nil {
		return nil, err
	}
	if err := figures.Refresh(ctx); err != nil {
		return nil, err
	}
	desks := desk.NewBuilder(figures.Figures, s, nil, e.now)
	if err := errors.Join(desks.Learn(ctx, figures, 0), desks.Refresh(ctx)); err != nil {
		return nil, err
	}
	operator := access.Actor{Name: commandLine, Grants: []access.Grant{{Role: access.Evaluator, Scope: access.City()}}}
	comments, err := comment.NewReader(s, s.Projector, func() *survey.Directory { return d }, e.now)
	if err != nil {
		return nil, err
	}
	reports, err := reporting.NewReports(figures, &lazyComments{Reader: comments}, s, cache.New(0), base, e.now)
	if err != nil {
		return nil, err
	}
	in, err := reports.Open(ctx, operator, desks.Desk().For(operator), reporting.Subject{Kind: reporting.Kind(c.Kind), Period: c.Period, Unit: c.Unit})
	if err != nil {
		return nil, flagged("--unit", err)
	}
	data, err := reports.FileOnce(in, c.Lang, format, nil)
	return data, flagged("--kind", err)
}

// lazyComments reads comments only where a report quotes one: that takes the releases of the city.
type lazyComments struct {
	*comment.Reader
	read bool
}

func (q *lazyComments) One(ctx context.Context, at comment.Place, k comment.Key) (*comment.Item, error) {
	if !q.read {
		if err := q.Refresh(ctx); err != nil {
			return nil, err
		}
		q.read = true
	}
	return q.Reader.One(ctx, at, k)
}

// flagged adds the name of the flag to the error of its value.
func flagged(flag string, err error) error {
	var fault *survey.Error
	if errors.As(err, &fault) && (fault.Code == survey.NotFound || fault.Code == survey.Invalid) {
		return survey.Errorf(fault.Code, "%s: %s", flag, fault.Message)
	}
	return err
}

// format returns the report's format, by --format or the ending of --out.
func (c *reportCommand) format() (reporting.Format, error) {
	var known []string
	for _, f := range reporting.Formats() {
		known = append(known, f.Ending)
	}
	slices.Sort(known)
	format, err := formatOf(c.Format, c.Out, known...)
	f, _ := reporting.FormatOf(format)
	return f, err
}

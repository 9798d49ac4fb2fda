package main

import (
	"context"
	"errors"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"persepsi/internal/access"
	"persepsi/internal/cache"
	"persepsi/internal/comment"
	"persepsi/internal/desk"
	"persepsi/internal/document"
	"persepsi/internal/docx"
	"persepsi/internal/manuscript"
	"persepsi/internal/report"
	"persepsi/internal/reporting"
	"persepsi/internal/typeset"
	"persepsi/internal/wording"
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

// writers are how a document is written, by format.
func writers() map[string]func(io.Writer, *document.Document) error {
	return map[string]func(io.Writer, *document.Document) error{"docx": docx.Write, "pdf": typeset.PDF}
}

// Run writes the report of a unit: of a closed period the final figures, of a running one
// those of the newest release, and it says so.
func (c *reportCommand) Run(ctx context.Context, e *environment) error {
	write, err := c.writer()
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
	doc, err := c.document(ctx, e, s, d, base)
	if err != nil {
		return err
	}
	w, done, abandon, err := e.file(c.Out)
	if err != nil {
		return err
	}
	if err := write(w, doc); err != nil {
		abandon()
		return err
	}
	return done()
}

// document makes the report.
func (c *reportCommand) document(ctx context.Context, e *environment, s *store, d *survey.Directory, base string) (*document.Document, error) {
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
	details, err := desk.NewDetails(figures, cache.New(0))
	if err != nil {
		return nil, err
	}
	desks := desk.NewBuilder(figures.Figures, s, nil, e.now)
	if err := errors.Join(desks.Learn(ctx, figures, 0), desks.Refresh(ctx)); err != nil {
		return nil, err
	}
	operator := access.Actor{Name: commandLine, Grants: []access.Grant{{Role: access.Evaluator, Scope: access.City()}}}
	in, err := reporting.Gather(ctx, figures.Figures(), details, desks.Desk().For(operator), reporting.Asked{Kind: reporting.Kind(c.Kind), Period: c.Period, Unit: c.Unit, Sums: true})
	if err != nil {
		return nil, flagged("--unit", err)
	}
	if err := c.written(ctx, e, s, d, in); err != nil {
		return nil, err
	}
	if base != "" {
		in.Address = base + "/hasil/" + in.Place.Unit.Code
	}
	words, err := wording.Load()
	if err != nil {
		return nil, err
	}
	doc, err := reporting.Make(words.In(c.Lang), in)
	return doc, flagged("--kind", err)
}

// written adds what people wrote into the report, and the comments that they quote.
func (c *reportCommand) written(ctx context.Context, e *environment, s *store, d *survey.Directory, in *reporting.Input) error {
	text := &manuscript.Desk{Store: s, Now: e.now}
	var err error
	if in.Written, err = text.Newest(ctx, manuscript.Place{Period: in.Period.Code, Unit: in.Place.Unit.Key(), Kind: c.Kind}); err != nil || len(in.Written.Comments) == 0 {
		return err
	}
	comments, err := comment.NewReader(s, s.Projector, func() *survey.Directory { return d }, e.now)
	if err != nil {
		return err
	}
	if err := comments.Refresh(ctx); err != nil {
		return err
	}
	in.Quoted, err = reporting.Quoted(ctx, comments, &in.Written)
	return err
}

// flagged names the flag that a fault which somebody may read is of.
func flagged(flag string, err error) error {
	var fault *survey.Error
	if errors.As(err, &fault) && (fault.Code == survey.NotFound || fault.Code == survey.Invalid) {
		return survey.Errorf(fault.Code, "%s: %s", flag, fault.Message)
	}
	return err
}

// writer is that of --format, or of the ending of --out.
func (c *reportCommand) writer() (func(io.Writer, *document.Document) error, error) {
	known := slices.Sorted(maps.Keys(writers()))
	ending := strings.ToLower(strings.TrimPrefix(filepath.Ext(c.Out), "."))
	format := c.Format
	switch {
	case format != "" && !slices.Contains(known, format):
		return nil, misused("--format must be one of %s, not %q", strings.Join(known, ", "), survey.Printable(format))
	case format != "" && slices.Contains(known, ending) && ending != format:
		return nil, misused("--format %s contradicts --out %s", format, survey.Printable(c.Out))
	case format == "" && !slices.Contains(known, ending):
		return nil, misused("--out: %q ends in none of .%s; name the format with --format", survey.Printable(c.Out), strings.Join(known, ", ."))
	case format == "":
		format = ending
	}
	return writers()[format], nil
}

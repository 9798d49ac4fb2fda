package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"persepsi/internal/access"
	"persepsi/internal/cache"
	"persepsi/internal/comment"
	"persepsi/internal/desk"
	"persepsi/internal/dossier"
	"persepsi/internal/report"
	"persepsi/internal/reporting"
	"persepsi/survey"
)

type dossierCommand struct {
	Period    string `required:"" help:"The survey period." placeholder:"P"`
	Unit      string `help:"The unit." placeholder:"U" shown:"none; --agency names one then"`
	Agency    string `help:"All units of an agency, in one file." placeholder:"A" shown:"none"`
	For       string `name:"for" help:"Whom it is for: ${enum}. Managers get released figures and no rows of answers." enum:"evaluator,manager" default:"evaluator"`
	Lang      string `help:"Language: ${enum}." enum:"id,en" default:"id"`
	PublicURL string `name:"public-url" help:"Address under which citizens reach the service: symbols of reports and the publication sheet lead there." placeholder:"URL" shown:"none, and no publication sheet"`
	Out       string `required:"" help:"ZIP file to write." placeholder:"FILE"`
}

// Validate checks what belongs together.
func (c *dossierCommand) Validate() error {
	if (c.Unit == "") == (c.Agency == "") {
		return errors.New("name either --unit or --agency")
	}
	return nil
}

// Run writes the evidence package of a unit or agency.
func (c *dossierCommand) Run(ctx context.Context, e *environment) error {
	base := ""
	if c.PublicURL != "" {
		var err error
		if base, err = publicURL(c.PublicURL); err != nil {
			return err
		}
	}
	s, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // only read
	if _, ok := d.Agency(c.Agency); !ok && c.Agency != "" {
		return survey.Unknown("--agency", "agency", c.Agency, d.Agencies())
	}
	if _, _, err := inPeriod(d, c.Period, c.Unit); err != nil {
		return err
	}
	maker, err := e.dossiers(ctx, s, d, base)
	if err != nil {
		return err
	}
	role := access.Evaluator
	if c.For == string(dossier.Managers) {
		role = access.Manager
	}
	made, err := maker.Open(dossier.Request{
		Period: c.Period, Unit: c.Unit, Agency: c.Agency, Lang: c.Lang, Who: access.Actor{Name: commandLine, Grants: []access.Grant{{Role: role, Scope: access.City()}}},
	})
	if err != nil {
		return flagged(c.flag(), err)
	}
	w, done, abandon, err := e.file(c.Out)
	if err != nil {
		return err
	}
	written, err := made.Write(ctx, w)
	if err == nil {
		err = made.Note(ctx, written) // before anybody has it
	}
	if err != nil {
		abandon()
		return err
	}
	if err := done(); err != nil {
		return err
	}
	if slices.ContainsFunc(written.Manifest.Files, func(f dossier.File) bool { return f.Rows != nil }) {
		fmt.Fprintln(e.Err, "note: the package holds rows of answers, for evaluators alone; --for manager makes one without")
	}
	return nil
}

func (c *dossierCommand) flag() string {
	if c.Unit == "" {
		return "--agency"
	}
	return "--unit"
}

// dossiers returns the maker of packages over a store, with figures of now.
func (e *environment) dossiers(ctx context.Context, s *store, d *survey.Directory, base string) (*dossier.Maker, error) {
	directory := func() *survey.Directory { return d }
	kept := cache.New(cacheBytes)
	figures, err := report.NewBuilder(report.NewBoard(s), directory, kept, e.now)
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
	comments, err := comment.NewReader(s, s.Projector, directory, e.now)
	if err != nil {
		return nil, err
	}
	reports, err := reporting.NewReports(figures, &lazyComments{Reader: comments}, s, kept, base, e.now)
	if err != nil {
		return nil, err
	}
	return &dossier.Maker{Reports: reports, Desks: desks, Facts: s, Evidence: s, Audit: s, Version: version, Now: e.now}, nil
}

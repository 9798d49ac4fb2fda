package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"persepsi/analytics"
	"persepsi/internal/access"
	"persepsi/internal/account"
	"persepsi/internal/audit"
	"persepsi/internal/comment"
	"persepsi/internal/evidence"
	"persepsi/internal/jobs"
	"persepsi/internal/lke"
	"persepsi/internal/manuscript"
	"persepsi/internal/mongodb"
	"persepsi/internal/projection"
	"persepsi/internal/retention"
	"persepsi/internal/sqlite"
	"persepsi/survey"
)

// store is what the commands work on: a backend, and the projection that keeps
// its tallies up to date.
type store struct {
	backend
	*projection.Projector
}

func project(b backend, r *rules) *store { return &store{b, projection.New(b, r.library)} }

// backend is everything that a store offers; both satisfy it.
type backend interface {
	survey.Appender
	survey.Importer
	survey.Reader
	survey.CatalogueStore
	audit.Store
	recorder
	projection.Store
	retention.Store
	lke.Store
	Evaluations(ctx context.Context, period string) ([]analytics.Evaluation, error)
	comment.Store
	manuscript.Store
	evidence.Store
	jobs.Store
	access.KeyReader
	account.Store
	Ping(ctx context.Context) error
	Close() error
}

// recorder stores what a command changes and the entries of the audit that tell of
// it, both or neither.
type recorder interface {
	RecordCatalogue(ctx context.Context, c *survey.Catalogue, said ...audit.Entry) error
	RecordKey(ctx context.Context, k access.Key, said ...audit.Entry) error
	RecordKeyGrants(ctx context.Context, id string, was, grants []access.Grant, said ...audit.Entry) error
	RecordRevocation(ctx context.Context, id string, at time.Time, said ...audit.Entry) error
}

// rules are the instruments and methods that come with the program.
type rules struct {
	library *survey.Library
	methods *survey.Methods
}

func loadRules() (*rules, error) {
	lib, err := survey.NewLibrary()
	if err != nil {
		return nil, err
	}
	methods, err := survey.LoadMethods()
	if err != nil {
		return nil, err
	}
	return &rules{library: lib, methods: methods}, nil
}

// open opens the store that the settings name, makes it where there is none,
// and brings it to the program's shape. It is for the commands that begin a city
// (serve, apply, migrate, restore, user add); others use openCity, so that a slip in
// --data makes no empty city.
func (e *environment) open(ctx context.Context) (*store, *rules, error) {
	r, err := loadRules()
	if err != nil {
		return nil, nil, err
	}
	if e.MongoDB != "" {
		db, err := mongodb.Open(ctx, e.MongoDB)
		if err != nil {
			return nil, nil, err
		}
		return project(db, r), r, nil
	}
	db, err := sqlite.Open(ctx, e.Data)
	if err != nil {
		return nil, nil, err
	}
	return project(db, r), r, nil
}

const whoMakes = "(serve, apply, migrate, restore and user add make one)"

// openExisting is open for a store that must be there already; NotFound where
// it is not, and then nothing was made.
func (e *environment) openExisting(ctx context.Context) (*store, *rules, error) {
	r, err := loadRules()
	if err != nil {
		return nil, nil, err
	}
	if e.MongoDB == "" {
		if err := e.storeThere(); err != nil {
			return nil, nil, err
		}
		return e.open(ctx)
	}
	db, err := mongodb.OpenExisting(ctx, e.MongoDB)
	if survey.CodeOf(err) == survey.NotFound {
		return nil, nil, survey.Errorf(survey.NotFound, "--mongodb: %s %s", err.Error(), whoMakes)
	}
	if err != nil {
		return nil, nil, err
	}
	return project(db, r), r, nil
}

// openCity opens a store that is there and reads the city that is declared in
// it.
func (e *environment) openCity(ctx context.Context) (*store, *survey.Directory, error) {
	s, r, err := e.openExisting(ctx)
	if err != nil {
		return nil, nil, err
	}
	d, err := directory(ctx, s, r)
	if err != nil {
		return nil, nil, errors.Join(err, s.Close())
	}
	return s, d, nil
}

// directory reads the city's newest catalogue.
func directory(ctx context.Context, s *store, r *rules) (*survey.Directory, error) {
	c, err := s.Catalogue(ctx)
	if err != nil {
		return nil, err
	}
	return survey.NewDirectory(c, r.library, r.methods)
}

// commandLine is who did what was done by a command.
const commandLine = "command line"

// inPeriod finds a period, and a unit where one is named.
func inPeriod(d *survey.Directory, period, unit string) (*survey.Period, survey.Place, error) {
	p, ok := d.Period(period)
	if !ok {
		return nil, survey.Place{}, survey.Unknown("--period", "period", period, d.Periods())
	}
	if unit == "" {
		return p, survey.Place{}, nil
	}
	place, ok := d.Unit(unit)
	if !ok {
		return nil, survey.Place{}, survey.Unknown("--unit", "unit", unit, d.Units())
	}
	if !p.Covers(place.Unit.Code) {
		return nil, survey.Place{}, survey.Errorf(survey.Invalid, "--unit: unit %s takes no part in period %s", unit, period)
	}
	return p, place, nil
}

// said returns the beginning of an entry of the audit about what a command does.
func said(at time.Time, action, subject string) audit.Entry {
	return audit.Entry{At: at, Actor: commandLine, Action: action, Subject: subject}
}

// note adds an entry to the audit. What is stored in one piece takes its entries
// along instead: RecordCatalogue, RecordKey.
func note(ctx context.Context, s audit.Store, e audit.Entry) error {
	if err := s.Audit(ctx, e); err != nil {
		return fmt.Errorf("write the audit: %w", err)
	}
	return nil
}

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // a bare machine may have no time zones

	"github.com/alecthomas/kong"

	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/internal/mongodb"
	"persepsi/internal/projection"
	"persepsi/internal/sqlite"
	"persepsi/survey"
)

// common are the settings of every command, those of the product.
type common struct {
	Data    string `help:"Directory of the embedded store (${default})." default:"data" placeholder:"DIR" env:"PERSEPSI_DATA"`
	MongoDB string `name:"mongodb" help:"Address of a MongoDB replica set; without it the embedded store is used." placeholder:"URI" env:"PERSEPSI_MONGODB"`
}

type cli struct {
	common

	Generate  generateCommand  `cmd:"" help:"Fill an empty store with a made-up city and any number of answers."`
	Load      loadCommand      `cmd:"" help:"Measure the product beside the references and print a table."`
	Desks     desksCommand     `cmd:"" help:"Measure what open desks cost the citizens."`
	Jobs      jobsCommand      `cmd:"" help:"Measure what long work costs the citizens."`
	Reference referenceCommand `cmd:"" help:"Serve one of the two references."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c cli
	k := kong.Parse(&c, kong.Name("persepsi-bench"), kong.Description("Measures Persepsi; see docs/performance.md."), kong.DefaultEnvars("PERSEPSI"))
	k.BindTo(ctx, (*context.Context)(nil))
	k.FatalIfErrorf(k.Run(&c.common))
}

// rules are the instruments and methods that come with the product.
func rules() (*survey.Library, *survey.Methods, error) {
	library, err := survey.NewLibrary()
	if err != nil {
		return nil, nil, err
	}
	methods, err := survey.LoadMethods()
	return library, methods, err
}

// closable is a store that can be filled: one of the product's, with its
// projection.
type closable struct {
	backend
	*projection.Projector
}

type backend interface {
	survey.Appender
	survey.CatalogueStore
	projection.Store
	RecordCatalogue(ctx context.Context, c *survey.Catalogue, said ...audit.Entry) error
	RecordPerson(ctx context.Context, p access.Person, notes ...audit.Entry) error
	AddSession(ctx context.Context, s access.Session) error
	Close() error
}

// open opens a store, which is made where it is missing.
func (c *common) open(ctx context.Context, library *survey.Library) (closable, error) {
	var b backend
	var err error
	if c.MongoDB != "" {
		b, err = mongodb.Open(ctx, c.MongoDB)
	} else {
		b, err = sqlite.Open(ctx, c.Data)
	}
	return closable{b, projection.New(b, library)}, err
}

// directory reads the city of a store.
func (c *common) directory(ctx context.Context) (d *survey.Directory, err error) {
	library, methods, err := rules()
	if err != nil {
		return nil, err
	}
	s, err := c.open(ctx, library)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	catalogue, err := s.Catalogue(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the city: %w", err)
	}
	return survey.NewDirectory(catalogue, library, methods)
}

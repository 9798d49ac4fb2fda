// Package handlers is the web edge: it mounts the areas, each of which owns its
// routes and its few dependencies. It knows no store: everything is handed to it
// as small interfaces.
package handlers

import (
	"context"
	"log/slog"
	"net/netip"
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/account"
	"persepsi/handlers/api"
	"persepsi/handlers/citizen"
	deskpages "persepsi/handlers/desk"
	"persepsi/handlers/evaluation"
	"persepsi/handlers/ops"
	"persepsi/handlers/public"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	office "persepsi/internal/account"
	"persepsi/internal/cache"
	"persepsi/internal/comment"
	"persepsi/internal/connection"
	"persepsi/internal/desk"
	"persepsi/internal/dossier"
	"persepsi/internal/evidence"
	"persepsi/internal/ingest"
	"persepsi/internal/lke"
	"persepsi/internal/report"
	"persepsi/internal/reporting"
	"persepsi/survey"
)

// Deps is what the pages and the API are made from; cmd/persepsi fills it.
type Deps struct {
	Submit      ingest.Submitter
	Find        ingest.Finder
	Directories web.Directories
	Figures     *report.Builder
	Desks       *desk.Builder
	Cache       *cache.Cache // of what is rendered for many
	Keys        access.KeyReader
	Office      *office.Office     // of people's accounts
	City        account.CitySignIn // the city's own sign-in; nil: it has none
	// SecondFactor are the roles that allow people nothing without a second factor.
	SecondFactor []access.Role
	People       access.PersonStore
	Evaluations  lke.Store
	Evidence     evidence.Store
	MostEvidence int64 // bytes that its files may take, of the whole city
	Comments     *comment.Reader
	Reports      *reporting.Reports
	Work         deskpages.Work  // that takes long
	Dossiers     *dossier.Office // evidence packages
	// Health tells of the parts that store answers, by name, and whether an
	// answer could be stored now.
	Health    func(ctx context.Context) (parts map[string]ops.Part, takes bool)
	Metrics   func() []ops.Metric // values read when /metrics is asked for
	Limits    web.Limits
	Trusted   []netip.Prefix // proxies whose word about a client is believed, beside those on this machine
	PublicURL string         // the address in symbols, without a slash at the end
	Temp      string         // a directory of files that are made to be sent; empty: where the system keeps such
	Version   string
	Now       func() time.Time
	Log       *slog.Logger
}

// New makes the Fiber application with every area.
func New(deps Deps) (*fiber.App, error) {
	metrics := ops.NewMetrics(deps.Metrics)
	site, err := web.NewSite(web.Settings{
		Directories: deps.Directories, KeyStore: deps.Keys, Sessions: deps.Office, PersonStore: deps.People, SecondFactor: deps.SecondFactor, Cache: deps.Cache, Limits: deps.Limits, Trusted: deps.Trusted, PublicURL: deps.PublicURL, FileForms: evaluation.FileForms(), Temp: deps.Temp,
		Now: deps.Now, Log: deps.Log, Observed: metrics.Observe,
	})
	if err != nil {
		return nil, err
	}
	app := fiber.New(fiber.Config{
		AppName:   "Persepsi",
		BodyLimit: web.BodyLimit,
		// What unpacks forms with files stops at no limit: web.UploadOf has the one that there is.
		DisablePreParseMultipartForm: true,
		DisableStartupMessage:        true,
		ErrorHandler:                 site.Refuse,
		Immutable:                    true, // strings outlive the request: they go into responses and logs
		// A connection that sends or takes its bytes one by one is cut off; there
		// are at most connection.ServerLimit.
		ReadTimeout:  web.ReadWithin,
		WriteTimeout: 30 * time.Second,
		IdleTimeout:  60 * time.Second,
		Concurrency:  connection.ServerLimit,
		// Cookies of other services of the same city come along with requests.
		ReadBufferSize:  8 << 10,
		WriteBufferSize: 16 << 10,
		ServerHeader:    "",
	})
	app.Server().HeaderReceived = site.Admit
	site.Mount(app)
	receiver := ingest.NewReceiver(deps.Submit, deps.Find, deps.Now)
	citizen.Mount(app, site, receiver)
	if err := public.Mount(app, site, deps.Figures); err != nil {
		return nil, err
	}
	entries, err := lke.NewEntries(deps.Evaluations, deps.Figures.Check, deps.Now)
	if err != nil {
		return nil, err
	}
	if err := evaluation.Mount(app, site, deps.Figures, entries, deps.Desks, deps.Evidence, deps.MostEvidence); err != nil {
		return nil, err
	}
	if err := deskpages.Mount(app, site, deps.Desks, deps.Comments, deps.Reports, deps.Work, deps.Dossiers); err != nil {
		return nil, err
	}
	account.Mount(app, site, deps.Office, deps.City)
	api.Mount(app, site, receiver, api.Data{Figures: deps.Figures, Entries: entries})
	ops.Mount(app, site, metrics, ops.Checks{Version: deps.Version, Figures: deps.Figures, Health: deps.Health})
	app.Use(func(*fiber.Ctx) error {
		return survey.Errorf(survey.NotFound, "there is no such page")
	})
	return app, nil
}

// Package handlers is the web edge: it mounts the areas, each of which owns its
// routes and its few dependencies. It knows no store: everything is handed to it
// as small interfaces.
package handlers

import (
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/account"
	"persepsi/handlers/api"
	"persepsi/handlers/citizen"
	"persepsi/handlers/desk"
	"persepsi/handlers/evaluation"
	"persepsi/handlers/ops"
	"persepsi/handlers/public"
	"persepsi/handlers/web"
	"persepsi/internal/connection"
	"persepsi/survey"
)

// Deps is what the application is made from: what all areas need, and each of them beside
// that. cmd/persepsi fills it.
type Deps struct {
	Site       web.Settings
	Citizen    citizen.Deps
	Public     public.Deps
	Desk       desk.Deps
	Evaluation evaluation.Deps
	Account    account.Deps
	API        api.Deps
	Ops        ops.Deps
}

// New makes the Fiber application with every area.
func New(deps Deps) (*fiber.App, error) {
	site, err := web.NewSite(deps.Site)
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
	citizen.Mount(app, site, deps.Citizen)
	account.Mount(app, site, deps.Account)
	api.Mount(app, site, deps.API)
	ops.Mount(app, site, deps.Ops)
	if err := errors.Join(
		public.Mount(app, site, deps.Public),
		evaluation.Mount(app, site, deps.Evaluation),
		desk.Mount(app, site, deps.Desk),
	); err != nil {
		return nil, err
	}
	app.Use(func(*fiber.Ctx) error {
		return survey.Errorf(survey.NotFound, "there is no such page")
	})
	return app, nil
}

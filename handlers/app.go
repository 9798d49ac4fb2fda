// Package handlers is the web edge: Fiber routes and middleware, the citizen's
// and the public pages, the JSON API, and the one place where errors become
// status codes. It knows no store: everything is handed to it as small
// interfaces.
package handlers

import (
	"context"
	"log/slog"
	"net/netip"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/time/rate"

	"persepsi/analytics"
	"persepsi/handlers/view"
	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/internal/report"
	"persepsi/survey"
)

// Submitter stores one response durably.
type Submitter interface {
	Submit(ctx context.Context, r *survey.Response) (survey.Outcome, error)
}

// Directories gives the current directory of the city.
type Directories interface {
	Directory() *survey.Directory
}

// Keys reads the API keys.
type Keys interface {
	Keys(ctx context.Context) ([]access.Key, error)
}

// Sessions keeps the sessions of browsers that a key was typed in.
type Sessions interface {
	AddSession(ctx context.Context, s access.Session) error
	SessionByHash(ctx context.Context, hash [32]byte) (*access.Session, error)
	EndSession(ctx context.Context, hash [32]byte) error
}

// Evaluations takes the evaluators' entries.
type Evaluations interface {
	PutEvaluation(ctx context.Context, e analytics.Evaluation) error
}

// Auditor takes lines of the audit.
type Auditor interface {
	Audit(ctx context.Context, e audit.Entry) error
}

// Deps is what the pages and the API are made from; cmd/persepsi fills it.
type Deps struct {
	Submit      Submitter
	Find        Finder
	Directories Directories
	Board       *report.Board
	Reporter    *report.Reporter
	Keys        Keys
	Sessions    Sessions
	Evaluations Evaluations
	Audit       Auditor
	// Health tells of the parts that store answers, by name, and whether an
	// answer could be stored now.
	Health    func(ctx context.Context) (parts map[string]Part, takes bool)
	Metrics   func() []Metric // values read when /metrics is asked for
	Limits    Limits
	Trusted   []netip.Prefix // proxies whose word about a client is believed, beside those on this machine
	PublicURL string         // the address in symbols, without a slash at the end
	Version   string
	Now       func() time.Time
	Log       *slog.Logger
}

// Metric is one value of /metrics.
type Metric struct {
	Name, Help string
	Labels     map[string]string
	Counter    bool // else a gauge
	Value      float64
}

// bodyLimit is the largest body of a request: the longest answer is far
// smaller, and an import goes by the command line.
const bodyLimit = 64 << 10

// maxConnections bounds the open connections: see MostConnections.
const maxConnections = 16 << 10

// readWithin is how long a request may take to arrive.
const readWithin = 15 * time.Second

// server carries what the routes share.
type server struct {
	Deps
	pages   *view.Pages
	shapes  *shapes
	keys    *keyring
	peers   *peers
	limiter *limiter
	metrics *metrics
	forms   formCache
	people  peopleCache
	figures *figureCache

	resultPages resultCache
	trouble     rate.Sometimes
}

// New makes the Fiber application with every route.
func New(deps Deps) (*fiber.App, error) {
	pages, err := view.New()
	if err != nil {
		return nil, err
	}
	figures, err := newFigureCache()
	if err != nil {
		return nil, err
	}
	from := &peers{trusted: deps.Trusted, now: deps.Now, log: deps.Log}
	s := &server{
		figures: figures,
		Deps:    deps, pages: pages, shapes: newShapes(), peers: from,
		keys:    newKeyring(&deps, func(c *fiber.Ctx) netip.Addr { return from.of(c).addr }),
		limiter: newLimiter(deps.Limits, deps.Now), metrics: newMetrics(deps.Metrics),
		trouble: rate.Sometimes{Interval: time.Second},
	}
	app := fiber.New(fiber.Config{
		AppName:   "Persepsi",
		BodyLimit: bodyLimit,
		// No form here has files, and what unpacks them stops at no limit.
		DisablePreParseMultipartForm: true,
		DisableStartupMessage:        true,
		ErrorHandler:                 s.refuse,
		Immutable:                    true, // strings outlive the request: they go into responses and logs
		// A connection that sends or takes its bytes one by one is cut off,
		// and so many of them are no more than so many.
		ReadTimeout:  readWithin,
		WriteTimeout: 30 * time.Second,
		IdleTimeout:  60 * time.Second,
		Concurrency:  maxConnections,
		// Cookies of other services of the same city come along with requests.
		ReadBufferSize:  8 << 10,
		WriteBufferSize: 16 << 10,
		ServerHeader:    "",
	})
	s.middleware(app)
	s.citizenRoutes(app)
	s.assetRoutes(app)
	s.publicRoutes(app)
	s.symbolRoutes(app)
	s.sheetRoutes(app)
	s.apiRoutes(app)
	s.healthRoutes(app)
	app.Use(func(*fiber.Ctx) error {
		return survey.Errorf(survey.NotFound, "there is no such page")
	})
	return app, nil
}

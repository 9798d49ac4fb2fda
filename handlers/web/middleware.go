package web

import (
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/compress"

	"persepsi/survey"
)

// Mount adds what every request passes, and the files that pages load.
func (s *Site) Mount(app *fiber.App) {
	app.Use(s.observe)
	app.Use(discreet)
	app.Use(s.guard)
	squeeze := compress.New(compress.Config{Level: compress.LevelBestSpeed, Next: func(c *fiber.Ctx) bool {
		return c.Method() == fiber.MethodPost
	}})
	app.Use(func(c *fiber.Ctx) error {
		if squeezed(c.Path()) {
			return squeeze(c)
		}
		return c.Next()
	})
	s.assetRoutes(app)
}

// squeezed reports whether replies under a path are compressed here: the API's,
// but for results, which like the pages bring their own compressed bytes.
func squeezed(path string) bool {
	return strings.HasPrefix(path, "/api/") && path != "/api/v1/results"
}

// policy allows what the pages bring themselves, and nothing from elsewhere; no page may
// frame them.
const (
	bringing = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors "
	policy   = bringing + "'none'"
)

// Headers as they are sent: to set one so costs a copy, while a name that is a
// string is brought into this form each time.
var (
	policyName, policyValue     = []byte(fiber.HeaderContentSecurityPolicy), []byte(policy)
	scriptedPolicy              = []byte(policy + "; script-src 'self'")
	fetchingPolicy              = []byte(policy + "; script-src 'self'; connect-src 'self'")
	framedPolicy                = []byte(bringing + "*")
	nosniffName, nosniffValue   = []byte(fiber.HeaderXContentTypeOptions), []byte("nosniff")
	referrerName, referrerValue = []byte(fiber.HeaderReferrerPolicy), []byte("same-origin")
)

// Framed lets pages of any site frame this one: a result card, which takes no input and reads
// no cookie.
func Framed(c *fiber.Ctx) { c.Response().Header.SetCanonical(policyName, framedPolicy) }

// observe sets the headers that every reply has, counts the request, and turns
// a panic into an error.
func (s *Site) observe(c *fiber.Ctx) (err error) {
	start := c.Context().Time()
	h := &c.Response().Header
	h.SetCanonical(policyName, policyValue)
	h.SetCanonical(nosniffName, nosniffValue)
	h.SetCanonical(referrerName, referrerValue)
	defer func() {
		if r := recover(); r != nil {
			s.Log.Error("a handler panicked", "route", c.Route().Path, "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			err = survey.Errorf(survey.Internal, "something went wrong on our side")
		}
		if err != nil {
			err = s.Fail(c, err)
		}
		took := time.Since(start)
		s.Observed(c.Route().Path, c.Response().StatusCode(), took)
		if s.Log.Enabled(c.Context(), slog.LevelDebug) {
			s.Log.Debug("request", "method", c.Method(), "route", c.Route().Path, "status", c.Response().StatusCode(), "took", took)
		}
	}()
	return c.Next()
}

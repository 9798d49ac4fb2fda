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

// policy allows what the pages bring themselves, and nothing from elsewhere.
const policy = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// observe sets the headers that every reply has, counts the request, and turns
// a panic into an error.
func (s *Site) observe(c *fiber.Ctx) (err error) {
	start := time.Now()
	h := &c.Response().Header
	h.Set(fiber.HeaderContentSecurityPolicy, policy)
	h.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	h.Set(fiber.HeaderReferrerPolicy, "same-origin")
	defer func() {
		if r := recover(); r != nil {
			s.Log.Error("a handler panicked", "route", c.Route().Path, "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			err = survey.Errorf(survey.Internal, "something went wrong on our side")
		}
		if err != nil {
			err = s.Fail(c, err)
		}
		s.Observed(c.Route().Path, c.Response().StatusCode(), time.Since(start))
		if s.Log.Enabled(c.UserContext(), slog.LevelDebug) {
			s.Log.Debug("request", "method", c.Method(), "route", c.Route().Path, "status", c.Response().StatusCode(), "took", time.Since(start))
		}
	}()
	return c.Next()
}

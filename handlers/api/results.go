package api

import (
	"context"
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/cache"
	"persepsi/internal/report"
	"persepsi/survey"
)

// results is GET /api/v1/results: public figures for everybody, all that the
// role may see with a key.
func (s *resources) results(c *fiber.Ctx) error {
	f := s.Figures.Figures()
	scope := report.Scope{Period: c.Query("period"), Agency: c.Query("agency"), Unit: c.Query("unit")}
	if scope.Period == "" {
		return missing("period")
	}
	scope.Explain = c.QueryBool("explain", scope.Unit != "")
	scope.Audience = s.audience(c, web.ScopeOf(f.Directory(), scope))
	v, err := f.View(scope)
	if err != nil {
		return err
	}
	zipped := web.TakesGzip(c)
	body, err := s.text(v, scope, zipped)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	c.Set(fiber.HeaderCacheControl, "no-cache") // no-store where a key was sent
	return web.Send(c, body, zipped)
}

// textKey names the text of results.
type textKey struct {
	view            uint64
	agency, unit    string
	explain, zipped bool
}

// text returns the JSON text of results: that of a whole city as the view holds
// it, or else written from the view.
func (s *resources) text(v *report.View, scope report.Scope, zipped bool) ([]byte, error) {
	write := func() ([]byte, error) { return v.Results(scope).AppendJSON(nil) }
	if scope.Agency == "" && scope.Unit == "" {
		if !zipped {
			return v.CityText(scope.Explain)
		}
		if scope.Explain {
			write = func() ([]byte, error) { return v.CityText(true) }
		} else if text, ok := v.CityJSON(); ok {
			return text, nil
		}
	}
	return cache.Get(s.site.Cache, textKey{v.Serial, scope.Agency, scope.Unit, scope.Explain, zipped}, func() ([]byte, int, error) {
		body, err := write()
		if err == nil && zipped {
			body, err = web.Zip(body, web.ZipLevel)
		}
		return body, len(body), err
	})
}

// audience returns as whom a request sees figures of a scope.
func (s *resources) audience(c *fiber.Ctx, on access.Scope) report.Audience {
	switch {
	case s.site.May(c, access.ReadLive, on):
		return report.Live
	case s.site.May(c, access.ReadLKE, on):
		return report.Managed
	default:
		return report.Public
	}
}

func missing(field string) error {
	return survey.Faulty("something is missing", []survey.Fault{{Field: field, Code: "required", Message: "is required"}})
}

// breakdownWithin is how long a request waits for the store to read a breakdown.
const breakdownWithin = 2 * time.Second

// breakdown is GET /api/v1/results/breakdown?period=&unit=&by=: the figures of a
// unit by service, point, mode, hour or respondent field, with scores for
// evaluators, and for others once the period is closed. Cells that could tell on
// somebody are hidden. There is none by month: what is hidden in one month
// could be subtracted from the others and the period.
func (s *resources) breakdown(c *fiber.Ctx) error {
	f := s.Figures.Figures()
	d := f.Directory()
	scope := report.Scope{Period: c.Query("period"), Unit: c.Query("unit")}
	for _, f := range []string{"period", "unit", "by"} {
		if c.Query(f) == "" {
			return missing(f)
		}
	}
	if err := s.site.Require(c, web.ScopeOf(d, scope)); err != nil {
		return err
	}
	if _, err := f.View(scope); err != nil {
		return err
	}
	period, _ := d.Period(scope.Period)
	ctx, cancel := context.WithTimeout(c.UserContext(), breakdownWithin)
	defer cancel()
	out, err := s.Figures.Breakdown(ctx, f, period, scope.Unit, c.Query("by"), s.audience(c, web.ScopeOf(d, scope)))
	if errors.Is(err, context.DeadlineExceeded) {
		return &survey.Error{Code: survey.Unavailable, Message: "the figures cannot be read now; try again in a moment", RetryAfter: breakdownWithin, Cause: err}
	}
	if err != nil {
		return err
	}
	return c.JSON(out)
}

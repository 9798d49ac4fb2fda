package api

import (
	"context"
	"encoding/json"
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/cache"
	"persepsi/internal/report"
	"persepsi/survey"
)

// historyWithin is how long a request waits for releases that are being read.
const historyWithin = 2 * time.Second

// historyKey names the text of a history.
type historyKey struct {
	unit, period, key string
	audience          report.Audience
	zipped            bool
}

// history is GET /api/v1/results/history?unit=&period=: a unit over time, by its
// periods, what older reports tell, and of one period its months and the steps of its
// releases. An evaluator's key shows the figures of a period without a final release
// live; all else is a function of releases for everybody.
func (s *resources) history(c *fiber.Ctx) error {
	f := s.Figures.Figures()
	d := f.Directory()
	unit := c.Query("unit")
	if unit == "" {
		return missing("unit")
	}
	of := report.Public
	if s.site.May(c, access.ReadLive, web.ScopeOf(d, report.Scope{Unit: unit})) {
		of = report.Live
	}
	today := d.Today(s.site.Now())
	period, err := d.Choose(report.Begun(d, unit, today), c.Query("period"), func(p *survey.Period) bool {
		return f.Released(p.Code, unit) != nil
	})
	if err != nil {
		return err
	}
	key := historyKey{unit: unit, key: f.HistoryKey(unit, of, today), audience: of, zipped: web.TakesGzip(c)}
	if period != nil {
		key.period = period.Code
	}
	body, err := cache.Get(s.site.Cache, key, func() ([]byte, int, error) {
		ctx, cancel := context.WithTimeout(context.Background(), historyWithin) // for all who ask for it meanwhile
		defer cancel()
		h, err := s.Figures.History(ctx, f, unit, period, of, today)
		if err != nil {
			return nil, 0, err
		}
		body, err := json.Marshal(h)
		if err == nil && key.zipped {
			body, err = web.Zip(body, web.ZipLevel)
		}
		return body, len(body), err
	})
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	c.Set(fiber.HeaderCacheControl, "no-cache") // no-store where a key was sent
	return web.Send(c, body, key.zipped)
}

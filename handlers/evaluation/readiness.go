package evaluation

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/analytics"
	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/desk"
	"persepsi/internal/report"
	"persepsi/survey"
)

// readyPath is the page of the city's readiness.
const readyPath = "/lke/kesiapan"

// readinessPages tell who passes, of all units that somebody sees.
type readinessPages struct {
	site     *web.Site
	figures  *report.Builder
	table    *analytics.LKETable
	horizons *horizons
	making   *web.Making // of files
	judging  *web.Making // of the page
}

func (s *readinessPages) mount(area *web.Area) {
	area.Get(readyPath, access.ReadLKE, s.readiness)
	area.Get(readyPath+".csv", access.ReadLKE, s.readinessCSV)
	area.Get(readyPath+".xlsx", access.ReadLKE, s.readinessXLSX)
}

// horizons tell how far figures may still move.
type horizons struct {
	desks *desk.Builder
	now   func() time.Time
}

// horizon tells how far the figures of a period may still move.
func (s *horizons) horizon(c *fiber.Ctx, d *survey.Directory, period *survey.Period) *report.Horizon {
	now := s.desks.Desk().For(web.ActorOf(c))
	return &report.Horizon{
		Period: period, Today: d.Today(s.now()), Least: d.City().LeastReleased(),
		AtClose: func(unit string) int64 {
			u, ok := now.Unit(unit, period.Code)
			if !ok {
				return 0
			}
			n, _ := u.AtClose()
			return n
		},
	}
}

// readyUnit returns how far the unit that was opened is from WBK and WBBM.
func (s *unitPages) readyUnit(c *fiber.Ctx, o *opened) *report.Ready {
	return o.results.Readiness(s.table, s.horizons.horizon(c, o.directory, o.period))[0]
}

// readied is what a request for readiness asks for.
type readied struct {
	*view.Readiness
	directory *survey.Directory
	figures   *report.Figures
	scope     report.Scope
}

// readiness is GET /lke/kesiapan: who passes for certain, who may and who can't any more.
func (s *readinessPages) readiness(c *fiber.Ctx) error {
	o, err := s.ready(c)
	if err != nil {
		return err
	}
	if o.Period != nil {
		err = s.judging.Do(c.UserContext(), func(context.Context) error {
			_, err := s.judge(c, o)
			return err
		})
		if err != nil {
			return err
		}
	}
	return s.site.Page(c, "lkeready", o.Readiness)
}

// ready returns what a request asks for.
func (s *readinessPages) ready(c *fiber.Ctx) (*readied, error) {
	f := s.figures.Figures()
	d := f.Directory()
	sheet, err := newSheet(s.site, c, d)
	if err != nil {
		return nil, err
	}
	on := bound(web.ActorOf(c), c.Query(part))
	data := &view.Readiness{
		Frame: s.site.FormFrame(c, "ready.title"), Periods: sheet.Periods, Period: sheet.Period, Level: "wbk", Filter: report.ReadyFilter{
			Agency: c.Query("opd"), State: analytics.Ready(c.Query("keadaan")), Search: searched(c.Query("q")),
		},
		In: reader(d, web.ActorOf(c), on), Parts: parts(d, web.ActorOf(c), on),
	}
	if c.Query("predikat") == "wbbm" {
		data.Level = "wbbm"
	}
	if !slices.Contains(analytics.ReadyStates(), data.Filter.State) {
		data.Filter.State = ""
	}
	data.Filter.Level = data.Level
	return &readied{data, d, f, scopeOf(c, on)}, nil
}

// judge fills in the units of a period with their readiness, and returns the results that they
// are of.
func (s *readinessPages) judge(c *fiber.Ctx, o *readied) (*report.Results, error) {
	o.scope.Period = o.Period.Code
	results, err := o.figures.Results(o.scope)
	if err != nil {
		return nil, err
	}
	for _, u := range results.Units {
		if n := len(o.Agencies); n == 0 || o.Agencies[n-1].Code != u.Agency {
			o.Agencies = append(o.Agencies, view.Part{Code: u.Agency, Name: u.AgencyName, Here: u.Agency == o.Filter.Agency})
		}
	}
	if !slices.ContainsFunc(o.Agencies, func(p view.Part) bool { return p.Here }) {
		o.Filter.Agency = "" // none that is seen
	}
	o.Units, o.Counts = o.Filter.Apply(results.Readiness(s.table, s.horizons.horizon(c, o.directory, o.Period)))
	for _, n := range o.Counts {
		o.All += n
	}
	return results, nil
}

// mostSearched is how many characters of a search are used.
const mostSearched = 60

// searched returns a search as it was typed, without what is too much of it.
func searched(typed string) string {
	letters := []rune(strings.TrimSpace(strings.ToValidUTF8(typed, "")))
	return string(letters[:min(len(letters), mostSearched)])
}

package evaluation

import (
	"context"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"persepsi/analytics"
	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/cache"
	"persepsi/internal/desk"
	"persepsi/internal/report"
	"persepsi/survey"
)

// readyPath is the page of the city's readiness.
const readyPath = "/lke/kesiapan"

// readinessPages tell who passes, of all units that somebody sees.
type readinessPages struct {
	site    *web.Site
	figures *report.Builder
	finder  *readinessFinder
	queue   *web.FileQueue // of files
}

func (s *readinessPages) mount(area *web.Area) {
	area.Get(readyPath, access.ReadLKE, s.readiness)
	area.Get(readyPath+".csv", access.ReadLKE, s.readinessCSV)
	area.Get(readyPath+".xlsx", access.ReadLKE, s.readinessXLSX)
}

// readinessFinder tells how far units are from WBK and WBBM.
type readinessFinder struct {
	site  *web.Site
	desks *desk.Builder
	table *analytics.LKETable
	turns *web.FileQueue // for many units
}

// readyKey names the readiness of units by all that it is made of: figures, paces by the desk
// of who asks, and the day.
type readyKey struct {
	view         uint64
	agency, unit string
	desk         string
	today        survey.Date
}

// readyBytes is what the readiness of a unit takes in memory, roughly.
const readyBytes = 3 << 10

// of returns how far units are from WBK and WBBM. It is made by the first who asks and
// kept for all who see the same: figures change each second, and few ask for this.
func (s *readinessFinder) of(c *fiber.Ctx, f *report.Figures, scope report.Scope) ([]*report.Ready, error) {
	v, err := f.View(scope)
	if err != nil {
		return nil, err
	}
	d, now := f.Directory(), s.desks.Desk().For(web.ActorOf(c))
	period, _ := d.Period(scope.Period)
	key := readyKey{v.Serial, scope.Agency, scope.Unit, now.Revision, d.Today(s.site.Now())}
	return cache.Get(s.site.Cache, key, func() (out []*report.Ready, size int, err error) {
		horizon := &report.Horizon{
			Period: period, Today: key.today, Least: d.City().LeastReleased(),
			AtClose: func(unit string) int64 {
				u, ok := now.Unit(unit, period.Code)
				if !ok {
					return 0
				}
				n, _ := u.AtClose()
				return n
			},
		}
		judge := func(context.Context) error {
			out = v.Results(scope).Readiness(s.table, horizon)
			return nil
		}
		if scope.Unit != "" {
			err = judge(c.UserContext())
		} else {
			err = s.turns.Do(c.UserContext(), judge)
		}
		return out, len(out) * readyBytes, err
	})
}

// readinessRequest is a request for readiness: its filter, figures and scope.
type readinessRequest struct {
	*view.Readiness
	figures *report.Figures
	scope   report.Scope
}

// readiness is GET /lke/kesiapan: who passes for certain, who may and who can't any more.
func (s *readinessPages) readiness(c *fiber.Ctx) error {
	o, err := s.ready(c)
	if err != nil {
		return err
	}
	if o.Period == nil {
		return s.site.Page(c, "lkeready", o.Readiness)
	}
	fill := func() (view.PageData, bool, error) {
		_, err := s.judge(c, o)
		return o.Readiness, true, err
	}
	if web.ActorOf(c).Person == "" { // a key
		if _, _, err := fill(); err != nil {
			return err
		}
		return s.site.Page(c, "lkeready", o.Readiness)
	}
	o.scope.Period = o.Period.Code
	v, err := o.figures.View(o.scope)
	if err != nil {
		return err
	}
	key := newSheetKey(s.site, c, "lkeready", v)
	key.desk = s.finder.desks.Desk().For(web.ActorOf(c)).Revision
	return s.site.SharedPage(c, o.Frame, key, "lkeready", fill)
}

// ready returns what a request asks for.
func (s *readinessPages) ready(c *fiber.Ctx) (*readinessRequest, error) {
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
	return &readinessRequest{data, f, scopeOf(c, on)}, nil
}

// judge fills in the units of a period with their readiness, and returns the results that they
// are of.
func (s *readinessPages) judge(c *fiber.Ctx, o *readinessRequest) (*report.Results, error) {
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
	all, err := s.finder.of(c, o.figures, o.scope)
	if err != nil {
		return nil, err
	}
	o.Units, o.Counts = o.Filter.Apply(all)
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

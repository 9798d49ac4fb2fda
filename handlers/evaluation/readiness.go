package evaluation

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"persepsi/analytics"
	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/report"
	"persepsi/survey"
)

// readyPath is the page of the city's readiness.
const readyPath = "/lke/kesiapan"

// horizon tells how far the figures of a period may still move.
func (s *sheets) horizon(c *fiber.Ctx, d *survey.Directory, period *survey.Period) *report.Horizon {
	now := s.desks.Desk().For(web.ActorOf(c))
	return &report.Horizon{
		Period: period, Today: d.Today(s.Now()), Least: d.City().LeastReleased(),
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
func (s *sheets) readyUnit(c *fiber.Ctx, o *opened) *report.Ready {
	return o.results.Readiness(s.table, s.horizon(c, o.directory, o.period))[0]
}

// readiness is GET /lke/kesiapan: who passes for certain, who may and who can't any more.
func (s *sheets) readiness(c *fiber.Ctx) error {
	data, _, err := s.ready(c)
	if err != nil {
		return err
	}
	return s.Page(c, "lkeready", data)
}

// ready returns the units that a request asks for with their readiness, and the results that
// they are of.
func (s *sheets) ready(c *fiber.Ctx) (*view.Readiness, *report.Results, error) {
	f := s.figures.Figures()
	d := f.Directory()
	sheet, err := s.newSheet(c, d)
	if err != nil {
		return nil, nil, err
	}
	on := bound(web.ActorOf(c), c.Query(part))
	data := &view.Readiness{
		Frame: s.FormFrame(c, "ready.title"), Periods: sheet.Periods, Period: sheet.Period, Level: "wbk", Filter: report.ReadyFilter{
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
	if data.Period == nil {
		return data, nil, nil
	}
	scope := report.Scope{Audience: report.Managed, Period: data.Period.Code}
	scope.Agency, scope.Unit = on.Codes()
	if s.May(c, access.ReadLive, on) {
		scope.Audience = report.Live
	}
	results, err := f.Results(scope)
	if err != nil {
		return nil, nil, err
	}
	for _, u := range results.Units {
		if n := len(data.Agencies); n == 0 || data.Agencies[n-1].Code != u.Agency {
			data.Agencies = append(data.Agencies, view.Part{Code: u.Agency, Name: u.AgencyName, Here: u.Agency == data.Filter.Agency})
		}
	}
	if !slices.ContainsFunc(data.Agencies, func(p view.Part) bool { return p.Here }) {
		data.Filter.Agency = "" // none that is seen
	}
	data.Filter.Level = data.Level
	data.Units, data.Counts = data.Filter.Apply(results.Readiness(s.table, s.horizon(c, d, data.Period)))
	for _, n := range data.Counts {
		data.All += n
	}
	return data, results, nil
}

// mostSearched is how many characters of a search are used.
const mostSearched = 60

// searched returns a search as it was typed, without what is too much of it.
func searched(typed string) string {
	letters := []rune(strings.TrimSpace(strings.ToValidUTF8(typed, "")))
	return string(letters[:min(len(letters), mostSearched)])
}

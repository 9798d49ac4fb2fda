package evaluation

import (
	"fmt"
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"persepsi/analytics"
	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/lke"
	"persepsi/internal/report"
	"persepsi/survey"
)

// unitPages are the sheet of one unit, and the form of its entries.
type unitPages struct {
	site    *web.Site
	figures *report.Builder
	entries *lke.Entries
	table   *analytics.LKETable
	names   *entryNames
	finder  *readinessFinder
}

func (s *unitPages) mount(area *web.Area) {
	area.Get("/lke/:unit", access.ReadLKE, s.unitSheet)
	area.Post("/lke/:unit", access.WriteLKE, s.save)
}

// unitRequest is a request for a unit's sheet, with the entries and figures that it is about.
type unitRequest struct {
	survey.Place
	directory *survey.Directory
	periods   []*survey.Period
	period    *survey.Period
	figures   *report.Figures
	scope     report.Scope    // of all units of the period, as who asks sees them
	results   *report.Results // of the unit alone
	unit      *report.UnitResult
	steps     []lke.Step // the newest first
	behind    bool       // the figures lack the newest entry
}

// newest returns the entry that counts, the zero one where there is none.
func (o *unitRequest) newest() analytics.Evaluation {
	if len(o.steps) == 0 {
		return analytics.Evaluation{}
	}
	return o.steps[0].Evaluation
}

// open finds what a request is about. NotFound, always in the same words: there is no
// such unit or period, the unit takes no part in it, or it is not for who asks.
func (s *unitPages) open(c *fiber.Ctx) (*unitRequest, error) {
	o := &unitRequest{figures: s.figures.Figures()}
	o.directory = o.figures.Directory()
	nothing := survey.Errorf(survey.NotFound, "there is no such sheet")
	var ok bool
	if o.Place, ok = o.directory.Unit(c.Params("unit")); !ok || !s.site.May(c, access.ReadLKE, o.on()) {
		return nil, nothing
	}
	today := o.directory.Today(s.site.Now())
	for _, p := range o.directory.PeriodsOf(o.Unit.Code) {
		if p.From <= today {
			o.periods = append(o.periods, p)
		}
	}
	var err error
	o.period, err = o.directory.Choose(o.periods, c.Query("period"), func(p *survey.Period) bool { return p.To < today })
	if err != nil || o.period == nil {
		return nil, nothing
	}
	// The store knows best: another instance may have stored an entry a moment ago.
	history, err := s.entries.Store.EvaluationHistory(c.UserContext(), o.period.Code, o.Unit.Key())
	if err != nil {
		return nil, err
	}
	o.steps = lke.Steps(history)
	if known, _ := o.figures.Evaluation(o.period.Code, o.Unit.Code); known.Version < o.newest().Version {
		o.figures, ok = s.figures.Await(c.UserContext(), o.newest())
		o.behind = !ok
	}
	o.scope = report.Scope{Period: o.period.Code, Audience: report.Managed}
	if s.site.May(c, access.ReadLive, o.on()) {
		o.scope.Audience = report.Live
	}
	one := o.scope
	one.Unit = o.Unit.Code
	results, err := o.figures.Results(one)
	if err != nil {
		return nil, err
	}
	if len(results.Units) != 1 {
		return nil, nothing
	}
	o.results, o.unit = results, results.Units[0]
	return o, nil
}

// on is the scope of the unit.
func (o *unitRequest) on() access.Scope {
	return web.ScopeOf(o.directory, report.Scope{Unit: o.Unit.Code})
}

// unitSheet is GET /lke/{unit}: a unit's figures, the entries with their history, and
// the form for who may write there.
func (s *unitPages) unitSheet(c *fiber.Ctx) error {
	o, err := s.open(c)
	if err != nil {
		return err
	}
	now := o.newest()
	saved := c.Query("saved")
	data, err := s.newUnitSheet(c, o, s.typed(c, lke.Values(&now)))
	if err != nil {
		return err
	}
	data.Saved = saved != "" && saved == strconv.Itoa(now.Version) && now.Key == web.ActorOf(c).By()
	return s.site.Page(c, "lkeunit", data)
}

// save is POST /lke/{unit}: it stores what the form holds as the unit's next entry and
// leads back to the sheet; 422 with each fault at its field, 409 where somebody else
// stored another meanwhile.
func (s *unitPages) save(c *fiber.Ctx) error {
	o, err := s.open(c)
	if err != nil {
		return err
	}
	if err := s.site.Require(c, o.on()); err != nil { // who may read it may know that it is there
		return err
	}
	if err := s.site.LimitDemo(c, door); err != nil {
		return err
	}
	form, err := s.read(c, o)
	if err != nil {
		return err
	}
	entry, err := s.entries.Record(c.UserContext(), form.draft)
	switch survey.CodeOf(err) {
	case survey.Invalid:
		return s.faulty(c, o, form, err)
	case survey.Conflict:
		if o, err = s.open(c); err != nil { // with what the other one stored
			return err
		}
		if !form.draft.Is(o.steps) {
			return s.clash(c, o, form)
		}
		entry = o.newest() // this very form, sent twice
	default:
		if err != nil {
			return err
		}
	}
	s.figures.Await(c.UserContext(), entry)
	q := url.Values{"period": {o.period.Code}, "lang": {view.Language(c.Query("lang"))}, "saved": {strconv.Itoa(entry.Version)}}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Redirect(fmt.Sprintf("/lke/%s?%s", url.PathEscape(o.Unit.Code), q.Encode()), fiber.StatusSeeOther)
}

package desk

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"persepsi/analytics"
	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/desk"
	"persepsi/internal/wording"
	"persepsi/survey"
)

const (
	cityPath    = Home + "/kota"
	agencyPath  = Home + "/opd/"
	comparePath = Home + "/banding"
	// indexParam is the index by which units are shown.
	indexParam = "indeks"
)

// city is GET /meja/kota: the whole city, for who may see all of it.
func (p *groupPages) city(c *fiber.Ctx) error {
	d, err := p.layout.deskOf(web.ActorOf(c), "")
	if err != nil {
		return err
	}
	if !access.Allow(web.ActorOf(c), access.ReadDesk, access.City()) {
		return errNoAgency
	}
	return p.layout.sharedPage(c, d, "desk-group", nil, func() (filledPage, error) { return p.fillCity(c, d) })
}

func (p *groupPages) fillCity(c *fiber.Ctx, d *desk.Desk) (filledPage, error) {
	page := &view.DeskGroup{Frame: p.layout.frame(c, d, "", "desk.title", view.DeskCity), Name: d.City}
	if err := p.fillGroup(c, page, d.Whole, d.Periods, d.Today, d.Attention); err != nil || page.Of == nil {
		return filledPage{page: page}, err
	}
	for _, a := range d.Agencies {
		groups := a.Groups
		one := view.GroupSeries{Name: a.Name}
		for _, period := range page.Course() {
			one.Points = append(one.Points, indexIn(groups, period, page.Code))
		}
		if x := one.Points[0]; x != nil && x.Change != nil && x.Change.State == analytics.ChangeReal && x.Change.Difference < 0 {
			page.Fallen = append(page.Fallen, a.Name)
		}
		addSeries(page, one)
		if page.Before != nil {
			p.differ(page, a.Name, indexIn(groups, page.Before.Period, page.Code), indexIn(groups, page.Of.Period, page.Code))
		}
	}
	return filledPage{page: page}, nil
}

// agency is GET /meja/opd/{agency}: an agency, for who may see all of its units.
func (p *groupPages) agency(c *fiber.Ctx) error {
	who := web.ActorOf(c)
	d, err := p.layout.deskOf(who, "")
	if err != nil {
		return err
	}
	of, ok := p.directories.Directory().Agency(c.Params("agency"))
	if !ok || !access.Allow(who, access.ReadDesk, access.Agency(of.Key())) {
		return errNoAgency
	}
	takes := access.Allow(who, access.TakeEvidence, access.Agency(of.Key()))
	return p.layout.sharedPage(c, d, "desk-group", takes, func() (filledPage, error) { return p.fillAgency(c, d, of, takes) })
}

func (p *groupPages) fillAgency(c *fiber.Ctx, d *desk.Desk, of *survey.Agency, takes bool) (filledPage, error) {
	page := &view.DeskGroup{Frame: p.layout.frame(c, d, "", "desk.title", view.DeskAgencyPart), Agency: of.Code, Name: of.Name, Dossier: takes}
	page.Title = of.Name
	a, ok := d.Agency(of.Code)
	if !ok { // no unit of it takes part in any period yet
		return filledPage{page: page}, nil
	}
	var periods []*desk.Period
	for _, g := range a.Groups {
		periods = append(periods, g.Period)
	}
	if err := p.fillGroup(c, page, a.Groups, periods, d.Today, a.Attention); err != nil || page.Of == nil {
		return filledPage{page: page}, err
	}
	for _, u := range a.Units {
		one := view.GroupSeries{Name: u.Name}
		in := func(period *desk.Period) *desk.Index {
			if u, ok := d.Unit(u.Code, period.Code); ok {
				return indexOf(u.Indexes, page.Code)
			}
			return nil
		}
		for _, period := range page.Course() {
			one.Points = append(one.Points, in(period))
		}
		addSeries(page, one)
		if page.Before != nil {
			p.differ(page, u.Name, in(page.Before.Period), in(page.Of.Period))
		}
	}
	return filledPage{page: page}, nil
}

// mostUrgent is how many things to look at the page of an agency or the city lists.
const mostUrgent = 3

// fillGroup sets what a page shows of an agency or the city: its period, index, figures and
// ranking, and what needs somebody now, but where the period is over. Errors: NotFound for a
// period that is asked for and isn't there.
func (p *groupPages) fillGroup(c *fiber.Ctx, page *view.DeskGroup, groups []*desk.Group, periods []*desk.Period, today survey.Date, items []desk.Item) error {
	page.Asked, page.Against, page.Periods = c.Query(periodParam), c.Query(againstParam), periods
	page.Least = p.directories.Directory().City().LeastReleased()
	for _, g := range groups { // the newest first
		if page.Asked == g.Period.Code || page.Asked == "" && (page.Of == nil || page.Of.Period.From > today) {
			page.Of = g
		}
		if page.Against == g.Period.Code {
			page.Before = g
		}
	}
	if page.Asked != "" && page.Of == nil || page.Against != "" && page.Before == nil {
		return errNoPeriod
	}
	if page.Of == nil {
		return nil
	}
	if page.Asked == "" || page.Of.Period.To >= today {
		page.Attention = view.NewAttention(items, false, mostUrgent)
	}
	page.In = page.Of.Period
	form := p.directories.Directory().Form(page.Of.Period.Code)
	for i := range page.Of.Indexes {
		x := &page.Of.Indexes[i]
		page.Pooled = append(page.Pooled, wording.NewDeskIndex(x, p.grades.ByRef(x.Figure.GradeTable)))
		if i == 0 || x.Code == c.Query(indexParam) {
			page.Code = x.Code
		}
	}
	if page.Code == "" { // an axis without a value
		page.Code = analytics.Order(form)[0]
	}
	for i := range page.Of.Rankings {
		if page.Of.Rankings[i].Code == page.Code {
			page.Ranking = &page.Of.Rankings[i]
		}
	}
	page.SetCards()
	if page.Before != nil {
		for _, one := range desk.Differences(page.Before.Indexes, page.Of.Indexes) {
			page.Differences = append(page.Differences, view.NewDeskDifference(one))
		}
	}
	return nil
}

// differ adds how one index of an agency or unit differs between two periods.
func (p *groupPages) differ(page *view.DeskGroup, name string, before, now *desk.Index) {
	list := func(x *desk.Index) []desk.Index {
		if x == nil {
			return nil
		}
		return []desk.Index{*x}
	}
	for _, one := range desk.Differences(list(before), list(now)) {
		of := view.NewDeskDifference(one)
		of.Of = name
		page.Differences = append(page.Differences, of)
	}
}

func indexOf(list []desk.Index, code string) *desk.Index {
	if i := slices.IndexFunc(list, func(x desk.Index) bool { return x.Code == code }); i >= 0 {
		return &list[i]
	}
	return nil
}

// indexIn returns an index of the roll-up of a period.
func indexIn(groups []*desk.Group, period *desk.Period, code string) *desk.Index {
	for _, g := range groups {
		if g.Period.Code == period.Code {
			return indexOf(g.Indexes, code)
		}
	}
	return nil
}

// addSeries adds points, the newest first, in the order of time, from the last on of which
// it is said that it is not compared with the one before: no line joins over a change of
// the form or the method.
func addSeries(page *view.DeskGroup, one view.GroupSeries) {
	for i, x := range one.Points {
		if x != nil && x.Change != nil && x.Change.State == analytics.ChangeNotCompared {
			clear(one.Points[i+1:])
			break
		}
	}
	slices.Reverse(one.Points)
	page.Series = append(page.Series, one)
}

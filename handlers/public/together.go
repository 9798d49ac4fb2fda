package public

import (
	"cmp"
	"slices"

	"github.com/gofiber/fiber/v2"

	"persepsi/analytics"
	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/report"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// togetherKey names the page of an agency, or of the city: all that it depends on.
type togetherKey struct {
	serial               uint64 // of the view
	agency, period, lang string // as the address has them
	today                survey.Date
	zipped               bool
}

// city is GET /hasil: the released figures of the whole city.
func (s *pages) city(c *fiber.Ctx) error {
	d := s.figures.Figures().Directory()
	return s.together(c, &view.Together{Frame: s.site.Frame(c, "together.city"), Name: d.City().Name}, d.Catalogue().Agencies)
}

// agency is GET /hasil/opd/{agency}: those of one.
func (s *pages) agency(c *fiber.Ctx) error {
	agency, ok := s.figures.Figures().Directory().Agency(c.Params("agency"))
	if !ok {
		return survey.Errorf(survey.NotFound, "there is no such agency")
	}
	data := &view.Together{Frame: s.site.Frame(c, "together.city"), Agency: agency.Code, Name: agency.Name}
	return s.together(c, data, []survey.Agency{*agency})
}

// together sends the page of some agencies, which it keeps until something else is to be
// shown.
func (s *pages) together(c *fiber.Ctx, data *view.Together, agencies []survey.Agency) error {
	f := s.figures.Figures()
	d := f.Directory()
	today := d.Today(s.site.Now())
	data.Index = true
	data.Title = s.site.Pages.Say(data.Lang, "together.title", "Name", data.Name)
	data.Periods = begun(d, agencies, today)
	scope := func(p *survey.Period) report.Scope {
		return report.Scope{Period: p.Code, Agency: data.Agency, Audience: report.Public}
	}
	var err error
	data.Period, err = d.Choose(data.Periods, c.Query("period"), func(p *survey.Period) bool {
		r, err := f.Results(scope(p))
		return err == nil && slices.ContainsFunc(r.Units, func(u *report.UnitResult) bool { return u.Responses.Valid > 0 })
	})
	if err != nil {
		return err
	}
	data.Names = wording.AmendedNames(d, data.Period)
	if data.Period == nil {
		return s.site.Page(c, "together", data)
	}
	v, err := f.View(scope(data.Period))
	if err != nil {
		return err
	}
	if !plainAddress(c) {
		fillTogether(d, data, v.Results(scope(data.Period)), today)
		return s.site.Page(c, "together", data)
	}
	key := togetherKey{v.Serial, data.Agency, c.Query("period"), c.Query("lang"), today, web.TakesGzip(c)}
	return s.kept(c, key, "together", data, func() (bool, error) {
		fillTogether(d, data, v.Results(scope(data.Period)), today)
		return true, nil
	})
}

// begun returns the periods that have begun of units of some agencies, the newest first.
func begun(d *survey.Directory, agencies []survey.Agency, today survey.Date) []*survey.Period {
	var out []*survey.Period
	for i := range d.Catalogue().Periods {
		p := &d.Catalogue().Periods[i]
		if p.From <= today && slices.ContainsFunc(agencies, func(a survey.Agency) bool {
			return slices.ContainsFunc(a.Units, func(u survey.Unit) bool { return p.Covers(u.Code) })
		}) {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b *survey.Period) int { return cmp.Compare(b.From, a.From) })
	return out
}

// fillTogether adds the figures of results to the page of an agency or the city.
func fillTogether(d *survey.Directory, data *view.Together, r *report.Results, today survey.Date) {
	data.Over, data.AsOf, data.Zone, data.Units = data.Period.To < today, r.AsOf, d.Zone(), len(r.Units)
	least := d.City().LeastReleased()
	units := map[string][]view.TogetherUnit{}
	for _, u := range r.Units {
		one := view.TogetherUnit{Unit: u, Over: data.Over, Least: least}
		for _, code := range analytics.Order(r.Form) {
			if x := u.Indexes[code]; x != nil {
				figure := view.GroupIndex{Code: code, Index: x}
				if x.Name != nil {
					figure.Title = x.Name.In(data.Lang)
				}
				one.Figures = append(one.Figures, figure)
			}
		}
		if len(one.Figures) > 0 {
			data.Answered++
		}
		units[u.Agency] = append(units[u.Agency], one)
	}
	for _, g := range r.Groups() {
		figures := view.NewGroupFigures(r.Form, g, data.Lang)
		if g.GroupResult == r.City || data.Agency != "" {
			data.Figures = figures.Indexes
		}
		if g.GroupResult != r.City && len(units[g.Agency]) > 0 {
			data.Parts = append(data.Parts, view.TogetherPart{Agency: g.Agency, Name: figures.Name, Figures: figures.Indexes, Units: units[g.Agency]})
		}
	}
	for i := range data.Figures {
		if data.Figures[i].Index != nil {
			data.Main = &data.Figures[i]
			break
		}
	}
}

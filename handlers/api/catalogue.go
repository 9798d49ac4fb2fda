package api

import (
	"github.com/gofiber/fiber/v2"

	"persepsi/survey"
)

// whatExists is how long clients may keep the lists of periods and units: an
// apply changes them seldom.
const whatExists = "public, max-age=60"

// listedPeriod is a period with the units that take part in it.
type listedPeriod struct {
	periodBody
	Form  string   `json:"instrument"`
	Open  bool     `json:"open"` // today
	Units []string `json:"units"`
}

// periods is GET /api/v1/periods: every declared period, in the order of the
// catalogue.
func (s *resources) periods(c *fiber.Ctx) error {
	d := s.site.Directories.Directory()
	today := d.Today(s.site.Now())
	list := []listedPeriod{}
	for i := range d.Catalogue().Periods {
		p := &d.Catalogue().Periods[i]
		shown := listedPeriod{periodBody{nameBody{p.Code, p.Name}, p.From, p.To}, d.Form(p.Code).ID, p.Contains(today), []string{}}
		for _, agency := range d.Catalogue().Agencies {
			for u := range agency.Units {
				place := survey.Place{Agency: &agency, Unit: &agency.Units[u]}
				if code := place.Unit.Code; p.Covers(code) && !place.ClosedBefore(p) {
					shown.Units = append(shown.Units, code)
				}
			}
		}
		list = append(list, shown)
	}
	c.Set(fiber.HeaderCacheControl, whatExists)
	return c.JSON(list)
}

// listedUnit is a unit. Its points are counted and not named: who has a point's
// code can open its form from anywhere.
type listedUnit struct {
	nameBody
	Agency   nameBody   `json:"agency"`
	Services []nameBody `json:"services"`
	Points   int        `json:"points"` // that are not closed
	Open     bool       `json:"open"`   // a survey runs there today
	Closed   bool       `json:"closed"` // it takes no answers of citizens any more
}

// units is GET /api/v1/units: every declared unit, in the order of the
// catalogue.
func (s *resources) units(c *fiber.Ctx) error {
	d := s.site.Directories.Directory()
	today := d.Today(s.site.Now())
	list := []listedUnit{}
	for _, agency := range d.Catalogue().Agencies {
		for u := range agency.Units {
			unit := &agency.Units[u]
			shown := listedUnit{
				nameBody: nameBody{unit.Code, unit.Name}, Agency: nameBody{agency.Code, agency.Name}, Services: servicesOf(unit),
				Open: len(d.Running(unit.Code, today)) > 0, Closed: agency.Closed || unit.Closed,
			}
			for p := range unit.Points {
				if !shown.Closed && !unit.Points[p].Closed {
					shown.Points++
				}
			}
			list = append(list, shown)
		}
	}
	c.Set(fiber.HeaderCacheControl, whatExists)
	return c.JSON(list)
}

// servicesOf returns the services that a citizen may choose at a unit.
func servicesOf(u *survey.Unit) []nameBody {
	out := []nameBody{}
	for _, v := range u.Offered() {
		out = append(out, nameBody{v.Code, v.Name})
	}
	return out
}

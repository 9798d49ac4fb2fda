package desk

import (
	"hash/fnv"
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/internal/access"
	"persepsi/internal/report"
	"persepsi/survey"
)

// asked is what a page of the desk is asked to show, and what its stream watches.
type asked struct {
	period, agency, unit string // codes; empty: the current period, all that is seen
}

// askedOf reads it from the parameters period, opd and unit.
func askedOf(c *fiber.Ctx) asked {
	return asked{period: c.Query("period"), agency: c.Query("opd"), unit: c.Query("unit")}
}

// live returns the address of the stream that watches the same.
func (a asked) live() string {
	q := url.Values{}
	for name, v := range map[string]string{"period": a.period, "opd": a.agency, "unit": a.unit} {
		if v != "" {
			q.Set(name, v)
		}
	}
	if len(q) == 0 {
		return livePath
	}
	return livePath + "?" + q.Encode()
}

// look is what a page shows.
type look struct {
	reach    reach
	today    survey.Date
	period   *survey.Period // nil: there is none
	periods  []*survey.Period
	units    []view.DeskUnit
	revision string
}

// look returns what somebody's page shows. Error: NotFound for what is not on their desk.
func (p *pages) look(who access.Actor, a asked) (*look, error) {
	f := p.figures.Figures()
	d := f.Directory()
	r, err := narrowed(d, who, a)
	if err != nil {
		return nil, err
	}
	out := &look{reach: r, today: d.Today(p.Now())}
	sum := fnv.New64a()
	note := func(text string) { _, _ = sum.Write([]byte(text + "\n")) } // it never fails
	note(out.today.String())
	if out.period, out.periods, err = choosePeriod(d, r, a.period, out.today); err != nil {
		return nil, err
	}
	if out.period != nil {
		results, err := f.Results(report.Scope{Period: out.period.Code, Audience: report.Managed})
		if err != nil {
			return nil, err
		}
		seen := map[string]bool{}
		for _, place := range r.units {
			seen[place.Unit.Code] = true
		}
		for _, u := range results.Units {
			if seen[u.Unit] {
				out.units = append(out.units, view.NewDeskUnit(results.Form, u))
				note(u.Unit + strconv.FormatUint(u.Serial, 36))
			}
		}
	}
	out.revision = strconv.FormatUint(sum.Sum64(), 36)
	return out, nil
}

// revision returns a text that is another one when something else is shown; errors as
// those of look.
func (p *pages) revision(who access.Actor, a asked) (string, error) {
	shown, err := p.look(who, a)
	if err != nil {
		return "", err
	}
	return shown.revision, nil
}

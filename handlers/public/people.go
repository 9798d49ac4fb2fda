package public

import (
	"context"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/analytics"
	"persepsi/handlers/view"
	"persepsi/survey"
)

// peopleFields are the respondent fields that a publication sheet tells.
func peopleFields() [2]string { return [2]string{"sex", "education"} }

// peopleWithin is how long the page waits for what it can do without.
const peopleWithin = time.Second

// peopleCache keeps who answered, by unit: a breakdown is read from the store
// once for each change of the unit's figures, and the page outlives the store.
type peopleCache struct {
	mu    sync.Mutex
	known map[[2]string]knownPeople // by period and unit: bounded by the catalogue
}

type knownPeople struct {
	tally  *analytics.Tally // the figures that they belong to
	people []view.People
}

// of counts a unit's respondents by sex and education, small groups hidden.
// While the store is away, what was known last is shown, or nothing.
func (p *peopleCache) of(c *fiber.Ctx, s *pages, d *survey.Directory, period *survey.Period, unit string) []view.People {
	key := [2]string{period.Code, unit}
	now := s.board.Totals(period.Code, unit)
	p.mu.Lock()
	known := p.known[key]
	p.mu.Unlock()
	if known.tally == now {
		return known.people
	}
	people, err := s.countPeople(c, d, period, unit)
	if err != nil {
		s.LogTrouble(c, err)
		return known.people
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil {
		p.known = map[[2]string]knownPeople{}
	}
	p.known[key] = knownPeople{now, people}
	return people
}

func (s *pages) countPeople(c *fiber.Ctx, d *survey.Directory, period *survey.Period, unit string) ([]view.People, error) {
	form := d.Form(period.Code)
	ctx, cancel := context.WithTimeout(c.UserContext(), peopleWithin)
	defer cancel()
	tally, err := s.board.Breakdown(ctx, period, unit, form)
	if err != nil || tally == nil {
		return nil, err
	}
	var out []view.People
	for _, code := range peopleFields() {
		at, ok := form.FieldPosition(code)
		if !ok {
			continue
		}
		cells, err := s.reporter.Breakdown(d, period, tally, code)
		if err != nil {
			return nil, err
		}
		people := view.People{Field: form.Fields[at]}
		labels := map[string]survey.Text{}
		for _, category := range form.Fields[at].Categories {
			labels[category.Code] = category.Label
		}
		for _, cell := range cells {
			people.Cells = append(people.Cells, view.PeopleCell{Label: labels[cell.Code], N: cell.N, Suppressed: cell.Suppressed})
		}
		out = append(out, people)
	}
	return out, nil
}

package public

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/analytics"
	"persepsi/handlers/view"
	"persepsi/internal/cache"
	"persepsi/internal/report"
	"persepsi/survey"
)

// peopleFields are the respondent fields that a publication sheet tells.
func peopleFields() [2]string { return [2]string{"sex", "education"} }

// peopleWithin is how long the page waits for what it can do without.
const peopleWithin = time.Second

// peopleKey names who answered about a unit.
type peopleKey struct{ period, unit string }

// knownPeople is what was known last.
type knownPeople struct {
	serial uint64 // of the result that they belong to
	people []view.People
}

// peopleBytes is what a unit's respondents take in memory, roughly.
const peopleBytes = 4 << 10

// people counts a unit's respondents by sex and education, small groups hidden,
// and reports whether they are those of its figures: a breakdown is read from
// the store once for each change of them. Where it can't be read, or holds
// answers already that the figures lack, what was known last is shown, or
// nothing: the page outlives the store.
func (s *pages) people(c *fiber.Ctx, f *report.Figures, period *survey.Period, u *report.UnitResult) ([]view.People, bool) {
	key := peopleKey{period.Code, u.Unit}
	last, ok := cache.Find[knownPeople](s.Cache, key)
	if ok && last.serial == u.Serial {
		return last.people, true
	}
	d := f.Directory()
	ctx, cancel := context.WithTimeout(c.UserContext(), peopleWithin)
	defer cancel()
	tally, err := s.figures.Breakdown(ctx, period, u.Unit, d.Form(period.Code))
	if err == nil && !sameTotals(tally, f.Totals(period.Code, u.Unit)) {
		return last.people, false
	}
	var people []view.People
	if err == nil {
		people, err = peopleOf(d, period, tally)
	}
	if err != nil {
		s.LogTrouble(c, err)
		return last.people, false
	}
	s.Cache.Put(key, knownPeople{u.Serial, people}, peopleBytes)
	return people, true
}

func sameTotals(a, b *analytics.Tally) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(b)
}

// peopleOf tells the groups of respondents in a tally; none for nil.
func peopleOf(d *survey.Directory, period *survey.Period, tally *analytics.Tally) ([]view.People, error) {
	if tally == nil {
		return nil, nil
	}
	form := tally.Form()
	var out []view.People
	for _, code := range peopleFields() {
		at, ok := form.FieldPosition(code)
		if !ok {
			continue
		}
		cells, err := report.Breakdown(d, period, tally, code)
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

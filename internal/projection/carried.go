package projection

import (
	"slices"

	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/survey"
)

// carried is a stored release of an erased period while it is made again to be
// checked. What of it rests on respondent fields is taken from it, for the answers tell
// it no longer: from which release on a field is counted, which answers are partial for
// the sake of one, the respondents by field, and of the first tables the cells by field
// and which may be shown. All else is made of the answers, as ever.
type carried struct {
	forms   analytics.Forms
	release *Release
	fields  state // of release
	partial map[uuid.UUID]bool
}

// carry has a step take what rests on respondent fields from a stored release.
func (s *step) carry(forms analytics.Forms, r *Release) {
	s.carried = &carried{forms: forms, release: r, fields: stateOf(r, s.form), partial: map[uuid.UUID]bool{}}
	for _, p := range r.Partial {
		for id := range p.IDs.All {
			s.carried.partial[id] = true
		}
	}
}

// counts takes over from which release on fields are counted of a kind.
func (c *carried) counts(s *step, kind survey.Kind) {
	for column := len(s.form.Questions); column < len(s.release.Through[kind]); column++ {
		s.release.Through[kind][column] = c.fields.through[kind][column]
		s.release.Without[kind][column] = c.fields.without[kind][column]
	}
}

// people takes over the respondents by field, where they are as many as were counted
// without asking what they told. Removed ones may be more, whose field is still counted.
func (c *carried) people(made *Release, removed int64) {
	take := func(mine *[][]int64, theirs [][]int64, more int64) {
		if !slices.EqualFunc(*mine, theirs, func(a, b []int64) bool {
			return len(a) == len(b) && slices.Min(b) >= 0 && total(a) <= total(b) && total(b) <= total(a)+more
		}) {
			return
		}
		*mine = theirs
	}
	take(&made.People, c.release.People, removed)
	take(&made.WholePeople, c.release.WholePeople, 0)
}

// tables makes the first tables of what the answers tell still.
func (c *carried) tables(s *step) (*analytics.Tables, error) {
	made, err := s.tablesOf(s.history(), func(*heldAnswer, int) int { return 0 })
	if err != nil || c.release.Tables == nil {
		return nil, err
	}
	tally, err := analytics.DecodeTally(c.forms, made.Tally)
	if err != nil {
		return nil, err
	}
	theirs, err := analytics.DecodeTally(c.forms, c.release.Tables.Tally)
	if err == nil && tally.CarryRespondents(theirs) {
		made.Tally = tally.Encode()
	}
	made.Shown = c.release.Tables.Shown
	return made, nil
}

func total(list []int64) (n int64) {
	for _, m := range list {
		n += m
	}
	return n
}

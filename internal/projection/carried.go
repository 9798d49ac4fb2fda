package projection

import (
	"persepsi/analytics"
	"persepsi/survey"
)

// erasedRelease is a stored release of an erased period while it is made again to be
// checked. What of it rests on respondent fields is taken from it, for the answers tell
// it no longer: the respondents by field, and which cells of the first tables may be shown,
// as they were hidden together with those by field. No field is counted. All else is made
// of the answers, as ever.
type erasedRelease struct {
	release *Release
	removed int64 // answers that it and those before it removed
}

// counts leaves respondent fields out.
func (c *erasedRelease) counts(s *step, kind survey.Kind) {
	clear(s.release.Through[kind][len(s.form.Questions):])
	clear(s.release.Without[kind][len(s.form.Questions):])
}

// people takes over the respondents by field, where they may be those who are counted:
// removed ones may be among them, whose field was still counted.
func (c *erasedRelease) people(made *Release) {
	if len(c.release.People) == 0 {
		made.People = nil
		return
	}
	n := int64(0)
	for _, of := range made.People[0] {
		n += of
	}
	if len(c.release.People) != len(made.People) || !analytics.PeopleCleared(c.release.People, n, n+c.removed) {
		return
	}
	for f := range made.People {
		if len(c.release.People[f]) != len(made.People[f]) {
			return
		}
	}
	made.People = c.release.People
}

// tables makes the first tables of what the answers tell still.
func (c *erasedRelease) tables(s *step) (*analytics.Tables, error) {
	made, err := s.tablesOf(s.history(), func(*heldAnswer, int) int { return 0 })
	if err != nil || c.release.Tables == nil {
		return nil, err
	}
	if made, err = made.Clear(s.form); err == nil {
		made.Shown = c.release.Tables.Shown
	}
	return made, err
}

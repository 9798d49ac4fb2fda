package projection

import (
	"fmt"
	"slices"

	"persepsi/analytics"
	"persepsi/survey"
)

// carried is a stored release of an erased period while it is made again to be
// checked. What of it rests on respondent fields is taken from it, for the answers tell
// it no longer: from which release on a field is counted, the respondents by field, and
// which cells of the first tables may be shown. All else is made of the answers, as ever.
type carried struct {
	release *Release
	fields  state // of release
	removed int64 // answers that it and those before it removed
}

// carry has a step take what rests on respondent fields from a stored release.
func (s *step) carry(r *Release, removed int64) {
	s.carried = &carried{release: r, fields: stateOf(r, s.form), removed: removed}
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
func (c *carried) people(made *Release) {
	if slices.EqualFunc(made.People, c.release.People, func(a, b []int64) bool {
		return len(a) == len(b) && slices.Min(b) >= 0 && total(a) <= total(b) && total(b) <= total(a)+c.removed
	}) {
		made.People = c.release.People
	}
}

// tables makes the first tables of what the answers tell still.
func (c *carried) tables(s *step) (*analytics.Tables, error) {
	made, err := s.tablesOf(s.history(), func(*heldAnswer, int) int { return 0 })
	if err != nil || c.release.Tables == nil {
		return nil, err
	}
	made, err = bare(s.form, made)
	if err == nil {
		made.Shown = c.release.Tables.Shown
	}
	return made, err
}

// bare returns tables without anything that was made of respondent fields, but for what
// may be shown of which cells.
func bare(form *survey.Form, of *analytics.Tables) (*analytics.Tables, error) {
	open, err := of.Read(form)
	if err != nil {
		return nil, fmt.Errorf("tables: %w", err)
	}
	open.Tally.ForgetRespondents()
	return &analytics.Tables{Version: of.Version, Tally: open.Tally.Encode(), Shown: of.Shown}, nil
}

// bare returns a release of an erased period as far as it is compared with answers: what
// is left of it when it is cleared, before or after that.
func (r *Release) bare(form *survey.Form) (*Release, error) {
	out := *r
	out.Partial, out.Whole, out.WholePeople = nil, nil, nil
	if r.Tables == nil {
		return &out, nil
	}
	var err error
	out.Tables, err = bare(form, r.Tables)
	return &out, err
}

func total(list []int64) (n int64) {
	for _, m := range list {
		n += m
	}
	return n
}

package projection

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"persepsi/analytics"
	"persepsi/survey"
)

// ClearReleases removes from the releases of a period, whose erasure began on a day of the
// city and which is not sealed, what they tell by respondent field: see clear. It may be
// repeated, and goes on where it was broken off.
func (p *Projector) ClearReleases(ctx context.Context, period string, day survey.Date) error {
	newest, err := p.store.NewestReleases(ctx, period)
	if err != nil {
		return fmt.Errorf("clear releases: %w", err)
	}
	for _, unit := range slices.Sorted(maps.Keys(newest)) {
		if err := p.clearUnit(ctx, period, unit, day); err != nil {
			return fmt.Errorf("clear releases of unit %s: %w", unit, err)
		}
	}
	return nil
}

// clearUnit clears a unit's releases in their order: each holds the checksum of the one
// before.
func (p *Projector) clearUnit(ctx context.Context, period, unit string, day survey.Date) error {
	var list []StoredRelease
	if err := p.store.Releases(ctx, period, unit, 1, func(s StoredRelease) error {
		list = append(list, s)
		return nil
	}); err != nil {
		return err
	}
	previous := ""
	for i, s := range list {
		r, err := s.decode()
		if err != nil {
			return err
		}
		if r.Cleared != 0 && r.Previous == previous {
			previous = s.Checksum
			continue
		}
		form, err := p.pool.forms.FormByID(r.Form)
		if err != nil {
			return fmt.Errorf("release %d: %w", r.Serial, err)
		}
		if r.Cleared == 0 {
			if r, err = r.clear(form, i == len(list)-1); err != nil {
				return fmt.Errorf("release %d: %w", r.Serial, err)
			}
			r.Cleared = day
		}
		r.Previous = previous
		cleared, err := r.encode()
		if err != nil {
			return err
		}
		if err := p.store.ReplaceRelease(ctx, s.Checksum, cleared); err != nil {
			return err
		}
		previous = cleared.Checksum
	}
	return nil
}

// clear returns what stays of a release whose respondent fields are removed. Of the newest
// release of a unit that is how many respondents told what, groups of few hidden; of those
// before it nothing, for a step may be of ten people who all told the same. What tells
// apart those who are counted in part goes, which may be one; so does from which release on
// a field is counted, for it tells who told something; and all by field of the tables.
func (r *Release) clear(form *survey.Form, newest bool) (*Release, error) {
	out := *r
	out.Partial, out.Whole, out.WholePeople, out.People = nil, nil, nil, nil
	if newest {
		out.People = analytics.ClearPeople(r.People)
	}
	out.Through, out.Without = r.Through.withoutFields(form), r.Without.withoutFields(form)
	if out.Without.none() {
		out.Without = counts{}
	}
	if r.Tables == nil {
		return &out, nil
	}
	var err error
	out.Tables, err = r.Tables.Clear(form)
	return &out, err
}

// withoutFields returns counts that count no respondent field.
func (c *counts) withoutFields(form *survey.Form) counts {
	out := c.clone(form)
	for kind := range out {
		clear(out[kind][len(form.Questions):])
	}
	return out
}

// none reports whether nothing is counted.
func (c *counts) none() bool {
	for _, list := range c {
		if len(list) > 0 && slices.Max(list) > 0 {
			return false
		}
	}
	return true
}

package projection

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"persepsi/analytics"
	"persepsi/survey"
)

// ClearReleases removes from the releases of a period, whose erasure began and which is
// not sealed, what they tell of few people: see Release.Cleared. What everybody may see
// stays. It may be repeated, and goes on where it was broken off.
func (p *Projector) ClearReleases(ctx context.Context, d *survey.Directory, period *survey.Period) error {
	newest, err := p.store.NewestReleases(ctx, period.Code)
	if err != nil {
		return fmt.Errorf("clear releases: %w", err)
	}
	for _, unit := range slices.Sorted(maps.Keys(newest)) {
		if err := p.clearUnit(ctx, d, period, unit); err != nil {
			return fmt.Errorf("clear releases of unit %s: %w", unit, err)
		}
	}
	return nil
}

// clearUnit clears a unit's releases in their order: each holds the checksum of the one
// before.
func (p *Projector) clearUnit(ctx context.Context, d *survey.Directory, period *survey.Period, unit string) error {
	var list []StoredRelease
	if err := p.store.Releases(ctx, period.Code, unit, 1, func(s StoredRelease) error {
		list = append(list, s)
		return nil
	}); err != nil {
		return err
	}
	previous := ""
	for _, s := range list {
		r, err := s.decode()
		if err != nil {
			return err
		}
		if r.Cleared && r.Previous == previous {
			previous = s.Checksum
			continue
		}
		form, err := p.pool.forms.FormByID(r.Form)
		if err != nil {
			return fmt.Errorf("release %d: %w", r.Serial, err)
		}
		r.Previous, r.Cleared = previous, true
		r.Partial, r.Whole, r.WholePeople = nil, nil, nil
		if r.Tables != nil {
			methods, err := analytics.ChooseMethods(d, period, form)
			if err != nil {
				return err
			}
			if r.Tables, err = r.Tables.Clear(form, methods); err != nil {
				return fmt.Errorf("release %d: %w", r.Serial, err)
			}
		}
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

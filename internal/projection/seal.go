package projection

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"persepsi/survey"
)

// MakeSeal returns what is to be bound of a period, whose releases are cleared, before the
// respondent fields of its answers are removed, and the period's revision before it was
// read: while that stays, it is right.
func (p *Projector) MakeSeal(ctx context.Context, period string) (*survey.Seal, int64, error) {
	revisions, err := p.store.Revisions(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("seal period %s: %w", period, err)
	}
	out := new(survey.Seal)
	newest, err := p.store.NewestReleases(ctx, period)
	if err != nil {
		return nil, 0, fmt.Errorf("seal period %s: %w", period, err)
	}
	for _, unit := range slices.Sorted(maps.Keys(newest)) {
		if err := p.store.Releases(ctx, period, unit, newest[unit], func(r StoredRelease) error {
			out.Units = append(out.Units, survey.SealedUnit{Unit: unit, Release: r.Serial, Checksum: r.Checksum})
			return nil
		}); err != nil {
			return nil, 0, fmt.Errorf("seal period %s: %w", period, err)
		}
	}
	return out, revisions[period], nil
}

// seal is a Seal to look things up in; nil: there is none, as of a period that an
// earlier build erased.
type seal struct{ units map[string]*survey.SealedUnit }

func (p *Projector) sealed(ctx context.Context, period string) (*seal, error) {
	stored, err := p.store.Seal(ctx, period)
	if err != nil || stored == nil {
		return nil, err
	}
	out := &seal{units: map[string]*survey.SealedUnit{}}
	for i := range stored.Units {
		u := &stored.Units[i]
		out.units[u.Unit] = u
	}
	return out, nil
}

// release tells what is wrong with the newest release of a unit by the seal.
func (s *seal) release(unit string, newest *StoredRelease) error {
	if s == nil {
		return nil
	}
	of := s.units[unit]
	if of == nil {
		of = new(survey.SealedUnit)
	}
	switch {
	case newest == nil && of.Release > 0:
		return fmt.Errorf("release %d of unit %s is gone", of.Release, unit)
	case newest != nil && (newest.Serial != of.Release || newest.Checksum != of.Checksum):
		return fmt.Errorf("release %d of unit %s in period %s is another one than when the respondent fields of its answers were removed", newest.Serial, unit, newest.Period)
	default:
		return nil
	}
}

// gone lists the units whose sealed releases are not there.
func (s *seal) gone(newest map[string]int) (out []string) {
	if s == nil {
		return nil
	}
	for unit, of := range s.units {
		if of.Release > 0 && newest[unit] == 0 {
			out = append(out, unit)
		}
	}
	slices.Sort(out)
	return out
}

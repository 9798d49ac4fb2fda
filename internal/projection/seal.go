package projection

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"persepsi/analytics"
	"persepsi/survey"
)

// MakeSeal returns what is to be bound of a period before the respondent fields of its
// answers are removed, and the period's revision before it was read: while that stays,
// it is right.
func (p *Projector) MakeSeal(ctx context.Context, period string) (*survey.Seal, int64, error) {
	revisions, err := p.store.Revisions(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("seal period %s: %w", period, err)
	}
	units := map[string]*survey.SealedUnit{}
	of := func(unit string) *survey.SealedUnit {
		if units[unit] == nil {
			units[unit] = &survey.SealedUnit{Unit: unit}
		}
		return units[unit]
	}
	newest, err := p.store.NewestReleases(ctx, period)
	if err != nil {
		return nil, 0, fmt.Errorf("seal period %s: %w", period, err)
	}
	for unit, serial := range newest {
		if err := p.store.Releases(ctx, period, unit, serial, func(r StoredRelease) error {
			of(unit).Release, of(unit).Checksum = r.Serial, r.Checksum
			return nil
		}); err != nil {
			return nil, 0, fmt.Errorf("seal period %s: %w", period, err)
		}
	}
	days := Selection{TallyFilter: analytics.TallyFilter{Level: analytics.LevelDay, Period: period}}
	if err := p.store.Docs(ctx, days, func(k analytics.Key, d Doc) error {
		sum, err := p.pool.checksum(k.Form, d.Tally)
		if err != nil || sum == "" {
			return err
		}
		u := of(k.Unit)
		if u.Cells == nil {
			u.Cells = map[string]map[survey.Date]string{}
		}
		if u.Cells[k.Form] == nil {
			u.Cells[k.Form] = map[survey.Date]string{}
		}
		u.Cells[k.Form][k.Start] = sum
		return nil
	}); err != nil {
		return nil, 0, fmt.Errorf("seal period %s: %w", period, err)
	}
	out := new(survey.Seal)
	for _, unit := range slices.Sorted(maps.Keys(units)) {
		out.Units = append(out.Units, *units[unit])
	}
	return out, revisions[period], nil
}

// checksum returns that of the cells by respondent field of a document.
func (p *pool) checksum(form string, doc []byte) (string, error) {
	t, err := p.take(form)
	if err != nil {
		return "", err
	}
	defer p.put(t)
	if err := t.Decode(doc); err != nil {
		return "", err
	}
	return t.RespondentChecksum(), nil
}

// seal is a Seal to look things up in; nil: there is none, as of a period that an
// earlier build erased.
type seal struct {
	units map[string]*survey.SealedUnit
	cells map[analytics.Key]string // by day
}

func (p *Projector) sealed(ctx context.Context, period string) (*seal, error) {
	stored, err := p.store.Seal(ctx, period)
	if err != nil || stored == nil {
		return nil, err
	}
	out := &seal{units: map[string]*survey.SealedUnit{}, cells: map[analytics.Key]string{}}
	for i := range stored.Units {
		u := &stored.Units[i]
		out.units[u.Unit] = u
		for form, days := range u.Cells {
			for day, sum := range days {
				out.cells[analytics.Key{Period: period, Unit: u.Unit, Form: form, Level: analytics.LevelDay, Start: day}] = sum
			}
		}
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

package projection

import (
	"context"
	"errors"
	"maps"

	"persepsi/analytics"
	"persepsi/survey"
)

// loadReleases brings the releases of all periods up to date where somebody made
// one. One that is damaged keeps no figure from being made: Release tells of it.
// The caller holds the lock.
func (p *Projector) loadReleases(ctx context.Context) error {
	if p.releases.loaded == p.releases.revision {
		return nil
	}
	list, err := p.store.Erasures(ctx)
	if err != nil {
		return err
	}
	begun := map[string]bool{}
	for i := range list {
		begun[list[i].Period] = true
	}
	var faults []error
	for code, l := range p.periods {
		newest, err := p.store.NewestReleases(ctx, code)
		if err != nil {
			return err
		}
		var fresh map[string]*analytics.ReleasedTally
		damaged := map[string]bool{}
		for unit, serial := range newest {
			if old := l.period.Released[unit]; old != nil && old.Serial == serial && (old.Cleared != 0 || !begun[code]) {
				continue
			}
			if fresh == nil {
				fresh = map[string]*analytics.ReleasedTally{}
				maps.Copy(fresh, l.period.Released)
			}
			err := p.store.Releases(ctx, code, unit, serial, func(s StoredRelease) error {
				r, err := s.released(p.pool.forms)
				if err != nil {
					faults = append(faults, err)
					damaged[unit] = true
					delete(fresh, unit)
				} else {
					fresh[unit] = r
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		out, err := p.takenOut(ctx, code)
		if err != nil {
			return err
		}
		if fresh == nil && maps.Equal(out, l.period.TakenOut) {
			continue
		}
		if fresh == nil {
			fresh, damaged = l.period.Released, l.period.Damaged
		}
		l.period = &analytics.PeriodTotals{Revision: l.period.Revision, Units: l.period.Units, Released: fresh, Damaged: damaged, TakenOut: out}
	}
	p.releases.loaded, p.releases.faults = p.releases.revision, errors.Join(faults...)
	return nil
}

// takenOut counts the answers of a period that were taken out, by unit and kind.
func (p *Projector) takenOut(ctx context.Context, period string) (map[string][survey.KindCount]int64, error) {
	out := map[string][survey.KindCount]int64{}
	return out, p.store.TakenOut(ctx, period, func(_ int, r *survey.Response) error {
		n := out[r.Unit]
		n[r.Mode.Kind()]++
		out[r.Unit] = n
		return nil
	})
}

func (p *Projector) releaseFaults() error {
	_ = p.lock.Acquire(context.Background(), 1) // without an end it is no error
	defer p.lock.Release(1)
	return p.releases.faults
}

package projection

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"

	"persepsi/survey"
)

// VerifyResult is the result of a check of releases.
type VerifyResult struct {
	Releases int
	// Wrong tells of each release that the answers contradict. Nothing mends it:
	// what was published is a fact, and who changed it, or an answer, is to be
	// found out.
	Wrong []string
}

// verifiedAtOnce bounds the answers that are held in memory, some 200 MB: on SQLite
// the days of a period are read from one end to the other once for that many.
const verifiedAtOnce = 300_000

// Verify checks every release of a period against the answers that it holds: that
// it is as it was written, follows the one before it, holds answers that are
// stored, and publishes what those say. Once the erasure of a period began what a release
// tells of respondents is taken as it stands, see erasedRelease, and once that is sealed the
// newest release has to be the one of the seal.
func (p *Projector) Verify(ctx context.Context, period string, form *survey.Form) (VerifyResult, error) {
	for {
		erasure, err := p.Erasure(ctx, period)
		if err != nil {
			return VerifyResult{}, err
		}
		out, err := p.verifyAll(ctx, period, form, erasure)
		if err != nil || len(out.Wrong) == 0 {
			return out, err
		}
		now, err := p.Erasure(ctx, period)
		if err != nil || (now == nil) == (erasure == nil) && (now == nil || now.Sealed == erasure.Sealed) {
			return out, err
		} // it was begun meanwhile, or sealed
	}
}

func (p *Projector) verifyAll(ctx context.Context, period string, form *survey.Form, erasure *survey.Erasure) (VerifyResult, error) {
	var out VerifyResult
	newest, err := p.store.NewestReleases(ctx, period)
	if err != nil {
		return out, fmt.Errorf("verify releases: %w", err)
	}
	var of *seal
	if erasure != nil {
		if of, err = p.sealed(ctx, period); err != nil {
			return out, fmt.Errorf("verify releases: %w", err)
		}
		for _, unit := range of.gone(newest) {
			out.Wrong = append(out.Wrong, of.release(unit, nil).Error())
		}
	}
	var some []*verification
	size := 0
	for _, unit := range slices.Sorted(maps.Keys(newest)) {
		v := &verification{forms: p.pool.forms, form: form, erasure: erasure, seal: of, out: &out, unit: unit, days: map[survey.Date]bool{}, rows: map[uuid.UUID]*survey.Response{}, gone: map[uuid.UUID]bool{}}
		if err := p.store.Releases(ctx, period, unit, 1, v.read); err != nil {
			return out, fmt.Errorf("verify releases of unit %s: %w", unit, err)
		}
		some = append(some, v)
		if size += v.held; size >= verifiedAtOnce {
			if err := p.verify(ctx, period, some); err != nil {
				return out, err
			}
			some, size = nil, 0
		}
	}
	return out, p.verify(ctx, period, some)
}

// verify checks the releases of some units, whose answers it reads at once: a day
// of all units may be one run of rows.
func (p *Projector) verify(ctx context.Context, period string, some []*verification) error {
	days := map[string][]survey.Date{}
	byUnit := map[string]*verification{}
	for _, v := range some {
		days[v.unit], byUnit[v.unit] = slices.Sorted(maps.Keys(v.days)), v
	}
	if err := p.store.Rows(ctx, period, days, func(r *survey.Response) error {
		byUnit[r.Unit].rows[r.ID] = kept(r)
		return nil
	}); err != nil {
		return fmt.Errorf("verify releases of period %s: %w", period, err)
	}
	if err := p.store.TakenOut(ctx, period, func(_ int, r *survey.Response) error {
		if v := byUnit[r.Unit]; v != nil {
			v.rows[r.ID], v.gone[r.ID] = kept(r), true
		}
		return nil
	}); err != nil {
		return fmt.Errorf("verify releases of period %s: %w", period, err)
	}
	for _, v := range some {
		v.run()
	}
	return nil
}

package projection

import (
	"context"
	"errors"
	"fmt"
	"time"

	"persepsi/analytics"
	"persepsi/survey"
)

// Tally returns the tally of a key with its breakdown, nil where there is none.
// One that can't be read is made anew from the responses. What is shown is read by Saved or from
// Periods, which wait for nobody: the contract of both stores compares every tally by this one.
func (p *Projector) Tally(ctx context.Context, key analytics.Key) (*analytics.Tally, error) {
	tallies, err := p.tallies(ctx, func() ([]analytics.Key, error) { return []analytics.Key{key}, nil })
	if err != nil {
		return nil, fmt.Errorf("read a tally: %w", err)
	}
	return tallies[key], nil
}

// Saved returns the tally of a key with its breakdown as it was saved last, nil where there is
// none: it waits for nobody who counts, and lacks what they keep in memory. Unavailable: it
// can't be read, and the next Refresh makes it anew.
func (p *Projector) Saved(ctx context.Context, key analytics.Key) (*analytics.Tally, error) {
	out, err := p.stored(ctx, []analytics.Key{key})
	if u := (*unreadable)(nil); errors.As(err, &u) {
		p.spoilt.Store(u.unit(), true)
		return nil, &survey.Error{Code: survey.Unavailable, Message: "the figures are being counted anew; try again in a moment", RetryAfter: mendWithin, Cause: err}
	}
	if err != nil {
		return nil, fmt.Errorf("read a tally: %w", err)
	}
	return out[key], nil
}

// mendWithin is when to ask again for a damaged tally, which is made anew at the next Refresh.
const mendWithin = 2 * time.Second

// mendSpoilt makes tallies anew that Saved could not read. The caller holds the lock.
func (p *Projector) mendSpoilt(ctx context.Context) error {
	var units []analytics.TallyFilter
	p.spoilt.Range(func(unit, _ any) bool {
		units = append(units, unit.(analytics.TallyFilter))
		return true
	})
	for _, u := range units {
		if _, err := p.recount(ctx, u); err != nil {
			return fmt.Errorf("mend unit %s in period %s: %w", u.Unit, u.Period, err)
		}
		p.spoilt.Delete(u)
	}
	return nil
}

// Months returns the totals of a unit in each month of a period that has
// answers to a form, by the month's first day. No page shows live months: the
// contract of both stores reads them.
func (p *Projector) Months(ctx context.Context, period, unit, form string) (map[survey.Date]*analytics.Tally, error) {
	tallies, err := p.tallies(ctx, func() ([]analytics.Key, error) { return p.months(ctx, period, unit, form) })
	if err != nil {
		return nil, fmt.Errorf("read months: %w", err)
	}
	out := make(map[survey.Date]*analytics.Tally, len(tallies))
	for k, t := range tallies {
		out[k.Start] = t
	}
	return out, nil
}

// months lists a unit's months: of the documents, and of the batch where one is
// kept.
func (p *Projector) months(ctx context.Context, period, unit, form string) ([]analytics.Key, error) {
	var keys []analytics.Key
	f := analytics.TallyFilter{Level: analytics.LevelMonth, Period: period, Unit: unit}
	err := p.store.Docs(ctx, Selection{TallyFilter: f}, func(k analytics.Key, _ Doc) error {
		if k.Form == form {
			keys = append(keys, k)
		}
		return nil
	})
	if err != nil || p.every == 0 || p.batch == nil {
		return keys, err
	}
	for k := range p.batch.Fresh {
		if k.Period == period && k.Unit == unit && k.Form == form {
			keys = append(keys, k.Rollups()[0])
		}
	}
	return keys, nil
}

// tallies reads the tallies of some keys as they are now.
func (p *Projector) tallies(ctx context.Context, keys func() ([]analytics.Key, error)) (map[analytics.Key]*analytics.Tally, error) {
	var list []analytics.Key
	return latest(ctx, p, func() (out map[analytics.Key]*analytics.Tally, err error) {
		if list, err = keys(); err != nil {
			return nil, err
		}
		return p.stored(ctx, list)
	}, func(out map[analytics.Key]*analytics.Tally) error { return p.pending(list, out) })
}

// stored reads documents.
func (p *Projector) stored(ctx context.Context, keys []analytics.Key) (map[analytics.Key]*analytics.Tally, error) {
	docs, err := p.store.Load(ctx, keys)
	if err != nil {
		return nil, err
	}
	out := make(map[analytics.Key]*analytics.Tally, len(docs))
	for k, d := range docs {
		if d.Tally == nil {
			continue
		}
		if out[k], err = analytics.DecodeTally(p.pool.forms, d.Tally); err != nil {
			return nil, &unreadable{k, err}
		}
	}
	return out, nil
}

// pending adds what the batch holds of some keys. The caller holds the lock.
func (p *Projector) pending(keys []analytics.Key, to map[analytics.Key]*analytics.Tally) error {
	asked := make(map[analytics.Key]bool, len(keys))
	for _, k := range keys {
		asked[k] = true
	}
	for bucket, d := range p.batch.Fresh {
		for _, k := range append(bucket.Rollups(), bucket) {
			if !asked[k] {
				continue
			}
			if to[k] == nil {
				to[k] = analytics.NewTally(d.Form())
			}
			if err := to[k].Merge(d.Tally); err != nil {
				return err
			}
		}
	}
	return nil
}

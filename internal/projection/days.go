package projection

import (
	"context"
	"fmt"

	"persepsi/analytics"
)

// Days returns how many answers to a form units got on each of some days, by service, point
// and hour: all that the last Refresh knew of, and perhaps later ones. Who refreshes waits
// meanwhile where what is counted is kept in memory, so that many days are to be asked for
// in parts.
func (p *Projector) Days(ctx context.Context, of analytics.DaysOf) (map[analytics.UnitDay]analytics.Counts, error) {
	out, err := latest(ctx, p, func() (map[analytics.UnitDay]analytics.Counts, error) {
		return p.readDays(ctx, of)
	}, func(out map[analytics.UnitDay]analytics.Counts) error { return p.pendingDays(ctx, of, out) })
	if err != nil {
		return nil, fmt.Errorf("read days: %w", err)
	}
	return out, nil
}

// readDays reads the documents of days.
func (p *Projector) readDays(ctx context.Context, of analytics.DaysOf) (map[analytics.UnitDay]analytics.Counts, error) {
	form, err := p.pool.forms.FormByID(of.Form)
	if err != nil {
		return nil, err
	}
	counts := analytics.NewCountsReader(form)
	out := map[analytics.UnitDay]analytics.Counts{}
	days := Selection{TallyFilter: analytics.TallyFilter{Level: analytics.LevelDay, Period: of.Period, Unit: of.Unit}, From: of.From, Before: of.Before}
	return out, p.store.Docs(ctx, days, func(k analytics.Key, doc Doc) error {
		if k.Form != of.Form || doc.Tally == nil {
			return nil
		}
		n, err := counts.Read(doc.Tally)
		if err != nil {
			return &unreadable{k, err}
		}
		out[analytics.UnitDay{Unit: k.Unit, Day: k.Start}] = n
		return nil
	})
}

// pendingDays adds what the batch holds of days. The caller holds the lock.
func (p *Projector) pendingDays(ctx context.Context, of analytics.DaysOf, to map[analytics.UnitDay]analytics.Counts) error {
	var keys []analytics.Key
	for k := range p.batch.Fresh {
		if k.Period == of.Period && k.Form == of.Form && (of.Unit == "" || k.Unit == of.Unit) && of.From <= k.Start && k.Start < of.Before {
			keys = append(keys, k)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	tallies, err := p.stored(ctx, keys)
	if err == nil {
		err = p.pending(keys, tallies)
	}
	if err != nil {
		return err
	}
	for k, t := range tallies {
		to[analytics.UnitDay{Unit: k.Unit, Day: k.Start}] = t.Counts()
	}
	return nil
}

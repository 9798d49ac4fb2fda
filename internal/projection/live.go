package projection

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"persepsi/analytics"
)

// live is a period's totals: those that are stored, and with them those of the
// batch.
type live struct {
	period *analytics.PeriodTotals
	base   map[analytics.UnitForm]*analytics.Tally // as stored
	seen   map[analytics.Key]int64                 // responses of the batch that period holds, by bucket
	stale  bool                                    // base is no longer what is stored
}

const (
	// mostPending and mostBuckets bound what the batch may grow to: memory, and
	// what is counted again after a crash.
	mostPending = 200_000
	mostBuckets = 1 << 10
)

// Periods returns what the last Refresh knew, by period: the same values until
// they change.
func (p *Projector) Periods() map[string]*analytics.PeriodTotals { return *p.current.Load() }

// Refresh brings what Period returns up to date, and the documents where that
// is due. Responses that are stored while it runs may be left to the next call.
func (p *Projector) Refresh(ctx context.Context) error {
	if err := p.lock.Acquire(ctx, 1); err != nil {
		return fmt.Errorf("refresh: %w", err)
	}
	defer p.lock.Release(1)
	asked := p.asked.Load() // what is stored by now is taken, and so saved
	p.soon = asked > p.settled.Load()
	if err := p.mendSpoilt(ctx); err != nil {
		return fmt.Errorf("refresh: %w", err)
	}
	if err := p.refresh(ctx); err != nil {
		return fmt.Errorf("refresh: %w", err)
	}
	p.settled.Store(asked)
	return nil
}

// SaveSoon has the next Refresh save what is counted, so that Saved returns it, and returns what
// reports whether one has. It waits for nobody.
func (p *Projector) SaveSoon() (done func() bool) {
	n := p.asked.Add(1)
	return func() bool { return p.settled.Load() >= n }
}

// refresh is Refresh; the caller holds the lock.
func (p *Projector) refresh(ctx context.Context) error {
	var err error
	for range mostTries {
		if err = p.tryRefresh(ctx); !errors.Is(err, ErrMoved) {
			return err
		}
	}
	return err
}

func (p *Projector) tryRefresh(ctx context.Context) error {
	for more := true; more; {
		var err error
		if more, err = p.take(ctx); err != nil {
			return err
		}
		if p.due() {
			if _, err := p.save(ctx); err != nil {
				return err
			}
		}
	}
	moved, err := p.moved(ctx)
	if err != nil {
		return err
	}
	if len(moved) > 0 && p.batch != nil {
		// What is stored is only read while nothing is pending that somebody
		// else may have counted.
		if _, err := p.save(ctx); err != nil {
			return err
		}
		if moved, err = p.moved(ctx); err != nil {
			return err
		}
	}
	for code, revision := range moved {
		if err := p.load(ctx, code, revision); err != nil {
			return err
		}
	}
	if err := p.grow(); err != nil {
		return err
	}
	if err := p.loadReleases(ctx); err != nil {
		return err
	}
	now := make(map[string]*analytics.PeriodTotals, len(p.periods))
	for code, l := range p.periods {
		now[code] = l.period
	}
	p.current.Store(&now)
	return nil
}

// due reports whether the batch is to be saved now.
func (p *Projector) due() bool {
	b, waited := p.batch, p.now().Sub(p.saved)
	return p.every == 0 || len(b.Anew) > 0 || b.Rows >= mostPending || len(b.Fresh) >= mostBuckets ||
		b.Rows > 0 && (p.soon || waited >= p.every || waited < 0) // a clock may be set back
}

// moved returns the revisions of the periods whose stored totals are others
// than those that are held.
func (p *Projector) moved(ctx context.Context) (map[string]int64, error) {
	all, err := p.store.Revisions(ctx)
	if err != nil {
		return nil, err
	}
	p.releases.revision = all[AllReleases]
	delete(all, AllReleases)
	maps.DeleteFunc(all, func(code string, revision int64) bool {
		l := p.periods[code]
		return l != nil && !l.stale && l.period.Revision == revision
	})
	return all, nil
}

// load reads a period's stored totals. Derived data that can't be read are made
// anew from the responses.
func (p *Projector) load(ctx context.Context, code string, revision int64) error {
	base, err := mended(ctx, p, func() (map[analytics.UnitForm]*analytics.Tally, error) { return p.totals(ctx, code) })
	if err != nil {
		return fmt.Errorf("load tallies of period %s: %w", code, err)
	}
	l := p.periods[code]
	if l == nil {
		l = &live{period: &analytics.PeriodTotals{}}
		p.periods[code] = l
	}
	for of, t := range base {
		if old := l.period.Units[of]; old != nil && old.Equal(t) {
			base[of] = old
		}
	}
	l.base, l.seen, l.stale = base, map[analytics.Key]int64{}, false
	l.period = &analytics.PeriodTotals{Revision: revision, Units: base, Released: l.period.Released, Damaged: l.period.Damaged, TakenOut: l.period.TakenOut}
	return nil
}

func (p *Projector) totals(ctx context.Context, code string) (map[analytics.UnitForm]*analytics.Tally, error) {
	out := map[analytics.UnitForm]*analytics.Tally{}
	f := analytics.TallyFilter{Level: analytics.LevelPeriod, Period: code}
	return out, p.store.Docs(ctx, Selection{TallyFilter: f}, func(k analytics.Key, d Doc) error {
		t, err := analytics.DecodeTotals(p.pool.forms, d.Tally)
		if err != nil {
			return &unreadable{k, err}
		}
		out[analytics.UnitForm{Unit: k.Unit, Form: k.Form}] = t
		return nil
	})
}

// grow adds what the batch holds by now to the totals.
func (p *Projector) grow() error {
	if p.batch == nil {
		return nil
	}
	grown := map[unit]bool{}
	for k, d := range p.batch.Fresh {
		l := p.periods[k.Period]
		if l == nil { // nothing of it is stored yet
			l = &live{period: &analytics.PeriodTotals{}, seen: map[analytics.Key]int64{}}
			p.periods[k.Period] = l
		}
		if l.seen[k] != d.N {
			l.seen[k] = d.N
			grown[unitOf(k)] = true
		}
	}
	if len(grown) == 0 {
		return nil
	}
	sum := map[unit]*analytics.Tally{}
	for k, d := range p.batch.Fresh {
		u := unitOf(k)
		if !grown[u] {
			continue
		}
		if sum[u] == nil {
			sum[u] = analytics.NewTotals(d.Form())
			if base := p.periods[u.period].base[u.totals()]; base != nil {
				if err := sum[u].Merge(base); err != nil {
					return err
				}
			}
		}
		if err := sum[u].Merge(d.Tally); err != nil {
			return err
		}
	}
	fresh := map[string]*analytics.PeriodTotals{}
	for u, t := range sum {
		if fresh[u.period] == nil {
			l := p.periods[u.period]
			units := maps.Clone(l.period.Units)
			if units == nil {
				units = map[analytics.UnitForm]*analytics.Tally{}
			}
			fresh[u.period] = &analytics.PeriodTotals{Revision: l.period.Revision, Units: units, Released: l.period.Released, Damaged: l.period.Damaged, TakenOut: l.period.TakenOut}
		}
		fresh[u.period].Units[u.totals()] = t
	}
	for code, period := range fresh {
		p.periods[code].period = period
	}
	return nil
}

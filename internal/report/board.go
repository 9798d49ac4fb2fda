package report

import (
	"context"
	"fmt"
	"sync"

	"persepsi/analytics"
	"persepsi/survey"
)

// Tallies are the tallies of a store, kept up to date by a projection.
type Tallies interface {
	OnDemand
	// Refresh brings what Periods returns up to date.
	Refresh(ctx context.Context) error
	// Periods returns the totals by period: the same values until they change.
	Periods() map[string]*analytics.PeriodTotals
	// Saved returns the tally of a key with its breakdown as it was saved last, nil where
	// there is none. It waits for no Refresh, and may lack what came in the last seconds.
	Saved(ctx context.Context, key analytics.Key) (*analytics.Tally, error)
}

// BoardStore is what a Board reads from.
type BoardStore interface {
	Tallies
	// Evaluations returns the newest entry of every unit of a period. An entry that is added
	// makes the period's revision grow.
	Evaluations(ctx context.Context, period string) ([]analytics.Evaluation, error)
}

// Board is the Source over a store: beside the totals it holds the evaluators'
// entries in memory, and reads only those that changed.
type Board struct {
	OnDemand
	store BoardStore

	refreshing sync.Mutex // one Refresh at a time
	mu         sync.RWMutex
	seen       map[string]*analytics.PeriodTotals // what periods was made of
	periods    map[string]*Totals
}

// NewBoard makes an empty board; Refresh fills it.
func NewBoard(store BoardStore) *Board {
	return &Board{OnDemand: store, store: store, seen: map[string]*analytics.PeriodTotals{}, periods: map[string]*Totals{}}
}

// Refresh brings the totals up to date and loads the entries of the periods that
// changed in the store.
func (b *Board) Refresh(ctx context.Context) error {
	b.refreshing.Lock()
	defer b.refreshing.Unlock()
	if err := b.store.Refresh(ctx); err != nil {
		return err
	}
	for code, now := range b.store.Periods() {
		old := b.seen[code]
		if old == now {
			continue
		}
		fresh := &Totals{Units: now.Units, Released: now.Released, Damaged: now.Damaged, TakenOut: now.TakenOut, Evaluations: b.Period(code).Evaluations}
		if old == nil || old.Revision != now.Revision {
			list, err := b.store.Evaluations(ctx, code)
			if err != nil {
				return fmt.Errorf("load evaluations of period %s: %w", code, err)
			}
			fresh.Evaluations = make(map[string]analytics.Evaluation, len(list))
			for _, e := range list {
				fresh.Evaluations[e.Unit] = e
			}
		}
		b.mu.Lock()
		b.seen[code], b.periods[code] = now, fresh
		b.mu.Unlock()
	}
	return nil
}

// Period returns a period's totals: the same value until they change.
func (b *Board) Period(code string) *Totals {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if p, ok := b.periods[code]; ok {
		return p
	}
	return &none
}

// Breakdown reads a unit's tally of a whole period with its breakdown as it was saved last,
// nil where it has no answers to the form.
func (b *Board) Breakdown(ctx context.Context, period *survey.Period, unit string, form *survey.Form) (*analytics.Tally, error) {
	return b.store.Saved(ctx, analytics.Key{Period: period.Code, Unit: unit, Form: form.ID, Level: analytics.LevelPeriod})
}

package report

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"persepsi/analytics"
	"persepsi/survey"
)

var errUnreadable = errors.New("cannot be read")

// Tallies are the stored tallies, brought up to date by a projection.
type Tallies interface {
	// Settle brings every tally that lags up to date.
	Settle(ctx context.Context) (changed int, err error)
	// Revisions returns a counter per period that grows whenever one of its
	// stored tallies or evaluations changes, whichever instance changed it.
	Revisions(ctx context.Context) (map[string]int64, error)
	// Tallies calls fn with every stored tally that the filter selects. The
	// bytes are valid only during the call.
	Tallies(ctx context.Context, filter analytics.TallyFilter, fn func(analytics.Key, []byte) error) error
	// Tally returns one stored tally, nil where there is none.
	Tally(ctx context.Context, key analytics.Key) ([]byte, error)
	// Recount makes every tally of a period that differs from its responses anew.
	Recount(ctx context.Context, period string) (analytics.Recounted, error)
}

// BoardStore is what a Board reads from.
type BoardStore interface {
	Tallies
	analytics.EvaluationStore
}

// Board is the Source over a store: it holds the totals of every unit and period
// and the evaluators' entries in memory, and reads only what changed.
// Breakdowns and months are read on demand.
type Board struct {
	store BoardStore
	forms analytics.Forms

	refreshing sync.Mutex // one Refresh at a time
	mending    sync.Mutex // one recount on behalf of a Breakdown at a time

	mu        sync.RWMutex
	revisions map[string]int64
	periods   map[string]*Totals
}

// NewBoard makes an empty board; Refresh fills it.
func NewBoard(store BoardStore, forms analytics.Forms) *Board {
	return &Board{store: store, forms: forms, revisions: map[string]int64{}, periods: map[string]*Totals{}}
}

// Refresh settles what lags in the store, then loads the periods that changed.
func (b *Board) Refresh(ctx context.Context) error {
	b.refreshing.Lock()
	defer b.refreshing.Unlock()
	if _, err := b.store.Settle(ctx); err != nil {
		return fmt.Errorf("settle tallies: %w", err)
	}
	revisions, err := b.store.Revisions(ctx)
	if err != nil {
		return fmt.Errorf("read revisions: %w", err)
	}
	for period, revision := range revisions {
		if old, ok := b.revisions[period]; ok && old == revision {
			continue
		}
		loaded, err := b.load(ctx, period)
		if errors.Is(err, errUnreadable) {
			// Derived data that can't be read are made anew from the facts.
			if _, err := b.store.Recount(ctx, period); err != nil {
				return fmt.Errorf("mend period %s: %w", period, err)
			}
			loaded, err = b.load(ctx, period)
		}
		if err != nil {
			return err
		}
		b.mu.Lock()
		b.periods[period] = loaded
		b.mu.Unlock()
		b.revisions[period] = revision
	}
	return nil
}

func (b *Board) load(ctx context.Context, period string) (*Totals, error) {
	p := &Totals{Units: map[string]*analytics.Tally{}, Evaluations: map[string]analytics.Evaluation{}}
	old := b.Period(period)
	err := b.store.Tallies(ctx, analytics.TallyFilter{Level: analytics.LevelPeriod, Period: period}, func(k analytics.Key, data []byte) error {
		t, err := b.decode(k, data)
		if err != nil {
			return err
		}
		// An unchanged tally stays the same value, so that what was
		// computed from it stays valid. Responses are only ever added.
		if o := old.Units[k.Unit]; o != nil && o.Equal(t) {
			t = o
		}
		p.Units[k.Unit] = t
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("load tallies of period %s: %w", period, err)
	}
	list, err := b.store.Evaluations(ctx, period)
	if err != nil {
		return nil, fmt.Errorf("load evaluations of period %s: %w", period, err)
	}
	for _, e := range list {
		p.Evaluations[e.Unit] = e
	}
	return p, nil
}

func (b *Board) decode(k analytics.Key, data []byte) (*analytics.Tally, error) {
	t, err := analytics.DecodeTotals(b.forms, data)
	if err != nil {
		return nil, fmt.Errorf("tally of unit %s %w: %w", k.Unit, errUnreadable, err)
	}
	return t, nil
}

// Period returns what is held of a period: the same value until it changes.
func (b *Board) Period(code string) *Totals {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if p, ok := b.periods[code]; ok {
		return p
	}
	return &none
}

// Totals returns the totals of a unit in a period, nil where it has no answers.
// The tally must not be changed.
func (b *Board) Totals(period, unit string) *analytics.Tally { return b.Period(period).Units[unit] }

// Months reads the totals of a unit in each month of a period that has answers,
// by the month's first day.
func (b *Board) Months(ctx context.Context, period, unit string) (map[survey.Date]*analytics.Tally, error) {
	out := map[survey.Date]*analytics.Tally{}
	err := b.store.Tallies(ctx, analytics.TallyFilter{Level: analytics.LevelMonth, Period: period, Unit: unit}, func(k analytics.Key, data []byte) (err error) {
		out[k.Start], err = b.decode(k, data)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("load months of unit %s in period %s: %w", unit, period, err)
	}
	return out, nil
}

// Breakdown reads a unit's tally of a whole period with its breakdown, nil
// where it has no answers. One that can't be read is made anew from the
// responses, which takes as long as a recount of its period.
func (b *Board) Breakdown(ctx context.Context, period *survey.Period, unit string, form *survey.Form) (*analytics.Tally, error) {
	key := analytics.Key{Period: period.Code, Unit: unit, Form: form.ID, Level: analytics.LevelPeriod}
	t, err := b.stored(ctx, key)
	if !errors.Is(err, errUnreadable) {
		return t, err
	}
	b.mending.Lock()
	defer b.mending.Unlock()
	if t, err = b.stored(ctx, key); !errors.Is(err, errUnreadable) {
		return t, err // whoever had the turn before mended it
	}
	if _, err := b.store.Recount(ctx, period.Code); err != nil {
		return nil, fmt.Errorf("mend period %s: %w", period.Code, err)
	}
	return b.stored(ctx, key)
}

func (b *Board) stored(ctx context.Context, key analytics.Key) (*analytics.Tally, error) {
	data, err := b.store.Tally(ctx, key)
	if err != nil || data == nil {
		return nil, err
	}
	t, err := analytics.DecodeTally(b.forms, data)
	if err != nil {
		return nil, fmt.Errorf("tally of unit %s %w: %w", key.Unit, errUnreadable, err)
	}
	return t, nil
}

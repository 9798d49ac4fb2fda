package report

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"persepsi/analytics"
	"persepsi/survey"
)

var errUnreadable = errors.New("cannot be read")

// BoardStore is what a Board reads from.
type BoardStore interface {
	analytics.TallyStore
	analytics.EvaluationStore
}

// Board holds the current totals of every unit and period, and the evaluators'
// entries, in memory: pages and API read them there, so that no request grows
// with the number of stored responses. The figures are at most one Refresh
// older than the store. Breakdowns are read from the store on demand.
type Board struct {
	store BoardStore
	forms analytics.Forms

	refreshing sync.Mutex // one Refresh at a time
	mending    sync.Mutex // one recount on behalf of a Breakdown at a time

	mu        sync.RWMutex
	revisions map[string]int64
	periods   map[string]*periodBoard
	at        time.Time

	generation uint64 // of the newest periodBoard
}

// periodBoard is immutable once published.
type periodBoard struct {
	generation  uint64                      // another one with every change; 0 while there is none
	totals      map[string]*analytics.Tally // by unit
	evaluations map[string]analytics.Evaluation
}

// NewBoard makes an empty board; Refresh fills it.
func NewBoard(store BoardStore, forms analytics.Forms) *Board {
	return &Board{store: store, forms: forms, revisions: map[string]int64{}, periods: map[string]*periodBoard{}}
}

// Refresh settles what lags in the store, then loads the periods that changed.
func (b *Board) Refresh(ctx context.Context) error {
	b.refreshing.Lock()
	defer b.refreshing.Unlock()
	now := time.Now() // what is acknowledged from here on may be missing
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
		b.generation++
		loaded.generation = b.generation
		b.periods[period] = loaded
		b.revisions[period] = revision
		b.mu.Unlock()
	}
	b.mu.Lock()
	b.at = now
	b.mu.Unlock()
	return nil
}

func (b *Board) load(ctx context.Context, period string) (*periodBoard, error) {
	p := &periodBoard{totals: map[string]*analytics.Tally{}, evaluations: map[string]analytics.Evaluation{}}
	old := b.period(period)
	err := b.store.Tallies(ctx, analytics.TallyFilter{Level: analytics.LevelPeriod, Period: period}, func(k analytics.Key, data []byte) error {
		t, err := analytics.DecodeTotals(b.forms, data)
		if err != nil {
			return fmt.Errorf("tally of unit %s %w: %w", k.Unit, errUnreadable, err)
		}
		// An unchanged tally stays the same value, so that what was
		// computed from it stays valid. Responses are only ever added.
		if o := old.totals[k.Unit]; o != nil && o.Equal(t) {
			t = o
		}
		p.totals[k.Unit] = t
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
		p.evaluations[e.Unit] = e
	}
	return p, nil
}

func (b *Board) period(code string) *periodBoard {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if p, ok := b.periods[code]; ok {
		return p
	}
	return &periodBoard{}
}

// Totals returns the totals of a unit in a period, nil where it has no answers.
// The tally must not be changed.
func (b *Board) Totals(period, unit string) *analytics.Tally { return b.period(period).totals[unit] }

// Evaluation returns the newest entry of an evaluator for a unit in a period.
func (b *Board) Evaluation(period, unit string) (analytics.Evaluation, bool) {
	e, ok := b.period(period).evaluations[unit]
	return e, ok
}

// At returns the time of the last refresh: figures hold every answer that was
// acknowledged before it.
func (b *Board) At() time.Time {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.at
}

// Loaded reports whether the board was filled since it was made: until then it
// holds nothing, which is not to say that there are no answers.
func (b *Board) Loaded() bool { return !b.At().IsZero() }

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

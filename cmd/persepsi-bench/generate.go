package main

import (
	"context"
	"fmt"
	"time"

	"persepsi/analytics"
	"persepsi/internal/audit"
	"persepsi/survey"
)

// Store is what a city is written to.
type Store interface {
	survey.Appender
	survey.CatalogueStore
	// RecordCatalogue stores the city.
	RecordCatalogue(ctx context.Context, c *survey.Catalogue, said ...audit.Entry) error
	// Settle brings the tallies up to date.
	Settle(ctx context.Context) (changed int, err error)
	// Refresh brings what Periods returns up to date.
	Refresh(ctx context.Context) error
	// Periods returns the totals by period.
	Periods() map[string]*analytics.PeriodTotals
}

// Generator writes a city with its answers straight into a store.
type Generator struct {
	Answers int64
	Units   int
	Seed    uint64
	Now     time.Time
	Library *survey.Library
	Methods *survey.Methods
	NewCode CodeMaker
	// Progress, where it is there, is told how many answers are stored.
	Progress func(done int64)

	batch int // answers of one durable commit; 0: batchSize
}

// GeneratorResult tells what a Generator did.
type GeneratorResult struct {
	Stored  int64         // answers stored now
	Before  int64         // answers that were there
	Storing time.Duration // time to make and store them
	Settle  time.Duration // time until every tally held them
}

// batchSize is the usual number of answers of one durable commit.
const batchSize = 20_000

// limits of a city: as many answers as a store can be expected to hold.
const (
	maxAnswers = 1_000_000_000
	maxUnits   = 9_999
)

// Run makes the city and its answers. Where a run was broken off, the next one
// goes on; where all are there, it does nothing. Conflict: the store holds
// something else. Invalid: sizes that make no sense.
func (g *Generator) Run(ctx context.Context, s Store) (*GeneratorResult, error) {
	if g.Answers < 0 || g.Answers > maxAnswers || g.Units < 1 || g.Units > maxUnits {
		return nil, survey.Errorf(survey.Invalid, "a city has 1 to %d units and 0 to %d answers", maxUnits, maxAnswers)
	}
	if g.batch == 0 {
		g.batch = batchSize
	}
	city, d, err := g.declare(ctx, s)
	if err != nil {
		return nil, err
	}
	out := new(GeneratorResult)
	if out.Before, err = g.stored(ctx, s); err != nil {
		return nil, err
	}
	start := time.Now()
	// A batch may have been stored in part, so the last one is sent again.
	from := min(out.Before, g.Answers) / int64(g.batch) * int64(g.batch)
	if out.Before < g.Answers {
		if out.Stored, err = g.write(ctx, s, newMaker(city, d), from); err != nil {
			return nil, err
		}
	}
	out.Storing = time.Since(start)
	start = time.Now()
	if _, err := s.Settle(ctx); err != nil {
		return nil, fmt.Errorf("settle the tallies: %w", err)
	}
	out.Settle = time.Since(start)
	return out, nil
}

// declare stores the city before its first answer, so that a store whose
// filling was broken off is known for what it is.
func (g *Generator) declare(ctx context.Context, s Store) (City, *survey.Directory, error) {
	have, err := s.Catalogue(ctx)
	if err != nil {
		return City{}, nil, err
	}
	city := City{Answers: g.Answers, Units: g.Units, Seed: g.Seed}
	if city.Today, err = begun(have, g.Now); err != nil {
		return City{}, nil, err
	}
	c, err := city.catalogue(g.Library, g.NewCode)
	if err != nil {
		return City{}, nil, err
	}
	if err := city.fits(have, c); err != nil {
		return City{}, nil, err
	}
	d, err := survey.NewDirectory(c, g.Library, g.Methods)
	if err != nil {
		return City{}, nil, err
	}
	if have.Version == 0 {
		err = s.RecordCatalogue(ctx, c)
	}
	return city, d, err
}

// stored counts the answers that are there, by the tallies.
func (g *Generator) stored(ctx context.Context, s Store) (int64, error) {
	if err := s.Refresh(ctx); err != nil {
		return 0, fmt.Errorf("count the answers: %w", err)
	}
	n := int64(0)
	for _, period := range s.Periods() {
		for _, t := range period.Units {
			n += t.N
		}
	}
	return n, nil
}

// write makes and stores the answers from the from-th on. The next batch is
// made while one is stored.
func (g *Generator) write(ctx context.Context, s Store, m *maker, from int64) (stored int64, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	free, full := make(chan *batch, 2), make(chan *batch)
	for range cap(free) {
		free <- newBatch(g.batch)
	}
	go func() {
		defer close(full)
		answers := newStream(m, from)
		defer answers.stop()
		for {
			select {
			case b := <-free:
				if !answers.fill(b) {
					return
				}
				select {
				case full <- b:
				case <-ctx.Done():
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	for b := range full {
		outcomes, err := s.Append(ctx, b.responses())
		if err != nil {
			return stored, fmt.Errorf("store answers: %w", err)
		}
		for _, o := range outcomes {
			if o.Result == survey.Stored {
				stored++
			}
		}
		from += int64(len(outcomes))
		if g.Progress != nil {
			g.Progress(from)
		}
		free <- b
	}
	return stored, ctx.Err()
}

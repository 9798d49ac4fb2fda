package report

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"persepsi/analytics"
	"persepsi/internal/cache"
	"persepsi/survey"
)

// Builder keeps the newest figures: it makes a snapshot of each period that
// changed, in the background, and publishes it whole. Who reads takes what was
// published last and neither computes nor waits. Safe for concurrent use.
type Builder struct {
	source    Source
	directory func() *survey.Directory
	cache     *cache.Cache
	now       func() time.Time

	refreshing sync.Mutex // one reading of the source at a time
	building   sync.Mutex // one making of snapshots at a time, for which no store is asked
	maker      *maker
	idle       time.Time                     // until when Keep leaves the processor to others
	current    atomic.Pointer[Figures]       // nil: nothing was loaded yet
	rest       atomic.Int64                  // Unix time in nanoseconds until which no history is read
	wake       chan struct{}                 // holds one while somebody waits for newer figures
	waiting    atomic.Int64                  // how many wait for newer figures
	next       atomic.Pointer[chan struct{}] // closed when the next figures are published
}

// NewBuilder makes a builder without figures; Refresh fills it. directory
// returns the newest catalogue, now the time.
func NewBuilder(source Source, directory func() *survey.Directory, kept *cache.Cache, now func() time.Time) (*Builder, error) {
	m, err := newMaker(now)
	if err != nil {
		return nil, err
	}
	b := &Builder{source: source, directory: directory, cache: kept, now: now, maker: m, wake: make(chan struct{}, 1)}
	next := make(chan struct{})
	b.next.Store(&next)
	return b, nil
}

// Figures returns the newest figures.
func (b *Builder) Figures() *Figures {
	if f := b.current.Load(); f != nil {
		return f
	}
	return &Figures{directory: b.directory()}
}

// Age returns how long ago the figures were refreshed; false where there are
// none yet.
func (b *Builder) Age() (time.Duration, bool) {
	f := b.Figures()
	return b.now().Sub(f.at), f.Loaded()
}

// Refresh brings the source up to date and publishes what changed. Its error
// tells also of what could not be made, or is left out: the rest is published.
func (b *Builder) Refresh(ctx context.Context) error {
	defer b.waits()()
	return b.refresh(ctx, nil)
}

// waits notes that somebody waits for figures, until the function is called that it returns.
func (b *Builder) waits() (done func()) {
	b.waiting.Add(1)
	return func() { b.waiting.Add(-1) }
}

func (b *Builder) refresh(ctx context.Context, rest *rest) error {
	b.refreshing.Lock()
	defer b.refreshing.Unlock()
	at := b.now() // what is acknowledged from here on may be missing
	if err := b.source.Refresh(ctx); err != nil {
		// What could be read is shown, and dated as before.
		return errors.Join(err, b.Rebuild())
	}
	return b.build(at, rest)
}

// Rebuild publishes the figures anew where the catalogue changed. It asks no
// store.
func (b *Builder) Rebuild() error {
	defer b.waits()()
	return b.build(time.Time{}, nil)
}

// build publishes the figures as the source and the catalogue are now, dated at;
// a zero at leaves them dated as they are, if there are any.
func (b *Builder) build(at time.Time, rest *rest) error {
	b.building.Lock()
	defer b.building.Unlock()
	begun := b.now()
	old := b.current.Load()
	if old == nil { // all wait for the first figures
		rest = nil
	}
	b.maker.rest = rest.from(begun)
	switch {
	case old == nil && at.IsZero():
		return nil
	case old == nil:
		old = &Figures{}
	case at.IsZero():
		at = old.at
	}
	d := b.directory()
	next := &Figures{directory: d, at: at, periods: make(map[string]*Snapshot, len(d.Catalogue().Periods))}
	var faults []error
	for i, s := range b.snapshots(d, old, at) {
		s.letGo()
		faults = append(append(faults, s.faults[:]...), s.strays)
		next.periods[d.Catalogue().Periods[i].Code] = s
		next.answers += s.answers
	}
	b.publish(next)
	ended := b.now()
	rested := b.maker.rest.inAll()
	b.idle = ended.Add(idleFor*(ended.Sub(begun)-rested) - rested)
	return errors.Join(faults...)
}

// snapshots returns that of each period of a catalogue, those of old where nothing changed. Those
// of periods that had none, which is all at a start, are made beside each other where nobody has
// to be given way to: they compress no text yet, the other thing that the maker does one by one.
func (b *Builder) snapshots(d *survey.Directory, old *Figures, at time.Time) []*Snapshot {
	periods := d.Catalogue().Periods
	out := make([]*Snapshot, len(periods))
	var first errgroup.Group
	first.SetLimit(runtime.GOMAXPROCS(0))
	for i := range periods {
		period := &periods[i]
		s, totals := old.periods[period.Code], b.source.Period(period.Code)
		switch {
		case s == nil && b.maker.rest == nil:
			first.Go(func() error {
				out[i] = b.maker.snapshot(d, period, totals, nil, at)
				return nil
			})
			continue
		case s == nil || s.directory != d || s.totals != totals || !s.expires.IsZero() && !b.maker.now().Before(s.expires):
			s = b.maker.snapshot(d, period, totals, s, at)
		}
		out[i] = s
	}
	_ = first.Wait() // a snapshot holds its faults
	return out
}

// Keep is Refresh for a recurring task: it rests while it makes snapshots, and waits first
// where the last ones were dear.
func (b *Builder) Keep(ctx context.Context) error {
	b.building.Lock()
	wait := time.NewTimer(b.idle.Sub(b.now()))
	b.building.Unlock()
	defer wait.Stop()
	select {
	case <-wait.C:
		return b.refresh(ctx, &rest{ctx: ctx, now: b.now, waiting: &b.waiting})
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Check returns the faults of an evaluator's entry before it is stored.
func (b *Builder) Check(e analytics.Evaluation) error {
	var in analytics.LKEInput
	if err := in.Enter(e); err != nil {
		return err
	}
	_, err := b.maker.lke.Score(in)
	return err
}

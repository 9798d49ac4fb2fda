package desk

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"persepsi/analytics"
	"persepsi/internal/access"
	"persepsi/internal/jobs"
	"persepsi/internal/report"
	"persepsi/survey"
)

// Comments tells how many comments nobody has read yet.
type Comments interface {
	// Unread returns their numbers in a period by the unit's key: none of a unit that it
	// does not name.
	Unread(ctx context.Context, period string) (map[string]int, error)
}

// Builder keeps the newest desk: it makes what changed, in the background, and publishes
// all of it at once. Safe for concurrent use.
type Builder struct {
	figures  func() *report.Figures
	days     Days
	comments Comments // nil: nobody knows
	now      func() time.Time

	mu     sync.Mutex // one Refresh at a time
	counts map[string]*periodCounts
	serial uint64 // of counts
	idle   time.Time
	latest atomic.Pointer[fullDesk]
	drifts atomic.Pointer[drifts] // learned last
}

// lateAfter is how old figures are that are told to be late.
const lateAfter = time.Minute

// NewBuilder makes a builder with an empty desk; Refresh fills it. figures returns the
// newest figures, now the time; comments may be nil.
func NewBuilder(figures func() *report.Figures, days Days, comments Comments, now func() time.Time) *Builder {
	b := &Builder{figures: figures, days: days, comments: comments, now: now, counts: map[string]*periodCounts{}}
	m, _ := newDeskInput(figures().Shared(), now()) // Refresh tells what is wrong
	b.latest.Store(m.whole(nil))
	return b
}

// Desk returns the newest desk, with nothing on it: For returns what somebody may see.
func (b *Builder) Desk() *Desk { return &b.latest.Load().bare }

// Cuts returns how many cuts of the newest desk are kept: one for each set of scopes and period
// that was asked for, 1,024 at most.
func (b *Builder) Cuts() int { return int(b.latest.Load().kept.Load()) }

// Keep is Refresh for a recurring task: it leaves most of a processor to others, and out a turn
// where the last desks were dear.
func (b *Builder) Keep(ctx context.Context) error {
	b.mu.Lock()
	rest := b.now().Before(b.idle)
	b.mu.Unlock()
	if rest {
		return nil
	}
	days := &pacedDays{days: b.days, now: b.now}
	begun := b.now()
	err := b.refresh(ctx, days)
	ended := b.now()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.idle = ended.Add(jobs.Idle * (ended.Sub(begun) - days.pace.Rested))
	return err
}

// Refresh publishes the desk of now. Its error tells of what could not be read: counts and
// comments stay as they were.
func (b *Builder) Refresh(ctx context.Context) error { return b.refresh(ctx, b.days) }

func (b *Builder) refresh(ctx context.Context, days Days) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	f := b.figures().Shared()
	m, err := newDeskInput(f, b.now())
	faults := []error{err}
	if f.Loaded() {
		faults = append(faults, b.count(ctx, days, m), b.readComments(ctx, m))
	}
	next := m.whole(b.latest.Load())
	next.drifts = b.drifts.Load()
	b.latest.Store(next)
	return errors.Join(faults...)
}

// newDeskInput gathers what the figures tell. Its error tells of periods whose figures could
// not be made: they are left out.
func newDeskInput(f *report.Figures, now time.Time) (*deskInput, error) {
	d := f.Directory()
	m := &deskInput{
		figures: f, directory: d, now: now, today: d.Today(now), results: map[string]*report.Results{}, units: map[string]map[string]unitResult{},
		counts: map[string]*periodCounts{}, unread: map[string]map[string]int{}, periods: map[string]*Period{}, groups: map[string]map[string]*analytics.GroupResult{},
	}
	var faults []error
	for i := range d.Catalogue().Periods {
		p := &d.Catalogue().Periods[i]
		m.periods[p.Code] = &Period{Code: p.Code, Name: p.Name, From: p.From, To: p.To}
		if !f.Loaded() {
			continue
		}
		r, err := f.Results(report.Scope{Period: p.Code, Audience: report.Managed})
		if err != nil {
			faults = append(faults, fmt.Errorf("desk of period %s: %w", p.Code, err))
			continue
		}
		m.results[p.Code], m.units[p.Code], m.groups[p.Code] = r, map[string]unitResult{}, map[string]*analytics.GroupResult{}
		for _, u := range r.Units {
			m.units[p.Code][u.Unit] = unitResult{UnitResult: u, period: p, form: r.Form}
		}
		for _, g := range r.Agencies {
			m.groups[p.Code][g.Agency] = g
		}
		if r.City != nil {
			m.groups[p.Code][""] = r.City
		}
	}
	return m, errors.Join(faults...)
}

// count brings the counts up to date: those of the periods that begin last first, and of
// the periods that are over one that was not read yet, so that nobody waits for all.
func (b *Builder) count(ctx context.Context, days Days, m *deskInput) error {
	var faults []error
	rest := true
	for _, p := range newestFirst(m.directory.Catalogue().Periods) {
		if p.From > m.today || m.results[p.Code] == nil {
			continue
		}
		c := b.counts[p.Code]
		if c == nil || c.form != m.results[p.Code].Form.ID || c.from != p.From || c.to != p.To {
			over := p.To < m.today-lookBack
			if over && !rest {
				continue
			}
			rest = rest && !over
			c = &periodCounts{form: m.results[p.Code].Form.ID, from: p.From, to: p.To, units: map[string]*unitCounts{}, serial: &b.serial}
		}
		if err := c.refresh(ctx, days, p.Code, m.today, nowOf(m.figures, m.results[p.Code])); err != nil {
			faults = append(faults, fmt.Errorf("count answers of period %s: %w", p.Code, err))
			if b.counts[p.Code] == nil {
				continue
			}
		}
		b.counts[p.Code], m.counts[p.Code] = c, c
	}
	return errors.Join(faults...)
}

func (b *Builder) readComments(ctx context.Context, m *deskInput) error {
	if b.comments == nil {
		return nil
	}
	var faults []error
	for code, p := range m.periods {
		if p.From > m.today {
			continue
		}
		list, err := b.comments.Unread(ctx, code)
		if err != nil {
			faults = append(faults, fmt.Errorf("count comments of period %s: %w", code, err))
			continue
		}
		if list == nil {
			list = map[string]int{}
		}
		m.unread[code] = list
	}
	return errors.Join(faults...)
}

// whole makes the desk of a moment; what did not change since old is taken over.
func (m *deskInput) whole(old *fullDesk) *fullDesk {
	d := m.directory
	w := &fullDesk{
		figures: m.figures,
		bare:    Desk{At: m.figures.At(), Today: m.today, City: d.City().Name, Demo: d.City().Demo, Late: m.late()},
		byCode:  map[string]*place{}, city: map[string]*Group{},
	}
	units := map[string][]*Unit{} // by period
	for i := range d.Catalogue().Agencies {
		agency := &d.Catalogue().Agencies[i]
		a := &fullAgency{
			Agency: Agency{Code: agency.Code, Name: agency.Name, Closed: agency.Closed, codes: agency.Codes()}, scope: access.Agency(agency.Key()), groups: map[string]*Group{},
		}
		own := map[string][]*Unit{}
		for j := range agency.Units {
			at := survey.Place{Agency: agency, Unit: &agency.Units[j]}
			var before *place
			if old != nil {
				before = old.byCode[at.Unit.Code]
			}
			p := m.place(at, before)
			if p == nil {
				continue
			}
			a.units = append(a.units, p)
			for _, code := range at.Unit.Codes() {
				w.byCode[code] = p
			}
			for _, u := range p.units {
				own[u.Period.Code] = append(own[u.Period.Code], u)
				units[u.Period.Code] = append(units[u.Period.Code], u)
			}
		}
		for code, list := range own {
			if m.groups[code][agency.Code] != nil {
				a.groups[code] = m.group(agency.Code, code, list, old.group(agency.Code, code))
			}
		}
		w.agencies = append(w.agencies, a)
	}
	for _, p := range newestFirst(d.Catalogue().Periods) {
		w.periods = append(w.periods, m.periods[p.Code])
		if m.groups[p.Code][""] != nil && len(units[p.Code]) > 0 {
			w.city[p.Code] = m.group("", p.Code, units[p.Code], old.group("", p.Code))
		}
	}
	w.finish()
	return w
}

// late tells how old the figures are where they are too old.
func (m *deskInput) late() *Staleness {
	switch {
	case !m.figures.Loaded():
		return &Staleness{}
	case m.now.Sub(m.figures.At()) > lateAfter:
		return &Staleness{Since: m.figures.At()}
	}
	return nil
}

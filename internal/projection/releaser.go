package projection

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"time"
	"unique"

	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/survey"
)

// loadReleases brings the releases of all periods up to date where somebody made
// one. One that is damaged keeps no figure from being made: Release tells of it.
// The caller holds the lock.
func (p *Projector) loadReleases(ctx context.Context) error {
	if p.releases.loaded == p.releases.revision {
		return nil
	}
	var faults []error
	for code, l := range p.periods {
		newest, err := p.store.NewestReleases(ctx, code)
		if err != nil {
			return err
		}
		var fresh map[string]*analytics.Released
		damaged := map[string]bool{}
		for unit, serial := range newest {
			if old := l.period.Released[unit]; old != nil && old.Serial == serial {
				continue
			}
			if fresh == nil {
				fresh = map[string]*analytics.Released{}
				maps.Copy(fresh, l.period.Released)
			}
			err := p.store.Releases(ctx, code, unit, serial, func(s StoredRelease) error {
				r, err := s.released(p.pool.forms)
				if err != nil {
					faults = append(faults, err)
					damaged[unit] = true
					delete(fresh, unit)
				} else {
					fresh[unit] = r
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		out, err := p.takenOut(ctx, code)
		if err != nil {
			return err
		}
		if fresh == nil && maps.Equal(out, l.period.TakenOut) {
			continue
		}
		if fresh == nil {
			fresh, damaged = l.period.Released, l.period.Damaged
		}
		l.period = &analytics.PeriodTotals{Revision: l.period.Revision, Units: l.period.Units, Released: fresh, Damaged: damaged, TakenOut: out}
	}
	p.releases.loaded, p.releases.faults = p.releases.revision, errors.Join(faults...)
	return nil
}

// takenOut counts the answers of a period that were taken out, by unit and kind.
func (p *Projector) takenOut(ctx context.Context, period string) (map[string][survey.KindCount]int64, error) {
	out := map[string][survey.KindCount]int64{}
	return out, p.store.TakenOut(ctx, period, func(_ int, r *survey.Response) error {
		n := out[r.Unit]
		n[r.Mode.Kind()]++
		out[r.Unit] = n
		return nil
	})
}

// Releaser makes the releases of a city's figures. Safe for use by one goroutine.
type Releaser struct {
	projector *Projector
	every     time.Duration
	stored    func() bool
	tried     map[analytics.Key]attempt // by period and unit
	onServer  func(period string, s Server, is Standing)
	told      map[standing]bool // what onServer was told
}

// attempt is what a try that found nothing to release looked at.
type attempt struct {
	asOf  time.Time
	final bool
	n     int64 // answers that there were
	out   int64 // and that were taken out
}

// NewReleaser makes the releases of a projector's figures. every is the least
// time between two of a unit: the day of the city is divided by it, and answers
// of the part that goes on wait; 0: whenever enough answers came. stored reports
// whether all answers that this server acknowledged are in the store: before that
// no unit gets its final release, nor while another server may have some, see Server.
func NewReleaser(p *Projector, every time.Duration, stored func() bool) *Releaser {
	return &Releaser{
		projector: p, every: every, stored: stored, tried: map[analytics.Key]attempt{},
		onServer: func(string, Server, Standing) {}, told: map[standing]bool{},
	}
}

// Release makes the releases of all periods that are due at a time, and returns
// their number. Its error tells also of releases that cannot be read.
func (r *Releaser) Release(ctx context.Context, d *survey.Directory, now time.Time) (int, error) {
	made, faults := 0, []error{r.projector.releaseFaults()}
	servers := sync.OnceValues(func() ([]Server, error) { return r.projector.store.Servers(ctx) })
	for i := range d.Catalogue().Periods {
		run := &releasing{Projector: r.projector, releaser: r, directory: d, period: &d.Catalogue().Periods[i], now: now, servers: servers}
		n, err := run.run(ctx)
		made += n
		if err != nil {
			faults = append(faults, fmt.Errorf("release figures of period %s: %w", run.period.Code, err))
		}
	}
	return made, errors.Join(faults...)
}

func (p *Projector) releaseFaults() error {
	_ = p.lock.Acquire(context.Background(), 1) // without an end it is no error
	defer p.lock.Release(1)
	return p.releases.faults
}

// releasing makes the releases of one period.
type releasing struct {
	*Projector
	releaser  *Releaser
	directory *survey.Directory
	period    *survey.Period
	now       time.Time
	servers   func() ([]Server, error)
	over      bool     // no answer of the period is taken any more
	stored    bool     // and all that were taken are stored, as far as is known
	unheard   []Server // that may have some others
}

// answersAtOnce bounds the answers that are held in memory.
const answersAtOnce = 100_000

func (r *releasing) run(ctx context.Context) (int, error) {
	if r.now.Before(r.period.From.In(r.directory.Zone())) {
		return 0, nil
	}
	if err := r.close(); err != nil {
		return 0, err
	}
	due, err := r.unmade(ctx)
	if err != nil {
		return 0, err
	}
	made := 0
	var faults []error
	for len(due) > 0 {
		n, size := 0, int64(0)
		for n < len(due) && (n == 0 || size < answersAtOnce) {
			size += due[n].reads
			n++
		}
		fresh, err := r.some(ctx, due[:n])
		made += fresh
		faults = append(faults, err)
		due = due[n:]
	}
	if made > 0 { // who reads sees them from now on
		faults = append(faults, r.Refresh(ctx))
		r.releaser.tell(r.period.Code, r.unheard, Unheard)
	}
	return made, errors.Join(faults...)
}

// unmade is due for a period that is not erased: an erased one has its last figures.
func (r *releasing) unmade(ctx context.Context) ([]*candidate, error) {
	due, err := r.due(ctx)
	if err != nil || len(due) == 0 {
		return nil, err
	}
	if erased, err := r.erased(ctx, r.period.Code); err != nil || erased {
		return nil, err
	}
	return due, nil
}

// Finish makes the releases of a period that are due, and reports whether no other can
// be made of the answers that are stored: only then may something of these be removed.
// A unit whose releases cannot be read does not hold that up; Release tells of it.
func (r *Releaser) Finish(ctx context.Context, d *survey.Directory, p *survey.Period, now time.Time) (bool, error) {
	if now.Before(p.End(d.Zone()).Add(survey.Grace)) || !r.stored() {
		return false, nil
	}
	servers := func() ([]Server, error) { return r.projector.store.Servers(ctx) }
	run := &releasing{Projector: r.projector, releaser: r, directory: d, period: p, now: now, servers: servers}
	_, fault := run.run(ctx)
	if !run.stored { // another server may bring some still
		return false, fault
	}
	due, err := run.unmade(ctx)
	if err != nil {
		return false, errors.Join(fault, err)
	}
	totals := r.projector.Periods()[p.Code]
	for _, c := range due {
		if !totals.Damaged[c.unit] {
			return false, fault
		}
	}
	if totals != nil {
		for _, released := range totals.Released { // another may be due when this one is old enough
			if now.Before(released.AsOf.Add(r.every)) {
				return false, nil
			}
		}
	}
	return true, nil
}

// candidate is a unit of which a release may be made.
type candidate struct {
	unit    string
	terms   terms
	reads   int64 // answers that are to be held in memory, at most
	attempt attempt

	chain
	days  []survey.Date
	fresh []*survey.Response
	all   bool         // all answers are read: tables are to be made, or answers removed
	held  []heldAnswer // all that are or were in a release, then
}

// due lists the units of which a release could be made, as far as the totals
// tell, and brings the stored tallies of the days up to date for them.
func (r *releasing) due(ctx context.Context) ([]*candidate, error) {
	totals := r.Periods()[r.period.Code]
	form := r.directory.Form(r.period.Code)
	if totals == nil || form == nil {
		return nil, nil
	}
	least := r.directory.City().LeastReleased()
	var out []*candidate
	for i := range r.directory.Catalogue().Agencies {
		for _, unit := range r.directory.Catalogue().Agencies[i].Units {
			live, old := totals.Units[analytics.UnitForm{Unit: unit.Key(), Form: form.ID}], totals.Released[unit.Key()]
			if live == nil && old == nil {
				continue
			}
			if live == nil { // all of them were taken out
				live = analytics.NewTotals(form)
			}
			closed := r.closed(old)
			asOf, ok := r.asOf(old, closed)
			if !ok {
				continue
			}
			need := int64(least)
			if !closed {
				need *= 2
			}
			var held [survey.KindCount]int64
			if old != nil {
				held = old.Tally.Kinds()
			}
			c := &candidate{unit: unit.Key(), terms: terms{least: least, most: mostAdded, asOf: asOf, at: r.now, final: closed}}
			enough := closed && old != nil && !old.Final
			gone := totals.TakenOut[unit.Key()] // some of them may be held
			for kind, n := range live.Kinds() {
				more := n - held[kind] + gone[kind]
				c.reads += more
				enough = enough || more >= need || old != nil && gone[kind] > 0
				c.attempt.out += gone[kind]
			}
			if closed && (old == nil || !old.Tables) || c.attempt.out > 0 { // they need all
				c.reads = live.N + c.attempt.out
			}
			c.attempt.asOf, c.attempt.final, c.attempt.n = asOf, closed, live.N
			if last, ok := r.releaser.tried[c.key(r.period)]; enough && (!ok || !r.same(last, c.attempt)) {
				out = append(out, c)
			}
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	_, err := r.Settle(ctx)
	return out, err
}

// tables reports whether the unit's tables are to be made, of all its answers.
func (c *candidate) tables() bool { return needsTables(c.newest, c.terms.final) }

func (c *candidate) key(p *survey.Period) analytics.Key {
	return analytics.Key{Period: p.Code, Unit: c.unit}
}

// same reports whether a try can find nothing either, as an earlier one did.
func (r *releasing) same(a, b attempt) bool {
	if a.final != b.final || a.out != b.out {
		return false
	}
	if a.final || r.releaser.every == 0 {
		return a.n == b.n
	}
	return a.asOf.Equal(b.asOf)
}

// asOf returns the moment before which answers may be released now; false where
// the last release is too recent.
func (r *releasing) asOf(old *analytics.Released, closed bool) (time.Time, bool) {
	end := r.period.End(r.directory.Zone())
	if closed && (old == nil || !old.Final) {
		if old != nil && old.AsOf.After(end) { // while a spool was waited for
			return old.AsOf, true
		}
		return end, true
	}
	moment := r.now.Truncate(time.Millisecond) // as a release tells it
	if r.releaser.every > 0 {
		today := r.directory.Today(r.now).In(r.directory.Zone())
		moment = today.Add(r.now.Sub(today).Truncate(r.releaser.every))
	}
	return moment, old == nil || !moment.Before(old.AsOf.Add(r.releaser.every))
}

// some makes the releases of some units. One that cannot be released holds up none
// of the others.
func (r *releasing) some(ctx context.Context, units []*candidate) (int, error) {
	var faults []error
	days := map[string][]survey.Date{}
	byUnit := map[string]*candidate{}
	out, err := r.takenOut(ctx, units)
	if err != nil {
		return 0, err
	}
	for _, c := range units {
		c.undone = map[uuid.UUID]bool{}
		for _, row := range out[c.unit] {
			c.undone[row.ID] = true
		}
		if err := r.read(ctx, c); err != nil {
			faults = append(faults, err)
			continue
		}
		days[c.unit], byUnit[c.unit] = c.days, c
	}
	for _, c := range byUnit {
		for _, row := range out[c.unit] {
			if _, ok := c.serials[row.ID]; ok && c.all {
				c.held = append(c.held, c.heldAnswer(row))
			}
		}
	}
	form := r.directory.Form(r.period.Code)
	err = r.store.Rows(ctx, r.period.Code, days, func(row *survey.Response) error {
		c := byUnit[row.Unit]
		if c.undone[row.ID] { // it was taken out a moment ago
			return nil
		}
		if _, ok := c.serials[row.ID]; ok && c.all {
			c.held = append(c.held, c.heldAnswer(kept(row)))
			return nil
		} else if ok || row.Form != form.ID || !c.terms.final && !row.ReceivedAt.Before(c.terms.asOf) {
			return nil
		}
		c.fresh = append(c.fresh, kept(row))
		return nil
	})
	if err != nil {
		return 0, errors.Join(append(faults, err)...)
	}
	made := 0
	for _, c := range byUnit {
		if ctx.Err() != nil { // tables take seconds: a server that ends does not wait for them
			return made, errors.Join(append(faults, ctx.Err())...)
		}
		c.again(out[c.unit])
		ok, err := r.one(ctx, form, c)
		c.fresh, c.held, c.chain = nil, nil, chain{}
		switch {
		case err != nil:
			faults = append(faults, fmt.Errorf("unit %s: %w", c.unit, err))
		case ok:
			made++
		}
	}
	return made, errors.Join(faults...)
}

// takenOut reads the answers that were taken out of units of which any were.
func (r *releasing) takenOut(ctx context.Context, units []*candidate) (map[string][]*survey.Response, error) {
	out := map[string][]*survey.Response{}
	for _, c := range units {
		if c.attempt.out > 0 {
			out[c.unit] = nil
		}
	}
	if len(out) == 0 {
		return out, nil
	}
	return out, r.store.TakenOut(ctx, r.period.Code, func(_ int, row *survey.Response) error {
		if list, ok := out[row.Unit]; ok {
			out[row.Unit] = append(list, kept(row))
		}
		return nil
	})
}

// kept returns what a release needs of a row, to be kept: a store's texts may lie
// in blocks with those of rows that nobody keeps.
func kept(row *survey.Response) *survey.Response {
	return &survey.Response{
		ID: row.ID, Form: row.Form, Mode: row.Mode, Day: row.Day, Hour: row.Hour, ReceivedAt: row.ReceivedAt,
		Service: unique.Make(row.Service).Value(), Point: unique.Make(row.Point).Value(),
		Answers: survey.Marks(strings.Clone(string(row.Answers))), Respondent: survey.Marks(strings.Clone(string(row.Respondent))),
	}
}

// one makes the release of a unit, if the rule allows one.
func (r *releasing) one(ctx context.Context, form *survey.Form, c *candidate) (bool, error) {
	partial, err := r.partial(ctx, c)
	if err != nil {
		return false, err
	}
	if c.all && len(c.held) != len(c.serials) {
		r.releaser.tried[c.key(r.period)] = c.attempt // not read again and again: nothing mends it but more answers
		return false, fmt.Errorf("%d of the %d answers that its releases hold are not stored", len(c.serials)-len(c.held), len(c.serials))
	}
	release, err := next(r.pool.forms, form, c.newest, c.fresh, partial, c.past(), c.terms)
	if err != nil {
		return false, err
	}
	if release == nil {
		r.releaser.tried[c.key(r.period)] = c.attempt
		return false, nil
	}
	release.Period, release.Unit, release.Previous = r.period.Code, c.unit, c.checksum
	stored, err := release.encode()
	if err != nil {
		return false, err
	}
	err = r.store.PutRelease(ctx, stored)
	if survey.CodeOf(err) == survey.Conflict { // another server made one: the next look tells whether there is more
		return false, nil
	}
	return err == nil, err
}

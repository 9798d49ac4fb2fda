package projection

import (
	"context"
	"time"

	"persepsi/analytics"
	"persepsi/survey"
)

// candidate is a unit of which a release may be made.
type candidate struct {
	unit    string
	terms   releaseTerms
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
func (r *releaseRun) due(ctx context.Context) ([]*candidate, error) {
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
			c := &candidate{unit: unit.Key(), terms: releaseTerms{least: least, most: mostAdded, asOf: asOf, at: r.now, final: closed}}
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
func (r *releaseRun) same(a, b attempt) bool {
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
func (r *releaseRun) asOf(old *analytics.ReleasedTally, closed bool) (time.Time, bool) {
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

// attempt is what a try that found nothing to release looked at.
type attempt struct {
	asOf  time.Time
	final bool
	n     int64 // answers that there were
	out   int64 // and that were taken out
}

// unmade is due for a period that is not erased: an erased one has its last figures.
func (r *releaseRun) unmade(ctx context.Context) ([]*candidate, error) {
	due, err := r.due(ctx)
	if err != nil || len(due) == 0 {
		return nil, err
	}
	if e, err := r.Erasure(ctx, r.period.Code); err != nil || e != nil {
		return nil, err
	}
	return due, nil
}

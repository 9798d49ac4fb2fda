// Package retention removes comments and respondent fields of periods whose time is
// over: what citizens wrote and told of themselves. Answers and releases stay, and of
// tallies and releases all that tells of no respondent field; by field only how many people
// of a unit told what, groups of few hidden.
// When that is, says survey.Notice.KeptUntil.
package retention

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"persepsi/analytics"
	"persepsi/internal/audit"
	"persepsi/survey"
)

// ErrNotNow tells that an erasure has to wait for what others are doing; the next run
// tries again.
var ErrNotNow = errors.New("others are at work on the period")

// Begun is the Conflict of BeginErasure, in the same words whichever store says it.
func Begun(period string) error {
	return survey.Errorf(survey.Conflict, "period %s is being erased already", period)
}

// Sealed is the Conflict of PutSeal, likewise.
func Sealed(period string) error {
	return survey.Errorf(survey.Conflict, "period %s is sealed already, or not being erased", period)
}

// Store is what an erasure needs of a store.
type Store interface {
	// Erasures returns the erasures of all periods, those that go on too.
	Erasures(ctx context.Context) ([]survey.Erasure, error)
	// Erasable counts what is left to remove in a period, in answers that were taken
	// out too. Of an erasure that is done that costs next to nothing while no answer
	// comes.
	Erasable(ctx context.Context, period string) (survey.Erasable, error)
	// BeginErasure stores that a period is erased. Conflict: it is already. From then on
	// the store takes no release of the period and no import into it, and undoes none.
	// ErrNotNow: an undo goes on, or answers of the period are not counted.
	BeginErasure(ctx context.Context, e survey.Erasure) error
	// PutSeal stores the seal of a period whose erasure began, which was made at a
	// revision of the period, with the entries of the audit that tell of it, both or
	// neither. Conflict: there is one. ErrNotNow: the period has changed since.
	PutSeal(ctx context.Context, period string, at int64, seal *survey.Seal, said ...audit.Entry) error
	answers
	// EndErasure stores that an erasure is done, once nothing of what was removed or
	// replaced is legible in the store's files, as far as that can be had. ErrNotNow:
	// others read what was.
	EndErasure(ctx context.Context, period string) error
	Audit(ctx context.Context, entries ...audit.Entry) error
}

// Tallies are brought up to date before what they are made of is removed.
type Tallies interface {
	Refresh(ctx context.Context) error
	Settle(ctx context.Context) (int, error)
	// Recount makes the tallies of a period what its answers say: after these were erased
	// they tell nothing of respondents either.
	Recount(ctx context.Context, period string) (analytics.RecountResult, error)
	// ClearReleases removes from the releases of a period whose erasure began on a day what
	// they tell by respondent field. Conflict: another is doing the same.
	ClearReleases(ctx context.Context, period string, day survey.Date) error
	// MakeSeal makes the seal of a period, and returns the period's revision before it was
	// made.
	MakeSeal(ctx context.Context, period string) (*survey.Seal, int64, error)
}

// Releases makes the last releases of a period, and reports whether none is left to be
// made.
type Releases interface {
	Finish(ctx context.Context, d *survey.Directory, p *survey.Period, now time.Time) (bool, error)
}

// Eraser erases the periods of a city whose time is over. Safe for use by one
// goroutine; others, in other processes too, may erase the same at the same time.
type Eraser struct {
	Store    Store
	Tallies  Tallies
	Releases Releases
	// Actor stands in the audit.
	Actor string
	Log   *slog.Logger
}

// Run begins the erasures that are due at a time, and goes on with those that were
// broken off or whose periods got answers since. One period holds up no other.
func (e *Eraser) Run(ctx context.Context, d *survey.Directory, now time.Time) error {
	begun, err := e.begun(ctx)
	if err != nil {
		return err
	}
	var faults []error
	for i := range d.Catalogue().Periods {
		p := &d.Catalogue().Periods[i]
		err := e.period(ctx, d, p, begun[p.Code], now)
		if ctx.Err() != nil {
			return nil //nolint:nilerr // the server stops: the next run goes on
		}
		if err != nil && !errors.Is(err, ErrNotNow) {
			faults = append(faults, fmt.Errorf("erase period %s: %w", p.Code, err))
		}
	}
	return errors.Join(faults...)
}

func (e *Eraser) begun(ctx context.Context) (map[string]*survey.Erasure, error) {
	list, err := e.Store.Erasures(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[string]*survey.Erasure, len(list))
	for i := range list {
		out[list[i].Period] = &list[i]
	}
	return out, nil
}

func (e *Eraser) period(ctx context.Context, d *survey.Directory, p *survey.Period, of *survey.Erasure, now time.Time) error {
	switch {
	case of == nil && !d.City().Notice.Expired(p, d.Today(now)):
		return nil
	case of == nil:
		var err error
		if of, err = e.begin(ctx, d, p, now); err != nil {
			return err
		}
	}
	if !of.Sealed {
		if err := e.seal(ctx, of, now); err != nil {
			return err
		}
	}
	if of.Done {
		return e.late(ctx, of, now)
	}
	if err := Erase(ctx, e.Store, p.Code); err != nil {
		return err
	}
	counted, err := e.Tallies.Recount(ctx, p.Code)
	if err != nil {
		return err
	}
	if counted.Moving > 0 {
		return ErrNotNow
	}
	if err := e.Store.EndErasure(ctx, p.Code); err != nil {
		return err
	}
	e.Log.Info("comments and respondent fields were removed", "period", p.Code)
	return nil
}

// begin makes all that can be made of what is to be removed, and stores that it is.
func (e *Eraser) begin(ctx context.Context, d *survey.Directory, p *survey.Period, now time.Time) (*survey.Erasure, error) {
	if err := e.Tallies.Refresh(ctx); err != nil {
		return nil, err
	}
	finished, err := e.Releases.Finish(ctx, d, p, now)
	if err != nil {
		return nil, err
	}
	if !finished {
		return nil, ErrNotNow
	}
	// From now on nobody can make what everybody may see by respondent field anew.
	counted, err := e.Tallies.Recount(ctx, p.Code)
	if err != nil {
		return nil, err
	}
	if counted.Moving > 0 {
		return nil, ErrNotNow
	}
	what, err := e.Store.Erasable(ctx, p.Code)
	if err != nil {
		return nil, err
	}
	of := &survey.Erasure{Period: p.Code, At: now.UTC().Truncate(time.Millisecond), Day: d.Today(now), Months: d.City().Notice.RetentionMonths, Erasable: what}
	err = e.Store.BeginErasure(ctx, *of)
	if survey.CodeOf(err) == survey.Conflict { // another server was faster, and its day may be another
		err = ErrNotNow
	}
	return of, err
}

// seal clears what nobody can make anew, binds it, and tells the audit what is removed from
// now on.
func (e *Eraser) seal(ctx context.Context, of *survey.Erasure, now time.Time) error {
	switch err := e.Tallies.ClearReleases(ctx, of.Period, of.Day); {
	case survey.CodeOf(err) == survey.Conflict: // another server does
		return ErrNotNow
	case err != nil:
		return err
	}
	seal, at, err := e.Tallies.MakeSeal(ctx, of.Period)
	if err != nil {
		return err
	}
	which := ""
	if of.Earlier {
		which = "by an earlier program, now from tallies and releases too: "
	}
	entry := e.entry(of, of.Erasable, which, now)
	entry.Changes = seals(of.Period, seal)
	err = e.Store.PutSeal(ctx, of.Period, at, seal, entry)
	if survey.CodeOf(err) == survey.Conflict { // another server was faster
		return nil
	}
	return err
}

// late removes what answers tell that were stored since a period was erased.
func (e *Eraser) late(ctx context.Context, of *survey.Erasure, now time.Time) error {
	what, err := e.Store.Erasable(ctx, of.Period)
	if err != nil || what.Answers == 0 {
		return err
	}
	if _, err := e.Tallies.Settle(ctx); err != nil { // only what tallies hold is removed
		return err
	}
	if err := e.Store.Audit(ctx, e.entry(of, what, "answers that came later: ", now)); err != nil {
		return err
	}
	if err := Erase(ctx, e.Store, of.Period); err != nil {
		return err
	}
	return e.Store.EndErasure(ctx, of.Period)
}

func (e *Eraser) entry(of *survey.Erasure, what survey.Erasable, which string, now time.Time) audit.Entry {
	out := audit.Entry{
		At: now, Actor: e.Actor, Action: audit.Erase, Subject: of.Period,
		Detail: fmt.Sprintf("%scomments of %d and respondent fields of %d of %d answers are removed", which, what.Comments, what.Told, what.Answers),
		Reason: fmt.Sprintf("retention of %d months", of.Months),
	}
	out.Concerns(of.Period, "")
	return out
}

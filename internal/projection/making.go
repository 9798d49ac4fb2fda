package projection

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unique"

	"github.com/google/uuid"

	"persepsi/survey"
)

// some makes the releases of some units. One that cannot be released holds up none
// of the others.
func (r *releaseRun) some(ctx context.Context, units []*candidate) (int, error) {
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
func (r *releaseRun) takenOut(ctx context.Context, units []*candidate) (map[string][]*survey.Response, error) {
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
func (r *releaseRun) one(ctx context.Context, form *survey.Form, c *candidate) (bool, error) {
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

package projection

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/survey"
)

// Verified is what a check of releases found.
type Verified struct {
	Releases int
	// Wrong tells of each release that the answers contradict. Nothing mends it:
	// what was published is a fact, and who changed it, or an answer, is to be
	// found out.
	Wrong []string
}

// Verify checks every release of a period against the answers that it holds: that
// it is as it was written, follows the one before it, holds answers that are
// stored, and publishes what those say.
func (p *Projector) Verify(ctx context.Context, period string, form *survey.Form) (Verified, error) {
	var out Verified
	newest, err := p.store.NewestReleases(ctx, period)
	if err != nil {
		return out, fmt.Errorf("verify releases: %w", err)
	}
	for _, unit := range slices.Sorted(maps.Keys(newest)) {
		v := &verification{store: p.store, forms: p.pool.forms, form: form, out: &out}
		err := p.store.Releases(ctx, period, unit, 1, func(s StoredRelease) error {
			v.list = append(v.list, s)
			return nil
		})
		if err == nil {
			err = v.run(ctx)
		}
		if err != nil {
			return out, fmt.Errorf("verify releases of unit %s: %w", unit, err)
		}
	}
	return out, nil
}

// verification checks the releases of one unit.
type verification struct {
	store ReleaseStore
	forms analytics.Forms
	form  *survey.Form
	list  []StoredRelease
	out   *Verified
}

func (v *verification) run(ctx context.Context) error {
	rows, err := v.rows(ctx)
	if err != nil {
		return err
	}
	var old *Release
	previous := ""
	open := map[uuid.UUID]heldAnswer{} // what old counts in part
	for i, stored := range v.list {
		v.out.Releases++
		r, err := stored.decode()
		if err == nil && (r.Serial != i+1 || r.Previous != previous) {
			err = fmt.Errorf("release %d of unit %s in period %s does not follow the one before it", stored.Serial, stored.Unit, stored.Period)
		}
		if err == nil {
			err = v.check(old, r, rows, open)
		}
		if err != nil {
			v.out.Wrong = append(v.out.Wrong, err.Error())
			return nil // what follows leans on it
		}
		old, previous = r, stored.Checksum
	}
	return nil
}

// rows reads the answers of all days that the releases tell of.
func (v *verification) rows(ctx context.Context) (map[uuid.UUID]*survey.Response, error) {
	days := map[survey.Date]bool{}
	for _, stored := range v.list {
		if r, err := stored.decode(); err == nil { // run tells of the others
			for _, a := range r.Added {
				days[a.Day] = true
			}
		}
	}
	out := map[uuid.UUID]*survey.Response{}
	if len(days) == 0 {
		return out, nil
	}
	of := v.list[0]
	err := v.store.Rows(ctx, of.Period, map[string][]survey.Date{of.Unit: slices.Sorted(maps.Keys(days))}, func(r *survey.Response) error {
		c := *r
		out[r.ID] = &c
		return nil
	})
	return out, err
}

// check makes a release again out of the one before and the answers, and compares
// the two. open is brought up to date.
func (v *verification) check(old, r *Release, rows map[uuid.UUID]*survey.Response, open map[uuid.UUID]heldAnswer) error {
	wrong := func(format string, args ...any) error {
		return fmt.Errorf("release %d of unit %s in period %s "+format, append([]any{r.Serial, r.Unit, r.Period}, args...)...)
	}
	var held [survey.KindCount]int64
	if old != nil {
		held = old.Held
	}
	before := held
	for _, added := range r.Added {
		for id := range added.IDs.All {
			row := rows[id]
			if row == nil || row.Day != added.Day || row.Form != v.form.ID {
				return wrong("holds an answer of %s that is not stored", added.Day)
			}
			if _, ok := open[id]; ok {
				return wrong("holds an answer of %s twice", added.Day)
			}
			held[row.Mode.Kind()]++
			open[id] = heldAnswer{row, r.Serial}
		}
	}
	for kind, n := range held {
		if added := n - before[kind]; added != 0 && added < int64(r.Least) {
			return wrong("adds %d answers of a kind, fewer than %d", added, r.Least)
		}
	}
	s := &step{form: v.form, old: old, terms: terms{least: r.Least}}
	s.release = &Release{Serial: r.Serial, Through: r.Through}
	for _, a := range open {
		s.open = append(s.open, a)
	}
	if err := s.sum(v.forms); err != nil {
		return err
	}
	if r.Held != held || !bytes.Equal(s.release.Totals, r.Totals) || !bytes.Equal(s.release.Whole, r.Whole) ||
		!slices.EqualFunc(s.release.People, r.People, slices.Equal[[]int64]) || !slices.EqualFunc(s.release.WholePeople, r.WholePeople, slices.Equal[[]int64]) {
		return wrong("publishes other figures than its answers")
	}
	for id, a := range open {
		if !s.partial(a) {
			delete(open, id)
		}
	}
	return nil
}

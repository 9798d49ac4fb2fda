package projection

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"reflect"
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

// verifiedAtOnce bounds the answers that are held in memory, some 200 MB: on SQLite
// the days of a period are read from one end to the other once for that many.
const verifiedAtOnce = 300_000

// Verify checks every release of a period against the answers that it holds: that
// it is as it was written, follows the one before it, holds answers that are
// stored, and publishes what those say.
func (p *Projector) Verify(ctx context.Context, period string, form *survey.Form) (Verified, error) {
	var out Verified
	newest, err := p.store.NewestReleases(ctx, period)
	if err != nil {
		return out, fmt.Errorf("verify releases: %w", err)
	}
	var some []*verification
	size := 0
	for _, unit := range slices.Sorted(maps.Keys(newest)) {
		v := &verification{forms: p.pool.forms, form: form, out: &out, unit: unit, days: map[survey.Date]bool{}, rows: map[uuid.UUID]*survey.Response{}}
		if err := p.store.Releases(ctx, period, unit, 1, v.read); err != nil {
			return out, fmt.Errorf("verify releases of unit %s: %w", unit, err)
		}
		some = append(some, v)
		if size += v.held; size >= verifiedAtOnce {
			if err := p.verify(ctx, period, some); err != nil {
				return out, err
			}
			some, size = nil, 0
		}
	}
	return out, p.verify(ctx, period, some)
}

// verify checks the releases of some units, whose answers it reads at once: a day
// of all units may be one run of rows.
func (p *Projector) verify(ctx context.Context, period string, some []*verification) error {
	days := map[string][]survey.Date{}
	byUnit := map[string]*verification{}
	for _, v := range some {
		days[v.unit], byUnit[v.unit] = slices.Sorted(maps.Keys(v.days)), v
	}
	if err := p.store.Rows(ctx, period, days, func(r *survey.Response) error {
		byUnit[r.Unit].rows[r.ID] = kept(r)
		return nil
	}); err != nil {
		return fmt.Errorf("verify releases of period %s: %w", period, err)
	}
	for _, v := range some {
		v.run()
	}
	return nil
}

// verification checks the releases of one unit.
type verification struct {
	forms analytics.Forms
	form  *survey.Form
	out   *Verified
	unit  string
	list  []StoredRelease
	days  map[survey.Date]bool // that the releases tell of
	held  int                  // answers that they tell of
	rows  map[uuid.UUID]*survey.Response
	taken map[uuid.UUID]bool // answers that the releases before hold
}

// read takes the unit's next release.
func (v *verification) read(s StoredRelease) error {
	v.list = append(v.list, s)
	if r, err := s.decode(); err == nil { // run tells of the others
		for _, a := range r.Added {
			v.days[a.Day] = true
			v.held += a.IDs.Len()
		}
	}
	return nil
}

// run checks the releases in their order, up to the first that is wrong: what
// follows leans on it.
func (v *verification) run() {
	var old *Release
	previous := ""
	v.taken = map[uuid.UUID]bool{}
	open := map[uuid.UUID]heldAnswer{} // what old counts in part
	var before past
	for i, stored := range v.list {
		v.out.Releases++
		r, err := stored.decode()
		if err == nil && (r.Serial != i+1 || r.Previous != previous) {
			err = fmt.Errorf("release %d of unit %s in period %s does not follow the one before it", stored.Serial, stored.Unit, stored.Period)
		}
		if err == nil {
			err = v.check(old, r, open, &before)
		}
		if err != nil {
			v.out.Wrong = append(v.out.Wrong, err.Error())
			return
		}
		old, previous = r, stored.Checksum
	}
}

// check makes a release again out of the one before and the answers, and compares
// the two. open and before are brought up to date.
func (v *verification) check(old, r *Release, open map[uuid.UUID]heldAnswer, before *past) error {
	wrong := func(format string, args ...any) error {
		return fmt.Errorf("release %d of unit %s in period %s "+format, append([]any{r.Serial, r.Unit, r.Period}, args...)...)
	}
	if r.Form != v.form.ID {
		return wrong("is of another form: %s", r.Form)
	}
	if r.Least < survey.LowestLeast || r.Least > survey.HighestLeast {
		return wrong("hides a person among %d", r.Least)
	}
	var held [survey.KindCount]int64
	if old != nil {
		held = old.Held
		if r.AsOf.Before(old.AsOf) || r.At.Before(old.At) || old.Final && !r.Final {
			return wrong("is from before the one that it follows")
		}
	}
	already := held
	for _, added := range r.Added {
		for id := range added.IDs.All {
			row := v.rows[id]
			if row == nil || row.Day != added.Day || row.Form != v.form.ID {
				return wrong("holds an answer of %s that is not stored", added.Day)
			}
			if v.taken[id] {
				return wrong("holds an answer of %s twice", added.Day)
			}
			if !r.Final && !row.ReceivedAt.Before(r.AsOf) {
				return wrong("holds an answer that came after it")
			}
			v.taken[id] = true
			held[row.Mode.Kind()]++
			open[id] = heldAnswer{row, r.Serial}
		}
	}
	for kind, n := range held {
		if added := n - already[kind]; added != 0 && added < int64(r.Least) {
			return wrong("adds %d answers of a kind, fewer than %d", added, r.Least)
		}
	}
	again, err := v.again(old, r, open, *before)
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(again.Through, r.Through) {
		return wrong("counts answers of fewer than %d people", r.Least)
	}
	if r.Held != held || !bytes.Equal(again.Totals, r.Totals) || !bytes.Equal(again.Whole, r.Whole) || !samePartial(again.Partial, r.Partial) ||
		!slices.EqualFunc(again.People, r.People, slices.Equal[[]int64]) || !slices.EqualFunc(again.WholePeople, r.WholePeople, slices.Equal[[]int64]) {
		return wrong("publishes other figures than its answers")
	}
	if !reflect.DeepEqual(again.Tables, r.Tables) {
		return wrong("publishes other tables than its answers")
	}
	before.through = append(before.through, r.Through)
	for _, a := range open {
		if a.serial == r.Serial {
			before.held = append(before.held, a)
		}
	}
	partly := map[uuid.UUID]bool{}
	for _, p := range r.Partial {
		for id := range p.IDs.All {
			partly[id] = true
		}
	}
	for id := range open {
		if !partly[id] {
			delete(open, id)
		}
	}
	return nil
}

// again makes a release by the rule, out of the answers that one holds.
func (v *verification) again(old, r *Release, open map[uuid.UUID]heldAnswer, before past) (*Release, error) {
	s := &step{form: v.form, old: old, terms: terms{least: r.Least}}
	s.release = &Release{Serial: r.Serial, Final: r.Final}
	for kind := range s.release.Through {
		s.release.Through[kind] = s.soFar(survey.Kind(kind))
	}
	for _, a := range open {
		s.open = append(s.open, a)
	}
	s.count()
	if err := s.sum(v.forms); err != nil {
		return nil, err
	}
	return s.release, s.tabulate(before)
}

func samePartial(a, b []Partial) bool {
	return slices.EqualFunc(a, b, func(a, b Partial) bool { return a.Serial == b.Serial && bytes.Equal(a.IDs, b.IDs) })
}

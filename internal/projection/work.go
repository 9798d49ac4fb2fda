package projection

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"persepsi/analytics"
)

// work brings the documents up to date with a batch.
type work struct {
	*Projector
	batch *Batch
	// rollups are made anew from the tallies below them, whatever the batch says.
	rollups map[analytics.Key]bool
	// alone are buckets that are mended without their rollups: a recount checked those apart,
	// and the wrong ones are in rollups.
	alone map[analytics.Key]bool

	changed int // buckets
	mended  analytics.RecountResult
}

// unit names the documents that are planned together: the buckets of one unit and form,
// and their rollups.
type unit struct{ period, unit, form string }

func unitOf(k analytics.Key) unit { return unit{k.Period, k.Unit, k.Form} }

// totals names its totals within its period.
func (u unit) totals() analytics.UnitForm { return analytics.UnitForm{Unit: u.unit, Form: u.form} }

// plan holds the documents to be written, by level. A later level is computed from the
// earlier ones.
type plan struct {
	puts    [analytics.LevelPeriod + 1][]Put
	removed []Put
	damaged map[analytics.Key]bool // whose old document can't be read
	// removing are periods no document of which may tell anything of respondents.
	removing map[string]bool
}

// unitsAtOnce bounds the documents that are read at once: memory.
const unitsAtOnce = 64

func (w *work) run(ctx context.Context) error {
	for range mostTries {
		p := &plan{damaged: map[analytics.Key]bool{}}
		keys := w.keys()
		for part := range slices.Chunk(slices.SortedFunc(maps.Keys(keys), compareUnits), unitsAtOnce) {
			if err := w.plan(ctx, p, part, keys); err != nil {
				return err
			}
		}
		// In one order whoever saves: of two who lock the same documents in different
		// orders each may wait for the other.
		for _, level := range p.puts {
			slices.SortFunc(level, func(a, b Put) int { return a.Compare(b.Key) })
		}
		puts := append(slices.Concat(p.puts[:]...), p.removed...)
		left, err := w.store.Save(ctx, w.batch, puts)
		if err != nil {
			return err
		}
		w.written(p, puts, left)
		if len(left) == 0 {
			return nil
		}
	}
	return fmt.Errorf("%d units: %w", len(w.keys()), ErrMoved)
}

// keys returns what there is to do, by unit.
func (w *work) keys() map[unit][]analytics.Key {
	out := map[unit][]analytics.Key{}
	add := func(k analytics.Key) { out[unitOf(k)] = append(out[unitOf(k)], k) }
	for k := range w.batch.Fresh {
		add(k)
	}
	for k := range w.batch.Anew {
		if _, too := w.batch.Fresh[k]; !too {
			add(k)
		}
	}
	for k := range w.rollups {
		add(k)
	}
	return out
}

func compareUnits(a, b unit) int {
	return analytics.Key{Period: a.period, Unit: a.unit, Form: a.form}.Compare(analytics.Key{Period: b.period, Unit: b.unit, Form: b.form})
}

// written forgets what was done. Rollups that were not written are made anew the
// next time: some of the buckets below them may be done.
func (w *work) written(p *plan, puts []Put, left []analytics.Key) {
	open := map[unit]bool{}
	unwritten := make(map[analytics.Key]bool, len(left))
	for _, k := range left {
		open[unitOf(k)] = true
		unwritten[k] = true
	}
	for i := range puts {
		k := puts[i].Key
		switch {
		case unwritten[k] && k.Level != analytics.LevelDay:
			if w.rollups == nil {
				w.rollups = map[analytics.Key]bool{}
			}
			w.rollups[k] = true
		case unwritten[k] || puts[i].Same:
		default:
			if k.Level == analytics.LevelDay {
				w.changed++
			}
			if p.damaged[k] {
				w.mended.AddCorrection(analytics.Correction{Key: k, Damaged: true})
			}
		}
	}
	done := func(k analytics.Key) bool { return !unwritten[k] }
	maps.DeleteFunc(w.batch.Fresh, func(k analytics.Key, d Delta) bool {
		if done(k) {
			w.pool.put(d.Tally)
		}
		return done(k)
	})
	maps.DeleteFunc(w.batch.Anew, func(k analytics.Key, _ bool) bool { return done(k) })
	maps.DeleteFunc(w.rollups, func(k analytics.Key, _ bool) bool { return !open[unitOf(k)] })
}

// plan computes the documents of some units. All of a unit's are read before
// any is written: a rollup that somebody makes anew in between, out of a bucket
// that we wrote, is then another one than was read.
func (w *work) plan(ctx context.Context, p *plan, units []unit, keys map[unit][]analytics.Key) error {
	var all []analytics.Key
	for _, u := range units {
		for _, k := range keys[u] {
			all = append(all, k)
			all = append(all, k.Rollups()...)
		}
	}
	slices.SortFunc(all, analytics.Key.Compare)
	all = slices.Compact(all)
	docs, err := w.store.Load(ctx, all)
	if err != nil {
		return err
	}
	if p.removing, err = w.removing(ctx); err != nil {
		return err
	}
	s := &computation{work: w, plan: p, docs: docs, anew: map[analytics.Key]bool{}, grown: map[analytics.Key]*analytics.Tally{}}
	if err := s.count(ctx, all); err != nil {
		return err
	}
	for _, u := range units {
		real, err := p.real(keys[u], docs, w.pool.forms)
		if err == nil {
			err = s.unit(ctx, real)
		}
		if err != nil {
			return fmt.Errorf("tallies of %s/%s: %w", u.period, u.unit, err)
		}
	}
	return nil
}

// real returns the keys that responses or rollups can have, and plans that documents under
// other keys are removed: such keys were damaged.
func (p *plan) real(keys []analytics.Key, docs map[analytics.Key]Doc, known analytics.Forms) ([]analytics.Key, error) {
	out := make([]analytics.Key, 0, len(keys))
	for _, k := range keys {
		ok, err := possible(k, known)
		switch {
		case err != nil:
			return nil, err
		case ok:
			out = append(out, k)
		case docs[k].Tally != nil:
			p.removed = append(p.removed, Put{Key: k, Old: docs[k]})
		}
	}
	return out, nil
}

// possible reports whether responses or rollups can have a key. The error tells
// that nobody could be asked: what is under the key may be right.
func possible(k analytics.Key, known analytics.Forms) (bool, error) {
	_, err := known.FormByID(k.Form)
	switch {
	case errors.Is(err, errUnasked):
		return false, err
	case err != nil:
		return false, nil //nolint:nilerr // no such form
	case k.Level == analytics.LevelMonth:
		return k.Start == k.Start.Month(), nil
	default:
		return k.Level == analytics.LevelDay || k.Level == analytics.LevelPeriod && k.Start == 0, nil
	}
}

// put plans a document, where it is not right as it is.
func (p *plan) put(k analytics.Key, old Doc, t *analytics.Tally, counted bool) {
	put := Put{Key: k, Old: old, Made: old.Made}
	if p.removing[k.Period] {
		t.ForgetRespondents()
	}
	if counted {
		put.Made++
	}
	if t.N > 0 {
		put.Tally = t.Encode()
	}
	if (put.Tally == nil) == (old.Tally == nil) && bytes.Equal(put.Tally, old.Tally) {
		if !counted || old.Tally == nil {
			return
		}
		put.Same, put.Made = true, old.Made
	}
	p.puts[k.Level] = append(p.puts[k.Level], put)
}

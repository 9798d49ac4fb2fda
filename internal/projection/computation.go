package projection

import (
	"bytes"
	"context"

	"persepsi/analytics"
)

// computation is where the documents of some units are computed.
type computation struct {
	*work
	plan *plan
	docs map[analytics.Key]Doc // as they were read
	// anew are buckets that were counted from their responses.
	anew map[analytics.Key]bool
	// grown are the tallies of buckets by now.
	grown map[analytics.Key]*analytics.Tally
}

// count counts those of the buckets anew whose document and delta don't make
// their tally, and adds up the others.
func (c *computation) count(ctx context.Context, keys []analytics.Key) error {
	var lost []analytics.Key
	for _, k := range keys {
		if k.Level != analytics.LevelDay {
			continue
		}
		if ok, err := possible(k, c.pool.forms); err != nil {
			return err
		} else if !ok {
			continue
		}
		t, err := c.sum(k)
		if err != nil {
			return err
		}
		if t == nil {
			lost = append(lost, k)
			continue
		}
		c.grown[k] = t
	}
	return c.countAnew(ctx, lost)
}

// sum adds a bucket's delta to its document. nil where the two are not the whole bucket: it
// is to be counted from its responses.
func (c *computation) sum(k analytics.Key) (*analytics.Tally, error) {
	doc := c.docs[k]
	d := c.batch.Fresh[k]
	if c.batch.Anew[k] || !d.Whole && (doc.Tally == nil || doc.Made != d.Made) {
		c.readable(k, doc)
		return nil, nil
	}
	t, err := c.pool.take(k.Form)
	if err != nil {
		return nil, err
	}
	if !d.Whole {
		if err := t.Decode(doc.Tally); err != nil {
			c.plan.damaged[k] = true
			c.pool.put(t)
			return nil, nil //nolint:nilerr // what can't be read is counted anew
		}
	} else if doc.Tally != nil {
		c.anew[k] = true // what is above may hold it
		c.readable(k, doc)
	}
	return t, t.Merge(d.Tally)
}

// readable notes a document that can't be read.
func (c *computation) readable(k analytics.Key, doc Doc) {
	if doc.Tally == nil {
		return
	}
	if _, err := analytics.DecodeTotals(c.pool.forms, doc.Tally); err != nil {
		c.plan.damaged[k] = true
	}
}

func (c *computation) countAnew(ctx context.Context, keys []analytics.Key) error {
	if len(keys) == 0 {
		return nil
	}
	counted, err := c.fromResponses(ctx, keys)
	if err != nil {
		return err
	}
	for _, k := range keys {
		c.grown[k], c.anew[k] = counted[k], true
	}
	return nil
}

// fromResponses counts buckets from their responses; the tally of one without any is empty.
func (c *computation) fromResponses(ctx context.Context, keys []analytics.Key) (map[analytics.Key]*analytics.Tally, error) {
	out := make(map[analytics.Key]*analytics.Tally, len(keys))
	to := func(k analytics.Key) (t *analytics.Tally, err error) {
		if t = out[k]; t == nil {
			t, err = c.pool.take(k.Form)
			out[k] = t
		}
		return t, err
	}
	if err := c.store.Count(ctx, keys, c.batch, to); err != nil {
		return nil, err
	}
	for _, k := range keys {
		if _, err := to(k); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// unit plans what is to be done of one unit.
func (c *computation) unit(ctx context.Context, keys []analytics.Key) error {
	months := map[analytics.Key]*rollup{}
	var period *rollup
	for _, k := range keys {
		up := k.Rollups()
		switch k.Level {
		case analytics.LevelDay:
			c.plan.put(k, c.docs[k], c.grown[k], c.anew[k])
			if c.alone[k] && c.batch.Fresh[k].Tally == nil {
				continue
			}
			month := months[up[0]]
			if month == nil {
				month = &rollup{key: up[0]}
				months[up[0]] = month
			}
			month.add(c, k)
		case analytics.LevelMonth:
			if months[k] == nil {
				months[k] = &rollup{key: k}
			}
			months[k].anew = true
		default:
			period = &rollup{key: k, anew: true}
		}
	}
	for _, month := range months {
		if period == nil {
			period = &rollup{key: month.key.Rollups()[0]}
		}
		// A month that was only mended changes nothing above it, unless
		// something of the unit was: then the period's is made anew too.
		period.deltas = append(period.deltas, month.deltas...)
		period.anew = period.anew || month.anew
	}
	made := map[analytics.Key]*analytics.Tally{}
	for _, month := range months {
		t, err := c.roll(ctx, month, c.grown)
		if err != nil {
			return err
		}
		made[month.key] = t
	}
	if period != nil {
		t, err := c.roll(ctx, period, made)
		if err != nil {
			return err
		}
		c.pool.put(t)
	}
	for _, t := range made {
		c.pool.put(t)
	}
	for _, k := range keys {
		c.pool.put(c.grown[k])
		delete(c.grown, k)
	}
	return nil
}

// rollup is a month or a period to be brought up to date: by what it lacks, or
// anew from below.
type rollup struct {
	key    analytics.Key
	deltas []*analytics.Tally
	anew   bool
}

func (r *rollup) add(c *computation, bucket analytics.Key) {
	if c.anew[bucket] {
		r.anew = true
		return
	}
	r.deltas = append(r.deltas, c.batch.Fresh[bucket].Tally)
}

// roll plans a rollup; below are the tallies that are newer than their
// documents.
func (c *computation) roll(ctx context.Context, r *rollup, below map[analytics.Key]*analytics.Tally) (*analytics.Tally, error) {
	doc := c.docs[r.key]
	t, err := c.pool.take(r.key.Form)
	if err != nil {
		return nil, err
	}
	readable := doc.Tally != nil
	if readable {
		if err := t.Decode(doc.Tally); err != nil {
			c.plan.damaged[r.key] = true
			readable = false
		}
	}
	grows := readable && !r.anew
	if !grows {
		c.pool.put(t)
		if t, err = c.fromBelow(ctx, r.key, below); err != nil {
			return nil, err
		}
	}
	for _, d := range r.deltas {
		if !grows {
			break
		}
		if err := t.Merge(d); err != nil {
			return nil, err
		}
	}
	c.plan.put(r.key, doc, t, false)
	return t, nil
}

// fromBelow makes a rollup out of the documents below it, or of what is newer.
// A document that can't be read is made anew itself.
func (c *computation) fromBelow(ctx context.Context, key analytics.Key, newer map[analytics.Key]*analytics.Tally) (*analytics.Tally, error) {
	out, err := c.pool.take(key.Form)
	if err != nil {
		return nil, err
	}
	child, err := c.pool.take(key.Form)
	if err != nil {
		return nil, err
	}
	defer func() { c.pool.put(child) }()
	bad := map[analytics.Key]Doc{}
	err = c.store.Docs(ctx, below(key), func(k analytics.Key, d Doc) error {
		if k.Form != key.Form || newer[k] != nil {
			return nil
		}
		if err := child.Decode(d.Tally); err != nil {
			d.Tally = bytes.Clone(d.Tally)
			bad[k] = d
			return nil //nolint:nilerr // it is made anew below
		}
		return out.Merge(child)
	})
	if err != nil {
		return nil, err
	}
	for k, t := range newer {
		if unitOf(k) == unitOf(key) && (key.Level == analytics.LevelPeriod || k.Start.Month() == key.Start) {
			if err := out.Merge(t); err != nil {
				return nil, err
			}
		}
	}
	for k, doc := range bad {
		c.plan.damaged[k] = true
		t, err := c.remake(ctx, k)
		if err != nil {
			return nil, err
		}
		c.plan.put(k, doc, t, k.Level == analytics.LevelDay)
		if err := out.Merge(t); err != nil {
			return nil, err
		}
		c.pool.put(t)
	}
	return out, nil
}

// remake makes a tally anew whose document can't be read.
func (c *computation) remake(ctx context.Context, k analytics.Key) (*analytics.Tally, error) {
	if k.Level != analytics.LevelDay {
		return c.fromBelow(ctx, k, nil)
	}
	counted, err := c.fromResponses(ctx, []analytics.Key{k})
	return counted[k], err
}

// below selects the documents that a rollup is made of.
func below(key analytics.Key) Selection {
	f := analytics.TallyFilter{Level: key.Level - 1, Period: key.Period, Unit: key.Unit}
	if key.Level == analytics.LevelPeriod {
		return Selection{TallyFilter: f}
	}
	return Selection{TallyFilter: f, From: key.Start, Before: (key.Start + 31).Month()}
}

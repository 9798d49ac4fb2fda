package mongodb

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/bson"

	"persepsi/analytics"
	"persepsi/survey"
)

// Recount rebuilds every tally from raw responses; see analytics.TallyStore.
// The responses come in the order of buckets, so one unit at a time is in
// memory. Buckets that are marked as lagging are not compared: they are being
// brought up to date by whoever marked them.
func (db *DB) Recount(ctx context.Context, period string) (analytics.Recounted, error) {
	var total analytics.Recounted
	if _, err := db.Settle(ctx); err != nil {
		return total, err
	}
	c := &counting{db: db, right: map[analytics.Key]*analytics.Tally{}, seen: map[unitKey]bool{}, total: &total}
	selection := bson.D{}
	if period != "" {
		selection = span("bucket", prefixOf(period))
	}
	if err := db.stream(ctx, selection, func(r *survey.Response, _ origin) error { return c.add(ctx, r) }); err != nil {
		return total, err
	}
	if err := c.close(ctx); err != nil {
		return total, err
	}
	// Tallies of units that have no response at all.
	var orphans []unitKey
	err := db.Tallies(ctx, analytics.TallyFilter{Period: period}, func(k analytics.Key, _ []byte) error {
		if g := (unitKey{k.Period, k.Unit, ""}); !c.seen[g] {
			c.seen[g] = true
			orphans = append(orphans, g)
		}
		return nil
	})
	if err != nil {
		return total, err
	}
	for _, g := range orphans {
		c.unit = g
		if err := c.close(ctx); err != nil {
			return total, err
		}
	}
	return total, nil
}

// counting is a recount on its way through the units.
type counting struct {
	db    *DB
	unit  unitKey
	right map[analytics.Key]*analytics.Tally
	seen  map[unitKey]bool
	total *analytics.Recounted
}

func (c *counting) add(ctx context.Context, r *survey.Response) error {
	if g := (unitKey{r.Period, r.Unit, ""}); g != c.unit {
		if err := c.close(ctx); err != nil {
			return err
		}
		c.unit = g
		c.seen[g] = true
	}
	key := analytics.KeyOf(r)
	t := c.right[key]
	if t == nil {
		form, err := c.db.forms.FormByID(r.Form)
		if err != nil {
			return err
		}
		t = analytics.NewTally(form)
		c.right[key] = t
		c.total.Buckets++
	}
	c.total.Responses++
	return t.Add(r)
}

// close compares a unit's stored tallies with the count and mends them.
func (c *counting) close(ctx context.Context) error {
	if c.unit.unit == "" {
		return nil
	}
	lagging, err := c.db.lagging(ctx, c.unit)
	if err != nil {
		return err
	}
	right := c.right
	c.right = map[analytics.Key]*analytics.Tally{}
	if lagging {
		return nil
	}
	days := make([]analytics.Key, 0, len(right))
	for key := range right {
		days = append(days, key)
	}
	for _, key := range days {
		for _, up := range key.Up() {
			if right[up] == nil {
				right[up] = analytics.NewTally(right[key].Form())
			}
			if err := right[up].Merge(right[key]); err != nil {
				return err
			}
		}
	}
	return c.compare(ctx, right)
}

func (c *counting) compare(ctx context.Context, right map[analytics.Key]*analytics.Tally) error {
	stored := map[analytics.Key]*storedTally{}
	for _, level := range []analytics.Level{analytics.LevelDay, analytics.LevelMonth, analytics.LevelPeriod} {
		prefix := prefixOf(levelName(level), c.unit.period, c.unit.unit)
		if err := c.db.eachTally(ctx, span("_id", prefix), func(k analytics.Key, t *storedTally) error {
			stored[k] = t
			return nil
		}); err != nil {
			return err
		}
	}
	before := c.total.Differing
	for key, t := range right {
		if old := stored[key]; old == nil || !bytes.Equal(old.Tally, t.Encode()) {
			if err := c.mend(ctx, key, old, t); err != nil {
				return err
			}
		}
	}
	for key, old := range stored {
		if right[key] != nil {
			continue
		}
		form, err := c.db.forms.FormByID(key.Form)
		if err != nil {
			return err
		}
		if err := c.mend(ctx, key, old, analytics.NewTally(form)); err != nil {
			return err
		}
	}
	if c.total.Differing == before {
		return nil
	}
	return fault("write the revision", c.db.signal(ctx, c.unit.period))
}

func (c *counting) mend(ctx context.Context, key analytics.Key, old *storedTally, t *analytics.Tally) error {
	_, err := c.db.replace(ctx, key, old, t)
	if errors.Is(err, errMoved) {
		return nil // somebody brought it up to date since: it lagged, it didn't differ
	}
	if err != nil {
		return fmt.Errorf("mend %s: %w", tallyID(key), err)
	}
	c.total.Differing++
	return nil
}

// lagging reports whether any bucket of a unit is marked.
func (db *DB) lagging(ctx context.Context, u unitKey) (bool, error) {
	ctx, cancel := db.within(ctx)
	defer cancel()
	n, err := db.stale.CountDocuments(ctx, span("bucket", prefixOf(u.period, u.unit)))
	return n > 0, fault("read markers", err)
}

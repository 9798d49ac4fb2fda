package mongodb

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"persepsi/analytics"
	"persepsi/survey"
)

const (
	recountTries = 8
	recountPause = 400 * time.Millisecond
)

// Recount rebuilds every tally from raw responses, one unit after the other;
// see analytics.TallyStore. Servers may go on writing: a unit that they were
// changing meanwhile is counted again later.
func (db *DB) Recount(ctx context.Context, period string) (analytics.Recounted, error) {
	_, total, err := db.settle(ctx)
	if err != nil {
		return total, err
	}
	units, err := db.countable(ctx, period)
	if err != nil {
		return total, err
	}
	var moving []unitKey
	for _, u := range units {
		n, still, err := db.recountUnit(ctx, u)
		if err != nil {
			return total, err
		}
		total.Add(n)
		if !still {
			moving = append(moving, u)
		}
	}
	for try := 0; try < recountTries && len(moving) > 0; try++ {
		pause(ctx, recountPause)
		_, mended, err := db.settle(ctx)
		if err != nil {
			return total, err
		}
		total.Add(mended)
		again := moving
		moving = nil
		for _, u := range again {
			n, still, err := db.recountUnit(ctx, u)
			if err != nil {
				return total, err
			}
			n.Buckets, n.Responses = 0, 0 // they were counted before
			total.Add(n)
			if !still {
				moving = append(moving, u)
			}
		}
	}
	total.Moving = len(moving)
	return total, nil
}

// countable lists the units of a period (of all when empty) that have
// responses or tallies. It jumps from unit to unit in the index of buckets.
func (db *DB) countable(ctx context.Context, period string) ([]unitKey, error) {
	const action = "list units"
	prefix := ""
	if period != "" {
		prefix = prefixOf(period)
	}
	var out []unitKey
	seen := map[unitKey]bool{}
	for from := prefix; ; {
		selection := bson.D{{Key: "bucket", Value: bson.D{{Key: "$gte", Value: from}}}}
		if prefix != "" {
			selection = bson.D{{Key: "bucket", Value: bson.D{{Key: "$gte", Value: from}, {Key: "$lt", Value: after(prefix)}}}}
		}
		var row struct {
			Bucket string `bson:"bucket"`
		}
		err := db.responses.FindOne(ctx, selection, options.FindOne().
			SetSort(bson.D{{Key: "bucket", Value: 1}}).SetProjection(bson.D{{Key: "bucket", Value: 1}})).Decode(&row)
		if errors.Is(err, mongo.ErrNoDocuments) {
			break
		}
		if err != nil {
			return nil, fault(action, err)
		}
		key, err := parseBucket(row.Bucket)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", action, err)
		}
		u := unitKey{key.Period, key.Unit, ""}
		out, seen[u] = append(out, u), true
		from = after(prefixOf(key.Period, key.Unit))
	}
	err := db.Tallies(ctx, analytics.TallyFilter{Period: period}, func(k analytics.Key, _ []byte) error {
		if u := (unitKey{k.Period, k.Unit, ""}); !seen[u] {
			out, seen[u] = append(out, u), true
		}
		return nil
	})
	return out, err
}

// recountUnit compares a unit's tallies with its responses and mends what
// differs. still is false where another process was changing it meanwhile:
// then nothing is told to differ.
func (db *DB) recountUnit(ctx context.Context, u unitKey) (n analytics.Recounted, still bool, err error) {
	// Read first, counted second: whoever stores a tally in between makes
	// the replacement below fail.
	stored, err := db.unitTallies(ctx, u)
	if err != nil {
		return n, false, err
	}
	lagged, err := db.lagging(ctx, u)
	if err != nil {
		return n, false, err
	}
	right, err := db.countUnit(ctx, u, &n)
	if err != nil {
		return n, false, err
	}
	differing := differing(stored, right)
	if len(differing) == 0 {
		return n, true, nil
	}
	lags, err := db.lagging(ctx, u)
	if err != nil || lagged || lags {
		return n, false, err
	}
	for _, key := range slices.SortedFunc(maps.Keys(differing), analytics.Key.Compare) {
		t := differing[key]
		old := stored[key]
		switch _, err := db.replace(ctx, key, old, t); {
		case errors.Is(err, errMoved):
			return n, false, nil
		case err != nil:
			return n, false, fmt.Errorf("mend %s: %w", tallyID(key), err)
		}
		n.Mend(analytics.Mended{Key: key, Damaged: db.damaged(old)})
	}
	return n, true, fault("write the revision", db.signal(ctx, u.period))
}

// unitTallies reads all stored tallies of a unit in a period.
func (db *DB) unitTallies(ctx context.Context, u unitKey) (map[analytics.Key]*storedTally, error) {
	stored := map[analytics.Key]*storedTally{}
	for _, level := range []analytics.Level{analytics.LevelDay, analytics.LevelMonth, analytics.LevelPeriod} {
		if err := db.eachTally(ctx, span("_id", prefixOf(levelName(level), u.period, u.unit)), func(k analytics.Key, t *storedTally) error {
			stored[k] = t
			return nil
		}); err != nil {
			return nil, err
		}
	}
	return stored, nil
}

// countUnit makes the right tallies of a unit, from its days up, and adds what
// it counted to n.
func (db *DB) countUnit(ctx context.Context, u unitKey, n *analytics.Recounted) (map[analytics.Key]*analytics.Tally, error) {
	right := map[analytics.Key]*analytics.Tally{}
	var days []analytics.Key
	err := db.stream(ctx, span("bucket", prefixOf(u.period, u.unit)), func(r *survey.Response, _ origin) error {
		key := analytics.KeyOf(r)
		t := right[key]
		if t == nil {
			form, err := db.forms.FormByID(r.Form)
			if err != nil {
				return err
			}
			t = analytics.NewTally(form)
			right[key], days = t, append(days, key)
		}
		n.Responses++
		return t.Add(r)
	})
	if err != nil {
		return nil, err
	}
	n.Buckets += len(days)
	for _, key := range days {
		for _, up := range key.Up() {
			if right[up] == nil {
				right[up] = analytics.NewTally(right[key].Form())
			}
			if err := right[up].Merge(right[key]); err != nil {
				return nil, err
			}
		}
	}
	return right, nil
}

// differing returns the right tallies where the stored ones are not equal; nil
// where nothing should be stored.
func differing(stored map[analytics.Key]*storedTally, right map[analytics.Key]*analytics.Tally) map[analytics.Key]*analytics.Tally {
	out := map[analytics.Key]*analytics.Tally{}
	for key, t := range right {
		if old := stored[key]; old == nil || !bytes.Equal(old.Tally, t.Encode()) {
			out[key] = t
		}
	}
	for key := range stored {
		if right[key] == nil {
			out[key] = nil
		}
	}
	return out
}

// lagging reports whether any bucket of a unit is marked.
func (db *DB) lagging(ctx context.Context, u unitKey) (bool, error) {
	ctx, cancel := db.within(ctx)
	defer cancel()
	n, err := db.stale.CountDocuments(ctx, span("bucket", prefixOf(u.period, u.unit)))
	return n > 0, fault("read markers", err)
}

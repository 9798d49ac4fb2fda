package mongodb

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"persepsi/analytics"
	"persepsi/internal/projection"
	"persepsi/survey"
)

// Scans shows one unit after the other, and tells afterwards whether it was
// left alone meanwhile; see projection.Store.
func (db *DB) Scans(ctx context.Context, f analytics.TallyFilter, fn func(projection.Scan) error) error {
	units := []analytics.TallyFilter{f}
	if f.Unit == "" {
		var err error
		if units, err = db.countable(ctx, f.Period); err != nil {
			return err
		}
	}
	for _, u := range units {
		lagged, err := db.marked(ctx, u)
		if err != nil {
			return err
		}
		if err := fn(&scan{db: db, scope: u, lagged: lagged, revs: map[analytics.Key]int64{}}); err != nil {
			return err
		}
	}
	return nil
}

// scan is one unit in a period while it is read.
type scan struct {
	db     *DB
	scope  analytics.TallyFilter
	lagged bool // when it began
	// revs are the revisions of the documents that were read.
	revs map[analytics.Key]int64
}

func (m *scan) Scope() analytics.TallyFilter { return m.scope }

// Starts reads the documents' names and revisions: whoever replaces one from
// here on is found out by Unchanged.
func (m *scan) Starts(ctx context.Context) ([]projection.Start, error) {
	var err error
	if m.revs, err = m.db.revisionsOf(ctx, m.scope); err != nil {
		return nil, err
	}
	seen := map[projection.Start]bool{}
	var out []projection.Start
	for k := range m.revs {
		if s := (projection.Start{Level: k.Level, Start: k.Start}); !seen[s] {
			out, seen[s] = append(out, s), true
		}
	}
	return out, nil
}

// revisionsOf reads the revisions of a unit's documents.
func (db *DB) revisionsOf(ctx context.Context, u analytics.TallyFilter) (map[analytics.Key]int64, error) {
	out := map[analytics.Key]int64{}
	for _, level := range []analytics.Level{analytics.LevelDay, analytics.LevelMonth, analytics.LevelPeriod} {
		cursor, err := db.tallies.Find(ctx, span("_id", prefixOf(levelName(level), u.Period, u.Unit)),
			options.Find().SetBatchSize(streamBatch).SetProjection(bson.D{{Key: "_id", Value: 1}, {Key: "rev", Value: 1}}))
		if err != nil {
			return nil, fault("read tallies", err)
		}
		if err := each(ctx, cursor, func(doc bson.Raw) error {
			var t storedTally
			if err := bson.Unmarshal(doc, &t); err != nil {
				return err
			}
			k, err := parseTallyID(t.ID)
			out[k] = t.Rev
			return err
		}); err != nil {
			return nil, fault("read tallies", err)
		}
	}
	return out, nil
}

// Parts returns the months that the unit has responses in.
func (m *scan) Parts(ctx context.Context) ([]projection.Part, error) {
	unit := prefixOf(m.scope.Period, m.scope.Unit)
	var out []projection.Part
	for from := unit; ; {
		key, found, err := m.db.nextBucket(ctx, from, after(unit))
		if err != nil || !found {
			return out, err
		}
		month := key.Start.Month()
		next := (month + 31).Month()
		out = append(out, projection.Part{From: month, Before: next})
		from = prefixOf(m.scope.Period, m.scope.Unit, next.String())
	}
}

func (m *scan) Docs(ctx context.Context, s projection.Selection, fn func(analytics.Key, projection.Doc) error) error {
	return m.db.Docs(ctx, s, fn)
}

func (m *scan) Count(ctx context.Context, p projection.Part, to projection.Sink) error {
	tallies := map[analytics.Key]*analytics.Tally{}
	days := bson.D{{Key: "bucket", Value: bson.D{
		{Key: "$gte", Value: prefixOf(m.scope.Period, m.scope.Unit, p.From.String())},
		{Key: "$lt", Value: prefixOf(m.scope.Period, m.scope.Unit, p.Before.String())},
	}}}
	return m.db.stream(ctx, days, func(r *survey.Response, _ origin) error {
		key := analytics.KeyOf(r)
		if tallies[key] == nil {
			t, err := to(key)
			if err != nil {
				return err
			}
			tallies[key] = t
		}
		return tallies[key].Add(r)
	})
}

// Unchanged reports whether nobody stored answers or tallies of the unit meanwhile.
func (m *scan) Unchanged(ctx context.Context) (bool, error) {
	lags, err := m.db.marked(ctx, m.scope)
	if err != nil || lags || m.lagged {
		return false, err
	}
	revs, err := m.db.revisionsOf(ctx, m.scope)
	return maps.Equal(revs, m.revs), err
}

// Discard finds nothing: a document whose name nothing can have is refused when
// it is read.
func (m *scan) Discard(context.Context) ([]analytics.Key, error) { return nil, nil }

// marked reports whether any bucket of a unit has a dirty marker.
func (db *DB) marked(ctx context.Context, u analytics.TallyFilter) (bool, error) {
	ctx, cancel := db.within(ctx)
	defer cancel()
	n, err := db.stale.CountDocuments(ctx, span("bucket", prefixOf(u.Period, u.Unit)))
	return n > 0, fault("read markers", err)
}

// countable lists the units of a period (of all when empty) that have
// responses or tallies. It jumps from unit to unit in the index of buckets.
func (db *DB) countable(ctx context.Context, period string) ([]analytics.TallyFilter, error) {
	from, before := "", ""
	if period != "" {
		from = prefixOf(period)
		before = after(from)
	}
	var out []analytics.TallyFilter
	seen := map[analytics.TallyFilter]bool{}
	for {
		key, found, err := db.nextBucket(ctx, from, before)
		if err != nil {
			return nil, err
		}
		if !found {
			break
		}
		u := analytics.TallyFilter{Period: key.Period, Unit: key.Unit}
		out, seen[u] = append(out, u), true
		from = after(prefixOf(key.Period, key.Unit))
	}
	err := db.Docs(ctx, projection.Selection{TallyFilter: analytics.TallyFilter{Period: period}}, func(k analytics.Key, _ projection.Doc) error {
		if u := (analytics.TallyFilter{Period: k.Period, Unit: k.Unit}); !seen[u] {
			out, seen[u] = append(out, u), true
		}
		return nil
	})
	return out, err
}

// nextBucket returns the first bucket with responses whose text is from or after
// that and, where before is given, before that.
func (db *DB) nextBucket(ctx context.Context, from, before string) (key analytics.Key, found bool, err error) {
	const action = "list buckets"
	bounds := bson.D{{Key: "$gte", Value: from}}
	if before != "" {
		bounds = append(bounds, bson.E{Key: "$lt", Value: before})
	}
	var row struct {
		Bucket string `bson:"bucket"`
	}
	err = db.responses.FindOne(ctx, bson.D{{Key: "bucket", Value: bounds}}, options.FindOne().
		SetSort(bson.D{{Key: "bucket", Value: 1}}).SetProjection(bson.D{{Key: "bucket", Value: 1}})).Decode(&row)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return key, false, nil
	}
	if err != nil {
		return key, false, fault(action, err)
	}
	if key, err = parseBucket(row.Bucket); err != nil {
		return key, false, fmt.Errorf("%s: %w", action, err)
	}
	return key, true, nil
}

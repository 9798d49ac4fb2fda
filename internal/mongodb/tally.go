package mongodb

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"persepsi/analytics"
)

// storedTally is the document of a tally. Rev counts its replacements from 1:
// whoever replaces it names the one that was read.
type storedTally struct {
	ID    string `bson:"_id"`
	Rev   int64  `bson:"rev"`
	N     int64  `bson:"n"`
	Tally []byte `bson:"tally"`
}

// Revisions returns the counter of every period; see analytics.TallyStore.
func (db *DB) Revisions(ctx context.Context) (map[string]int64, error) {
	const action = "read revisions"
	ctx, cancel := db.within(ctx)
	defer cancel()
	cursor, err := db.revisions.Find(ctx, bson.D{})
	if err != nil {
		return nil, fault(action, err)
	}
	var rows []struct {
		Period string `bson:"_id"`
		N      int64  `bson:"n"`
	}
	if err := cursor.All(ctx, &rows); err != nil {
		return nil, fault(action, err)
	}
	out := make(map[string]int64, len(rows))
	for _, r := range rows {
		out[r.Period] = r.N
	}
	return out, nil
}

// signal makes a period's revision grow. It is only a signal: repeated, it
// makes it grow more.
func (db *DB) signal(ctx context.Context, period string) error {
	return db.again(ctx, func(ctx context.Context) error {
		_, err := db.revisions.UpdateByID(ctx, period, bson.D{{Key: "$inc", Value: bson.D{{Key: "n", Value: int64(1)}}}}, options.Update().SetUpsert(true))
		return err
	})
}

// Tallies streams stored tallies; see analytics.TallyStore.
func (db *DB) Tallies(ctx context.Context, f analytics.TallyFilter, fn func(analytics.Key, []byte) error) error {
	levels := []analytics.Level{f.Level}
	if f.Level == 0 {
		levels = []analytics.Level{analytics.LevelDay, analytics.LevelMonth, analytics.LevelPeriod}
	}
	for _, level := range levels {
		parts := []string{levelName(level)}
		if f.Period != "" {
			parts = append(parts, f.Period)
			if f.Unit != "" {
				parts = append(parts, f.Unit)
			}
		}
		err := db.eachTally(ctx, span("_id", prefixOf(parts...)), func(k analytics.Key, t *storedTally) error {
			if f.Unit != "" && k.Unit != f.Unit {
				return nil
			}
			return fn(k, t.Tally)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (db *DB) eachTally(ctx context.Context, selection bson.D, fn func(analytics.Key, *storedTally) error) error {
	const action = "read tallies"
	if err := db.begun(); err != nil {
		return err
	}
	cursor, err := db.tallies.Find(ctx, selection, options.Find().SetBatchSize(streamBatch))
	if err != nil {
		return fault(action, err)
	}
	var own error
	err = each(ctx, cursor, func(doc bson.Raw) error {
		var t storedTally
		if err := bson.Unmarshal(doc, &t); err != nil {
			return err
		}
		k, err := parseTallyID(t.ID)
		if err != nil {
			return err
		}
		own = fn(k, &t)
		return own
	})
	if own != nil {
		return own
	}
	return fault(action, err)
}

// Tally returns one stored tally, nil where there is none.
func (db *DB) Tally(ctx context.Context, k analytics.Key) ([]byte, error) {
	t, err := db.stored(ctx, k)
	if err != nil || t == nil {
		return nil, err
	}
	return t.Tally, nil
}

func (db *DB) stored(ctx context.Context, k analytics.Key) (*storedTally, error) {
	ctx, cancel := db.within(ctx)
	defer cancel()
	t := new(storedTally)
	err := db.tallies.FindOne(ctx, bson.D{{Key: "_id", Value: tallyID(k)}}).Decode(t)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil, nil //nolint:nilnil // nothing is stored, and that is no error
	}
	return t, fault("read a tally", err)
}

// replace stores a tally in the place of what was read (nil: nothing) and
// gives its revision; errMoved where something else is stored by now. A tally
// of nothing, or nil, is removed.
func (db *DB) replace(ctx context.Context, k analytics.Key, old *storedTally, t *analytics.Tally) (int64, error) {
	const action = "write a tally"
	ctx, cancel := db.within(ctx)
	defer cancel()
	id := tallyID(k)
	if old == nil {
		_, err := db.tallies.InsertOne(ctx, storedTally{ID: id, Rev: 1, N: t.N, Tally: t.Encode()})
		if isDuplicate(err) {
			return 0, errMoved
		}
		return 1, fault(action, err)
	}
	selection := bson.D{{Key: "_id", Value: id}, {Key: "rev", Value: old.Rev}}
	if t == nil || t.N == 0 {
		result, err := db.tallies.DeleteOne(ctx, selection)
		if err == nil && result.DeletedCount == 0 {
			return 0, errMoved
		}
		return 0, fault(action, err)
	}
	result, err := db.tallies.UpdateOne(ctx, selection, bson.D{{Key: "$set", Value: bson.D{
		{Key: "rev", Value: old.Rev + 1}, {Key: "n", Value: t.N}, {Key: "tally", Value: t.Encode()},
	}}})
	if err == nil && result.MatchedCount == 0 {
		return 0, errMoved
	}
	return old.Rev + 1, fault(action, err)
}

package mongodb

import (
	"context"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/mongo/options"

	"persepsi/analytics"
	"persepsi/internal/projection"
)

// storedTally is the document of a tally. Rev counts its replacements from 1:
// whoever replaces it names the one that was read. Made counts how often it was
// made from responses. By names the Save that wrote it last.
type storedTally struct {
	ID    string             `bson:"_id"`
	Rev   int64              `bson:"rev"`
	Made  int64              `bson:"made"`
	By    primitive.ObjectID `bson:"by"`
	Tally []byte             `bson:"tally"`
}

func (t *storedTally) doc() projection.Doc {
	return projection.Doc{Tally: t.Tally, Rev: t.Rev, Made: t.Made}
}

// Revisions returns the counter of every period; see projection.Store.
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
	return db.retry(ctx, func(ctx context.Context) error {
		_, err := db.revisions.UpdateByID(ctx, period, bson.D{{Key: "$inc", Value: bson.D{{Key: "n", Value: int64(1)}}}}, options.Update().SetUpsert(true))
		return err
	})
}

// Load reads tallies by their keys; see projection.Store.
func (db *DB) Load(ctx context.Context, keys []analytics.Key) (map[analytics.Key]projection.Doc, error) {
	ctx, cancel := db.within(ctx)
	defer cancel()
	out := make(map[analytics.Key]projection.Doc, len(keys))
	ids := make(bson.A, len(keys))
	for i, k := range keys {
		out[k], ids[i] = projection.Doc{}, tallyID(k)
	}
	if len(keys) == 0 {
		return out, nil
	}
	return out, db.eachTally(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}, func(k analytics.Key, t *storedTally) error {
		out[k] = t.doc()
		return nil
	})
}

// Docs streams tallies; see projection.Store.
func (db *DB) Docs(ctx context.Context, s projection.Selection, fn func(analytics.Key, projection.Doc) error) error {
	levels := []analytics.Level{s.Level}
	if s.Level == 0 {
		levels = []analytics.Level{analytics.LevelDay, analytics.LevelMonth, analytics.LevelPeriod}
	}
	bounded := s.From != 0 || s.Before != 0
	for _, level := range levels {
		parts := []string{levelName(level)}
		if s.Period != "" {
			parts = append(parts, s.Period)
			if s.Unit != "" {
				parts = append(parts, s.Unit)
			}
		}
		selection := span("_id", prefixOf(parts...))
		if bounded && len(parts) == 3 && level != analytics.LevelPeriod {
			selection = bson.D{{Key: "_id", Value: bson.D{
				{Key: "$gte", Value: prefixOf(append(parts, s.From.String())...)},
				{Key: "$lt", Value: prefixOf(append(parts, s.Before.String())...)},
			}}}
		}
		err := db.eachTally(ctx, selection, func(k analytics.Key, t *storedTally) error {
			if s.Unit != "" && k.Unit != s.Unit || bounded && (k.Start < s.From || k.Start >= s.Before) {
				return nil
			}
			return fn(k, t.doc())
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

package mongodb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"persepsi/analytics"
	"persepsi/internal/projection"
	"persepsi/survey"
)

// takenOut is the name that the field bucket of a response has once it is taken out:
// it belongs to no bucket any more, and its id stays taken.
const takenOut = "taken_out"

// Imports calls fn with every import; see survey.Importer.
func (db *DB) Imports(ctx context.Context, fn func(*survey.Import) error) error {
	const action = "read imports"
	if err := db.begun(); err != nil {
		return err
	}
	cursor, err := db.imports.Find(ctx, bson.D{}, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return fault(action, err)
	}
	var own error
	err = each(ctx, cursor, func(raw bson.Raw) error {
		var d importDoc
		if err := bson.Unmarshal(raw, &d); err != nil {
			return err
		}
		i, err := d.decode()
		if err != nil {
			return err
		}
		own = fn(i)
		return own
	})
	if own != nil {
		return own
	}
	return fault(action, err)
}

// ReplaceImport stores what an import is told of by; see retention.Store.
func (db *DB) ReplaceImport(ctx context.Context, i *survey.Import) error {
	const action = "write an import"
	body, err := json.Marshal(i)
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	ctx, cancel := db.within(ctx)
	defer cancel()
	_, err = db.imports.UpdateByID(ctx, i.Serial, bson.D{{Key: "$set", Value: bson.D{{Key: "body", Value: string(body)}}}})
	return fault(action, err)
}

// UndoImport takes the responses of an import out, part by part; see survey.Importer.
// A marker that comes first tells others to go on if this process can't.
func (db *DB) UndoImport(ctx context.Context, serial int, u survey.Undo) error {
	const action = "undo an import"
	if err := db.begun(); err != nil {
		return err
	}
	body, err := json.Marshal(u)
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	within, cancel := db.within(ctx)
	defer cancel()
	var doc importDoc
	switch err := db.imports.FindOne(within, bson.D{{Key: "_id", Value: serial}}).Decode(&doc); {
	case errors.Is(err, mongo.ErrNoDocuments):
		return survey.NoImport(serial)
	case err != nil:
		return fault(action, err)
	}
	of, err := doc.decode()
	if err != nil {
		return err
	}
	again := primitive.NewObjectID()
	if err := db.insertMarkers(within, []any{bson.D{
		{Key: "_id", Value: again}, {Key: "w", Value: primitive.NewObjectID()}, {Key: "period", Value: of.Period}, {Key: "undo", Value: serial},
	}}); err != nil {
		return fault(action, err)
	}
	// After the marker: an erasure that begins later waits for it.
	if err := db.stillWhole(within, of.Period, "an undo"); err != nil {
		return errors.Join(err, db.forget(within, []primitive.ObjectID{again}))
	}
	result, err := db.imports.UpdateOne(within, bson.D{{Key: "_id", Value: serial}, {Key: "undone", Value: bson.D{{Key: "$exists", Value: false}}}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "undone", Value: string(body)}}}})
	if err != nil {
		return fault(action, err)
	}
	if result.MatchedCount == 0 {
		return errors.Join(survey.UndoneBefore(serial), db.forget(within, []primitive.ObjectID{again}))
	}
	ctx = context.WithoutCancel(ctx) // there is no way back
	if err := db.takeOut(ctx, serial); err != nil {
		return err
	}
	return db.forget(ctx, []primitive.ObjectID{again})
}

// takeOut takes out what an import stored, if it is undone, and has the buckets
// counted anew. It may be repeated.
func (db *DB) takeOut(ctx context.Context, serial int) error {
	const action = "take responses out"
	var doc importDoc
	if err := db.imports.FindOne(ctx, bson.D{{Key: "_id", Value: serial}}).Decode(&doc); err != nil {
		return fault(action, err)
	}
	if doc.Undone == "" {
		return nil
	}
	return fault(action, db.eachPart(ctx, serial, func(mine bson.D) error {
		buckets := map[string]analytics.Key{}
		cursor, err := db.responses.Find(ctx, append(mine, counting()), options.Find().SetProjection(bson.D{{Key: "bucket", Value: 1}}))
		if err != nil {
			return err
		}
		if err := each(ctx, cursor, func(raw bson.Raw) error {
			text, _ := raw.Lookup("bucket").StringValueOK()
			key, err := parseBucket(text)
			buckets[text] = key
			return err
		}); err != nil || len(buckets) == 0 {
			return err
		}
		if err := db.lagging(ctx, buckets); err != nil {
			return err
		}
		if err := db.retry(ctx, func(ctx context.Context) error {
			_, err := db.responses.UpdateMany(ctx, append(mine, counting()), bson.D{{Key: "$rename", Value: bson.D{{Key: "bucket", Value: takenOut}}}})
			return err
		}); err != nil {
			return err
		}
		return db.signal(ctx, projection.AllReleases)
	}))
}

// counting selects responses that were not taken out.
func counting() bson.E { return bson.E{Key: "bucket", Value: bson.D{{Key: "$gt", Value: ""}}} }

// lagging marks buckets whose tallies will hold responses that don't count. Every
// process takes the markers for those of another one, which may have died; this
// one deletes them when it has counted the buckets anew.
func (db *DB) lagging(ctx context.Context, buckets map[string]analytics.Key) error {
	var markers []any
	ids := map[primitive.ObjectID]analytics.Key{}
	nobody := primitive.NewObjectID()
	for text, key := range buckets {
		id := primitive.NewObjectID()
		ids[id] = key
		markers = append(markers, marker(id, nobody, key.Period, text))
	}
	if err := db.insertMarkers(ctx, markers); err != nil {
		return err
	}
	if err := db.pending.lock.Acquire(ctx, 1); err != nil {
		return err
	}
	defer db.pending.lock.Release(1)
	for id, key := range ids {
		m := db.pending.marks[key]
		if m == nil {
			m = &mark{at: db.now()}
			db.pending.marks[key] = m
		}
		m.ids = append(m.ids, id)
		db.pending.forgetRows(m)
	}
	return nil
}

// TakenOut calls fn with the responses of undone imports; see survey.Importer.
func (db *DB) TakenOut(ctx context.Context, period string, fn func(serial int, r *survey.Response) error) error {
	undone, err := db.undoneIn(ctx, period)
	if err != nil {
		return err
	}
	for _, serial := range undone {
		var own error
		err := db.eachPart(ctx, serial, func(mine bson.D) error {
			own = db.stream(ctx, mine, func(r *survey.Response, _ origin) error { return fn(serial, r) })
			return own
		})
		if own != nil {
			return own
		}
		if err != nil {
			return fault("read responses", err)
		}
	}
	return nil
}

// undoneIn returns the serial numbers of a period's undone imports.
func (db *DB) undoneIn(ctx context.Context, period string) (serials []int, err error) {
	err = db.Imports(ctx, func(i *survey.Import) error {
		if i.Period == period && i.Undone != nil {
			serials = append(serials, i.Serial)
		}
		return nil
	})
	return serials, err
}

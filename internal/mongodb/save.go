package mongodb

import (
	"context"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"persepsi/analytics"
	"persepsi/internal/projection"
)

// maxReplace is the number of tallies sent at once, each up to some ten
// kilobytes.
const maxReplace = 500

// Save writes documents level by level, each where it is still the one that was
// read; see projection.Store. There is no transaction: until the markers of the
// batch are deleted, which comes last, whoever finds them has its buckets
// counted anew.
func (db *DB) Save(ctx context.Context, b *projection.Batch, puts []projection.Put) ([]analytics.Key, error) {
	t, _ := b.Mark.(*batchMarkers)
	if t == nil {
		t = &batchMarkers{periods: map[string]bool{}}
	}
	var left []analytics.Key
	open := map[[3]string]bool{} // units of which something moved
	unit := func(k analytics.Key) [3]string { return [3]string{k.Period, k.Unit, k.Form} }
	for len(puts) > 0 {
		n := 1
		for n < min(len(puts), maxReplace) && puts[n].Level == puts[0].Level {
			n++
		}
		var part []projection.Put
		for _, p := range puts[:n] {
			switch {
			case open[unit(p.Key)] && p.Level != analytics.LevelDay:
				left = append(left, p.Key)
			case p.Same: // perhaps a Save wrote it whose outcome got lost before others were told
				t.periods[p.Period] = true
				db.remember(p.Key, p.Made)
			default:
				part = append(part, p)
			}
		}
		moved, err := db.replace(ctx, part)
		if err != nil {
			return nil, err
		}
		for _, k := range moved {
			left, open[unit(k)] = append(left, k), true
		}
		for _, p := range part {
			t.periods[p.Period] = true
			if p.Level == analytics.LevelDay && !open[unit(p.Key)] {
				db.remember(p.Key, p.Made)
			}
		}
		puts = puts[n:]
	}
	if len(left) > 0 {
		return left, nil
	}
	for period := range t.periods {
		if err := fault("write the revision", db.signal(ctx, period)); err != nil {
			return nil, err
		}
	}
	return nil, db.forget(ctx, t.done)
}

// remember notes that a bucket's tally holds what this process took, and nothing
// that it did not take.
func (db *DB) remember(k analytics.Key, made int64) {
	if err := db.lag.lock.Acquire(context.Background(), 1); err != nil {
		return // never: the context has no end
	}
	defer db.lag.lock.Release(1)
	if k.Level != analytics.LevelDay {
		return
	}
	if len(db.lag.made) >= mostMade {
		clear(db.lag.made)
	}
	db.lag.made[k] = made
}

// replace writes documents of one level and returns the keys of those that are
// others by now than the ones that were read.
func (db *DB) replace(ctx context.Context, puts []projection.Put) ([]analytics.Key, error) {
	const action = "write tallies"
	if len(puts) == 0 {
		return nil, nil
	}
	ctx, cancel := db.within(ctx)
	defer cancel()
	by := primitive.NewObjectID()
	writes := make([]mongo.WriteModel, len(puts))
	for i := range puts {
		writes[i] = replacement(&puts[i], by)
	}
	result, err := db.tallies.BulkWrite(ctx, writes, options.BulkWrite().SetOrdered(false))
	if err != nil && !onlyDuplicates(err) { // somebody else inserted it first
		return nil, fault(action, err)
	}
	if err == nil && result.InsertedCount+result.MatchedCount+result.DeletedCount == int64(len(puts)) {
		return nil, nil
	}
	return db.notBy(ctx, puts, by)
}

// replacement is the write of one document.
func replacement(p *projection.Put, by primitive.ObjectID) mongo.WriteModel {
	id := tallyID(p.Key)
	if p.Old.Tally == nil {
		return mongo.NewInsertOneModel().SetDocument(storedTally{ID: id, Rev: 1, Made: p.Made, By: by, Tally: p.Tally})
	}
	old := bson.D{{Key: "_id", Value: id}, {Key: "rev", Value: p.Old.Rev}}
	if p.Tally == nil {
		return mongo.NewDeleteOneModel().SetFilter(old)
	}
	return mongo.NewUpdateOneModel().SetFilter(old).SetUpdate(bson.D{{Key: "$set", Value: bson.D{
		{Key: "rev", Value: p.Old.Rev + 1}, {Key: "made", Value: p.Made}, {Key: "by", Value: by}, {Key: "tally", Value: p.Tally},
	}}})
}

// notBy returns the keys of the documents that a bulk of writes did not write.
func (db *DB) notBy(ctx context.Context, puts []projection.Put, by primitive.ObjectID) ([]analytics.Key, error) {
	ids := make(bson.A, len(puts))
	for i := range puts {
		ids[i] = tallyID(puts[i].Key)
	}
	cursor, err := db.tallies.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}},
		options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}, {Key: "by", Value: 1}}))
	if err != nil {
		return nil, fault("read tallies", err)
	}
	there := map[string]primitive.ObjectID{}
	if err := each(ctx, cursor, func(doc bson.Raw) error {
		var t storedTally
		err := bson.Unmarshal(doc, &t)
		there[t.ID] = t.By
		return err
	}); err != nil {
		return nil, fault("read tallies", err)
	}
	var out []analytics.Key
	for i := range puts {
		who, ok := there[tallyID(puts[i].Key)]
		if who != by && (ok || puts[i].Tally != nil) {
			out = append(out, puts[i].Key)
		}
	}
	return out, nil
}

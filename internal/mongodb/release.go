package mongodb

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/mongo/options"

	"persepsi/internal/projection"
	"persepsi/survey"
)

// releaseDoc is a release. Its _id, PERIOD/UNIT/SERIAL, is taken once, and sorts
// a unit's in their order.
type releaseDoc struct {
	ID       string `bson:"_id"`
	Serial   int    `bson:"serial"`
	Checksum string `bson:"checksum"`
	Body     []byte `bson:"body"`
}

func releaseID(period, unit string, serial int) string {
	return prefixOf(period, unit) + fmt.Sprintf("%08d", serial)
}

// PutRelease adds a unit's next release; see projection.ReleaseStore. A marker goes before
// it, so that the revision of releases grows, and others read it, even if this process dies in
// between.
func (db *DB) PutRelease(ctx context.Context, r projection.StoredRelease) error {
	const action = "write a release"
	newest, err := db.newestRelease(ctx, r.Period, r.Unit)
	if err != nil {
		return err
	}
	conflict := r.NotNext()
	if r.Serial != newest+1 {
		return conflict
	}
	// After the answers were read: where the period was not erased by now, they were whole.
	if err := db.stillWhole(ctx, r.Period, "a release"); err != nil {
		return err
	}
	ctx, cancel := db.within(ctx)
	defer cancel()
	// Nobody's, so that Take looks after it here too where the outcome stays unknown.
	id := primitive.NewObjectID()
	if _, err := db.stale.InsertOne(ctx, marker(id, primitive.NewObjectID(), projection.AllReleases, "")); err != nil {
		return fault(action, err)
	}
	doc := releaseDoc{releaseID(r.Period, r.Unit, r.Serial), r.Serial, r.Checksum, r.Body}
	tries := 0
	err = db.retry(ctx, func(ctx context.Context) error {
		tries++
		_, err := db.releases.InsertOne(ctx, doc)
		if isDuplicate(err) && tries > 1 { // it may be the one that an earlier try wrote
			var stored releaseDoc
			if err := db.releases.FindOne(ctx, bson.D{{Key: "_id", Value: doc.ID}}).Decode(&stored); err != nil {
				return err
			}
			if stored.Checksum == doc.Checksum {
				return nil
			}
		}
		return err
	})
	if err != nil && !isDuplicate(err) {
		return fault(action, err)
	}
	if isDuplicate(err) {
		return errors.Join(conflict, db.forget(ctx, []primitive.ObjectID{id}))
	}
	if err := db.signal(ctx, projection.AllReleases); err != nil {
		return fault(action, err)
	}
	return db.forget(ctx, []primitive.ObjectID{id})
}

// ReplaceRelease replaces a release of a period that is being erased; see
// projection.Store. A seal that was made in between tells of the release as it is now, or
// was: whoever replaced it before has the same.
func (db *DB) ReplaceRelease(ctx context.Context, checksum string, r projection.StoredRelease) error {
	const action = "replace a release"
	list, err := db.erasuresOf(ctx, bson.D{{Key: "_id", Value: r.Period}})
	if err != nil {
		return fault(action, err)
	}
	conflict := r.NotReplaced()
	if len(list) == 0 || list[0].Sealed {
		return conflict
	}
	ctx, cancel := db.within(ctx)
	defer cancel()
	tries, found := 0, int64(0)
	err = db.retry(ctx, func(ctx context.Context) error {
		of := bson.A{checksum}
		if tries++; tries > 1 { // an earlier try may have done it
			of = append(of, r.Checksum)
		}
		result, err := db.releases.UpdateOne(ctx, bson.D{{Key: "_id", Value: releaseID(r.Period, r.Unit, r.Serial)}, {Key: "checksum", Value: bson.D{{Key: "$in", Value: of}}}},
			bson.D{{Key: "$set", Value: bson.D{{Key: "checksum", Value: r.Checksum}, {Key: "body", Value: r.Body}}}})
		if err == nil {
			found = result.MatchedCount
		}
		return err
	})
	if err != nil {
		return fault(action, err)
	}
	if found == 0 {
		return conflict
	}
	return fault(action, db.signal(ctx, projection.AllReleases))
}

// newestRelease returns the newest serial of a unit, 0 for none.
func (db *DB) newestRelease(ctx context.Context, period, unit string) (int, error) {
	list, err := db.serials(ctx, prefixOf(period, unit))
	return list[unit], err
}

// NewestReleases returns the newest serials of a period.
func (db *DB) NewestReleases(ctx context.Context, period string) (map[string]int, error) {
	return db.serials(ctx, prefixOf(period))
}

// serials reads the newest serial by unit out of the names of releases.
func (db *DB) serials(ctx context.Context, prefix string) (map[string]int, error) {
	const action = "list releases"
	if err := db.begun(); err != nil {
		return nil, err
	}
	cursor, err := db.releases.Find(ctx, span("_id", prefix), options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}}).SetBatchSize(streamBatch))
	if err != nil {
		return nil, fault(action, err)
	}
	out := map[string]int{}
	err = each(ctx, cursor, func(doc bson.Raw) error {
		id, ok := doc.Lookup("_id").StringValueOK()
		parts := strings.Split(id, "/")
		if !ok || len(parts) != 3 {
			return fmt.Errorf("not the name of a release: %q", id)
		}
		unit, err := url.PathUnescape(parts[1])
		if err != nil {
			return err
		}
		serial, err := strconv.Atoi(parts[2])
		out[unit] = max(out[unit], serial)
		return err
	})
	return out, fault(action, err)
}

// Releases calls fn with a unit's releases.
func (db *DB) Releases(ctx context.Context, period, unit string, from int, fn func(projection.StoredRelease) error) error {
	const action = "read releases"
	if err := db.begun(); err != nil {
		return err
	}
	selection := bson.D{{Key: "_id", Value: bson.D{
		{Key: "$gte", Value: releaseID(period, unit, from)}, {Key: "$lt", Value: after(prefixOf(period, unit))},
	}}}
	cursor, err := db.releases.Find(ctx, selection, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return fault(action, err)
	}
	var own error
	err = each(ctx, cursor, func(doc bson.Raw) error {
		var d releaseDoc
		if err := bson.Unmarshal(doc, &d); err != nil {
			return err
		}
		own = fn(projection.StoredRelease{Period: period, Unit: unit, Serial: d.Serial, Checksum: d.Checksum, Body: d.Body})
		return own
	})
	if own != nil {
		return own
	}
	return fault(action, err)
}

// Rows calls fn with the responses that some units got on some days; see
// projection.FactStore. Neighbouring days of a unit are one range of buckets.
func (db *DB) Rows(ctx context.Context, period string, days map[string][]survey.Date, fn func(*survey.Response) error) error {
	for unit, list := range days {
		for len(list) > 0 {
			n := 1
			for n < len(list) && list[n] == list[n-1]+1 {
				n++
			}
			selection := bson.D{{Key: "bucket", Value: bson.D{
				{Key: "$gte", Value: prefixOf(period, unit, list[0].String())},
				{Key: "$lt", Value: prefixOf(period, unit, (list[n-1] + 1).String())},
			}}}
			if err := db.stream(ctx, selection, func(r *survey.Response, _ origin) error { return fn(r) }); err != nil {
				return err
			}
			list = list[n:]
		}
	}
	return nil
}

package migrations

import (
	"cmp"
	"context"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// earlierDoc is an entry of the earlier collection.
type earlierDoc struct {
	ID      primitive.ObjectID `bson:"_id"`
	At      time.Time          `bson:"at"`
	Actor   string             `bson:"actor"`
	Action  string             `bson:"action"`
	Subject string             `bson:"subject"`
	Detail  string             `bson:"detail"`
}

// mongoAudit makes the chained audit, audit_entries: _id is the serial, and an
// entry's own name is taken once. Those of the earlier collection, audit, follow one
// another in it as they were written; that collection stays as it was. Two servers
// that start at once make the same documents.
func mongoAudit(ctx context.Context, db *mongo.Database) error {
	to := db.Collection("audit_entries")
	if _, err := to.Indexes().CreateOne(ctx, mongo.IndexModel{Keys: bson.D{{Key: "id", Value: 1}}, Options: options.Index().SetUnique(true)}); err != nil {
		return err
	}
	cursor, err := db.Collection("audit").Find(ctx, bson.D{}, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return err
	}
	var rows []earlierDoc
	if err := cursor.All(ctx, &rows); err != nil {
		return err
	}
	// A name tells the second, and the order within a process alone.
	slices.SortStableFunc(rows, func(a, b earlierDoc) int {
		return cmp.Or(a.ID.Timestamp().Compare(b.ID.Timestamp()), a.At.Compare(b.At))
	})
	var last chainedEntry
	for _, row := range rows {
		e, text, err := chainAudit(last.Serial, last.Hash, earlierEntry{row.At, row.Actor, row.Action, row.Subject, row.Detail})
		if err != nil {
			return err
		}
		last = e
		doc := bson.D{{Key: "_id", Value: e.Serial}, {Key: "id", Value: e.ID}, {Key: "hash", Value: e.Hash}, {Key: "entry", Value: text}}
		if _, err := to.InsertOne(ctx, doc); err != nil && !mongo.IsDuplicateKeyError(err) {
			return err
		}
	}
	return nil
}

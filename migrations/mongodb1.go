package migrations

import (
	"context"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
)

// mongoFirst makes the one index that responses need beside _id: a bucket is a
// range of it, in the order of storing, and so are a unit and a period.
func mongoFirst(ctx context.Context, db *mongo.Database) error {
	_, err := db.Collection("responses").Indexes().CreateOne(ctx, mongo.IndexModel{
		Keys: bson.D{{Key: "bucket", Value: 1}, {Key: "w", Value: 1}, {Key: "q", Value: 1}},
	})
	return err
}

package migrations

import (
	"context"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
)

// mongoEvaluations finds the entries of a unit by an index: from this step on a document holds
// those of several. Documents of before stay as they are, and are read beside them.
func mongoEvaluations(ctx context.Context, db *mongo.Database) error {
	_, err := db.Collection("evaluations").Indexes().CreateOne(ctx, mongo.IndexModel{Keys: bson.D{{Key: "entries.u", Value: 1}}})
	return err
}

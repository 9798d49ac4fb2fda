package migrations

import (
	"context"
	"encoding/json"
	"fmt"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
)

// mongoSums does what sqliteSums does. It looks at each release, as another server that
// started at once may have made some of the new shape already.
func mongoSums(ctx context.Context, db *mongo.Database) error {
	const shape = 4 // the first byte of a tally since then
	cursor, err := db.Collection("releases").Find(ctx, bson.D{})
	if err != nil {
		return err
	}
	defer cursor.Close(ctx)
	for cursor.Next(ctx) {
		var doc struct {
			ID   string `bson:"_id"`
			Body []byte `bson:"body"`
		}
		if err := cursor.Decode(&doc); err != nil {
			return err
		}
		var release struct {
			Totals []byte `json:"totals"`
		}
		if err := json.Unmarshal(doc.Body, &release); err == nil && len(release.Totals) > 0 && release.Totals[0] >= shape {
			continue
		}
		if _, err := db.Collection("releases").DeleteOne(ctx, bson.D{{Key: "_id", Value: doc.ID}}); err != nil {
			return fmt.Errorf("remove release %s: %w", doc.ID, err)
		}
	}
	return cursor.Err()
}

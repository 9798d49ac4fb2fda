package migrations

import (
	"context"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
)

// mongoErasedAgain does what sqliteErasedAgain does. An erasure that has no seal and is
// not done has removed nothing. Where two servers start at once, one may have sealed an
// erasure anew before the other is here: it is done once more.
func mongoErasedAgain(ctx context.Context, db *mongo.Database) error {
	_, err := db.Collection("erasures").UpdateMany(ctx,
		bson.D{{Key: "$or", Value: bson.A{bson.D{{Key: "done", Value: true}}, bson.D{{Key: "sealed", Value: true}}}}},
		bson.D{
			{Key: "$set", Value: bson.D{{Key: "earlier", Value: true}, {Key: "done", Value: false}, {Key: "sealed", Value: false}}},
			{Key: "$unset", Value: bson.D{{Key: "seal", Value: ""}}},
		})
	return err
}

package migrations

import (
	"context"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// mongoSessions lets the server remove sessions that have expired. Keys need no
// step: one without the fields expires and revoked has neither moment.
func mongoSessions(ctx context.Context, db *mongo.Database) error {
	_, err := db.Collection("sessions").Indexes().CreateOne(ctx, mongo.IndexModel{
		Keys: bson.D{{Key: "expires", Value: 1}}, Options: options.Index().SetExpireAfterSeconds(0),
	})
	return err
}

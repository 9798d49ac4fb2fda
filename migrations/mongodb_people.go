package migrations

import (
	"context"
	"encoding/json"
	"fmt"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// mongoPeople does what sqlitePeople does. It looks at each key, as another server that
// started at once may have brought some of them to the new shape already.
func mongoPeople(ctx context.Context, db *mongo.Database) error {
	_, err := db.Collection("people").Indexes().CreateOne(ctx, mongo.IndexModel{
		Keys: bson.D{{Key: "email", Value: 1}}, Options: options.Index().SetUnique(true),
	})
	if err != nil {
		return err
	}
	if _, err := db.Collection("sessions").Indexes().CreateOne(ctx, mongo.IndexModel{Keys: bson.D{{Key: "person", Value: 1}}}); err != nil {
		return err
	}
	if _, err := db.Collection("sessions").DeleteMany(ctx, bson.D{{Key: "person", Value: bson.D{{Key: "$exists", Value: false}}}}); err != nil {
		return err
	}
	cursor, err := db.Collection("keys").Find(ctx, bson.D{{Key: "grants", Value: bson.D{{Key: "$exists", Value: false}}}})
	if err != nil {
		return err
	}
	var keys []struct {
		Hash   []byte `bson:"_id"`
		ID     string `bson:"id"`
		Role   string `bson:"role"`
		Agency string `bson:"agency"`
	}
	if err := cursor.All(ctx, &keys); err != nil {
		return err
	}
	for _, k := range keys {
		type grant struct { // frozen: what a grant was when this step was written
			Role string `json:"role"`
			On   string `json:"on"`
		}
		on := "city"
		if k.Agency != "" {
			on = "agency:" + k.Agency
		}
		grants, err := json.Marshal([]grant{{k.Role, on}})
		if err != nil {
			return err
		}
		_, err = db.Collection("keys").UpdateByID(ctx, k.Hash, bson.D{
			{Key: "$set", Value: bson.D{{Key: "grants", Value: string(grants)}}},
			{Key: "$unset", Value: bson.D{{Key: "role", Value: ""}, {Key: "agency", Value: ""}}},
		})
		if err != nil {
			return fmt.Errorf("bring key %s to the new shape: %w", k.ID, err)
		}
	}
	return nil
}

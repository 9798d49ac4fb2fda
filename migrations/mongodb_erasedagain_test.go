package migrations

import (
	"testing"

	"go.mongodb.org/mongo-driver/bson"
)

func TestWhatEarlierProgramsErasedInMongoDBIsErasedAgain(t *testing.T) {
	t.Parallel()
	db := mongoDatabase(t)
	if err := runMongoDB(t.Context(), db, mongoSteps()[:5]); err != nil {
		t.Fatal(err)
	}
	for id, doc := range map[string]bson.D{
		"done":     {{Key: "done", Value: true}, {Key: "sealed", Value: true}, {Key: "seal", Value: `{"units":[{"cells":{}}]}`}},
		"sealed":   {{Key: "done", Value: false}, {Key: "sealed", Value: true}, {Key: "seal", Value: `{}`}},
		"unsealed": {{Key: "done", Value: true}, {Key: "sealed", Value: false}},
		"begun":    {{Key: "done", Value: false}, {Key: "sealed", Value: false}},
	} {
		if _, err := db.Collection("erasures").InsertOne(t.Context(), append(bson.D{{Key: "_id", Value: id}, {Key: "body", Value: `{}`}}, doc...)); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // another server may do the same
		if err := runMongoDB(t.Context(), db, mongoSteps()[:6]); err != nil {
			t.Fatal(err)
		}
		cursor, err := db.Collection("erasures").Find(t.Context(), bson.D{})
		if err != nil {
			t.Fatal(err)
		}
		var list []struct {
			ID      string `bson:"_id"`
			Body    string `bson:"body"`
			Seal    string `bson:"seal"`
			Done    bool   `bson:"done"`
			Sealed  bool   `bson:"sealed"`
			Earlier bool   `bson:"earlier"`
		}
		if err := cursor.All(t.Context(), &list); err != nil || len(list) != 4 {
			t.Fatal(list, err)
		}
		for _, e := range list {
			if e.Body != "{}" || e.Seal != "" || e.Done || e.Sealed || e.Earlier != (e.ID != "begun") {
				t.Errorf("%+v, want it to be erased again if anything was removed", e)
			}
		}
	}
}

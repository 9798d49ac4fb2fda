package migrations

import (
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/bson"
)

func TestReleasesOfOlderTalliesAreRemovedFromMongoDB(t *testing.T) {
	t.Parallel()
	db := mongoDatabase(t)
	if err := runMongoDB(t.Context(), db, mongoSteps()[:3]); err != nil {
		t.Fatal(err)
	}
	for id, body := range map[string]string{
		"old": `{"totals":"AgdzcGFr"}`, "new": `{"totals":"BAdzcGFr"}`, "none": `{}`, "damaged": `{`, // 2, 4
	} {
		if _, err := db.Collection("releases").InsertOne(t.Context(), bson.D{{Key: "_id", Value: id}, {Key: "body", Value: []byte(body)}}); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // another server may do the same
		if err := runMongoDB(t.Context(), db, mongoSteps()[:4]); err != nil {
			t.Fatal(err)
		}
	}
	if got := documents(t, db, "releases"); strings.Count(got, "\n") != 1 || !strings.Contains(got, `"new"`) {
		t.Errorf("left are %s, want the new one", got)
	}
}

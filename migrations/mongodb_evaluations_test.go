package migrations

import (
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/bson"
)

func TestMongoDBFindsEntriesOfAUnitAndLeavesEarlierOnesAlone(t *testing.T) {
	t.Parallel()
	db := mongoDatabase(t)
	const step = 6
	if err := runMongoDB(t.Context(), db, mongoSteps()[:step]); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Collection("evaluations").InsertOne(t.Context(), bson.D{{Key: "_id", Value: "p/u/1"}, {Key: "entry", Value: "{}"}}); err != nil {
		t.Fatal(err)
	}
	before, shape := documents(t, db, "evaluations"), indexes(t, db)
	if err := runMongoDB(t.Context(), db, mongoSteps()[:step+1]); err != nil {
		t.Fatal(err)
	}
	if after := documents(t, db, "evaluations"); after != before {
		t.Errorf("an entry became %s, it was %s", after, before)
	}
	const index = "evaluations entries.u_1 {\"entries.u\":1}\n"
	if after := indexes(t, db); strings.Count(after, index) != 1 || strings.Replace(after, index, "", 1) != shape {
		t.Errorf("the indexes are\n%swere\n%s", after, shape)
	}
}

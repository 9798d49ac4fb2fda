package migrations

import (
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/bson"
)

func TestKeysInMongoDBKeepWhatTheyWereGrantedAndTheirSessionsEnd(t *testing.T) {
	t.Parallel()
	db := mongoDatabase(t)
	if err := runMongoDB(t.Context(), db, mongoSteps()[:4]); err != nil {
		t.Fatal(err)
	}
	insert := func(of string, doc bson.D) {
		t.Helper()
		if _, err := db.Collection(of).InsertOne(t.Context(), doc); err != nil {
			t.Fatal(err)
		}
	}
	insert("keys", bson.D{{Key: "_id", Value: []byte{1}}, {Key: "id", Value: "k1"}, {Key: "role", Value: "evaluator"}, {Key: "agency", Value: ""}})
	insert("keys", bson.D{{Key: "_id", Value: []byte{2}}, {Key: "id", Value: "k2"}, {Key: "role", Value: "manager"}, {Key: "agency", Value: "dinkes"}})
	insert("sessions", bson.D{{Key: "_id", Value: []byte{3}}, {Key: "key", Value: "k1"}})
	for range 2 { // another server may do the same
		if err := mongoPeople(t.Context(), db); err != nil {
			t.Fatal(err)
		}
	}
	got := documents(t, db, "keys")
	for _, want := range []string{`[{\"role\":\"evaluator\",\"on\":\"city\"}]`, `[{\"role\":\"manager\",\"on\":\"agency:dinkes\"}]`} {
		if !strings.Contains(got, want) || strings.Contains(got, `"agency":`) {
			t.Errorf("want %s among\n%s", want, got)
		}
	}
	if left := documents(t, db, "sessions"); left != "" {
		t.Errorf("sessions are left: %s", left)
	}
	if want := `people email_1 {"email":1} unique`; !strings.Contains(indexes(t, db), want) {
		t.Errorf("want the index %s among\n%s", want, indexes(t, db))
	}
}

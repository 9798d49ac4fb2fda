package mongodb

import (
	"context"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/bson"

	"persepsi/analytics"
	"persepsi/internal/storetest"
)

// testURI gives the server that the environment names, with a database of the
// test's own.
func testURI(t testing.TB) string {
	t.Helper()
	uri := os.Getenv("PERSEPSI_TEST_MONGODB_URI")
	if uri == "" {
		t.Skip("PERSEPSI_TEST_MONGODB_URI is not set: the MongoDB store is not tested here")
	}
	u, err := url.Parse(uri)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/persepsi_test_" + strings.ReplaceAll(uuid.NewString(), "-", "")[:12]
	return u.String()
}

func open(t testing.TB, uri string) *DB {
	t.Helper()
	db, err := Open(t.Context(), uri, storetest.Library(t))
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// database gives the URI of an empty database that goes with the test.
func database(t testing.TB) string {
	t.Helper()
	uri := testURI(t)
	db := open(t, uri)
	t.Cleanup(func() {
		if err := db.client.Database(db.name).Drop(context.Background()); err != nil {
			t.Errorf("drop the database: %v", err)
		}
		_ = db.Close()
	})
	return uri
}

func TestContract(t *testing.T) {
	t.Parallel()
	testURI(t) // skips once, not for every case
	storetest.Run(t, storetest.Engine{
		New: func(t *testing.T) func() storetest.Store {
			uri := database(t)
			return func() storetest.Store { return open(t, uri) }
		},
		Spoil: func(t *testing.T, s storetest.Store, k analytics.Key) {
			t.Helper()
			db, ok := s.(*DB)
			if !ok {
				t.Fatalf("store is a %T", s)
			}
			result, err := db.tallies.UpdateByID(t.Context(), tallyID(k), bson.D{{Key: "$set", Value: bson.D{{Key: "tally", Value: []byte{1, 2}}, {Key: "n", Value: 1}}}})
			if err != nil || result.MatchedCount != 1 {
				t.Fatalf("spoil %+v: %v", k, err)
			}
		},
	})
}

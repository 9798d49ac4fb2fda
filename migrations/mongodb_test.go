package migrations

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// mongoDatabases returns n clients' views of one empty database that goes with
// the test.
func mongoDatabases(t *testing.T, n int) []*mongo.Database {
	t.Helper()
	uri := os.Getenv("PERSEPSI_TEST_MONGODB_URI")
	if uri == "" {
		t.Skip("PERSEPSI_TEST_MONGODB_URI is not set: the migrations of MongoDB are not tested here")
	}
	name := "persepsi_test_" + strings.ReplaceAll(uuid.NewString(), "-", "")[:12]
	out := make([]*mongo.Database, n)
	for i := range out {
		client, err := mongo.Connect(t.Context(), options.Client().ApplyURI(uri))
		if err != nil {
			t.Fatal(err)
		}
		out[i] = client.Database(name)
		t.Cleanup(func() {
			// Whoever drops last drops nothing more.
			if err := out[i].Drop(context.Background()); err != nil {
				t.Errorf("drop the database: %v", err)
			}
			_ = client.Disconnect(context.Background())
		})
	}
	return out
}

func mongoDatabase(t *testing.T) *mongo.Database {
	t.Helper()
	return mongoDatabases(t, 1)[0]
}

// documents returns a collection as sorted lines of extended JSON.
func documents(t *testing.T, db *mongo.Database, collection string) string {
	t.Helper()
	cursor, err := db.Collection(collection).Find(t.Context(), bson.D{}, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		t.Fatal(err)
	}
	var rows []bson.D
	if err := cursor.All(t.Context(), &rows); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, row := range rows {
		text, err := bson.MarshalExtJSON(row, false, false)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "%s\n", text)
	}
	return out.String()
}

// indexes returns the indexes of every collection but the ledger, by name, keys
// and what else makes them what they are.
func indexes(t *testing.T, db *mongo.Database) string {
	t.Helper()
	names, err := db.ListCollectionNames(t.Context(), bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	var out strings.Builder
	for _, name := range names {
		if name == "migrations" {
			continue
		}
		specs, err := db.Collection(name).Indexes().ListSpecifications(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(specs, func(a, b *mongo.IndexSpecification) int { return strings.Compare(a.Name, b.Name) })
		for _, s := range specs {
			keys, err := bson.MarshalExtJSON(s.KeysDocument, false, false)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&out, "%s %s %s", name, s.Name, keys)
			if s.Unique != nil && *s.Unique {
				out.WriteString(" unique")
			}
			if s.ExpireAfterSeconds != nil {
				fmt.Fprintf(&out, " expires after %d s", *s.ExpireAfterSeconds)
			}
			out.WriteString("\n")
		}
	}
	return out.String()
}

func TestAFreshMongoDBStoreGetsEveryStepAndKeepsThem(t *testing.T) {
	t.Parallel()
	db := mongoDatabase(t)
	if err := MongoDB(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	ledger, shape := documents(t, db, "migrations"), indexes(t, db)
	for i, s := range mongoSteps() {
		if !strings.Contains(ledger, fmt.Sprintf(`{"_id":%d,"name":%q,"at":`, i+1, s.name)) {
			t.Errorf("step %d (%s) is not in the ledger: %s", i+1, s.name, ledger)
		}
	}
	if err := MongoDB(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	if after := documents(t, db, "migrations"); after != ledger {
		t.Errorf("running again changed the ledger from\n%s\nto\n%s", ledger, after)
	}
	if after := indexes(t, db); after != shape {
		t.Errorf("running again changed the indexes from\n%s\nto\n%s", shape, after)
	}
}

func TestTheFirstMongoDBShapeIsFrozen(t *testing.T) {
	t.Parallel()
	db := mongoDatabase(t)
	if got := indexes(t, db); got != "" {
		t.Fatalf("an empty database has %s", got)
	}
	before := bson.D{{Key: "_id", Value: "0197"}, {Key: "bucket", Value: "2026-s1/loket"}, {Key: "w", Value: 1}, {Key: "q", Value: 1}}
	if _, err := db.Collection("responses").InsertOne(t.Context(), before); err != nil {
		t.Fatal(err)
	}
	stored := documents(t, db, "responses")
	if err := runMongoDB(t.Context(), db, mongoSteps()[:1]); err != nil {
		t.Fatal(err)
	}
	golden(t, "mongodb1.txt", indexes(t, db))
	if after := documents(t, db, "responses"); after != stored {
		t.Errorf("the step changed a response from %s to %s", stored, after)
	}
}

// TestAMongoDBStepThatFailsIsDoneAgain: MongoDB has no transaction here, so a
// step is what may be done again, and the ledger names none that failed.
func TestAMongoDBStepThatFailsIsDoneAgain(t *testing.T) {
	t.Parallel()
	db := mongoDatabase(t)
	trouble := errors.New("the line was cut")
	var fails bool
	steps := []mongoStep{
		{"one note", func(ctx context.Context, db *mongo.Database) error {
			_, err := db.Collection("notes").InsertOne(ctx, bson.D{{Key: "_id", Value: "satu"}})
			return err
		}},
		{"two more", func(ctx context.Context, db *mongo.Database) error {
			for _, id := range []string{"dua", "tiga"} {
				set := bson.D{{Key: "$setOnInsert", Value: bson.D{{Key: "n", Value: 1}}}}
				if _, err := db.Collection("notes").UpdateByID(ctx, id, set, options.Update().SetUpsert(true)); err != nil {
					return err
				}
				if fails {
					return trouble
				}
			}
			return nil
		}},
	}
	if err := runMongoDB(t.Context(), db, steps[:1]); err != nil {
		t.Fatal(err)
	}
	ledger := documents(t, db, "migrations")
	fails = true
	err := runMongoDB(t.Context(), db, steps)
	if !errors.Is(err, trouble) || !strings.Contains(err.Error(), "migration 2 (two more)") {
		t.Errorf("err = %v, want the step named", err)
	}
	if after := documents(t, db, "migrations"); after != ledger {
		t.Errorf("the ledger was\n%s\nand is\n%s", ledger, after)
	}
	fails = false
	if err := runMongoDB(t.Context(), db, steps); err != nil {
		t.Fatal(err)
	}
	if got, want := documents(t, db, "notes"), `{"_id":"dua","n":1}`+"\n"+`{"_id":"satu"}`+"\n"+`{"_id":"tiga","n":1}`+"\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestANewerMongoDBStoreIsRefusedUntouched(t *testing.T) {
	t.Parallel()
	db := mongoDatabase(t)
	if _, err := db.Collection("migrations").InsertOne(t.Context(), bson.D{{Key: "_id", Value: 99}, {Key: "name", Value: "a shape of the future"}}); err != nil {
		t.Fatal(err)
	}
	newerRefused(t, MongoDB(t.Context(), db))
	if got := indexes(t, db); got != "" {
		t.Errorf("the store got %s", got)
	}
	if got := strings.Count(documents(t, db, "migrations"), "\n"); got != 1 {
		t.Errorf("the ledger has %d lines, want its one", got)
	}
}

func TestMongoDBStoresMayBeMigratedAtOnce(t *testing.T) {
	t.Parallel()
	for _, db := range [][]*mongo.Database{mongoDatabases(t, 8), mongoDatabases(t, 8), mongoDatabases(t, 8)} {
		var all sync.WaitGroup
		for _, view := range db {
			all.Go(func() {
				if err := MongoDB(t.Context(), view); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if got := strings.Count(documents(t, db[0], "migrations"), "\n"); got != len(mongoSteps()) {
			t.Errorf("the ledger has %d lines, want %d", got, len(mongoSteps()))
		}
	}
}

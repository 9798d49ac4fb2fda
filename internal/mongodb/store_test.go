package mongodb

import (
	"bytes"
	"testing"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"

	"persepsi/analytics"
	"persepsi/internal/storetest"
	"persepsi/internal/testkit"
	"persepsi/survey"
)

func open(t testing.TB, uri string) *DB {
	t.Helper()
	db, err := Open(t.Context(), uri)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func TestContract(t *testing.T) {
	t.Parallel()
	testkit.MongoDB(t) // skips once, not for every case
	storetest.Run(t, storetest.Engine{
		New: func(t *testing.T) func() storetest.Store {
			uri := testkit.MongoDB(t)
			return func() storetest.Store { return open(t, uri) }
		},
		Dump: func(t *testing.T, s storetest.Store) (out []storetest.StoredValue) {
			t.Helper()
			db := s.(*DB).responses.Database()
			names, err := db.ListCollectionNames(t.Context(), bson.D{})
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range names {
				cursor, err := db.Collection(name).Find(t.Context(), bson.D{})
				if err != nil {
					t.Fatal(err)
				}
				for cursor.Next(t.Context()) {
					values(name, cursor.Current, &out)
				}
				if err := cursor.Close(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			return out
		},
		Earlier: func(t *testing.T, s storetest.Store) {
			t.Helper()
			if _, err := s.(*DB).erasures.UpdateMany(t.Context(), bson.D{}, bson.D{
				{Key: "$set", Value: bson.D{{Key: "earlier", Value: true}, {Key: "done", Value: false}, {Key: "sealed", Value: false}}},
				{Key: "$unset", Value: bson.D{{Key: "seal", Value: ""}}},
			}); err != nil {
				t.Fatal(err)
			}
		},
		Spoil: func(t *testing.T, s storetest.Store, k analytics.Key, tally []byte) {
			t.Helper()
			db, ok := s.(*DB)
			if !ok {
				t.Fatalf("store is a %T", s)
			}
			if tally == nil {
				if result, err := db.tallies.DeleteOne(t.Context(), bson.D{{Key: "_id", Value: tallyID(k)}}); err != nil || result.DeletedCount != 1 {
					t.Fatalf("remove %+v: %v", k, err)
				}
				return
			}
			result, err := db.tallies.UpdateByID(t.Context(), tallyID(k), bson.D{{Key: "$set", Value: bson.D{{Key: "tally", Value: tally}}}})
			if err != nil || result.MatchedCount != 1 {
				t.Fatalf("spoil %+v: %v", k, err)
			}
		},
		SpoilAnswers: func(t *testing.T, s storetest.Store, id uuid.UUID, answers survey.Marks) {
			t.Helper()
			db, ok := s.(*DB)
			if !ok {
				t.Fatalf("store is a %T", s)
			}
			name := primitive.Binary{Subtype: bson.TypeBinaryUUID, Data: id[:]}
			if answers == "" {
				if result, err := db.responses.DeleteOne(t.Context(), bson.D{{Key: "_id", Value: name}}); err != nil || result.DeletedCount != 1 {
					t.Fatalf("remove answer %s: %v", id, err)
				}
				return
			}
			result, err := db.responses.UpdateByID(t.Context(), name, bson.D{{Key: "$set", Value: bson.D{{Key: "answers", Value: string(answers)}}}})
			if err != nil || result.ModifiedCount != 1 {
				t.Fatalf("spoil answer %s: %v", id, err)
			}
		},
		SpoilAudit: func(t *testing.T, s storetest.Store, serial int64, text string) {
			t.Helper()
			db, ok := s.(*DB)
			if !ok {
				t.Fatalf("store is a %T", s)
			}
			if text == "" {
				if result, err := db.audit.DeleteOne(t.Context(), bson.D{{Key: "_id", Value: serial}}); err != nil || result.DeletedCount != 1 {
					t.Fatalf("remove entry %d: %v", serial, err)
				}
				return
			}
			result, err := db.audit.UpdateByID(t.Context(), serial, bson.D{{Key: "$set", Value: bson.D{{Key: "entry", Value: text}}}})
			if err != nil || result.MatchedCount != 1 {
				t.Fatalf("spoil entry %d: %v", serial, err)
			}
		},
	})
}

// values adds every text and every run of bytes of a document.
func values(in string, doc bson.Raw, out *[]storetest.StoredValue) {
	elements, _ := doc.Elements()
	for _, e := range elements {
		v := e.Value()
		if text, ok := v.StringValueOK(); ok {
			*out = append(*out, storetest.StoredValue{In: in, Value: []byte(text)})
		} else if _, data, ok := v.BinaryOK(); ok {
			*out = append(*out, storetest.StoredValue{In: in, Value: bytes.Clone(data)})
		} else if inner, ok := v.DocumentOK(); ok {
			values(in, inner, out)
		} else if list, ok := v.ArrayOK(); ok {
			values(in, list, out)
		}
	}
}

package testkit

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// MongoDBServer returns the server that PERSEPSI_TEST_MONGODB_URI names. Without
// one the test is skipped with one clear line.
func MongoDBServer(t testing.TB) string {
	t.Helper()
	uri := os.Getenv("PERSEPSI_TEST_MONGODB_URI")
	if uri == "" {
		t.Skip("PERSEPSI_TEST_MONGODB_URI is not set: MongoDB is not tested here")
	}
	return uri
}

// MongoDB returns the URI of an empty database on that server; the database goes
// with the test.
func MongoDB(t testing.TB) string {
	t.Helper()
	uri, drop, err := NewMongoDB(MongoDBServer(t))
	check(t, err)
	t.Cleanup(func() {
		if err := drop(); err != nil {
			t.Error(err)
		}
	})
	return uri
}

// NewMongoDB returns the URI of a database on a server that nobody has used yet,
// and how to drop it.
func NewMongoDB(server string) (uri string, drop func() error, err error) {
	u, err := url.Parse(server)
	if err != nil {
		return "", nil, fmt.Errorf("PERSEPSI_TEST_MONGODB_URI: %w", err)
	}
	name := "persepsi_test_" + strings.ReplaceAll(uuid.NewString(), "-", "")[:12]
	u.Path = "/" + name
	return u.String(), func() error {
		// A test's own context has ended by now.
		ctx := context.Background()
		c, err := mongo.Connect(ctx, options.Client().ApplyURI(u.String()))
		if err == nil {
			err = c.Database(name).Drop(ctx)
			_ = c.Disconnect(ctx)
		}
		if err != nil {
			return fmt.Errorf("drop database %s: %w", name, err)
		}
		return nil
	}, nil
}

// NewerMongoDB makes a database one that a newer program has migrated.
func NewerMongoDB(t testing.TB, uri string) {
	t.Helper()
	ctx := context.Background()
	u, err := url.Parse(uri)
	check(t, err)
	c, err := mongo.Connect(ctx, options.Client().ApplyURI(uri))
	check(t, err)
	_, err = c.Database(strings.TrimPrefix(u.Path, "/")).Collection("migrations").InsertOne(ctx, bson.D{{Key: "_id", Value: 999}})
	check(t, errors.Join(err, c.Disconnect(ctx)))
}

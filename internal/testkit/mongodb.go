package testkit

import (
	"context"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// MongoDB gives the URI of an empty database on the server that
// PERSEPSI_TEST_MONGODB_URI names; the database goes with the test. Without a
// server the test is skipped with one clear line.
func MongoDB(t testing.TB) string {
	t.Helper()
	uri := os.Getenv("PERSEPSI_TEST_MONGODB_URI")
	if uri == "" {
		t.Skip("PERSEPSI_TEST_MONGODB_URI is not set: MongoDB is not tested here")
	}
	u, err := url.Parse(uri)
	check(t, err)
	name := "persepsi_test_" + strings.ReplaceAll(uuid.NewString(), "-", "")[:12]
	u.Path = "/" + name
	t.Cleanup(func() {
		// The test's own context has ended by now.
		ctx := context.Background()
		c, err := mongo.Connect(ctx, options.Client().ApplyURI(u.String()))
		if err == nil {
			err = c.Database(name).Drop(ctx)
			_ = c.Disconnect(ctx)
		}
		if err != nil {
			t.Errorf("drop the database: %v", err)
		}
	})
	return u.String()
}

package mongodb

import (
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

// Whoever finds a secret for the first bytes of a digest has not found the secret.
func TestAStoredHashThatIsCutOpensNothing(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db := open(t, testkit.MongoDB(t))
	session, _ := access.NewSession("siti", "", false, time.Now())
	for _, n := range []int{31, 0, 33} {
		hash := append(session.Hash[:], 0)[:n]
		if _, err := db.sessions.InsertOne(ctx, sessionDoc{Hash: hash, Person: "siti", At: session.At, Seen: session.Seen, Expires: session.Expires}); err != nil {
			t.Fatal(err)
		}
		if _, err := db.keys.InsertOne(ctx, keyDoc{Hash: hash, ID: "k", Grants: "[]"}); err != nil {
			t.Fatal(err)
		}
		if keys, err := db.Keys(ctx); err == nil {
			t.Errorf("%d bytes: a key is read as %v", n, keys)
		}
		if list, err := db.SessionsOf(ctx, "siti"); err == nil {
			t.Errorf("%d bytes: a session is read as %v", n, list)
		}
		if s, err := db.SessionByHash(ctx, session.Hash); s != nil || err != nil {
			t.Errorf("%d bytes: the whole hash finds %v, err = %v", n, s, err)
		}
		if _, err := db.sessions.DeleteMany(ctx, bson.D{}); err != nil {
			t.Fatal(err)
		}
		if _, err := db.keys.DeleteMany(ctx, bson.D{}); err != nil {
			t.Fatal(err)
		}
	}
}

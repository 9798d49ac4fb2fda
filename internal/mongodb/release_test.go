package mongodb

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/event"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"persepsi/internal/projection"
	"persepsi/internal/storetest"
	"persepsi/internal/testkit"
)

// A server looks for releases where their revision has grown: whoever stores one and dies
// before it could say so must not leave the others with the release before it.
func TestAReleaseIsToldOfWhereItsWriterDies(t *testing.T) {
	t.Parallel()
	uri := testkit.MongoDB(t)
	witness := open(t, uri)
	defer witness.Close()
	now := time.Now()
	witness.now = func() time.Time { return now }
	p := projection.New(witness, storetest.Library(t))
	// The process stops at its first command, at its second, and so on.
	var left, at atomic.Int64
	var stop context.CancelFunc
	client, err := mongo.Connect(t.Context(), options.Client().ApplyURI(uri).SetMonitor(&event.CommandMonitor{Started: func(_ context.Context, e *event.CommandStartedEvent) {
		if at.Add(1) == left.Load() {
			stop()
		}
	}}))
	if err != nil {
		t.Fatal(err)
	}
	db := newDB(client, witness.name)
	defer db.Close()
	db.started.Store(true)
	revision := func() int64 {
		t.Helper()
		all, err := witness.Revisions(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return all[projection.AllReleases]
	}
	settle := func() {
		t.Helper()
		for range 2 {
			if _, err := p.Settle(t.Context()); err != nil {
				t.Fatal(err)
			}
			now = now.Add(2 * witness.pace.patience)
		}
	}
	settle()
	serial, untold := 1, 0
	for n := int64(1); n < 20; n++ {
		var ctx context.Context
		ctx, stop = context.WithCancel(t.Context())
		left.Store(n)
		at.Store(0)
		before := revision()
		err := db.PutRelease(ctx, projection.StoredRelease{Period: "p", Unit: "u", Serial: serial, Checksum: "x", Body: []byte("{}")})
		stop()
		newest, failed := witness.NewestReleases(t.Context(), "p")
		if failed != nil {
			t.Fatal(failed)
		}
		if newest["u"] == serial {
			if revision() == before {
				untold++
			}
			if settle(); revision() == before {
				t.Errorf("after %d commands a release is there that nobody is told of", n)
			}
			serial++
		} else if err == nil {
			t.Errorf("after %d commands it says that it is stored", n)
		}
		if settle(); at.Load() < n {
			break // it came to its end
		}
	}
	if untold == 0 {
		t.Error("the process never died between the release and its revision")
	}
	if conflict := witness.PutRelease(t.Context(), projection.StoredRelease{Period: "p", Unit: "u", Serial: serial + 7, Checksum: "x", Body: []byte("{}")}); conflict == nil || !strings.Contains(conflict.Error(), "release") {
		t.Errorf("err = %v", conflict)
	}
	if n, err := witness.stale.CountDocuments(t.Context(), bson.D{}); n != 0 || err != nil {
		t.Errorf("%d markers are left, err = %v", n, err)
	}
}

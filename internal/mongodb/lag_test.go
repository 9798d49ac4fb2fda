package mongodb

import (
	"context"
	"errors"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"persepsi/analytics"
	"persepsi/internal/projection"
	"persepsi/internal/storetest"
	"persepsi/internal/testkit"
)

// anew takes what a process noted, and returns how many buckets it is to count
// anew.
func anew(t *testing.T, db *DB) int {
	t.Helper()
	b := &projection.Batch{Fresh: map[analytics.Key]projection.Delta{}, Anew: map[analytics.Key]bool{}}
	if _, err := db.Take(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Save(t.Context(), b, nil); err != nil {
		t.Fatal(err)
	}
	return len(b.Anew)
}

func TestABucketIsCountedAnewOnlyWhileItsMarkerStays(t *testing.T) {
	t.Parallel()
	uri := testkit.MongoDB(t)
	a, b := open(t, uri), open(t, uri)
	defer a.Close() // nothing is left to be written
	defer b.Close()
	now := time.Now()
	a.now = func() time.Time { return now }
	if n := anew(t, a); n != 0 {
		t.Fatalf("%d buckets of an empty store are to be counted anew", n)
	}
	if _, err := b.Append(t.Context(), storetest.NewMaker(t, 1).Batch(1)); err != nil {
		t.Fatal(err)
	}
	if n := anew(t, a); n != 0 {
		t.Errorf("%d buckets are counted anew before their writer had time to", n)
	}
	now = now.Add(2 * a.pace.patience)
	if n := anew(t, a); n != 1 {
		t.Errorf("%d buckets are counted anew whose writer seems dead, want 1", n)
	}
	if _, err := storetest.Project(t, b).Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	now = now.Add(4 * a.pace.patience)
	if n := anew(t, a); n != 0 {
		t.Errorf("%d buckets are counted anew whose writer is done", n)
	}
}

// A batch whose outcome got lost is looked at again for a while; then its
// markers are deleted, by the process that made them too.
func TestMarkersOfABatchInDoubtGoInTheEnd(t *testing.T) {
	t.Parallel()
	db := open(t, testkit.MongoDB(t))
	defer db.Close() // nothing is left to be written
	now := time.Now()
	db.now = func() time.Time { return now }
	batch := storetest.NewMaker(t, 2).Batch(1)
	if _, err := db.mark(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	db.pending.setUncertain(batch, now.Add(db.pace.watch))
	for range 10 {
		if n := anew(t, db); n != 1 {
			t.Fatalf("%d buckets are counted anew, want the one in doubt", n)
		}
		left, err := db.stale.CountDocuments(t.Context(), bson.D{})
		if err != nil {
			t.Fatal(err)
		}
		if left == 0 {
			if len(db.lag.watched) > 0 {
				t.Error("it is watched on")
			}
			return
		}
		for _, m := range db.lag.watched {
			now = m.next
		}
	}
	t.Error("the marker stays for ever")
}

// silent is a store whose first Save writes all documents and then fails, before
// anybody is told.
type silent struct {
	*DB
	failed bool
}

var errSilent = errors.New("the reply got lost")

func (s *silent) Save(ctx context.Context, b *projection.Batch, puts []projection.Put) ([]analytics.Key, error) {
	if s.failed {
		return s.DB.Save(ctx, b, puts)
	}
	s.failed = true
	if left, err := s.replace(ctx, puts); err != nil || len(left) > 0 {
		return left, err
	}
	return nil, errSilent
}

func TestOthersAreToldOfWhatASaveWroteThatFailed(t *testing.T) {
	t.Parallel()
	db := open(t, testkit.MongoDB(t))
	defer db.Close() // nothing is left to be written
	if _, err := db.Append(t.Context(), storetest.NewMaker(t, 3).Batch(1)); err != nil {
		t.Fatal(err)
	}
	p := projection.New(&silent{DB: db}, storetest.Library(t))
	if _, err := p.Settle(t.Context()); !errors.Is(err, errSilent) {
		t.Fatalf("err = %v", err)
	}
	if n, err := p.Settle(t.Context()); n != 0 || err != nil {
		t.Errorf("%d buckets were written again, err = %v", n, err)
	}
	if all, err := db.Revisions(t.Context()); err != nil || len(all) != 1 {
		t.Errorf("revisions %v, err = %v: others don't know of the documents", all, err)
	}
}

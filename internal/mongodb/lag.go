package mongodb

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"golang.org/x/sync/semaphore"

	"persepsi/analytics"
	"persepsi/internal/projection"
	"persepsi/survey"
)

// lag is what this process knows of the tallies from batch to batch; all of it
// belongs to whoever holds the lock.
type lag struct {
	lock *semaphore.Weighted
	// made are the Made of the day tallies that this process counted or saw to
	// be what it counted: in one that still has it, nobody else has counted what
	// this process stored since.
	made map[analytics.Key]int64
	// watched are the markers of others, and of our own batches in doubt.
	watched map[primitive.ObjectID]*watchedMarker
	started bool
}

func newLag() lag {
	return lag{lock: semaphore.NewWeighted(1), made: map[analytics.Key]int64{}, watched: map[primitive.ObjectID]*watchedMarker{}}
}

// mostMade bounds what is kept; a bucket of which nothing is known is counted
// anew.
const mostMade = 5000

// watchedMarker is a marker whose writer may be dead.
type watchedMarker struct {
	key         analytics.Key
	own         bool // of a batch of this process whose outcome is in doubt
	undo        int  // an import that is to be taken out; 0: none
	since, next time.Time
	pause       time.Duration
}

// batchMarkers is the note of which markers a batch covers.
type batchMarkers struct {
	// marks are the dirty markers of this process's buckets.
	marks map[analytics.Key]*mark
	// upTo is this process's last number whose outcome was known.
	upTo int64
	// done are markers to delete when all is stored.
	done []primitive.ObjectID
	// periods are the periods whose revision must grow even where no document changed.
	periods map[string]bool
}

// Take takes over what Append noted since the last time, and looks at the
// markers of other processes; see projection.Store.
func (db *DB) Take(ctx context.Context, b *projection.Batch) (more bool, err error) {
	if err := db.begun(); err != nil {
		return false, err
	}
	if err := db.lag.lock.Acquire(ctx, 1); err != nil {
		return false, fault("settle", err)
	}
	defer db.lag.lock.Release(1)
	t, err := db.collect(ctx)
	if err != nil {
		return false, err
	}
	b.Mark = t
	if err := db.watch(ctx, t, b.Anew); err != nil {
		return false, err
	}
	db.lag.started = true
	for key, m := range t.marks {
		made, known := db.lag.made[key]
		if !known || m.recount {
			b.Anew[key] = true
		} else if err := b.Add(key, made, m.rows); err != nil {
			return false, err
		}
	}
	return false, nil
}

// collect takes over what Append noted.
func (db *DB) collect(ctx context.Context) (*batchMarkers, error) {
	if err := db.pending.lock.Acquire(ctx, 1); err != nil {
		return nil, fault("settle", err)
	}
	defer db.pending.lock.Release(1)
	t := &batchMarkers{marks: db.pending.marks, upTo: db.pending.number, periods: map[string]bool{}}
	db.pending.marks, db.pending.rows = map[analytics.Key]*mark{}, 0
	for key := range db.pending.recounts {
		m := t.marks[key]
		if m == nil {
			m = &mark{at: time.Time{}}
			t.marks[key] = m
		}
		m.recount = true
	}
	clear(db.pending.recounts)
	for _, m := range t.marks {
		t.done = append(t.done, m.ids...)
	}
	now := db.now()
	for id, key := range db.pending.orphans {
		db.lag.watched[id] = &watchedMarker{key: key, own: true, since: now, next: now, pause: db.pace.patience}
	}
	clear(db.pending.orphans)
	for key, until := range db.pending.uncertain {
		if now.After(until) {
			delete(db.pending.uncertain, key)
		}
	}
	return t, nil
}

// Release leaves a batch to the next Take, which has its buckets counted anew:
// what of it was saved is not known.
func (db *DB) Release(b *projection.Batch) {
	if err := db.pending.lock.Acquire(context.Background(), 1); err != nil {
		return // never: the context has no end
	}
	defer db.pending.lock.Release(1)
	for key := range b.Anew {
		db.pending.recounts[key] = true
	}
	t, ok := b.Mark.(*batchMarkers)
	if !ok {
		return
	}
	for key, old := range t.marks {
		db.pending.recounts[key] = true
		if len(old.ids) == 0 {
			continue
		}
		m := db.pending.marks[key]
		if m == nil {
			m = &mark{at: old.at}
			db.pending.marks[key] = m
		}
		m.ids = append(m.ids, old.ids...)
		db.pending.forgetRows(m)
	}
}

// watch looks at the markers of other processes. Those of living ones vanish
// by themselves; a bucket whose marker stays is counted anew, at once when
// this process starts, else after some patience, and then again and again for
// a while: a dead process's last batch may be applied late.
func (db *DB) watch(ctx context.Context, t *batchMarkers, anew map[analytics.Key]bool) error {
	const action = "read markers"
	cursor, err := db.stale.Find(ctx, bson.D{{Key: "w", Value: bson.D{{Key: "$ne", Value: db.writer}}}})
	if err != nil {
		return fault(action, err)
	}
	var rows []struct {
		ID     primitive.ObjectID `bson:"_id"`
		Period string             `bson:"period"`
		Bucket string             `bson:"bucket"`
		Undo   int                `bson:"undo"`
	}
	if err := cursor.All(ctx, &rows); err != nil {
		return fault(action, err)
	}
	now := db.now()
	there := make(map[primitive.ObjectID]bool, len(rows))
	for _, r := range rows {
		there[r.ID] = true
		if db.lag.watched[r.ID] != nil {
			continue
		}
		next := now.Add(db.pace.patience)
		if !db.lag.started {
			next = now
		}
		key := analytics.Key{Period: r.Period}
		if r.Bucket != "" {
			if key, err = parseBucket(r.Bucket); err != nil {
				return fmt.Errorf("%s: %w", action, err)
			}
		}
		db.lag.watched[r.ID] = &watchedMarker{key: key, undo: r.Undo, since: now, next: next, pause: db.pace.patience}
	}
	for id, m := range db.lag.watched {
		if !m.own && !there[id] { // its writer is done, or who watched it as long as it takes
			delete(db.lag.watched, id)
			continue
		}
		if now.Before(m.next) {
			continue
		}
		t.periods[m.key.Period] = true
		if m.undo != 0 { // its buckets come with the next Take
			if err := db.takeOut(ctx, m.undo); err != nil {
				return err
			}
		}
		if m.key.Unit != "" {
			anew[m.key] = true
		}
		m.pause *= 2
		m.next = now.Add(m.pause)
		if m.key.Unit == "" && m.undo == 0 || now.Sub(m.since) >= db.pace.watch {
			t.done = append(t.done, id)
			delete(db.lag.watched, id)
		}
	}
	return nil
}

// Count counts buckets anew; see projection.Store. Of this process's own
// responses only those up to the batch's number are counted: the later ones are
// on their way.
func (db *DB) Count(ctx context.Context, keys []analytics.Key, b *projection.Batch, to projection.Sink) error {
	t, ok := b.Mark.(*batchMarkers)
	if !ok {
		return fmt.Errorf("count buckets: the batch was not taken")
	}
	for _, key := range keys {
		tally, err := to(key)
		if err != nil {
			return err
		}
		if err := db.stream(ctx, bson.D{{Key: "bucket", Value: bucketOf(key)}}, func(r *survey.Response, o origin) error {
			if o.writer == db.writer && o.number > t.upTo {
				return nil
			}
			return tally.Add(r)
		}); err != nil {
			return err
		}
	}
	return nil
}

package mongodb

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"

	"persepsi/analytics"
)

// settler is what Settle keeps from call to call; all of it belongs to whoever
// has the turn.
type settler struct {
	turn turn
	// revs are the revisions of the day tallies that this process stored last:
	// while nobody replaced one since, what it stored since is all that the
	// tally lacks.
	revs map[analytics.Key]int64
	// watched are the markers of others, and of our own batches in doubt.
	watched map[primitive.ObjectID]*watched
	started bool
}

func newSettler() settler {
	return settler{turn: newTurn(), revs: map[analytics.Key]int64{}, watched: map[primitive.ObjectID]*watched{}}
}

// maxRevs bounds the revisions kept; without one a bucket is counted anew.
const maxRevs = 5000

// watched is a marker whose writer may be dead.
type watched struct {
	key         analytics.Key
	since, next time.Time
	pause       time.Duration
}

// work is what one Settle does: buckets with what they lack.
type work struct {
	marks map[analytics.Key]*mark
	// recount are buckets to count anew, marked or not.
	recount map[analytics.Key]bool
	// upTo is this process's last number whose outcome was known.
	upTo int64
	// done are markers to delete when all is stored.
	done []primitive.ObjectID
	// periods are those whose revision must grow anyway.
	periods map[string]bool

	mu     sync.Mutex // guards mended
	mended analytics.Recounted
}

// mend notes a tally that was replaced because it could not be read.
func (w *work) mend(key analytics.Key) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.mended.Mend(analytics.Mended{Key: key, Damaged: true})
}

// settleWorkers is the number of units that are settled side by side.
const settleWorkers = 4

// Settle brings the lagging tallies up to date; see analytics.TallyStore.
func (db *DB) Settle(ctx context.Context) (int, error) {
	changed, _, err := db.settle(ctx)
	return changed, err
}

// settle is Settle, and tells which tallies it had to mend.
func (db *DB) settle(ctx context.Context) (changed int, mended analytics.Recounted, err error) {
	if err := db.begun(); err != nil {
		return 0, mended, err
	}
	if err := db.settler.turn.take(ctx); err != nil {
		return 0, mended, fault("settle", err)
	}
	defer db.settler.turn.give()
	w, err := db.collect(ctx)
	if err != nil {
		return 0, mended, err
	}
	if err := db.watch(ctx, w); err != nil {
		db.putBack(w)
		return 0, mended, err
	}
	changed, err = db.settleAll(ctx, w)
	if err != nil {
		db.putBack(w)
		return changed, w.mended, err
	}
	db.settler.started = true
	return changed, w.mended, nil
}

// collect takes over what Append noted since the last time.
func (db *DB) collect(ctx context.Context) (*work, error) {
	if err := db.intake.turn.take(ctx); err != nil {
		return nil, fault("settle", err)
	}
	defer db.intake.turn.give()
	w := &work{marks: db.intake.marks, recount: db.intake.recounts, upTo: db.intake.number, periods: map[string]bool{}}
	db.intake.marks, db.intake.recounts = map[analytics.Key]*mark{}, map[analytics.Key]bool{}
	for key, m := range w.marks {
		w.done = append(w.done, m.ids...)
		if m.recount {
			w.recount[key] = true
		}
	}
	now := db.now()
	for id, key := range db.intake.orphans {
		db.settler.watched[id] = &watched{key: key, since: now, next: now, pause: db.pace.patience}
	}
	clear(db.intake.orphans)
	for key, until := range db.intake.doubts {
		if now.After(until) {
			delete(db.intake.doubts, key)
		}
	}
	return w, nil
}

// putBack gives work that failed to the next Settle, which counts its buckets
// anew: what of it was stored is not known.
func (db *DB) putBack(w *work) {
	if err := db.intake.turn.take(context.Background()); err != nil {
		return // never: the context has no end
	}
	defer db.intake.turn.give()
	for key := range w.recount {
		db.intake.recounts[key] = true
	}
	for key, old := range w.marks {
		db.intake.recounts[key] = true
		m := db.intake.marks[key]
		if m == nil {
			m = &mark{at: old.at}
			db.intake.marks[key] = m
		}
		m.ids = append(m.ids, old.ids...)
		m.delta, m.recount = nil, true
	}
}

// watch looks at the markers of other processes. Those of living ones vanish
// by themselves; a bucket whose marker stays is counted anew, at once when
// this process starts, else after some patience, and then again and again for
// a while: a dead process's last batch may be applied late.
func (db *DB) watch(ctx context.Context, w *work) error {
	const action = "read markers"
	cursor, err := db.stale.Find(ctx, bson.D{{Key: "w", Value: bson.D{{Key: "$ne", Value: db.writer}}}})
	if err != nil {
		return fault(action, err)
	}
	var rows []struct {
		ID     primitive.ObjectID `bson:"_id"`
		Period string             `bson:"period"`
		Bucket string             `bson:"bucket"`
	}
	if err := cursor.All(ctx, &rows); err != nil {
		return fault(action, err)
	}
	now := db.now()
	there := make(map[primitive.ObjectID]bool, len(rows))
	for _, r := range rows {
		there[r.ID] = true
		if db.settler.watched[r.ID] != nil {
			continue
		}
		next := now.Add(db.pace.patience)
		if !db.settler.started {
			next = now
		}
		key := analytics.Key{Period: r.Period}
		if r.Bucket != "" {
			if key, err = parseBucket(r.Bucket); err != nil {
				return fmt.Errorf("%s: %w", action, err)
			}
		}
		db.settler.watched[r.ID] = &watched{key: key, since: now, next: next, pause: db.pace.patience}
	}
	for id, m := range db.settler.watched {
		if !there[id] && m.key.Unit != "" && now.Sub(m.since) > db.pace.watch {
			delete(db.settler.watched, id)
			continue
		}
		if now.Before(m.next) {
			continue
		}
		w.periods[m.key.Period] = true
		if m.key.Unit != "" {
			w.recount[m.key] = true
		}
		m.pause *= 2
		m.next = now.Add(m.pause)
		if m.key.Unit == "" || now.Sub(m.since) >= db.pace.watch {
			w.done = append(w.done, id)
			delete(db.settler.watched, id)
		}
	}
	return nil
}

// unitKey is what is settled by one worker: the days of a unit, then the
// months and the period above them.
type unitKey struct{ period, unit, form string }

func (db *DB) settleAll(ctx context.Context, w *work) (int, error) {
	groups := map[unitKey][]analytics.Key{}
	add := func(key analytics.Key) {
		g := unitKey{key.Period, key.Unit, key.Form}
		groups[g] = append(groups[g], key)
	}
	for key := range w.marks {
		add(key)
	}
	for key := range w.recount {
		if w.marks[key] == nil {
			add(key)
		}
	}
	jobs := make(chan []analytics.Key, len(groups))
	for _, keys := range groups {
		jobs <- keys
	}
	close(jobs)
	var mu sync.Mutex
	var failure error
	changed := 0
	touched := map[string]bool{}
	var wg sync.WaitGroup
	for range min(settleWorkers, len(groups)) {
		wg.Go(func() {
			for keys := range jobs {
				n, err := db.settleUnit(ctx, w, keys, &mu)
				mu.Lock()
				changed += n
				if n > 0 {
					touched[keys[0].Period] = true
				}
				failure = errors.Join(failure, err)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(groups) > 0 || len(w.periods) > 0 {
		for period := range w.periods {
			touched[period] = true
		}
		for period := range touched {
			failure = errors.Join(failure, fault("write the revision", db.signal(ctx, period)))
		}
	}
	if failure != nil {
		return changed, failure
	}
	return changed, db.forget(ctx, w.done)
}

// forget deletes markers whose work is done.
func (db *DB) forget(ctx context.Context, ids []primitive.ObjectID) error {
	if len(ids) == 0 {
		return nil
	}
	return fault("delete markers", db.again(ctx, func(ctx context.Context) error {
		_, err := db.stale.DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}})
		return err
	}))
}

// settleUnit settles days of one unit, then what lies above them. mu guards
// the settler's map.
func (db *DB) settleUnit(ctx context.Context, w *work, keys []analytics.Key, mu *sync.Mutex) (int, error) {
	changed := 0
	months := map[analytics.Key]bool{}
	for _, key := range keys {
		done, err := db.settleDay(ctx, w, key, mu)
		if err != nil {
			return changed, err
		}
		if done {
			changed++
		}
		// Above a recounted day too: a process may have died between them.
		months[key.Up()[0]] = true
	}
	for month := range months {
		n, err := db.settleAbove(ctx, w, month)
		if err != nil {
			return changed, err
		}
		changed += n
	}
	period := keys[0].Up()[1]
	n, err := db.settleAbove(ctx, w, period)
	return changed + n, err
}

// maxTries bounds how often a tally is computed again because somebody else
// replaced it meanwhile.
const maxTries = 20

// settleDay brings one bucket's tally up to date and reports whether it
// changed.
func (db *DB) settleDay(ctx context.Context, w *work, key analytics.Key, mu *sync.Mutex) (bool, error) {
	for range maxTries {
		old, err := db.stored(ctx, key)
		if err != nil {
			return false, err
		}
		mu.Lock()
		rev, known := db.settler.revs[key]
		mu.Unlock()
		t, err := db.day(ctx, w, key, old, known && old != nil && old.Rev == rev)
		if err != nil {
			return false, err
		}
		if old != nil && bytes.Equal(old.Tally, t.Encode()) || old == nil && t.N == 0 {
			if old != nil {
				db.remember(key, old.Rev, mu)
			}
			return false, nil
		}
		rev, err = db.replace(ctx, key, old, t)
		if err == nil {
			if db.damaged(old) {
				w.mend(key)
			}
			db.remember(key, rev, mu)
			return true, nil
		}
		if !errors.Is(err, errMoved) {
			return false, err
		}
	}
	return false, fmt.Errorf("settle %s: %w", bucketOf(key), errMoved)
}

func (db *DB) remember(key analytics.Key, rev int64, mu *sync.Mutex) {
	mu.Lock()
	defer mu.Unlock()
	if len(db.settler.revs) >= maxRevs {
		clear(db.settler.revs)
	}
	db.settler.revs[key] = rev
}

// day returns a bucket's right tally: what is stored and what this process added
// since, or a new count.
func (db *DB) day(ctx context.Context, w *work, key analytics.Key, old *storedTally, ours bool) (*analytics.Tally, error) {
	m := w.marks[key]
	if !ours || m == nil || w.recount[key] {
		return db.countBucket(ctx, key, w.upTo)
	}
	t, err := analytics.DecodeTally(db.forms, old.Tally)
	if err != nil {
		// What can't be read is counted anew; so it is mended.
		return db.countBucket(ctx, key, w.upTo)
	}
	if m.delta == nil {
		return t, nil
	}
	return t, t.Merge(m.delta)
}

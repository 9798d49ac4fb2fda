package mongodb

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/mongo/options"
	"golang.org/x/sync/semaphore"

	"persepsi/analytics"
	"persepsi/internal/retention"
	"persepsi/survey"
)

// backlog is what this process stored and no Take has collected since: the buckets whose
// stored tallies lag behind, and by which responses. All of it belongs to whoever holds the
// lock.
type backlog struct {
	lock *semaphore.Weighted
	// number is the last running number given to a response. While nobody holds
	// the lock, every number up to it has its outcome.
	number int64
	marks  map[analytics.Key]*mark
	rows   int // in all marks
	// uncertain are the buckets of batches whose outcome stayed unknown, and
	// until when the server may still apply them.
	uncertain map[analytics.Key]time.Time
	// orphans are markers that no mark owns any more: their buckets are
	// watched like those of a writer that died.
	orphans map[primitive.ObjectID]analytics.Key
	// recounts are buckets in which a response was found that this process
	// can't have counted.
	recounts map[analytics.Key]bool
}

// mark says that a bucket's stored tally lags, and by what.
type mark struct {
	ids []primitive.ObjectID // its markers in the database
	at  time.Time            // when the newest of them was made
	// rows are the responses stored since, without their comments.
	rows []survey.Response
	// recount tells that rows don't say it all.
	recount bool
}

// mostRows bounds the responses that wait to be taken, all buckets together:
// memory. Beyond that buckets are counted anew.
const mostRows = 1 << 16

func newBacklog() backlog {
	return backlog{
		lock: semaphore.NewWeighted(1), marks: map[analytics.Key]*mark{}, uncertain: map[analytics.Key]time.Time{},
		orphans: map[primitive.ObjectID]analytics.Key{}, recounts: map[analytics.Key]bool{},
	}
}

// mark makes sure that each bucket of a batch has a marker in the database
// before its responses are sent, and returns the buckets' texts.
func (db *DB) mark(ctx context.Context, batch []*survey.Response) (map[*survey.Response]string, error) {
	now := db.now()
	texts := map[analytics.Key]string{}
	buckets := make(map[*survey.Response]string, len(batch))
	var markers []any
	fresh := map[primitive.ObjectID]analytics.Key{}
	for _, r := range batch {
		key := analytics.KeyOf(r)
		text, ok := texts[key]
		if !ok {
			text = bucketOf(key)
			texts[key] = text
			if m := db.pending.marks[key]; m == nil || now.Sub(m.at) > db.pace.remark {
				id := primitive.NewObjectID()
				fresh[id] = key
				markers = append(markers, marker(id, db.writer, key.Period, text))
			}
		}
		buckets[r] = text
	}
	if len(markers) == 0 {
		return buckets, nil
	}
	if err := db.insertMarkers(ctx, markers); err != nil {
		for id, key := range fresh {
			db.pending.orphans[id] = key
		}
		return nil, fmt.Errorf("mark buckets: %w", err)
	}
	for id, key := range fresh {
		m := db.pending.marks[key]
		if m == nil {
			m = new(mark)
			db.pending.marks[key] = m
		}
		m.ids, m.at = append(m.ids, id), now
	}
	return buckets, nil
}

// marker is the document of a marker; one without a bucket only asks for the
// period's revision to grow.
func marker(id, writer primitive.ObjectID, period, bucket string) bson.D {
	d := bson.D{{Key: "_id", Value: id}, {Key: "w", Value: writer}, {Key: "period", Value: period}}
	if bucket != "" {
		d = append(d, bson.E{Key: "bucket", Value: bucket})
	}
	return d
}

// insertMarkers sends markers until they are stored; ids that are taken are
// their own.
func (db *DB) insertMarkers(ctx context.Context, markers []any) error {
	return db.retry(ctx, func(ctx context.Context) error {
		_, err := db.stale.InsertMany(ctx, markers, options.InsertMany().SetOrdered(false))
		if onlyDuplicates(err) {
			return nil
		}
		return err
	})
}

// noteStored keeps what a batch stored for whoever takes it.
func (db *DB) noteStored(p *insertion) {
	for i, r := range p.batch {
		if p.outcomes[i].Result != survey.Stored {
			continue
		}
		m := db.pending.marks[analytics.KeyOf(r)]
		switch {
		case m.recount:
		case db.pending.rows >= mostRows:
			db.pending.forgetRows(m)
		default:
			row := *r
			row.Comment = ""
			m.rows = append(m.rows, row)
			db.pending.rows++
		}
	}
	now := db.now()
	for _, f := range p.found {
		key := analytics.KeyOf(&f.Response)
		until, isUncertain := db.pending.uncertain[key]
		if f.origin.writer != db.writer || (isUncertain && now.Before(until)) {
			db.pending.recounts[key] = true
		}
	}
}

// forgetRows leaves a mark's bucket to be counted anew.
func (in *backlog) forgetRows(m *mark) {
	in.rows -= len(m.rows)
	m.rows, m.recount = nil, true
}

// setUncertain gives up the marks of a batch that the server may have stored in part,
// or may yet store: their buckets are recounted until that is over.
func (in *backlog) setUncertain(batch []*survey.Response, until time.Time) {
	for _, r := range batch {
		key := analytics.KeyOf(r)
		in.uncertain[key] = until
		in.recounts[key] = true
		m := in.marks[key]
		if m == nil {
			continue
		}
		for _, id := range m.ids {
			in.orphans[id] = key
		}
		in.rows -= len(m.rows)
		delete(in.marks, key)
	}
}

// settled is ErrNotNow while somebody has answers of a period to count, or an import of
// it to take out.
func (db *DB) settled(ctx context.Context, period string) error {
	ctx, cancel := db.within(ctx)
	defer cancel()
	n, err := db.stale.CountDocuments(ctx, bson.D{{Key: "period", Value: period}})
	if err == nil && n > 0 {
		return retention.ErrNotNow
	}
	return fault("read markers", err)
}

// forget deletes markers whose work is done.
func (db *DB) forget(ctx context.Context, ids []primitive.ObjectID) error {
	if len(ids) == 0 {
		return nil
	}
	return fault("delete markers", db.retry(ctx, func(ctx context.Context) error {
		_, err := db.stale.DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}})
		return err
	}))
}

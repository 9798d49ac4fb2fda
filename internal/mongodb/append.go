package mongodb

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"persepsi/survey"
)

// maxInsert is the number of documents sent at once: a bigger batch goes in
// several parts.
const maxInsert = 1000

// Append stores a batch. One batch is on its way at a time. What a caller asks
// to store is not given up when the caller goes away: the time-outs are the
// store's own.
func (db *DB) Append(ctx context.Context, batch []*survey.Response) ([]survey.Outcome, error) {
	return db.append(ctx, batch, 0)
}

// append is Append for the responses of an import, 0 for none.
func (db *DB) append(ctx context.Context, batch []*survey.Response, imported int) ([]survey.Outcome, error) {
	const action = "append responses"
	if len(batch) == 0 {
		return nil, nil
	}
	if err := db.begun(); err != nil {
		return nil, err
	}
	if err := db.pending.lock.Acquire(ctx, 1); err != nil {
		return nil, fault(action, err)
	}
	defer db.pending.lock.Release(1)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), db.pace.append)
	defer cancel()

	buckets, err := db.mark(ctx, batch)
	if err != nil {
		return nil, fault(action, err)
	}
	p := db.prepare(batch, buckets, imported)
	if err := db.resolve(ctx, p); err != nil {
		if p.sent {
			db.pending.setUncertain(batch, db.now().Add(db.pace.watch))
		}
		return nil, fault(action, err)
	}
	db.noteStored(p)
	return p.outcomes, nil
}

// insertion is a batch on its way.
type insertion struct {
	batch    []*survey.Response
	outcomes []survey.Outcome
	docs     []bson.Raw
	origins  []origin
	// repeats[i] is the place of an earlier response with the same id, -1 for
	// none: only the first one is sent.
	repeats []int
	// found are the stored responses whose ids were taken, and who wrote them.
	found map[uuid.UUID]*foundResponse
	// open are the places whose outcome isn't known yet.
	open []int
	// sent tells that a part of it may have reached the server.
	sent bool
}

type foundResponse struct {
	survey.Response
	origin origin
}

func (db *DB) prepare(batch []*survey.Response, buckets map[*survey.Response]string, imported int) *insertion {
	p := &insertion{
		batch: batch, outcomes: make([]survey.Outcome, len(batch)), docs: make([]bson.Raw, len(batch)),
		origins: make([]origin, len(batch)), repeats: make([]int, len(batch)), open: make([]int, 0, len(batch)),
		found: map[uuid.UUID]*foundResponse{},
	}
	first := make(map[uuid.UUID]int, len(batch))
	var arena []byte
	for i, r := range batch {
		if at, ok := first[r.ID]; ok {
			p.repeats[i] = at
			continue
		}
		first[r.ID], p.repeats[i] = i, -1
		db.pending.number++
		p.origins[i] = origin{writer: db.writer, number: db.pending.number}
		start := len(arena)
		arena = appendResponse(arena, r, buckets[r], imported, p.origins[i])
		p.docs[i] = bson.Raw(arena[start:len(arena):len(arena)])
		p.open = append(p.open, i)
	}
	return p
}

// resolve sends what is open until every outcome is known. A reply that got
// lost tells nothing: the same documents are sent again, and those that are
// stored answer with their ids being taken.
func (db *DB) resolve(ctx context.Context, p *insertion) error {
	var last error
	for n := range db.pace.attempts {
		if n > 0 {
			pause(ctx, time.Duration(n)*50*time.Millisecond)
		}
		err := db.attempt(ctx, p)
		if err == nil && len(p.open) == 0 {
			p.resolveRepeats()
			return nil
		}
		if err != nil {
			last = err
		}
		if notSent(err) || ctx.Err() != nil {
			break
		}
	}
	if last == nil {
		// Ids are taken by documents that a majority doesn't have yet.
		last = survey.Errorf(survey.Unavailable, "the database is busy")
	}
	return last
}

func (db *DB) attempt(ctx context.Context, p *insertion) error {
	ctx, cancel := context.WithTimeout(ctx, db.pace.attempt)
	defer cancel()
	var left []int
	for start := 0; start < len(p.open); start += maxInsert {
		part := p.open[start:min(start+maxInsert, len(p.open))]
		rest, err := db.insert(ctx, p, part)
		left = append(left, rest...)
		if err != nil {
			p.open = append(left, p.open[start+len(part):]...)
			return err
		}
	}
	p.open = left
	return nil
}

// insert sends one part and returns the places that stay open: all of them where
// the error leaves the outcome unknown, the refused ones otherwise.
func (db *DB) insert(ctx context.Context, p *insertion, part []int) ([]int, error) {
	docs := make([]any, len(part))
	for n, i := range part {
		docs[n] = p.docs[i]
	}
	_, err := db.responses.InsertMany(ctx, docs, options.InsertMany().SetOrdered(false))
	p.sent = p.sent || !notSent(err)
	var bulk mongo.BulkWriteException
	switch {
	case err == nil:
		for _, i := range part {
			p.stored(i)
		}
		return nil, nil
	case !errors.As(err, &bulk) || bulk.WriteConcernError != nil:
		return part, err
	}
	refused := make(map[int]bool, len(bulk.WriteErrors))
	var taken, left []int
	var other error
	for _, e := range bulk.WriteErrors {
		if e.Index < 0 || e.Index >= len(part) {
			return part, err
		}
		refused[e.Index] = true
		if e.Code == duplicateKey {
			taken = append(taken, part[e.Index])
		} else {
			left, other = append(left, part[e.Index]), err
		}
	}
	for n, i := range part {
		if !refused[n] {
			p.stored(i)
		}
	}
	rest, err := db.compare(ctx, p, taken)
	return append(left, rest...), errors.Join(other, err)
}

// compare reads the stored responses whose ids were taken. Those that a
// majority of the servers doesn't have yet stay open: they may still vanish.
func (db *DB) compare(ctx context.Context, p *insertion, taken []int) ([]int, error) {
	if len(taken) == 0 {
		return nil, nil
	}
	ids := make(bson.A, len(taken))
	for n, i := range taken {
		ids[n] = uuidValue(p.batch[i].ID)
	}
	cursor, err := db.responses.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}})
	if err != nil {
		return taken, err
	}
	d := newDecoder()
	err = each(ctx, cursor, func(doc bson.Raw) error {
		f := new(foundResponse)
		var err error
		if f.origin, err = d.decode(doc, &f.Response); err == nil {
			p.found[f.ID] = f
		}
		return err
	})
	if err != nil {
		return taken, err
	}
	var left []int
	for _, i := range taken {
		r := p.batch[i]
		switch f := p.found[r.ID]; {
		case f == nil:
			left = append(left, i)
		case f.origin == p.origins[i]:
			// Our own document of an earlier attempt.
			delete(p.found, r.ID)
			p.stored(i)
		default:
			p.outcomes[i] = r.Again(&f.Response)
		}
	}
	return left, nil
}

func (p *insertion) stored(i int) {
	p.outcomes[i] = survey.Outcome{Result: survey.Stored, ReceivedAt: p.batch[i].ReceivedAt}
}

// resolveRepeats returns the outcome of responses whose id came earlier in the same
// batch.
func (p *insertion) resolveRepeats() {
	for i, at := range p.repeats {
		if at < 0 {
			continue
		}
		if f := p.found[p.batch[i].ID]; f != nil {
			p.outcomes[i] = p.batch[i].Again(&f.Response)
		} else {
			p.outcomes[i] = p.batch[i].Again(p.batch[at])
		}
	}
}

package mongodb

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"persepsi/survey"
)

// streamBatch is the number of documents asked for at once.
const streamBatch = 2000

// byBucket is the order in which responses stream: period, unit, day, form,
// then the order of storing.
func byBucket() *options.FindOptions {
	return options.Find().SetSort(bson.D{{Key: "bucket", Value: 1}, {Key: "w", Value: 1}, {Key: "q", Value: 1}}).SetBatchSize(streamBatch)
}

// span selects the texts of a field that begin with a prefix.
func span(field, prefix string) bson.D {
	return bson.D{{Key: field, Value: bson.D{{Key: "$gte", Value: prefix}, {Key: "$lt", Value: after(prefix)}}}}
}

// Responses streams the stored responses of a filter; see survey.Reader.
func (db *DB) Responses(ctx context.Context, f survey.Filter, fn func(*survey.Response) error) error {
	selection := bson.D{counting()}
	switch {
	case f.Period != "" && f.Unit != "":
		selection = span("bucket", prefixOf(f.Period, f.Unit))
	case f.Period != "":
		selection = span("bucket", prefixOf(f.Period))
	}
	return db.stream(ctx, selection, func(r *survey.Response, _ origin) error {
		if f.Unit != "" && r.Unit != f.Unit {
			return nil
		}
		return fn(r)
	})
}

// stream reads responses in order; the one response is reused. It has no
// time-out of its own but the socket's: a long export is not slow.
func (db *DB) stream(ctx context.Context, selection bson.D, fn func(*survey.Response, origin) error) error {
	const action = "read responses"
	if err := db.begun(); err != nil {
		return err
	}
	cursor, err := db.responses.Find(ctx, selection, byBucket())
	if err != nil {
		return fault(action, err)
	}
	d := newDecoder()
	var r survey.Response
	var own error
	err = each(ctx, cursor, func(doc bson.Raw) error {
		o, err := d.decode(doc, &r)
		if err != nil {
			return err
		}
		own = fn(&r, o)
		return own
	})
	if own != nil {
		return own
	}
	return fault(action, err)
}

// Find returns the stored responses with these ids.
func (db *DB) Find(ctx context.Context, ids []uuid.UUID) ([]*survey.Response, error) {
	var out []*survey.Response
	for len(ids) > 0 {
		part := ids[:min(len(ids), maxInsert)]
		ids = ids[len(part):]
		values := make(bson.A, len(part))
		for i, id := range part {
			values[i] = uuidValue(id)
		}
		if err := db.stream(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: values}}}}, func(r *survey.Response, _ origin) error {
			c := *r
			out = append(out, &c)
			return nil
		}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func uuidValue(id uuid.UUID) primitive.Binary {
	return primitive.Binary{Subtype: bson.TypeBinaryUUID, Data: id[:]}
}

// each calls fn with every document of a cursor; the bytes are valid only
// during the call.
func each(ctx context.Context, cursor *mongo.Cursor, fn func(bson.Raw) error) error {
	defer cursor.Close(context.WithoutCancel(ctx)) // what was read is complete or has its own error
	for cursor.Next(ctx) {
		if err := fn(cursor.Current); err != nil {
			return err
		}
	}
	if err := cursor.Err(); err != nil {
		return fmt.Errorf("read: %w", err)
	}
	return nil
}

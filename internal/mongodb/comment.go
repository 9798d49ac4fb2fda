package mongodb

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"persepsi/internal/comment"
)

// stepDoc is the step of a release, named as that is. Body is JSON.
type stepDoc struct {
	ID     string `bson:"_id"` // PERIOD/UNIT/SERIAL
	Serial int    `bson:"serial"`
	Body   string `bson:"body"`
}

// markDoc is one version of a mark. Body is JSON.
type markDoc struct {
	ID      string `bson:"_id"` // PERIOD/UNIT/ANSWER/VERSION
	Version int    `bson:"version"`
	Body    string `bson:"body"`
}

func markID(m *comment.Mark, version int) string {
	return prefixOf(m.Period, m.Unit, m.ID.String()) + fmt.Sprintf("%08d", version)
}

// PutCommentStep stores the step of a release; see comment.Store.
func (db *DB) PutCommentStep(ctx context.Context, s comment.Step) error {
	const action = "write a step of comments"
	if err := db.begun(); err != nil {
		return err
	}
	body, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	conflict := s.Conflict()
	return db.putWhole(ctx, db.commentSteps, s.Period, action, stepDoc{releaseID(s.Period, s.Unit, s.Serial), s.Serial, string(body)}, releaseID(s.Period, s.Unit, s.Serial), conflict)
}

// putWhole inserts a document about a period that is not erased. An erasure that begins
// meanwhile may have looked for such documents before this one was there: so it is removed
// again.
func (db *DB) putWhole(ctx context.Context, of *mongo.Collection, period, action string, doc any, id string, conflict error) error {
	if err := db.stillWhole(ctx, period, "what is told of a comment"); err != nil {
		return err
	}
	within, cancel := db.within(ctx)
	defer cancel()
	if _, err := of.InsertOne(within, doc); isDuplicate(err) {
		return conflict
	} else if err != nil {
		return fault(action, err)
	}
	erased := db.stillWhole(ctx, period, "what is told of a comment")
	if erased != nil {
		if _, err := of.DeleteOne(within, bson.D{{Key: "_id", Value: id}}); err != nil {
			return fault(action, err)
		}
	}
	return erased
}

// CommentSteps calls fn with the steps of a unit; see comment.Store.
func (db *DB) CommentSteps(ctx context.Context, at comment.Place, from int, fn func(comment.Step) error) error {
	const action = "read steps of comments"
	if err := db.begun(); err != nil {
		return err
	}
	cursor, err := db.commentSteps.Find(ctx, bson.D{{Key: "_id", Value: bson.D{
		{Key: "$gte", Value: releaseID(at.Period, at.Unit, from)}, {Key: "$lt", Value: after(prefixOf(at.Period, at.Unit))},
	}}}, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return fault(action, err)
	}
	var own error
	err = each(ctx, cursor, func(raw bson.Raw) error {
		var d stepDoc
		if err := bson.Unmarshal(raw, &d); err != nil {
			return err
		}
		s := comment.Step{}
		if err := json.Unmarshal([]byte(d.Body), &s); err != nil {
			return err
		}
		s.Period, s.Unit, s.Serial = at.Period, at.Unit, d.Serial
		own = fn(s)
		return own
	})
	if own != nil {
		return own
	}
	return fault(action, err)
}

// PutMark stores the next version of a mark; see comment.Store. The number of marks grows
// after it: where this process dies in between, others see it with the next one.
func (db *DB) PutMark(ctx context.Context, m comment.Mark) error {
	const action = "write a mark"
	if err := db.begun(); err != nil {
		return err
	}
	body, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	conflict := m.Conflict()
	if m.Version < 1 {
		return conflict
	}
	within, cancel := db.within(ctx)
	defer cancel()
	if m.Version > 1 {
		n, err := db.commentMarks.CountDocuments(within, bson.D{{Key: "_id", Value: markID(&m, m.Version-1)}})
		if err != nil {
			return fault(action, err)
		}
		if n == 0 {
			return conflict
		}
	}
	id := markID(&m, m.Version)
	if err := db.putWhole(ctx, db.commentMarks, m.Period, action, markDoc{id, m.Version, string(body)}, id, conflict); err != nil {
		return err
	}
	_, err = db.commentMarked.UpdateOne(within, bson.D{{Key: "_id", Value: prefixOf(m.Period, m.Unit)}}, bson.D{{Key: "$inc", Value: bson.D{{Key: "n", Value: int64(1)}}}}, options.Update().SetUpsert(true))
	return fault(action, err)
}

// Marks returns the newest version of the marks of a unit; see comment.Store.
func (db *DB) Marks(ctx context.Context, at comment.Place, ids ...uuid.UUID) ([]comment.Mark, error) {
	const action = "read marks"
	if err := db.begun(); err != nil {
		return nil, err
	}
	of := span("_id", prefixOf(at.Period, at.Unit))
	if len(ids) > 0 {
		each := make(bson.A, len(ids))
		for i, id := range ids {
			each[i] = span("_id", prefixOf(at.Period, at.Unit, id.String()))
		}
		of = bson.D{{Key: "$or", Value: each}}
	}
	cursor, err := db.commentMarks.Find(ctx, of, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return nil, fault(action, err)
	}
	var out []comment.Mark
	err = each(ctx, cursor, func(raw bson.Raw) error {
		var d markDoc
		if err := bson.Unmarshal(raw, &d); err != nil {
			return err
		}
		m := comment.Mark{}
		if err := json.Unmarshal([]byte(d.Body), &m); err != nil {
			return err
		}
		parts := strings.Split(d.ID, "/")
		if len(parts) != 4 {
			return fmt.Errorf("not the name of a mark: %q", d.ID)
		}
		id, err := uuid.Parse(parts[2])
		if err != nil {
			return fmt.Errorf("not the name of a mark: %w", err)
		}
		m.Period, m.Unit, m.ID, m.Version = at.Period, at.Unit, id, d.Version
		if n := len(out); n > 0 && out[n-1].ID == m.ID {
			out[n-1] = m
		} else {
			out = append(out, m)
		}
		return nil
	})
	return out, fault(action, err)
}

// Marked returns how many versions of marks each unit has; see comment.Store.
func (db *DB) Marked(ctx context.Context) (map[comment.Place]int64, error) {
	const action = "read numbers of marks"
	if err := db.begun(); err != nil {
		return nil, err
	}
	cursor, err := db.commentMarked.Find(ctx, bson.D{})
	if err != nil {
		return nil, fault(action, err)
	}
	out := map[comment.Place]int64{}
	err = each(ctx, cursor, func(raw bson.Raw) error {
		var d struct {
			ID string `bson:"_id"`
			N  int64  `bson:"n"`
		}
		if err := bson.Unmarshal(raw, &d); err != nil {
			return err
		}
		parts := strings.Split(d.ID, "/")
		if len(parts) != 3 {
			return fmt.Errorf("not the name of a unit's marks: %q", d.ID)
		}
		period, err := url.PathUnescape(parts[0])
		if err != nil {
			return err
		}
		unit, err := url.PathUnescape(parts[1])
		out[comment.Place{Period: period, Unit: unit}] = d.N
		return err
	})
	return out, fault(action, err)
}

// Comments returns what was written in some answers that count; see comment.Store.
func (db *DB) Comments(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]string, error) {
	const action = "read comments"
	if err := db.begun(); err != nil {
		return nil, err
	}
	out := make(map[uuid.UUID]string, len(ids))
	for len(ids) > 0 {
		part := ids[:min(len(ids), maxInsert)]
		ids = ids[len(part):]
		values := make(bson.A, len(part))
		for i, id := range part {
			values[i] = uuidValue(id)
		}
		cursor, err := db.responses.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: values}}}, counting()}, options.Find().SetProjection(bson.D{{Key: "comment", Value: 1}}))
		if err != nil {
			return nil, fault(action, err)
		}
		if err := each(ctx, cursor, func(raw bson.Raw) error {
			_, data, ok := raw.Lookup("_id").BinaryOK()
			text, there := raw.Lookup("comment").StringValueOK()
			if !ok || !there {
				return nil // erased, or nothing was written
			}
			id, err := uuid.FromBytes(data)
			out[id] = text
			return err
		}); err != nil {
			return nil, fault(action, err)
		}
	}
	return out, nil
}

// EraseComments removes what is known of the comments of a period and what was marked of
// them; see retention.Store. The database removes one after the other, and lets others write
// in between.
func (db *DB) EraseComments(ctx context.Context, period string) error {
	for _, of := range []*mongo.Collection{db.commentSteps, db.commentMarks, db.commentMarked} {
		if err := db.retry(ctx, func(ctx context.Context) error {
			_, err := of.DeleteMany(ctx, span("_id", prefixOf(period)))
			return err
		}); err != nil {
			return fault("erase a period", err)
		}
	}
	return nil
}

package mongodb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"persepsi/internal/audit"
	"persepsi/internal/retention"
	"persepsi/survey"
)

// erasureDoc is the erasure of a period. Body is JSON.
type erasureDoc struct {
	Period string `bson:"_id"`
	Body   string `bson:"body"`
	Done   bool   `bson:"done"`
	// Swept is the period's revision before all was looked through and nothing was left:
	// an answer that came later makes it grow when it is counted. While it stays nothing
	// is looked through again.
	Swept int64 `bson:"swept"`
	// Seal is JSON; see survey.Seal. Whoever lists erasures is told only that it is there.
	Seal   string `bson:"seal,omitempty"`
	Sealed bool   `bson:"sealed"`
	// Earlier tells that a build erased the period, or began to, that left what its tallies
	// and releases told.
	Earlier bool   `bson:"earlier,omitempty"`
	Audit   []byte `bson:"audit,omitempty"` // see carried
}

// Erasures returns the erasures of all periods; see projection.Store.
func (db *DB) Erasures(ctx context.Context) ([]survey.Erasure, error) {
	list, err := db.erasuresOf(ctx, bson.D{})
	out := make([]survey.Erasure, len(list))
	for i := range list {
		if err == nil {
			err = json.Unmarshal([]byte(list[i].Body), &out[i])
		}
		out[i].Done, out[i].Sealed, out[i].Earlier = list[i].Done, list[i].Sealed, list[i].Earlier
	}
	if err != nil {
		return nil, fault("read erasures", err)
	}
	return out, nil
}

func (db *DB) erasuresOf(ctx context.Context, filter bson.D) (out []erasureDoc, err error) {
	ctx, cancel := db.within(ctx)
	defer cancel()
	cursor, err := db.erasures.Find(ctx, filter, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetProjection(bson.D{{Key: "seal", Value: 0}}))
	if err == nil {
		err = cursor.All(ctx, &out)
	}
	return out, err
}

// stillWhole fails where a period is erased: what is not possible any more then.
func (db *DB) stillWhole(ctx context.Context, period, what string) error {
	list, err := db.erasuresOf(ctx, bson.D{{Key: "_id", Value: period}})
	if err != nil || len(list) == 0 {
		return fault("read erasures", err)
	}
	e := new(survey.Erasure)
	if err := json.Unmarshal([]byte(list[0].Body), e); err != nil {
		return fmt.Errorf("read erasures: %w", err)
	}
	return e.Refuse(what)
}

// BeginErasure stores an erasure; see retention.Store. An undo that looked for it before
// goes on: PutSeal and Erase wait for its marker.
func (db *DB) BeginErasure(ctx context.Context, e survey.Erasure) error {
	const action = "write an erasure"
	if err := db.begun(); err != nil {
		return err
	}
	body, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	if err := db.settled(ctx, e.Period); err != nil {
		return err
	}
	ctx, cancel := db.within(ctx)
	defer cancel()
	_, err = db.erasures.InsertOne(ctx, erasureDoc{Period: e.Period, Body: string(body), Swept: -1})
	if isDuplicate(err) {
		return retention.Begun(e.Period)
	}
	return fault(action, err)
}

// Seal returns the seal of an erased period; see projection.Store.
func (db *DB) Seal(ctx context.Context, period string) (*survey.Seal, error) {
	const action = "read a seal"
	ctx, cancel := db.within(ctx)
	defer cancel()
	var doc erasureDoc
	err := db.erasures.FindOne(ctx, bson.D{{Key: "_id", Value: period}}).Decode(&doc)
	if errors.Is(err, mongo.ErrNoDocuments) || err == nil && doc.Seal == "" {
		return nil, nil
	}
	if err != nil {
		return nil, fault(action, err)
	}
	out := new(survey.Seal)
	if err := json.Unmarshal([]byte(doc.Seal), out); err != nil {
		return nil, fmt.Errorf("%s: %w", action, err)
	}
	return out, nil
}

// PutSeal stores the seal of a period in its erasure, which carries the entries of the
// audit that tell of it; see retention.Store and RecordCatalogue. Who counted answers when
// the erasure began, as one whose respondent fields are told, has a marker until the
// revision has grown.
func (db *DB) PutSeal(ctx context.Context, period string, at int64, seal *survey.Seal, said ...audit.Entry) error {
	const action = "write a seal"
	body, err := json.Marshal(seal)
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	packed, err := carry(said)
	if err != nil {
		return err
	}
	if err := db.settled(ctx, period); err != nil {
		return err
	}
	revisions, err := db.Revisions(ctx)
	if err != nil {
		return err
	}
	if revisions[period] != at {
		return retention.ErrNotNow
	}
	ctx, cancel := db.within(ctx)
	defer cancel()
	set := bson.D{{Key: "seal", Value: string(body)}, {Key: "sealed", Value: true}}
	if packed != nil {
		set = append(set, bson.E{Key: carried, Value: packed})
	}
	result, err := db.erasures.UpdateOne(ctx, bson.D{{Key: "_id", Value: period}, {Key: "sealed", Value: bson.D{{Key: "$ne", Value: true}}}}, bson.D{{Key: "$set", Value: set}})
	if err != nil {
		return fault(action, err)
	}
	if result.MatchedCount == 0 {
		return retention.Sealed(period)
	}
	if packed != nil {
		_ = db.deliver(ctx, db.erasures, period, packed) // else completeAudit does
	}
	return fault(action, db.signal(ctx, period))
}

// EndErasure stores that an erasure is done; see retention.Store. What the server's files
// hold of earlier documents is its own.
func (db *DB) EndErasure(ctx context.Context, period string) error {
	ctx, cancel := db.within(ctx)
	defer cancel()
	_, err := db.erasures.UpdateByID(ctx, period, bson.D{{Key: "$set", Value: bson.D{{Key: "done", Value: true}}}})
	return fault("end an erasure", err)
}

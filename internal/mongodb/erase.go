package mongodb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

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
		return survey.Errorf(survey.Conflict, "period %s is being erased already", e.Period)
	}
	return fault(action, err)
}

// Seal returns that of an erased period; see projection.Store.
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
		return survey.Errorf(survey.Conflict, "period %s is sealed already, or not being erased", period)
	}
	if packed != nil {
		_ = db.deliver(ctx, db.erasures, period, packed) // else completeAudit does
	}
	return fault(action, db.signal(ctx, period))
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

// Erasable counts what is left to remove in a period; see retention.Store.
func (db *DB) Erasable(ctx context.Context, period string) (out survey.Erasable, err error) {
	const action = "count what is to be removed"
	list, err := db.erasuresOf(ctx, bson.D{{Key: "_id", Value: period}})
	if err != nil {
		return out, fault(action, err)
	}
	done := len(list) > 0 && list[0].Done
	var now map[string]int64
	if done {
		if now, err = db.Revisions(ctx); err != nil || now[period] == list[0].Swept {
			return out, err
		}
	}
	count := func(r *survey.Response, _ origin) error { //nolint:unparam // as a stream's readers are
		out.Count(r)
		return nil
	}
	if err := db.stream(ctx, append(span("bucket", prefixOf(period)), legible()), count); err != nil {
		return out, err
	}
	if err := db.eachTakenOut(ctx, period, func(mine bson.D) error { return db.stream(ctx, append(mine, legible()), count) }); err != nil {
		return out, fault(action, err)
	}
	if done && out.Answers == 0 { // the period changed otherwise, or what came late was removed by one that died then
		return out, fault(action, db.swept(ctx, period, now[period]))
	}
	return out, nil
}

// swept stores that nothing is left to remove in a period of a revision.
func (db *DB) swept(ctx context.Context, period string, at int64) error {
	ctx, cancel := db.within(ctx)
	defer cancel()
	_, err := db.erasures.UpdateByID(ctx, period, bson.D{{Key: "$set", Value: bson.D{{Key: "swept", Value: at}}}})
	return err
}

// EndErasure stores that an erasure is done; see retention.Store. What the server's files
// hold of earlier documents is its own.
func (db *DB) EndErasure(ctx context.Context, period string) error {
	ctx, cancel := db.within(ctx)
	defer cancel()
	_, err := db.erasures.UpdateByID(ctx, period, bson.D{{Key: "$set", Value: bson.D{{Key: "done", Value: true}}}})
	return fault("end an erasure", err)
}

// legible selects responses whose comment and respondent fields were not removed.
func legible() bson.E {
	return bson.E{Key: "respondent", Value: bson.D{{Key: "$ne", Value: string(nothing().Respondent)}}}
}

func nothing() *survey.Response {
	r := new(survey.Response)
	r.Erase()
	return r
}

// eachTakenOut calls fn with selections that find the responses of a period's undone
// imports: they are in no bucket.
func (db *DB) eachTakenOut(ctx context.Context, period string, fn func(mine bson.D) error) error {
	undone, err := db.undoneIn(ctx, period)
	if err != nil {
		return err
	}
	for _, serial := range undone {
		if err := db.eachPart(ctx, serial, fn); err != nil {
			return err
		}
	}
	return nil
}

// Erase removes what is left to remove of a period's answers, some documents at a time;
// see retention.Store.
func (db *DB) Erase(ctx context.Context, period string) error {
	const action = "erase a period"
	if err := db.begun(); err != nil {
		return err
	}
	list, err := db.erasuresOf(ctx, bson.D{{Key: "_id", Value: period}})
	if err != nil || len(list) == 0 {
		return fault(action, err)
	}
	if !list[0].Sealed {
		return retention.ErrNotNow
	}
	// An undo that began before the erasure has its buckets counted anew, and other
	// processes count what they stored: all that while the answers are whole.
	if err := db.settled(ctx, period); err != nil {
		return err
	}
	revisions, err := db.Revisions(ctx)
	if err != nil {
		return err
	}
	if err := db.eraseAll(ctx, append(span("bucket", prefixOf(period)), legible())); err != nil {
		return fault(action, err)
	}
	if err := db.eachTakenOut(ctx, period, func(mine bson.D) error { return db.eraseAll(ctx, append(mine, legible())) }); err != nil {
		return fault(action, err)
	}
	if err := db.eraseComments(ctx, period); err != nil {
		return fault(action, err)
	}
	if err := db.eraseDigests(ctx, period); err != nil {
		return err
	}
	return fault(action, db.swept(ctx, period, revisions[period]))
}

// eraseAll removes comments and respondent fields of what a filter selects, and leaves
// the server to others as long as each part took.
func (db *DB) eraseAll(ctx context.Context, filter bson.D) error {
	cursor, err := db.responses.Find(ctx, filter, options.Find().SetBatchSize(streamBatch).SetProjection(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return err
	}
	ids := make(bson.A, 0, maxInsert)
	part := func() error {
		if len(ids) == 0 {
			return nil
		}
		began := time.Now()
		err := db.retry(ctx, func(ctx context.Context) error {
			_, err := db.responses.UpdateMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}, bson.D{
				{Key: "$set", Value: bson.D{{Key: "respondent", Value: string(nothing().Respondent)}}},
				{Key: "$unset", Value: bson.D{{Key: "comment", Value: ""}}},
			})
			return err
		})
		ids = ids[:0]
		pause(ctx, time.Since(began))
		return err
	}
	if err := each(ctx, cursor, func(raw bson.Raw) error {
		var id any
		if err := raw.Lookup("_id").Unmarshal(&id); err != nil {
			return err
		}
		if ids = append(ids, id); len(ids) < maxInsert {
			return nil
		}
		return part()
	}); err != nil {
		return err
	}
	return part()
}

// eraseDigests removes the digests of what the rows of a period's imports said: of few
// rows whoever has one could try out what they said.
func (db *DB) eraseDigests(ctx context.Context, period string) error {
	const action = "erase digests"
	var list []*survey.Import
	if err := db.Imports(ctx, func(i *survey.Import) error {
		if i.Period == period && i.Erase() {
			list = append(list, i)
		}
		return nil
	}); err != nil {
		return err
	}
	for _, i := range list {
		body, err := json.Marshal(i)
		if err != nil {
			return fmt.Errorf("%s: %w", action, err)
		}
		within, cancel := db.within(ctx)
		_, err = db.imports.UpdateByID(within, i.Serial, bson.D{{Key: "$set", Value: bson.D{{Key: "body", Value: string(body)}}}})
		cancel()
		if err != nil {
			return fault(action, err)
		}
	}
	return nil
}

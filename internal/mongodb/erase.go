package mongodb

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo/options"

	"persepsi/survey"
)

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

// EraseAnswers removes what is left to remove of a period's answers, some documents at a
// time; see retention.Store. Which of them a tally holds is not known here: it waits until
// all of the period are counted.
func (db *DB) EraseAnswers(ctx context.Context, period string) error {
	const action = "erase a period"
	if err := db.begun(); err != nil {
		return err
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

package mongodb

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"persepsi/analytics"
	"persepsi/internal/audit"
	"persepsi/internal/lke"
	"persepsi/survey"
)

// evaluationDoc are entries that were taken together: a document is all that is written at
// once here, so all of them are stored or none. Those of a period are one row of serials: who
// looked before another stored some finds their serial taken, and looks again.
type evaluationDoc struct {
	ID      string            `bson:"_id"` // PERIOD/#SERIAL
	Serial  int64             `bson:"serial,omitempty"`
	Entries []evaluationEntry `bson:"entries,omitempty"` // a unit's is one
	// Try tells a try whose outcome was unknown from others that took the serial.
	Try   primitive.ObjectID `bson:"try,omitempty"`
	Audit []byte             `bson:"audit,omitempty"` // see carried

	// Entry is the entry in a document of an earlier build, whose _id is PERIOD/UNIT/VERSION.
	Entry string `bson:"entry,omitempty"`
}

// evaluationEntry is the entry of a unit.
type evaluationEntry struct {
	Unit string `bson:"u"` // PERIOD/UNIT/
	JSON string `bson:"e"`
}

// serials is what the _id of a period's documents begin with; no code of a unit has the sign
// there, see prefixOf.
func serials(period string) string { return prefixOf(period) + "#" }

// mostTries is how often entries are tried while others of the period are stored.
const mostTries = 20

// RecordEvaluation adds the next entry of a unit and the entries of the audit that tell of it.
func (db *DB) RecordEvaluation(ctx context.Context, e analytics.Evaluation, said ...audit.Entry) error {
	return db.RecordEvaluations(ctx, []analytics.Evaluation{e}, said)
}

// RecordEvaluations adds the next entries of several units of a period, all or none, in a
// document that carries the entries of the audit that tell of them; see RecordCatalogue. A
// marker goes before it, so that the period's revision grows even if this process dies in
// between.
func (db *DB) RecordEvaluations(ctx context.Context, list []analytics.Evaluation, said []audit.Entry) error {
	const action = "write evaluations"
	if err := lke.CheckTogether(list); err != nil || len(list) == 0 {
		return err
	}
	if err := db.begun(); err != nil {
		return err
	}
	doc := evaluationDoc{Try: primitive.NewObjectID()}
	for _, e := range list {
		text, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("%s: %w", action, err)
		}
		doc.Entries = append(doc.Entries, evaluationEntry{prefixOf(e.Period, e.Unit), string(text)})
	}
	var err error
	if doc.Audit, err = carry(said); err != nil {
		return err
	}
	ctx, cancel := db.within(ctx)
	defer cancel()
	// The marker is nobody's, so that Take looks after it here too if the
	// outcome stays unknown.
	id, period := primitive.NewObjectID(), list[0].Period
	if _, err := db.stale.InsertOne(ctx, marker(id, primitive.NewObjectID(), period, "")); err != nil {
		return fault(action, err)
	}
	refusal := db.chainEvaluations(ctx, list, &doc)
	if refusal != nil && survey.CodeOf(refusal) != survey.Conflict {
		return fault(action, refusal)
	}
	if refusal == nil {
		if doc.Audit != nil {
			_ = db.deliver(ctx, db.evaluations, doc.ID, doc.Audit) // else completeAudit does
		}
		if err := db.signal(ctx, period); err != nil {
			return fault(action, err)
		}
	}
	if err := db.forget(ctx, []primitive.ObjectID{id}); err != nil {
		return err
	}
	return refusal
}

// chainEvaluations stores a document after all others of its period. What was stored before
// its serial was looked for is looked at; what is stored since has taken the serial.
func (db *DB) chainEvaluations(ctx context.Context, list []analytics.Evaluation, doc *evaluationDoc) error {
	period := list[0].Period
	for range mostTries {
		newest := evaluationDoc{}
		err := db.evaluations.FindOne(ctx, span("_id", serials(period)), options.FindOne().
			SetSort(bson.D{{Key: "_id", Value: -1}}).SetProjection(bson.D{{Key: "serial", Value: 1}})).Decode(&newest)
		if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
			return err
		}
		unit := ""
		if len(list) == 1 {
			unit = list[0].Unit
		}
		stored, err := db.evaluationsOf(ctx, period, unit)
		if err != nil {
			return err
		}
		if err := lke.CheckVersions(list, stored); err != nil {
			return err
		}
		doc.Serial = newest.Serial + 1
		doc.ID = serials(period) + fmt.Sprintf("%08d", doc.Serial)
		err = db.retry(ctx, func(ctx context.Context) error {
			_, err := db.evaluations.InsertOne(ctx, doc)
			return err
		})
		if !isDuplicate(err) {
			return err
		}
		// It may be this one, by an earlier try whose reply was lost.
		there := evaluationDoc{}
		if err := db.evaluations.FindOne(ctx, bson.D{{Key: "_id", Value: doc.ID}}, options.FindOne().SetProjection(bson.D{{Key: "try", Value: 1}})).Decode(&there); err != nil {
			return err
		}
		if there.Try == doc.Try {
			return nil
		}
	}
	return survey.Errorf(survey.Conflict, "evaluations of this period are being stored by many at once; try again")
}

// EvaluationHistory returns every entry of a unit in a period, the oldest first.
func (db *DB) EvaluationHistory(ctx context.Context, period, unit string) ([]analytics.Evaluation, error) {
	return db.evaluationsOf(ctx, period, unit)
}

// evaluationsOf returns the entries of a period, or of one unit of it, by version.
func (db *DB) evaluationsOf(ctx context.Context, period, unit string) ([]analytics.Evaluation, error) {
	const action = "read evaluations"
	ctx, cancel := db.within(ctx)
	defer cancel()
	which, part := span("_id", prefixOf(period)), options.Find().SetProjection(bson.D{{Key: carried, Value: 0}})
	if unit != "" {
		of := prefixOf(period, unit)
		which = bson.D{{Key: "$or", Value: bson.A{span("_id", of), bson.D{{Key: "entries.u", Value: of}}}}}
		part.SetProjection(bson.D{{Key: "entry", Value: 1}, {Key: "entries", Value: bson.D{{Key: "$elemMatch", Value: bson.D{{Key: "u", Value: of}}}}}})
	}
	cursor, err := db.evaluations.Find(ctx, which, part)
	if err != nil {
		return nil, fault(action, err)
	}
	var rows []evaluationDoc
	if err := cursor.All(ctx, &rows); err != nil {
		return nil, fault(action, err)
	}
	var out []analytics.Evaluation
	for _, row := range rows {
		if row.Entry != "" {
			row.Entries = append(row.Entries, evaluationEntry{JSON: row.Entry})
		}
		for _, x := range row.Entries {
			var e analytics.Evaluation
			if err := json.Unmarshal([]byte(x.JSON), &e); err != nil {
				return nil, fmt.Errorf("%s: %w", action, err)
			}
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b analytics.Evaluation) int { return cmp.Compare(a.Version, b.Version) })
	return out, nil
}

// Evaluations returns the newest entry of every unit of a period.
func (db *DB) Evaluations(ctx context.Context, period string) ([]analytics.Evaluation, error) {
	list, err := db.evaluationsOf(ctx, period, "")
	if err != nil {
		return nil, err
	}
	newest := map[string]analytics.Evaluation{}
	for _, e := range list {
		newest[e.Unit] = e
	}
	var out []analytics.Evaluation
	for _, unit := range slices.Sorted(maps.Keys(newest)) {
		out = append(out, newest[unit])
	}
	return out, nil
}

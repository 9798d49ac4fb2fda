package mongodb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"persepsi/analytics"
	"persepsi/internal/audit"
	"persepsi/survey"
)

// catalogueDoc is one version of the catalogue, as the JSON text that the
// program reads and writes.
type catalogueDoc struct {
	Version   int64  `bson:"_id"`
	Catalogue string `bson:"catalogue"`
	Audit     []byte `bson:"audit,omitempty"` // see carried
}

// Catalogue returns the newest catalogue.
func (db *DB) Catalogue(ctx context.Context) (*survey.Catalogue, error) {
	const action = "read the catalogue"
	ctx, cancel := db.within(ctx)
	defer cancel()
	var doc catalogueDoc
	err := db.catalogues.FindOne(ctx, bson.D{}, options.FindOne().SetSort(bson.D{{Key: "_id", Value: -1}})).Decode(&doc)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return new(survey.Catalogue), nil
	}
	if err != nil {
		return nil, fault(action, err)
	}
	c := new(survey.Catalogue)
	if err := json.Unmarshal([]byte(doc.Catalogue), c); err != nil {
		return nil, fmt.Errorf("%s: %w", action, err)
	}
	return c, db.fillPictures(ctx, c)
}

// CatalogueVersion returns the newest catalogue's version.
func (db *DB) CatalogueVersion(ctx context.Context) (int64, error) {
	ctx, cancel := db.within(ctx)
	defer cancel()
	var doc catalogueDoc
	err := db.catalogues.FindOne(ctx, bson.D{}, options.FindOne().
		SetSort(bson.D{{Key: "_id", Value: -1}}).SetProjection(bson.D{{Key: "_id", Value: 1}})).Decode(&doc)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return 0, nil
	}
	return doc.Version, fault("read the catalogue's version", err)
}

// PutCatalogue adds the next version: its number as _id is taken once.
func (db *DB) PutCatalogue(ctx context.Context, c *survey.Catalogue) error {
	return db.RecordCatalogue(ctx, c)
}

// RecordCatalogue adds the next version and the entries of the audit that tell of it.
// The version carries them: what keeps them from the audit now keeps them from it
// only until the database is opened, or the audit read, the next time.
func (db *DB) RecordCatalogue(ctx context.Context, c *survey.Catalogue, said ...audit.Entry) error {
	const action = "write the catalogue"
	now, err := db.CatalogueVersion(ctx)
	if err != nil {
		return err
	}
	text, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	packed, err := carry(said)
	if err != nil {
		return err
	}
	ctx, cancel := db.within(ctx)
	defer cancel()
	if now+1 == c.Version {
		if err := db.putPictures(ctx, c); err != nil {
			return err
		}
		_, err = db.catalogues.InsertOne(ctx, catalogueDoc{c.Version, string(text), packed})
	}
	if now+1 != c.Version || isDuplicate(err) {
		return survey.Errorf(survey.Conflict, "the catalogue was changed by somebody else at the same time; apply again")
	}
	if err != nil {
		return fault(action, err)
	}
	if packed != nil {
		_ = db.deliver(ctx, db.catalogues, c.Version, packed) // else completeAudit does
	}
	return nil
}

type evaluationDoc struct {
	ID      string `bson:"_id"` // PERIOD/UNIT/VERSION
	Period  string `bson:"period"`
	Unit    string `bson:"unit"`
	Version int    `bson:"version"`
	Entry   string `bson:"entry"`
	Audit   []byte `bson:"audit,omitempty"` // see carried
}

// PutEvaluation adds the next entry of a unit.
func (db *DB) PutEvaluation(ctx context.Context, e analytics.Evaluation) error {
	return db.RecordEvaluation(ctx, e)
}

// RecordEvaluation adds the next entry of a unit, which carries the entries of the
// audit that tell of it; see RecordCatalogue. A marker goes before it, so that its
// period's revision grows even if this process dies in between.
func (db *DB) RecordEvaluation(ctx context.Context, e analytics.Evaluation, said ...audit.Entry) error {
	const action = "write an evaluation"
	text, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	list, err := db.EvaluationHistory(ctx, e.Period, e.Unit)
	if err != nil {
		return err
	}
	newest := 0
	for _, old := range list {
		newest = max(newest, old.Version)
	}
	conflict := survey.Errorf(survey.Conflict, "the evaluation was changed by somebody else at the same time; look at it again")
	if e.Version != newest+1 {
		return conflict
	}
	packed, err := carry(said)
	if err != nil {
		return err
	}
	ctx, cancel := db.within(ctx)
	defer cancel()
	// The marker is nobody's, so that Take looks after it here too if the
	// outcome stays unknown.
	id := primitive.NewObjectID()
	if _, err := db.stale.InsertOne(ctx, marker(id, primitive.NewObjectID(), e.Period, "")); err != nil {
		return fault(action, err)
	}
	doc := evaluationDoc{
		ID:     prefixOf(e.Period, e.Unit) + strconv.Itoa(e.Version),
		Period: e.Period, Unit: e.Unit, Version: e.Version, Entry: string(text), Audit: packed,
	}
	_, err = db.evaluations.InsertOne(ctx, doc)
	taken := isDuplicate(err)
	if err != nil && !taken {
		return fault(action, err)
	}
	if !taken {
		if packed != nil {
			_ = db.deliver(ctx, db.evaluations, doc.ID, packed) // else completeAudit does
		}
		if err := db.signal(ctx, e.Period); err != nil {
			return fault(action, err)
		}
	}
	if err := db.forget(ctx, []primitive.ObjectID{id}); err != nil {
		return err
	}
	if taken {
		return conflict
	}
	return nil
}

// RecordEvaluations adds entries of several units, one by one: a single server has no
// transactions. Where one is refused, those before it are stored, and the fault of a
// Conflict names its unit.
func (db *DB) RecordEvaluations(ctx context.Context, list []analytics.Evaluation, said []audit.Entry) error {
	for i, e := range list {
		err := db.RecordEvaluation(ctx, e, said[i])
		if i > 0 && survey.CodeOf(err) == survey.Conflict {
			return &survey.Error{Code: survey.Conflict, Message: "the evaluation of a unit was changed by somebody else at the same time", Faults: []survey.Fault{
				{Field: e.Unit, Code: "partly", Message: fmt.Sprintf("was entered by somebody else just now; the %d units before it are stored", i)},
			}}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// EvaluationHistory returns every entry of a unit in a period, the oldest first.
func (db *DB) EvaluationHistory(ctx context.Context, period, unit string) ([]analytics.Evaluation, error) {
	return db.evaluationsOf(ctx, period, unit)
}

func (db *DB) evaluationsOf(ctx context.Context, parts ...string) ([]analytics.Evaluation, error) {
	const action = "read evaluations"
	ctx, cancel := db.within(ctx)
	defer cancel()
	cursor, err := db.evaluations.Find(ctx, span("_id", prefixOf(parts...)), options.Find().SetSort(bson.D{{Key: "unit", Value: 1}, {Key: "version", Value: 1}}))
	if err != nil {
		return nil, fault(action, err)
	}
	var rows []evaluationDoc
	if err := cursor.All(ctx, &rows); err != nil {
		return nil, fault(action, err)
	}
	out := make([]analytics.Evaluation, len(rows))
	for i, row := range rows {
		if err := json.Unmarshal([]byte(row.Entry), &out[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", action, err)
		}
	}
	return out, nil
}

// Evaluations returns the newest entry of every unit of a period.
func (db *DB) Evaluations(ctx context.Context, period string) ([]analytics.Evaluation, error) {
	list, err := db.evaluationsOf(ctx, period)
	if err != nil {
		return nil, err
	}
	var out []analytics.Evaluation
	for _, e := range list {
		if n := len(out); n > 0 && out[n-1].Unit == e.Unit {
			out[n-1] = e
		} else {
			out = append(out, e)
		}
	}
	return out, nil
}

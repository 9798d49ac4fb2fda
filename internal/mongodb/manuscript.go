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
	"persepsi/internal/manuscript"
	"persepsi/survey"
)

// manuscriptDoc is one version of a report's texts. Body is JSON.
type manuscriptDoc struct {
	ID      string `bson:"_id"` // PERIOD/UNIT/KIND/VERSION
	Version int    `bson:"version"`
	Body    string `bson:"body"`
	Audit   []byte `bson:"audit,omitempty"` // see carried
}

func manuscriptID(of manuscript.Place, version int) string {
	return prefixOf(of.Period, of.Unit, of.Kind) + fmt.Sprintf("%08d", version)
}

// RecordManuscript adds the next version of a report's texts, which carries the entries of
// the audit that tell of it; see manuscript.Store.
func (db *DB) RecordManuscript(ctx context.Context, m manuscript.Manuscript, said ...audit.Entry) error {
	const action = "write a manuscript"
	body, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	newest, err := db.Manuscript(ctx, m.Place, 0)
	if err != nil {
		return err
	}
	packed, err := carry(said)
	if err != nil {
		return err
	}
	conflict := survey.ChangedMeanwhile("the report")
	if m.Version != newest.Version+1 {
		return conflict
	}
	ctx, cancel := db.within(ctx)
	defer cancel()
	doc := manuscriptDoc{manuscriptID(m.Place, m.Version), m.Version, string(body), packed}
	if _, err := db.manuscripts.InsertOne(ctx, doc); isDuplicate(err) {
		return conflict
	} else if err != nil {
		return fault(action, err)
	}
	if packed != nil {
		_ = db.deliver(ctx, db.manuscripts, doc.ID, packed) // else completeAudit does
	}
	return nil
}

// Manuscript returns a version of a report's texts, the newest one for 0; see
// manuscript.Store.
func (db *DB) Manuscript(ctx context.Context, of manuscript.Place, version int) (manuscript.Manuscript, error) {
	const action = "read a manuscript"
	ctx, cancel := db.within(ctx)
	defer cancel()
	out := manuscript.Manuscript{Place: of}
	filter := span("_id", prefixOf(of.Period, of.Unit, of.Kind))
	if version != 0 {
		filter = bson.D{{Key: "_id", Value: manuscriptID(of, version)}}
	}
	var row manuscriptDoc
	err := db.manuscripts.FindOne(ctx, filter, options.FindOne().SetSort(bson.D{{Key: "_id", Value: -1}})).Decode(&row)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return out, nil
	}
	if err != nil {
		return out, fault(action, err)
	}
	if err := json.Unmarshal([]byte(row.Body), &out); err != nil {
		return out, fmt.Errorf("%s: %w", action, err)
	}
	out.Version = row.Version
	return out, nil
}

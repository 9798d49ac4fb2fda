package mongodb

import (
	"context"
	"encoding/json"
	"fmt"

	"go.mongodb.org/mongo-driver/bson"
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
	all, err := db.Manuscripts(ctx, m.Place)
	if err != nil {
		return err
	}
	packed, err := carry(said)
	if err != nil {
		return err
	}
	conflict := survey.Errorf(survey.Conflict, "the report was changed by somebody else at the same time; look at it again")
	if m.Version != len(all)+1 {
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

// Manuscripts returns every version of a report's texts; see manuscript.Store.
func (db *DB) Manuscripts(ctx context.Context, of manuscript.Place) ([]manuscript.Manuscript, error) {
	const action = "read manuscripts"
	ctx, cancel := db.within(ctx)
	defer cancel()
	cursor, err := db.manuscripts.Find(ctx, span("_id", prefixOf(of.Period, of.Unit, of.Kind)), options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return nil, fault(action, err)
	}
	var rows []manuscriptDoc
	if err := cursor.All(ctx, &rows); err != nil {
		return nil, fault(action, err)
	}
	out := make([]manuscript.Manuscript, len(rows))
	for i, row := range rows {
		if err := json.Unmarshal([]byte(row.Body), &out[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", action, err)
		}
		out[i].Place, out[i].Version = of, row.Version
	}
	return out, nil
}

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

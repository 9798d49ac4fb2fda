package mongodb

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/survey"
)

// personDoc is a person, as the JSON text that the program reads and writes.
type personDoc struct {
	ID      string `bson:"_id"`
	Email   string `bson:"email"` // an index holds it unique
	Version int    `bson:"version"`
	At      int64  `bson:"at"` // when they were added: milliseconds since 1970
	Person  string `bson:"person"`
	Audit   []byte `bson:"audit,omitempty"` // see carried
}

// People returns everybody who was ever added, in the order of that.
func (db *DB) People(ctx context.Context) ([]access.Person, error) {
	const action = "read the people"
	ctx, cancel := db.within(ctx)
	defer cancel()
	cursor, err := db.people.Find(ctx, bson.D{}, options.Find().SetSort(bson.D{{Key: "at", Value: 1}, {Key: "_id", Value: 1}}))
	if err != nil {
		return nil, fault(action, err)
	}
	var rows []personDoc
	if err := cursor.All(ctx, &rows); err != nil {
		return nil, fault(action, err)
	}
	var out []access.Person
	for i := range rows {
		p, err := access.DecodePerson([]byte(rows[i].Person))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", action, err)
		}
		out = append(out, *p)
	}
	return out, nil
}

// PersonByID returns a person, nil where there is none.
func (db *DB) PersonByID(ctx context.Context, id string) (*access.Person, error) {
	return db.person(ctx, "_id", id)
}

// PersonByEmail returns the person with an address, nil where there is none.
func (db *DB) PersonByEmail(ctx context.Context, email string) (*access.Person, error) {
	return db.person(ctx, "email", email)
}

func (db *DB) person(ctx context.Context, field, value string) (*access.Person, error) {
	ctx, cancel := db.within(ctx)
	defer cancel()
	var d personDoc
	err := db.people.FindOne(ctx, bson.D{{Key: field, Value: value}}).Decode(&d)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil, nil //nolint:nilnil // no such person, and that is no error
	}
	if err != nil {
		return nil, fault("find a person", err)
	}
	return access.DecodePerson([]byte(d.Person))
}

// RecordPerson adds a person whose version is 1, or replaces the version before the
// person's; the document carries the entries of the audit that tell of it: see
// RecordCatalogue. Conflict: the address is another person's, or somebody else changed
// the person since.
func (db *DB) RecordPerson(ctx context.Context, p access.Person, said ...audit.Entry) error {
	const action = "store a person"
	text, err := access.EncodePerson(&p)
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	packed, err := carry(said)
	if err != nil {
		return err
	}
	ctx, cancel := db.within(ctx)
	defer cancel()
	doc := personDoc{p.ID, p.Email, p.Version, p.At.UnixMilli(), string(text), packed}
	if p.Version == 1 {
		_, err = db.people.InsertOne(ctx, doc)
	} else {
		// What the version before may carry still must not be lost with it.
		if err := db.completeAudit(ctx); err != nil {
			return err
		}
		result, failed := db.people.ReplaceOne(ctx, bson.D{{Key: "_id", Value: p.ID}, {Key: "version", Value: p.Version - 1}}, doc)
		if err = failed; err == nil && result.MatchedCount == 0 {
			return survey.ChangedMeanwhile("the person")
		}
	}
	if isDuplicate(err) {
		return emailTaken()
	}
	if err != nil {
		return fault(action, err)
	}
	if packed != nil {
		_ = db.deliver(ctx, db.people, p.ID, packed) // else completeAudit does
	}
	return nil
}

func emailTaken() error {
	return &survey.Error{
		Code: survey.Conflict, Message: "the person could not be stored",
		Faults: []survey.Fault{{Field: "email", Code: "taken", Message: "is another person's already"}},
	}
}

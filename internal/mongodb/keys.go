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

	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/survey"
)

// keyDoc is a key; a moment that is left out never comes.
type keyDoc struct {
	Hash    []byte    `bson:"_id"`
	ID      string    `bson:"id"`
	Name    string    `bson:"name"`
	Grants  string    `bson:"grants"` // JSON
	At      time.Time `bson:"at"`
	Expires time.Time `bson:"expires,omitempty"`
	Revoked time.Time `bson:"revoked,omitempty"`
	Audit   []byte    `bson:"audit,omitempty"` // see carried
}

// RecordKey adds an API key, which carries the entries of the audit that tell of it;
// see RecordCatalogue.
func (db *DB) RecordKey(ctx context.Context, k access.Key, said ...audit.Entry) error {
	packed, err := carry(said)
	if err != nil {
		return err
	}
	grants, err := json.Marshal(k.Grants)
	if err != nil {
		return fmt.Errorf("add a key: %w", err)
	}
	ctx, cancel := db.within(ctx)
	defer cancel()
	_, err = db.keys.InsertOne(ctx, keyDoc{k.Hash[:], k.ID, k.Name, string(grants), k.At, k.Expires, k.Revoked, packed})
	if err == nil && packed != nil {
		_ = db.deliver(ctx, db.keys, k.Hash[:], packed) // else completeAudit does
	}
	return fault("add a key", err)
}

// Keys returns every API key in the order in which they were made.
func (db *DB) Keys(ctx context.Context) ([]access.Key, error) {
	const action = "read the keys"
	ctx, cancel := db.within(ctx)
	defer cancel()
	cursor, err := db.keys.Find(ctx, bson.D{}, options.Find().SetSort(bson.D{{Key: "at", Value: 1}, {Key: "id", Value: 1}}))
	if err != nil {
		return nil, fault(action, err)
	}
	var rows []keyDoc
	if err := cursor.All(ctx, &rows); err != nil {
		return nil, fault(action, err)
	}
	var out []access.Key
	for _, d := range rows {
		k := access.Key{
			ID: d.ID, Name: d.Name, At: d.At.UTC(), Expires: d.Expires.UTC(), Revoked: d.Revoked.UTC(),
		}
		if err := json.Unmarshal([]byte(d.Grants), &k.Grants); err != nil {
			return nil, fmt.Errorf("%s: the grants of key %s: %w", action, k.ID, err)
		}
		if copy(k.Hash[:], d.Hash); len(d.Hash) != len(k.Hash) {
			return nil, fmt.Errorf("%s: key %s has a hash of %d bytes", action, k.ID, len(d.Hash))
		}
		out = append(out, k)
	}
	return out, nil
}

// RecordRevocation ends a key for good; it carries the entries of the audit that tell
// of it: see RecordCatalogue. Of a key that was revoked before nothing is told again.
func (db *DB) RecordRevocation(ctx context.Context, id string, at time.Time, said ...audit.Entry) error {
	const action = "revoke a key"
	packed, err := carry(said)
	if err != nil {
		return err
	}
	ctx, cancel := db.within(ctx)
	defer cancel()
	set := bson.D{{Key: "revoked", Value: at}}
	if packed != nil {
		if err := db.completeAudit(ctx); err != nil { // what it may carry still
			return err
		}
		set = append(set, bson.E{Key: carried, Value: packed})
	}
	var revoked keyDoc
	err = db.keys.FindOneAndUpdate(ctx, bson.D{{Key: "id", Value: id}, {Key: "revoked", Value: bson.D{{Key: "$exists", Value: false}}}},
		bson.D{{Key: "$set", Value: set}}).Decode(&revoked)
	if err == nil && packed != nil {
		_ = db.deliver(ctx, db.keys, revoked.Hash, packed) // else completeAudit does
	}
	if !errors.Is(err, mongo.ErrNoDocuments) {
		return fault(action, err)
	}
	n, err := db.keys.CountDocuments(ctx, bson.D{{Key: "id", Value: id}})
	if err != nil {
		return fault(action, err)
	}
	if n == 0 {
		return survey.Errorf(survey.NotFound, "there is no key %q", survey.Printable(id))
	}
	return nil
}

// RecordKeyGrants replaces what a key was granted; it carries the entries of the audit
// that tell of it: see RecordCatalogue. NotFound: no key has this id. Conflict: it was
// granted something else since.
func (db *DB) RecordKeyGrants(ctx context.Context, id string, was, grants []access.Grant, said ...audit.Entry) error {
	const action = "grant to a key"
	packed, err := carry(said)
	if err != nil {
		return err
	}
	text, err := json.Marshal(grants)
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	ctx, cancel := db.within(ctx)
	defer cancel()
	var d keyDoc
	err = db.keys.FindOne(ctx, bson.D{{Key: "id", Value: id}}).Decode(&d)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return survey.Errorf(survey.NotFound, "there is no key %q", survey.Printable(id))
	}
	if err != nil {
		return fault(action, err)
	}
	var there []access.Grant
	if err := json.Unmarshal([]byte(d.Grants), &there); err != nil {
		return fmt.Errorf("%s: the grants of key %s: %w", action, id, err)
	}
	changed := survey.ChangedMeanwhile("the key")
	if !access.SameGrants(there, was) {
		return changed
	}
	set := bson.D{{Key: "grants", Value: string(text)}}
	if packed != nil {
		if err := db.completeAudit(ctx); err != nil { // what it may carry still
			return err
		}
		set = append(set, bson.E{Key: carried, Value: packed})
	}
	result, err := db.keys.UpdateOne(ctx, bson.D{{Key: "_id", Value: d.Hash}, {Key: "grants", Value: d.Grants}}, bson.D{{Key: "$set", Value: set}})
	if err != nil {
		return fault(action, err)
	}
	if result.MatchedCount == 0 {
		return changed
	}
	if packed != nil {
		_ = db.deliver(ctx, db.keys, d.Hash, packed) // else completeAudit does
	}
	return nil
}

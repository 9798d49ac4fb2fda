package mongodb

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"persepsi/internal/audit"
)

// auditDoc is an entry of the audit. A serial is taken once, and so is an entry's own
// name, by an index.
type auditDoc struct {
	Serial int64  `bson:"_id"`
	ID     string `bson:"id"`
	Hash   string `bson:"hash"`
	Entry  string `bson:"entry"`
}

const auditing = "write the audit"

// Audit adds entries, one after the other; see audit.Store.
func (db *DB) Audit(ctx context.Context, entries ...audit.Entry) error {
	return db.appendAudit(ctx, audit.Prepare(entries))
}

// appendAudit adds prepared entries. Those of this process wait for each other here,
// so that only other processes can take a serial away.
func (db *DB) appendAudit(ctx context.Context, prepared []audit.Entry) error {
	if err := db.begun(); err != nil {
		return err
	}
	db.chaining.Lock()
	defer db.chaining.Unlock()
	for _, e := range prepared {
		if err := db.chain(ctx, e); err != nil {
			return fault(auditing, err)
		}
	}
	return nil
}

// chain adds an entry after the newest one, again and again while others are faster.
func (db *DB) chain(ctx context.Context, e audit.Entry) error {
	ctx, cancel := db.within(ctx)
	defer cancel()
	for {
		var newest auditDoc
		err := db.audit.FindOne(ctx, bson.D{}, options.FindOne().
			SetSort(bson.D{{Key: "_id", Value: -1}}).SetProjection(bson.D{{Key: "hash", Value: 1}})).Decode(&newest)
		if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
			return err
		}
		next := e.After(audit.Head{Serial: newest.Serial, Hash: newest.Hash})
		text, err := next.Encode()
		if err != nil {
			return err
		}
		err = db.retry(ctx, func(ctx context.Context) error {
			_, err := db.audit.InsertOne(ctx, auditDoc{next.Serial, next.ID, next.Hash, text})
			return err
		})
		if err == nil || !isDuplicate(err) {
			return err
		}
		// It is there already, if only by an earlier try, or another took the serial.
		there, err := db.audit.CountDocuments(ctx, bson.D{{Key: "id", Value: next.ID}})
		if err != nil || there > 0 {
			return err
		}
		pause(ctx, rand.N(10*time.Millisecond)) //nolint:gosec // only so that two don't meet again
	}
}

// AuditLog calls fn with every entry, the oldest first, after those that documents
// still carry are among them.
func (db *DB) AuditLog(ctx context.Context, fn func(audit.Entry) error) error {
	const action = "read the audit"
	if err := db.begun(); err != nil {
		return err
	}
	if err := db.completeAudit(ctx); err != nil {
		return err
	}
	cursor, err := db.audit.Find(ctx, bson.D{}, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return fault(action, err)
	}
	var own error
	err = each(ctx, cursor, func(doc bson.Raw) error {
		serial, ok := doc.Lookup("_id").AsInt64OK()
		if !ok {
			return fmt.Errorf("an entry has the serial %s", doc.Lookup("_id"))
		}
		hash, _ := doc.Lookup("hash").StringValueOK() // what is lacking is found out by the chain
		text, _ := doc.Lookup("entry").StringValueOK()
		own = fn(audit.Decode(serial, hash, text))
		return own
	})
	if own != nil {
		return own
	}
	return fault(action, err)
}

// carried is the field of a document that carries the entries which tell of it, until
// they are in the audit: one document is all that is written at once here.
const carried = "audit"

// carry packs entries for the document that they tell of; nil where there are none.
func carry(entries []audit.Entry) ([]byte, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	if err := json.NewEncoder(zip).Encode(audit.Prepare(entries)); err != nil {
		return nil, fmt.Errorf("carry the audit: %w", err)
	}
	if err := zip.Close(); err != nil {
		return nil, fmt.Errorf("carry the audit: %w", err)
	}
	return out.Bytes(), nil
}

// deliver adds the entries that a document carries to the audit, then takes them from
// it, unless it carries others by then. Doing it twice adds nothing twice.
func (db *DB) deliver(ctx context.Context, of *mongo.Collection, id any, packed []byte) error {
	zip, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return fmt.Errorf("read a carried entry: %w", err)
	}
	var entries []audit.Entry
	if err := json.NewDecoder(zip).Decode(&entries); err != nil {
		return fmt.Errorf("read a carried entry: %w", err)
	}
	if err := db.appendAudit(ctx, entries); err != nil {
		return err
	}
	ctx, cancel := db.within(ctx)
	defer cancel()
	_, err = of.UpdateOne(ctx, bson.D{{Key: "_id", Value: id}, {Key: carried, Value: packed}}, bson.D{{Key: "$unset", Value: bson.D{{Key: carried, Value: ""}}}})
	return fault(auditing, err)
}

// completeAudit delivers what processes that died have left in documents.
func (db *DB) completeAudit(ctx context.Context) error {
	for _, of := range []*mongo.Collection{db.catalogues, db.evaluations, db.keys, db.people, db.erasures, db.manuscripts, db.evidence} {
		cursor, err := of.Find(ctx, bson.D{{Key: carried, Value: bson.D{{Key: "$exists", Value: true}}}}, options.Find().
			SetSort(bson.D{{Key: "_id", Value: 1}}).SetProjection(bson.D{{Key: carried, Value: 1}}))
		if err != nil {
			return fault(auditing, err)
		}
		var rows []struct {
			ID    any    `bson:"_id"`
			Audit []byte `bson:"audit"`
		}
		if err := cursor.All(ctx, &rows); err != nil {
			return fault(auditing, err)
		}
		for _, row := range rows {
			if err := db.deliver(ctx, of, row.ID, row.Audit); err != nil {
				return err
			}
		}
	}
	return nil
}

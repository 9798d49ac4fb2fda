package mongodb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"persepsi/internal/access"
)

// sessionDoc is a session; an index removes it some time after it expired.
type sessionDoc struct {
	Hash     []byte    `bson:"_id"`
	Person   string    `bson:"person"`
	At       time.Time `bson:"at"`
	Seen     time.Time `bson:"seen"`
	Expires  time.Time `bson:"expires"`
	Device   string    `bson:"device"`
	Second   bool      `bson:"second"`
	Ceremony string    `bson:"ceremony,omitempty"`
}

func (d *sessionDoc) session() (access.Session, error) {
	out := access.Session{Person: d.Person, At: d.At.UTC(), Seen: d.Seen.UTC(), Expires: d.Expires.UTC(), Device: d.Device, Second: d.Second, Ceremony: d.Ceremony}
	if copy(out.Hash[:], d.Hash); len(d.Hash) != len(out.Hash) {
		return out, fmt.Errorf("a session has a hash of %d bytes", len(d.Hash))
	}
	return out, nil
}

// AddSession adds a session.
func (db *DB) AddSession(ctx context.Context, s access.Session) error {
	ctx, cancel := db.within(ctx)
	defer cancel()
	_, err := db.sessions.InsertOne(ctx, sessionDoc{s.Hash[:], s.Person, s.At, s.Seen, s.Expires, s.Device, s.Second, s.Ceremony})
	return fault("add a session", err)
}

// SessionByHash returns the session of a token's hash, nil where there is none.
func (db *DB) SessionByHash(ctx context.Context, hash access.Digest) (*access.Session, error) {
	ctx, cancel := db.within(ctx)
	defer cancel()
	var d sessionDoc
	err := db.sessions.FindOne(ctx, bson.D{{Key: "_id", Value: hash[:]}}).Decode(&d)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil, nil //nolint:nilnil // no session, and that is no error
	}
	if err != nil {
		return nil, fault("find a session", err)
	}
	out, err := d.session()
	return &out, err
}

// SessionsOf returns the sessions of a person, the newest first.
func (db *DB) SessionsOf(ctx context.Context, person string) ([]access.Session, error) {
	const action = "list the sessions of a person"
	ctx, cancel := db.within(ctx)
	defer cancel()
	cursor, err := db.sessions.Find(ctx, bson.D{{Key: "person", Value: person}}, options.Find().SetSort(bson.D{{Key: "at", Value: -1}, {Key: "_id", Value: 1}}))
	if err != nil {
		return nil, fault(action, err)
	}
	var rows []sessionDoc
	if err := cursor.All(ctx, &rows); err != nil {
		return nil, fault(action, err)
	}
	var out []access.Session
	for i := range rows {
		s, err := rows[i].session()
		if err != nil {
			return nil, fault(action, err)
		}
		out = append(out, s)
	}
	return out, nil
}

// SeeSession stores when the newest request of a session came.
func (db *DB) SeeSession(ctx context.Context, hash access.Digest, seen time.Time) error {
	ctx, cancel := db.within(ctx)
	defer cancel()
	_, err := db.sessions.UpdateOne(ctx, bson.D{{Key: "_id", Value: hash[:]}}, bson.D{{Key: "$max", Value: bson.D{{Key: "seen", Value: seen}}}})
	return fault("note a session's request", err)
}

// EndSession removes a session.
func (db *DB) EndSession(ctx context.Context, hash access.Digest) error {
	ctx, cancel := db.within(ctx)
	defer cancel()
	_, err := db.sessions.DeleteOne(ctx, bson.D{{Key: "_id", Value: hash[:]}})
	return fault("end a session", err)
}

// EndSessions removes all sessions of a person but the one to keep.
func (db *DB) EndSessions(ctx context.Context, person string, keep access.Digest) error {
	ctx, cancel := db.within(ctx)
	defer cancel()
	_, err := db.sessions.DeleteMany(ctx, bson.D{{Key: "person", Value: person}, {Key: "_id", Value: bson.D{{Key: "$ne", Value: keep[:]}}}})
	return fault("end the sessions of a person", err)
}

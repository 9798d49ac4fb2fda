package mongodb

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo/options"

	"persepsi/internal/projection"
	"persepsi/survey"
)

// serverDoc is what a server told last; see projection.Server. It has no address.
type serverDoc struct {
	ID      string       `bson:"_id"`
	Run     string       `bson:"run"`
	Seen    time.Time    `bson:"seen"`
	Waiting []waitingDoc `bson:"waiting,omitempty"`
}

type waitingDoc struct {
	Period string `bson:"period"`
	N      int64  `bson:"n"`
}

// Announce tells for others what a server has in its spool. first is for what it tells
// when it starts: then the id is its own, whichever process had it. Conflict: another
// process has taken the id since, as a copy of the directory does in which it is kept.
func (db *DB) Announce(ctx context.Context, s projection.Server, first bool) error {
	ctx, cancel := db.within(ctx)
	defer cancel()
	doc := serverDoc{ID: s.ID, Run: s.Run, Seen: s.Seen}
	for period, n := range s.Waiting {
		doc.Waiting = append(doc.Waiting, waitingDoc{period, n})
	}
	which := bson.D{{Key: "_id", Value: s.ID}}
	if !first {
		which = append(which, bson.E{Key: "run", Value: s.Run})
	}
	_, err := db.servers.ReplaceOne(ctx, which, doc, options.Replace().SetUpsert(true))
	if isDuplicate(err) {
		return survey.Errorf(survey.Conflict, "another server has the id %s", s.ID)
	}
	return fault("announce the server", err)
}

// SignOff removes what a server told: it stops, and its spool is empty.
func (db *DB) SignOff(ctx context.Context, id, run string) error {
	ctx, cancel := db.within(ctx)
	defer cancel()
	_, err := db.servers.DeleteOne(ctx, bson.D{{Key: "_id", Value: id}, {Key: "run", Value: run}})
	return fault("sign the server off", err)
}

// ForgetServer removes what a server told. One that lives tells it again. NotFound: there is
// none of that id.
func (db *DB) ForgetServer(ctx context.Context, id string) error {
	ctx, cancel := db.within(ctx)
	defer cancel()
	result, err := db.servers.DeleteOne(ctx, bson.D{{Key: "_id", Value: id}})
	if err == nil && result.DeletedCount == 0 {
		return survey.Errorf(survey.NotFound, "there is no server %q", survey.Printable(id))
	}
	return fault("forget a server", err)
}

// Servers returns what each server told last; see projection.ServerStore.
func (db *DB) Servers(ctx context.Context) ([]projection.Server, error) {
	const action = "read the servers"
	ctx, cancel := db.within(ctx)
	defer cancel()
	cursor, err := db.servers.Find(ctx, bson.D{}, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return nil, fault(action, err)
	}
	var rows []serverDoc
	if err := cursor.All(ctx, &rows); err != nil {
		return nil, fault(action, err)
	}
	out := make([]projection.Server, len(rows))
	for i, d := range rows {
		out[i] = projection.Server{ID: d.ID, Run: d.Run, Seen: d.Seen.UTC(), Waiting: map[string]int64{}}
		for _, w := range d.Waiting {
			out[i].Waiting[w.Period] = w.N
		}
	}
	return out, nil
}

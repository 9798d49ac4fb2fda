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

	"persepsi/internal/audit"
	"persepsi/internal/evidence"
	"persepsi/survey"
)

// evidenceDoc is a step of the evidence of a unit. Body is JSON.
type evidenceDoc struct {
	ID     string `bson:"_id"` // PERIOD/UNIT/SERIAL
	Unit   string `bson:"unit"`
	Serial int    `bson:"serial"`
	Body   string `bson:"body"`
	Audit  []byte `bson:"audit,omitempty"` // see carried
}

// pieceDoc is a piece of a file.
type pieceDoc struct {
	ID   string `bson:"_id"` // FILE/N
	Data []byte `bson:"data"`
}

// expiryDoc is the expiry of a file. One whose file is being removed can't be named any more.
type expiryDoc struct {
	File     string    `bson:"_id"`
	Period   string    `bson:"period"`
	Unit     string    `bson:"unit"`
	Due      time.Time `bson:"due"`
	Removing bool      `bson:"removing"`
}

func pieceID(file string, n int) string { return prefixOf(file) + fmt.Sprintf("%06d", n) }

// EvidenceSteps returns the steps of a place; see evidence.Source.
func (db *DB) EvidenceSteps(ctx context.Context, of evidence.Place) ([]evidence.Step, error) {
	const action = "read evidence"
	parts := []string{of.Period}
	if of.Unit != "" {
		parts = append(parts, of.Unit)
	}
	ctx, cancel := db.within(ctx)
	defer cancel()
	cursor, err := db.evidence.Find(ctx, span("_id", prefixOf(parts...)), options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return nil, fault(action, err)
	}
	var rows []evidenceDoc
	if err := cursor.All(ctx, &rows); err != nil {
		return nil, fault(action, err)
	}
	var out []evidence.Step
	for _, row := range rows {
		step := evidence.Step{}
		if err := json.Unmarshal([]byte(row.Body), &step); err != nil {
			return nil, fmt.Errorf("%s: %w", action, err)
		}
		step.Place, step.Serial = evidence.Place{Period: of.Period, Unit: row.Unit}, row.Serial
		out = append(out, step)
	}
	return out, nil
}

// RecordEvidence adds the next step of a place, which carries the entries of the audit that
// tell of it; see evidence.Store. Of the expiry what must hold if this process dies in between
// is written before the step: an added file is kept until its new end, one of an
// entry that is withdrawn is looked at when its time is over.
func (db *DB) RecordEvidence(ctx context.Context, step evidence.Step, end evidence.Expiry, said ...audit.Entry) error {
	const action = "write evidence"
	body, err := json.Marshal(step)
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	all, err := db.EvidenceSteps(ctx, step.Place)
	if err != nil {
		return err
	}
	conflict := survey.ChangedMeanwhile("the evidence")
	if step.Serial != len(all)+1 {
		return conflict
	}
	packed, err := carry(said)
	if err != nil {
		return err
	}
	ctx, cancel := db.within(ctx)
	defer cancel()
	switch {
	case end.File == "":
	case step.Added != nil:
		held, err := db.expiries.UpdateOne(ctx, bson.D{{Key: "_id", Value: end.File}, {Key: "removing", Value: false}}, bson.D{{Key: "$set", Value: bson.D{{Key: "due", Value: end.Due}}}})
		if err != nil {
			return fault(action, err)
		}
		if held.MatchedCount == 0 {
			return survey.Errorf(survey.TooSlow, "the file took too long to be stored; send it again")
		}
	default:
		if err := db.PutExpiry(ctx, end); err != nil {
			return err
		}
	}
	doc := evidenceDoc{prefixOf(step.Period, step.Unit) + fmt.Sprintf("%08d", step.Serial), step.Unit, step.Serial, string(body), packed}
	if _, err := db.evidence.InsertOne(ctx, doc); isDuplicate(err) {
		return conflict
	} else if err != nil {
		return fault(action, err)
	}
	if packed != nil {
		_ = db.deliver(ctx, db.evidence, doc.ID, packed) // else completeAudit does
	}
	if end.File != "" && step.Added != nil {
		_ = db.EndExpiry(ctx, end, false) // else the next sweep does
	}
	return nil
}

// PutExpiry stores the expiry of a file; see evidence.Store.
func (db *DB) PutExpiry(ctx context.Context, e evidence.Expiry) error {
	ctx, cancel := db.within(ctx)
	defer cancel()
	_, err := db.expiries.UpdateByID(ctx, e.File, bson.D{
		{Key: "$set", Value: bson.D{{Key: "due", Value: e.Due}}},
		{Key: "$setOnInsert", Value: bson.D{{Key: "period", Value: e.Period}, {Key: "unit", Value: e.Unit}, {Key: "removing", Value: false}}},
	}, options.Update().SetUpsert(true))
	return fault("write the expiry of a file", err)
}

// PutPiece stores a piece of a file; see evidence.Store.
func (db *DB) PutPiece(ctx context.Context, file string, n int, data []byte) error {
	ctx, cancel := db.within(ctx)
	defer cancel()
	_, err := db.pieces.InsertOne(ctx, pieceDoc{pieceID(file, n), data})
	return fault("write a piece of a file", err)
}

// Piece returns a piece of a file; see evidence.Source.
func (db *DB) Piece(ctx context.Context, file string, n int) ([]byte, error) {
	ctx, cancel := db.within(ctx)
	defer cancel()
	var doc pieceDoc
	err := db.pieces.FindOne(ctx, bson.D{{Key: "_id", Value: pieceID(file, n)}}).Decode(&doc)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil, survey.Errorf(survey.NotFound, "the file is not there any more")
	}
	return doc.Data, fault("read a piece of a file", err)
}

// EvidenceRoom returns what files take and leave; see evidence.Source. Pieces are counted in
// the index of their ids, without reading one. Of the disk a server tells that has it to
// itself; one that is shared, or no MongoDB, does not.
func (db *DB) EvidenceRoom(ctx context.Context) (evidence.Room, error) {
	ctx, cancel := db.within(ctx)
	defer cancel()
	out := evidence.Room{Free: -1}
	var err error
	if out.Pieces, err = db.pieces.CountDocuments(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$gte", Value: ""}}}}); err != nil {
		return out, fault("count the pieces of files", err)
	}
	var disk struct {
		Total float64 `bson:"fsTotalSize"`
		Used  float64 `bson:"fsUsedSize"`
	}
	if err := db.pieces.Database().RunCommand(ctx, bson.D{{Key: "dbStats", Value: 1}}).Decode(&disk); err == nil && disk.Total > 0 {
		out.Free = int64(disk.Total - disk.Used)
	}
	return out, nil
}

// Expiries returns the expiries that are due; see evidence.Store.
func (db *DB) Expiries(ctx context.Context, at time.Time) ([]evidence.Expiry, error) {
	const action = "read the expiries of files"
	ctx, cancel := db.within(ctx)
	defer cancel()
	cursor, err := db.expiries.Find(ctx, bson.D{{Key: "due", Value: bson.D{{Key: "$lte", Value: at}}}}, options.Find().SetSort(bson.D{{Key: "due", Value: 1}, {Key: "_id", Value: 1}}))
	if err != nil {
		return nil, fault(action, err)
	}
	var rows []expiryDoc
	if err := cursor.All(ctx, &rows); err != nil {
		return nil, fault(action, err)
	}
	var out []evidence.Expiry
	for _, row := range rows {
		out = append(out, evidence.Expiry{Place: evidence.Place{Period: row.Period, Unit: row.Unit}, File: row.File, Due: row.Due.UTC()})
	}
	return out, nil
}

// EndExpiry removes an expiry, and the pieces of its file before; see evidence.Store.
func (db *DB) EndExpiry(ctx context.Context, e evidence.Expiry, gone bool) error {
	const action = "remove a file"
	ctx, cancel := db.within(ctx)
	defer cancel()
	mine := bson.D{{Key: "_id", Value: e.File}, {Key: "due", Value: e.Due}}
	if !gone {
		_, err := db.expiries.DeleteOne(ctx, append(mine, bson.E{Key: "removing", Value: false}))
		return fault(action, err)
	}
	claimed, err := db.expiries.UpdateOne(ctx, mine, bson.D{{Key: "$set", Value: bson.D{{Key: "removing", Value: true}}}})
	if err != nil || claimed.MatchedCount == 0 {
		return fault(action, err)
	}
	if _, err := db.pieces.DeleteMany(ctx, span("_id", prefixOf(e.File))); err != nil {
		return fault(action, err)
	}
	_, err = db.expiries.DeleteOne(ctx, bson.D{{Key: "_id", Value: e.File}})
	return fault(action, err)
}

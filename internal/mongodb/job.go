package mongodb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"persepsi/internal/jobs"
	"persepsi/survey"
)

// jobDoc is a job. Body is JSON.
type jobDoc struct {
	ID      string `bson:"_id"`
	Version int    `bson:"version"`
	Body    string `bson:"body"`
}

// jobPartDoc is a part of a job: a file of some hundred kilobytes.
type jobPartDoc struct {
	ID   string `bson:"_id"` // JOB/KEY
	Key  string `bson:"key"`
	File string `bson:"file"`
	Note string `bson:"note"`
	Data []byte `bson:"data"`
}

// Jobs returns every job; see jobs.Store.
func (db *DB) Jobs(ctx context.Context) ([]jobs.Job, error) {
	const action = "read jobs"
	ctx, cancel := db.within(ctx)
	defer cancel()
	cursor, err := db.jobs.Find(ctx, bson.D{})
	if err != nil {
		return nil, fault(action, err)
	}
	var rows []jobDoc
	if err := cursor.All(ctx, &rows); err != nil {
		return nil, fault(action, err)
	}
	out := make([]jobs.Job, len(rows))
	for i, row := range rows {
		if err := json.Unmarshal([]byte(row.Body), &out[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", action, err)
		}
	}
	jobs.Order(out)
	return out, nil
}

// PutJob stores a version of a job; see jobs.Store. The part goes before it: one that is
// there without its version is made again, or dropped with the job.
func (db *DB) PutJob(ctx context.Context, j jobs.Job, part *jobs.Part) error {
	const action = "write a job"
	body, err := json.Marshal(j)
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	ctx, cancel := db.within(ctx)
	defer cancel()
	conflict := survey.ChangedMeanwhile("the job")
	if part != nil {
		n, err := db.jobs.CountDocuments(ctx, bson.D{{Key: "_id", Value: j.ID}, {Key: "version", Value: j.Version - 1}})
		if err != nil {
			return fault(action, err)
		}
		if n == 0 && j.Version > 1 {
			return conflict
		}
		doc := jobPartDoc{prefixOf(j.ID) + part.Key, part.Key, part.File, part.Note, part.Data}
		if _, err := db.jobParts.ReplaceOne(ctx, bson.D{{Key: "_id", Value: doc.ID}}, doc, options.Replace().SetUpsert(true)); err != nil {
			return fault(action, err)
		}
	}
	if j.Version == 1 {
		_, err := db.jobs.InsertOne(ctx, jobDoc{j.ID, 1, string(body)})
		if isDuplicate(err) {
			return conflict
		}
		return fault(action, err)
	}
	done, err := db.jobs.UpdateOne(ctx, bson.D{{Key: "_id", Value: j.ID}, {Key: "version", Value: j.Version - 1}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "version", Value: j.Version}, {Key: "body", Value: string(body)}}}})
	if err != nil {
		return fault(action, err)
	}
	if done.MatchedCount == 0 {
		return conflict
	}
	return nil
}

// Parts returns the parts of a job; see jobs.Store.
func (db *DB) Parts(ctx context.Context, job string) ([]jobs.Part, error) {
	const action = "read parts of a job"
	ctx, cancel := db.within(ctx)
	defer cancel()
	cursor, err := db.jobParts.Find(ctx, span("_id", prefixOf(job)), options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetProjection(bson.D{{Key: "data", Value: 0}}))
	if err != nil {
		return nil, fault(action, err)
	}
	var rows []jobPartDoc
	if err := cursor.All(ctx, &rows); err != nil {
		return nil, fault(action, err)
	}
	var out []jobs.Part
	for _, row := range rows {
		out = append(out, jobs.Part{Key: row.Key, File: row.File, Note: row.Note})
	}
	return out, nil
}

// PartData returns what a part of a job holds; see jobs.Store.
func (db *DB) PartData(ctx context.Context, job, key string) ([]byte, error) {
	ctx, cancel := db.within(ctx)
	defer cancel()
	var row jobPartDoc
	err := db.jobParts.FindOne(ctx, bson.D{{Key: "_id", Value: prefixOf(job) + key}}).Decode(&row)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil, survey.Errorf(survey.NotFound, "there is no such part of the job")
	}
	return row.Data, fault("read a part of a job", err)
}

// PartsOf returns the ids of jobs that have parts; see jobs.Store.
func (db *DB) PartsOf(ctx context.Context) ([]string, error) {
	const action = "read whose parts there are"
	var out []string
	for from := ""; ; { // from one job to the next, by the index alone
		id, err := db.nextPart(ctx, from)
		if err != nil || id == "" {
			return out, fault(action, err)
		}
		path, _, _ := strings.Cut(id, "/")
		job, err := url.PathUnescape(path)
		if err != nil {
			return nil, fault(action, err)
		}
		out, from = append(out, job), after(prefixOf(job))
	}
}

// nextPart returns the id of the first part from an id on; empty: there is none.
func (db *DB) nextPart(ctx context.Context, from string) (string, error) {
	ctx, cancel := db.within(ctx)
	defer cancel()
	var row jobPartDoc
	err := db.jobParts.FindOne(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$gte", Value: from}}}},
		options.FindOne().SetSort(bson.D{{Key: "_id", Value: 1}}).SetProjection(bson.D{{Key: "_id", Value: 1}})).Decode(&row)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return "", nil
	}
	return row.ID, err
}

// DropParts removes the parts of a job. The database removes one after the other, and lets
// others write in between.
func (db *DB) DropParts(ctx context.Context, job string) error {
	ctx, cancel := db.within(ctx)
	defer cancel()
	_, err := db.jobParts.DeleteMany(ctx, span("_id", prefixOf(job)))
	return fault("remove parts of a job", err)
}

// DropJob removes a job's parts and then the job; see jobs.Store.
func (db *DB) DropJob(ctx context.Context, job string) error {
	if err := db.DropParts(ctx, job); err != nil {
		return err
	}
	ctx, cancel := db.within(ctx)
	defer cancel()
	_, err := db.jobs.DeleteOne(ctx, bson.D{{Key: "_id", Value: job}})
	return fault("remove a job", err)
}

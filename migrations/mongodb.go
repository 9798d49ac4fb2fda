package migrations

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// mongoStep is one step of the MongoDB store. Every step is idempotent: two
// servers that start at once may both apply it.
type mongoStep struct {
	name  string
	apply func(ctx context.Context, db *mongo.Database) error
}

// mongoSteps are numbered by their place, from 1. A step that was released is
// never changed; another shape is another step.
func mongoSteps() []mongoStep {
	return []mongoStep{
		{"indexes of responses and markers", mongoFirst},
		{"sessions that expire", mongoSessions},
		{chainedAudit, mongoAudit},
		{"releases with sums of pairs", mongoSums},
		{"people, grants and their sessions", mongoPeople},
		{erasedAgain, mongoErasedAgain},
		{"entries of several units in one document", mongoEvaluations},
	}
}

// MongoDB applies the steps that the database still needs; the ledger is the
// collection migrations.
func MongoDB(ctx context.Context, db *mongo.Database) error {
	return runMongoDB(ctx, db, mongoSteps())
}

// HasMongoDB reports whether a database has a ledger, so that it is a store.
func HasMongoDB(ctx context.Context, db *mongo.Database) (bool, error) {
	err := db.Collection("migrations").FindOne(ctx, bson.D{}).Err()
	if errors.Is(err, mongo.ErrNoDocuments) {
		return false, nil
	}
	return err == nil, err
}

func runMongoDB(ctx context.Context, db *mongo.Database, steps []mongoStep) error {
	ledger := db.Collection("migrations")
	cursor, err := ledger.Find(ctx, bson.D{})
	if err != nil {
		return fmt.Errorf("read the ledger: %w", err)
	}
	var rows []struct {
		Number int `bson:"_id"`
	}
	if err := cursor.All(ctx, &rows); err != nil {
		return fmt.Errorf("read the ledger: %w", err)
	}
	have := make([]int, len(rows))
	for i, r := range rows {
		have[i] = r.Number
	}
	todo, err := plan(have, len(steps))
	if err != nil {
		return err
	}
	for _, n := range todo {
		step := steps[n-1]
		if err := step.apply(ctx, db); err != nil {
			return failed(n, step.name, err)
		}
		line := bson.D{{Key: "$setOnInsert", Value: bson.D{{Key: "name", Value: step.name}, {Key: "at", Value: time.Now().UTC()}}}}
		if _, err := ledger.UpdateByID(ctx, n, line, options.Update().SetUpsert(true)); err != nil {
			return failed(n, step.name, err)
		}
	}
	return nil
}

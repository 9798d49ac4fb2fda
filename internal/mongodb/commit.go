package mongodb

import (
	"context"
	"time"

	"persepsi/survey"
)

// begun is the error of an operation before Start, at once: the driver would look
// for a server first.
func (db *DB) begun() error {
	if db.started.Load() {
		return nil
	}
	return &survey.Error{Code: survey.Unavailable, Message: "the database could not be reached since the service started", RetryAfter: retryAfter}
}

// within bounds an operation whose caller has set no deadline. Before Start its
// time is over, which is as quick as begun.
func (db *DB) within(ctx context.Context) (context.Context, context.CancelFunc) {
	if !db.started.Load() {
		return context.WithDeadline(ctx, time.Unix(0, 0))
	}
	if _, ok := ctx.Deadline(); ok {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, db.pace.operation)
}

// retry repeats an idempotent write whose outcome is unknown.
func (db *DB) retry(ctx context.Context, write func(context.Context) error) error {
	var err error
	for n := range db.pace.attempts {
		if n > 0 {
			pause(ctx, time.Duration(n)*50*time.Millisecond)
		}
		attempt, cancel := context.WithTimeout(ctx, db.pace.attempt)
		err = write(attempt)
		cancel()
		if err == nil || notSent(err) || !unavailable(err) || ctx.Err() != nil {
			return err
		}
	}
	return err
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

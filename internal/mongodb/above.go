package mongodb

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/bson"

	"persepsi/analytics"
)

// unreadable tells that a stored tally can't be decoded.
type unreadable struct {
	key   analytics.Key
	cause error
}

func (e *unreadable) Error() string { return fmt.Sprintf("tally %s: %v", tallyID(e.key), e.cause) }
func (e *unreadable) Unwrap() error { return e.cause }

// settleAbove merges a month out of its days, or a period out of its months.
// The revision is read before the children: whoever stores last has seen all.
func (db *DB) settleAbove(ctx context.Context, w *work, key analytics.Key) (int, error) {
	for range maxTries {
		old, err := db.stored(ctx, key)
		if err != nil {
			return 0, err
		}
		t, err := db.merged(ctx, key)
		var bad *unreadable
		if errors.As(err, &bad) {
			if err := db.mend(ctx, w, bad.key); err != nil {
				return 0, err
			}
			continue
		}
		if err != nil {
			return 0, err
		}
		if old != nil && bytes.Equal(old.Tally, t.Encode()) || old == nil && t.N == 0 {
			return 0, nil
		}
		_, err = db.replace(ctx, key, old, t)
		if err == nil {
			if db.damaged(old) {
				w.mend(key)
			}
			return 1, nil
		}
		if !errors.Is(err, errMoved) {
			return 0, err
		}
	}
	return 0, fmt.Errorf("settle %s: %w", tallyID(key), errMoved)
}

// mend makes a tally anew that can't be read: derived data follow from the
// facts.
func (db *DB) mend(ctx context.Context, w *work, key analytics.Key) error {
	if key.Level != analytics.LevelDay {
		_, err := db.settleAbove(ctx, w, key)
		return err
	}
	old, err := db.stored(ctx, key)
	if err != nil {
		return err
	}
	t, err := db.countBucket(ctx, key, w.upTo)
	if err != nil {
		return err
	}
	switch _, err = db.replace(ctx, key, old, t); {
	case errors.Is(err, errMoved):
		return nil // somebody mended it; the caller looks again
	case err != nil:
		return err
	}
	w.mend(key)
	return nil
}

// damaged tells whether a stored tally can't be read; nil is none, and can.
func (db *DB) damaged(t *storedTally) bool {
	if t == nil {
		return false
	}
	_, err := analytics.DecodeTotals(db.forms, t.Tally)
	return err != nil
}

// children selects the tallies that a month or a period is merged out of.
func children(key analytics.Key) bson.D {
	if key.Level == analytics.LevelPeriod {
		return span("_id", prefixOf(levelName(analytics.LevelMonth), key.Period, key.Unit))
	}
	day, next := levelName(analytics.LevelDay), (key.Start + 31).Month()
	return bson.D{{Key: "_id", Value: bson.D{
		{Key: "$gte", Value: prefixOf(day, key.Period, key.Unit, key.Start.String())},
		{Key: "$lt", Value: prefixOf(day, key.Period, key.Unit, next.String())},
	}}}
}

func (db *DB) merged(ctx context.Context, key analytics.Key) (*analytics.Tally, error) {
	form, err := db.forms.FormByID(key.Form)
	if err != nil {
		return nil, err
	}
	t := analytics.NewTally(form)
	return t, db.eachTally(ctx, children(key), func(k analytics.Key, child *storedTally) error {
		if k.Form != key.Form {
			return nil
		}
		c, err := analytics.DecodeTally(db.forms, child.Tally)
		if err != nil {
			return &unreadable{k, err}
		}
		return t.Merge(c)
	})
}

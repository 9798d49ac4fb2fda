package main

import (
	"context"

	"github.com/google/uuid"

	"persepsi/internal/ingest"
	"persepsi/survey"
)

// finder finds responses wherever they are durable: in the store, or in the
// spool that holds what the store doesn't have yet.
type finder struct{ spool, store ingest.Finder }

// finder returns what finds the responses that came this way into a store.
func (in *intake) finder(s ingest.Finder) ingest.Finder {
	if in.spool == nil {
		return s
	}
	return finder{in.spool, s}
}

// Find looks in the spool first: what leaves it is in the store by then. The
// store is only asked for what the spool doesn't hold, so that an answer is
// found that came while the store is away. An error tells that one of them
// can't be asked and that the other doesn't hold all.
func (f finder) Find(ctx context.Context, ids []uuid.UUID) ([]*survey.Response, error) {
	found, untold := f.spool.Find(ctx, ids)
	held := make(map[uuid.UUID]bool, len(found))
	for _, r := range found {
		held[r.ID] = true
	}
	var rest []uuid.UUID
	for _, id := range ids {
		if !held[id] {
			rest = append(rest, id)
		}
	}
	if len(rest) == 0 {
		return found, nil
	}
	stored, err := f.store.Find(ctx, rest)
	if err == nil && len(stored) < len(rest) {
		err = untold
	}
	if err != nil {
		return nil, err
	}
	return append(found, stored...), nil
}

package main

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"

	"persepsi/survey"
)

// holder holds responses under some ids; leaves, if set, is called once it was
// asked.
type holder struct {
	ids    []uuid.UUID
	err    error
	leaves func()
}

func (h *holder) Find(_ context.Context, ids []uuid.UUID) ([]*survey.Response, error) {
	if h.err != nil {
		return nil, h.err
	}
	var out []*survey.Response
	for _, id := range ids {
		if slices.Contains(h.ids, id) {
			out = append(out, &survey.Response{ID: id})
		}
	}
	if h.leaves != nil {
		h.leaves()
	}
	return out, nil
}

func TestAnAnswerIsFoundWhereverItIsDurable(t *testing.T) {
	t.Parallel()
	spooled, stored, nowhere := uuid.New(), uuid.New(), uuid.New()
	gone := errors.New("away")
	for _, tc := range []struct {
		name         string
		spool, store *holder
		ask          []uuid.UUID
		want         int
		err          error
	}{
		{"in both places", &holder{ids: []uuid.UUID{spooled}}, &holder{ids: []uuid.UUID{stored}}, []uuid.UUID{stored, spooled, nowhere}, 2, nil},
		{"the store is away", &holder{ids: []uuid.UUID{spooled}}, &holder{err: gone}, []uuid.UUID{spooled}, 1, nil},
		{"the store is away and may hold it", &holder{ids: []uuid.UUID{spooled}}, &holder{err: gone}, []uuid.UUID{stored}, 0, gone},
		{"the spool can't be read", &holder{err: gone}, &holder{}, []uuid.UUID{spooled}, 0, gone},
		{"the spool can't be read, the store holds it", &holder{err: gone}, &holder{ids: []uuid.UUID{stored}}, []uuid.UUID{stored}, 1, nil},
	} {
		got, err := finder{tc.spool, tc.store}.Find(t.Context(), tc.ask)
		if len(got) != tc.want || !errors.Is(err, tc.err) {
			t.Errorf("%s: %d found, %v; want %d, %v", tc.name, len(got), err, tc.want, tc.err)
		}
	}
}

func TestAnAnswerThatMovesIntoTheStoreMeanwhileIsFound(t *testing.T) {
	t.Parallel()
	id := uuid.New()
	spool, store := &holder{ids: []uuid.UUID{id}}, &holder{}
	// The drain stores first and forgets then, between any two look-ups.
	drain := func() { store.ids, spool.ids = []uuid.UUID{id}, nil }
	spool.leaves = drain
	store.leaves = drain
	if got, err := (finder{spool, store}).Find(t.Context(), []uuid.UUID{id}); err != nil || len(got) != 1 {
		t.Errorf("%d found, %v", len(got), err)
	}
	spool, store = &holder{}, &holder{ids: []uuid.UUID{id}}
	if got, err := (finder{spool, store}).Find(t.Context(), []uuid.UUID{id}); err != nil || len(got) != 1 {
		t.Errorf("afterwards: %d found, %v", len(got), err)
	}
}

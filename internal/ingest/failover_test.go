package ingest

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"persepsi/survey"
)

// memorySpool is a Spool in memory.
type memorySpool struct {
	memory
	order       []uuid.UUID
	quarantined []*survey.Response
	full        bool
	broke       bool // nothing of it can be read or written
}

func newMemorySpool() *memorySpool {
	return &memorySpool{memory: memory{stored: map[uuid.UUID]*survey.Response{}}}
}

func (q *memorySpool) Append(ctx context.Context, batch []*survey.Response) ([]survey.Outcome, error) {
	if q.full || q.broke {
		return nil, &survey.Error{Code: survey.Unavailable, Message: "the spool is full", RetryAfter: time.Second}
	}
	out, err := q.memory.Append(ctx, batch)
	q.mu.Lock()
	defer q.mu.Unlock()
	for i, o := range out {
		if o.Result == survey.Stored {
			q.order = append(q.order, batch[i].ID)
		}
	}
	return out, err
}

func (q *memorySpool) Find(_ context.Context, ids []uuid.UUID) ([]*survey.Response, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.broke {
		return nil, survey.Errorf(survey.Unavailable, "the spool is gone")
	}
	var out []*survey.Response
	for _, id := range ids {
		if r := q.stored[id]; r != nil {
			out = append(out, r)
		}
	}
	return out, nil
}

func (q *memorySpool) Peek(_ context.Context, n int) ([]*survey.Response, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.broke {
		return nil, survey.Errorf(survey.Unavailable, "the spool is gone")
	}
	var out []*survey.Response
	for _, id := range q.order[:min(n, len(q.order))] {
		out = append(out, q.stored[id])
	}
	return out, nil
}

func (q *memorySpool) Remove(_ context.Context, ids []uuid.UUID) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, id := range ids {
		delete(q.stored, id)
	}
	q.order = slices.DeleteFunc(q.order, func(id uuid.UUID) bool { return slices.Contains(ids, id) })
	return nil
}

func (q *memorySpool) Quarantine(ctx context.Context, r *survey.Response, _ string) error {
	q.quarantined = append(q.quarantined, r)
	return q.Remove(ctx, []uuid.UUID{r.ID})
}

func (q *memorySpool) Stats(context.Context) (SpoolStats, error) {
	return SpoolStats{Waiting: int64(len(q.order)), Quarantined: int64(len(q.quarantined))}, nil
}

// flaky is a store that can be away, or lose its reply after storing.
type flaky struct {
	memory
	away, forgetful bool
	poison          uuid.UUID // refused whatever it comes with
}

func (f *flaky) Append(ctx context.Context, batch []*survey.Response) ([]survey.Outcome, error) {
	if f.away {
		return nil, survey.Errorf(survey.Unavailable, "away")
	}
	if slices.ContainsFunc(batch, func(r *survey.Response) bool { return r.ID == f.poison }) {
		return nil, survey.Errorf(survey.Internal, "the store never takes this")
	}
	out, err := f.memory.Append(ctx, batch)
	if f.forgetful {
		return nil, survey.Errorf(survey.Unavailable, "reply lost")
	}
	return out, err
}

func newFailover(t testing.TB) (*Failover, *flaky, *memorySpool) {
	t.Helper()
	store, spool := &flaky{memory: memory{stored: map[uuid.UUID]*survey.Response{}}}, newMemorySpool()
	s, err := NewFailover(context.Background(), store, spool, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	return s, store, spool
}

func TestAnswersGoToTheSpoolWhileTheStoreIsAwayAndDrainOnce(t *testing.T) {
	t.Parallel()
	s, store, spool := newFailover(t)
	store.away = true
	r := answer("a")
	for want := range 2 {
		out, err := s.Append(t.Context(), []*survey.Response{r})
		if err != nil || out[0].Result != survey.Result(want) {
			t.Fatalf("outcome = %+v, err = %v", out, err)
		}
	}
	if !s.Active() || len(spool.order) != 1 {
		t.Fatalf("active = %v, spool = %v", s.Active(), spool.order)
	}
	if _, err := s.Drain(t.Context()); survey.CodeOf(err) != survey.Unavailable || len(spool.order) != 1 {
		t.Errorf("drained into a store that is away: %v", err)
	}
	store.away = false
	if n, err := s.Drain(t.Context()); n != 1 || err != nil || len(spool.order) != 0 || len(store.stored) != 1 || s.Active() {
		t.Errorf("moved %d, err = %v, spool %v, store %v", n, err, spool.order, store.stored)
	}
}

func TestALostReplyDoublesNothing(t *testing.T) {
	t.Parallel()
	s, store, spool := newFailover(t)
	store.forgetful = true
	if _, err := s.Append(t.Context(), []*survey.Response{answer("a")}); err != nil {
		t.Fatal(err)
	}
	if len(store.stored) != 1 || len(spool.order) != 1 {
		t.Fatalf("store %d, spool %d, want one each", len(store.stored), len(spool.order))
	}
	store.forgetful = false
	if _, err := s.Drain(t.Context()); err != nil || len(store.stored) != 1 || len(spool.order) != 0 {
		t.Errorf("store %d, spool %d, err = %v", len(store.stored), len(spool.order), err)
	}
}

func TestWhileDrainingAnIDInTheSpoolHasOneContent(t *testing.T) {
	t.Parallel()
	s, store, _ := newFailover(t)
	store.away = true
	r := answer("a")
	if _, err := s.Append(t.Context(), []*survey.Response{r}); err != nil {
		t.Fatal(err)
	}
	store.away = false
	s.active.Store(false)
	other := *r
	other.Comment = "b"
	fresh := answer("c")
	out, err := s.Append(t.Context(), []*survey.Response{&other, fresh, r})
	if err != nil || out[0].Result != survey.Differs || out[1].Result != survey.Stored || out[2].Result != survey.Duplicate {
		t.Errorf("outcomes = %+v, err = %v", out, err)
	}
	if len(store.stored) != 1 || store.stored[fresh.ID] == nil {
		t.Errorf("store = %v, want the fresh one only", store.stored)
	}
}

func TestWhatTheStoreContradictsIsQuarantinedNotLost(t *testing.T) {
	t.Parallel()
	s, store, spool := newFailover(t)
	r := answer("a")
	if _, err := s.Append(t.Context(), []*survey.Response{r}); err != nil {
		t.Fatal(err)
	}
	store.away = true
	other := *r
	other.Comment = "b"
	if _, err := s.Append(t.Context(), []*survey.Response{&other, answer("c")}); err != nil {
		t.Fatal(err)
	}
	store.away = false
	if _, err := s.Drain(t.Context()); err != nil || len(spool.quarantined) != 1 || len(spool.order) != 0 || len(store.stored) != 2 {
		t.Errorf("quarantined %d, spool %d, store %d, err = %v", len(spool.quarantined), len(spool.order), len(store.stored), err)
	}
}

func TestAFullSpoolIsTold(t *testing.T) {
	t.Parallel()
	s, store, spool := newFailover(t)
	store.away, spool.full = true, true
	if _, err := s.Append(t.Context(), []*survey.Response{answer("a")}); survey.CodeOf(err) != survey.Unavailable {
		t.Errorf("err = %v, want Unavailable", err)
	}
}

func TestABrokenSpoolKeepsNoAnswerFromAStoreThatIsThere(t *testing.T) {
	t.Parallel()
	s, store, spool := newFailover(t)
	store.away = true
	if _, err := s.Append(t.Context(), []*survey.Response{answer("a")}); err != nil {
		t.Fatal(err)
	}
	store.away, spool.broke = false, true
	if _, err := s.Drain(t.Context()); survey.CodeOf(err) != survey.Unavailable {
		t.Fatalf("drain: %v, want Unavailable", err)
	}
	if out, err := s.Append(t.Context(), []*survey.Response{answer("b")}); err != nil || out[0].Result != survey.Stored || len(store.stored) != 1 {
		t.Errorf("outcomes = %+v, err = %v, %d in the store", out, err, len(store.stored))
	}
	store.away = true // nobody has it then, and nobody is told that it is stored
	if out, err := s.Append(t.Context(), []*survey.Response{answer("c")}); survey.CodeOf(err) != survey.Unavailable {
		t.Errorf("without a store either: %+v, err = %v, want Unavailable", out, err)
	}
}

// TestEveryAcknowledgedAnswerIsStoredOnceWhateverFails is the law of Failover.
func TestEveryAcknowledgedAnswerIsStoredOnceWhateverFails(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		store, spool := &flaky{memory: memory{stored: map[uuid.UUID]*survey.Response{}}}, newMemorySpool()
		s, err := NewFailover(context.Background(), store, spool, time.Second)
		if err != nil {
			t.Fatal(err)
		}
		acked := map[uuid.UUID]bool{}
		var sent []*survey.Response
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			store.away = rapid.Bool().Draw(t, "away")
			store.forgetful = rapid.Bool().Draw(t, "forgetful")
			spool.full = rapid.IntRange(0, 3).Draw(t, "full") == 0
			if rapid.Bool().Draw(t, "drain") {
				_, _ = s.Drain(context.Background())
				continue
			}
			r := answer("")
			if len(sent) > 0 && rapid.Bool().Draw(t, "again") {
				r = sent[rapid.IntRange(0, len(sent)-1).Draw(t, "which")]
			}
			sent = append(sent, r)
			if _, err := s.Append(context.Background(), []*survey.Response{r}); err == nil {
				acked[r.ID] = true
			}
		}
		store.away, store.forgetful, spool.full = false, false, false
		if _, err := s.Drain(context.Background()); err != nil {
			t.Fatal(err)
		}
		for id := range acked {
			if store.stored[id] == nil {
				t.Errorf("acknowledged %s is lost", id)
			}
		}
		if len(spool.order) != 0 || len(spool.quarantined) != 0 {
			t.Errorf("the spool still holds %d, quarantined %d", len(spool.order), len(spool.quarantined))
		}
	})
}

func TestWhatTheStoreNeverTakesIsQuarantinedAndStopsNobody(t *testing.T) {
	t.Parallel()
	s, store, spool := newFailover(t)
	var list []*survey.Response
	for range 5 {
		list = append(list, &survey.Response{ID: uuid.New(), Answers: "4"})
	}
	store.poison = list[2].ID
	out, err := s.Append(t.Context(), list)
	if err != nil || len(out) != 5 || s.Active() {
		t.Fatalf("outcomes %v, err = %v, active = %v: all are acknowledged, and the store is not away", out, err, s.Active())
	}
	if moved, err := s.Drain(t.Context()); err != nil || moved != 4 {
		t.Errorf("%d drained, err = %v, want 4", moved, err)
	}
	if len(store.stored) != 4 || len(spool.quarantined) != 1 || spool.quarantined[0].ID != store.poison || len(spool.order) != 0 {
		t.Errorf("%d stored, %d quarantined, %d waiting, want 4, 1 and 0", len(store.stored), len(spool.quarantined), len(spool.order))
	}
}

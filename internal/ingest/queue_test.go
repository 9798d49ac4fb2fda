package ingest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"persepsi/survey"
)

// memory is an Appender that can be held and broken.
type memory struct {
	mu      sync.Mutex
	stored  map[uuid.UUID]*survey.Response
	batches []int
	hold    chan struct{} // when set, each Append waits for one value
	fail    error
}

func (m *memory) Append(_ context.Context, batch []*survey.Response) ([]survey.Outcome, error) {
	if m.hold != nil {
		<-m.hold
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.batches = append(m.batches, len(batch))
	if m.fail != nil {
		return nil, m.fail
	}
	out := make([]survey.Outcome, len(batch))
	for i, r := range batch {
		old, ok := m.stored[r.ID]
		switch {
		case !ok:
			m.stored[r.ID] = r
			out[i] = survey.Outcome{Result: survey.Stored, ReceivedAt: r.ReceivedAt}
		case old.Same(r):
			out[i] = survey.Outcome{Result: survey.Duplicate, ReceivedAt: old.ReceivedAt}
		default:
			out[i] = survey.Outcome{Result: survey.Differs, ReceivedAt: old.ReceivedAt}
		}
	}
	return out, nil
}

func answer(comment string) *survey.Response {
	return &survey.Response{ID: uuid.New(), Comment: comment, ReceivedAt: time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)}
}

func TestConcurrentSubmissionsShareCommits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &memory{stored: map[uuid.UUID]*survey.Response{}, hold: make(chan struct{})}
		in := NewQueue(m, QueueOptions{Group: 1000})
		var wg sync.WaitGroup
		const n = 200
		for range n {
			wg.Go(func() {
				if _, err := in.Submit(t.Context(), answer("")); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait() // the first commit is held and everybody else waits, so they share one
		close(m.hold)
		wg.Wait()
		if len(m.stored) != n || len(m.batches) > 2 {
			t.Errorf("%d stored in commits of %v, want %d in at most two", len(m.stored), m.batches, n)
		}
		if err := in.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if s := in.Stats(); s.Committed != n || s.Groups != int64(len(m.batches)) {
			t.Errorf("stats = %+v, want %d committed in %d groups", s, n, len(m.batches))
		}
	})
}

func TestTheSameIDWithOtherContentIsAConflict(t *testing.T) {
	t.Parallel()
	in := NewQueue(&memory{stored: map[uuid.UUID]*survey.Response{}}, QueueOptions{})
	r := answer("a")
	if _, err := in.Submit(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	again := *r
	if o, err := in.Submit(t.Context(), &again); err != nil || o.Result != survey.Duplicate {
		t.Errorf("outcome = %+v, err = %v, want Duplicate", o, err)
	}
	other := *r
	other.Comment = "b"
	if _, err := in.Submit(t.Context(), &other); survey.CodeOf(err) != survey.Conflict {
		t.Errorf("err = %v, want Conflict", err)
	}
}

func TestAFullQueueTurnsAwayInsteadOfGrowing(t *testing.T) {
	t.Parallel()
	m := &memory{stored: map[uuid.UUID]*survey.Response{}, hold: make(chan struct{})}
	in := NewQueue(m, QueueOptions{Capacity: 4, Group: 2})
	var wg sync.WaitGroup
	refused := make(chan error, 50)
	for range 50 {
		wg.Go(func() {
			if _, err := in.Submit(t.Context(), answer("")); err != nil {
				refused <- err
			}
		})
	}
	err := <-refused
	var e *survey.Error
	if !errors.As(err, &e) || e.Code != survey.Unavailable || e.RetryAfter == 0 {
		t.Errorf("err = %v, want Unavailable with a time to try again", err)
	}
	close(m.hold)
	wg.Wait()
	if got := len(m.stored) + 1 + len(refused); got != 50 {
		t.Errorf("%d submissions accounted for, want 50", got)
	}
}

func TestAFailedCommitIsToldToEveryoneInIt(t *testing.T) {
	t.Parallel()
	m := &memory{stored: map[uuid.UUID]*survey.Response{}, fail: survey.Errorf(survey.Unavailable, "away")}
	in := NewQueue(m, QueueOptions{})
	if _, err := in.Submit(t.Context(), answer("")); survey.CodeOf(err) != survey.Unavailable {
		t.Errorf("err = %v, want Unavailable", err)
	}
}

func TestCloseStoresWhatWasAccepted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &memory{stored: map[uuid.UUID]*survey.Response{}, hold: make(chan struct{})}
		in := NewQueue(m, QueueOptions{})
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				if _, err := in.Submit(t.Context(), answer("")); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait() // all are accepted, none is stored
		if len(m.stored) != 0 {
			t.Fatalf("%d stored while the commit is held", len(m.stored))
		}
		go close(m.hold)
		if err := in.Close(t.Context()); err != nil {
			t.Error(err)
		}
		wg.Wait()
		if len(m.stored) != 20 {
			t.Errorf("%d stored, want 20", len(m.stored))
		}
		if _, err := in.Submit(t.Context(), answer("")); survey.CodeOf(err) != survey.Unavailable {
			t.Errorf("err = %v after Close, want Unavailable", err)
		}
	})
}

func TestAClientThatGoesAwayDoesNotCancelTheCommit(t *testing.T) {
	t.Parallel()
	m := &memory{stored: map[uuid.UUID]*survey.Response{}, hold: make(chan struct{})}
	in := NewQueue(m, QueueOptions{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := answer("")
	if _, err := in.Submit(ctx, r); survey.CodeOf(err) != survey.Unavailable || !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v, want Unavailable because the client went away", err)
	}
	close(m.hold)
	if err := in.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if m.stored[r.ID] == nil {
		t.Error("the accepted response was not stored")
	}
}

func TestTheQueueHoldsWhatItMayAndItsCommitsToo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &memory{stored: map[uuid.UUID]*survey.Response{}, hold: make(chan struct{})}
		in := NewQueue(m, QueueOptions{Capacity: 5, Group: 2})
		var wg sync.WaitGroup
		send := func() {
			wg.Go(func() {
				if _, err := in.Submit(t.Context(), answer("")); err != nil {
					t.Error(err)
				}
			})
		}
		send()
		synctest.Wait() // the first one is being stored
		for range 5 {
			send()
		}
		synctest.Wait()
		if s := in.Stats(); s != (QueueStats{Waiting: 5}) {
			t.Errorf("%+v, want five that wait", s)
		}
		var e *survey.Error
		if _, err := in.Submit(t.Context(), answer("")); !errors.As(err, &e) || e.Code != survey.Unavailable || e.RetryAfter != 2*time.Second {
			t.Errorf("one more: %v, want Unavailable for two seconds", err)
		}
		close(m.hold)
		wg.Wait()
		if !slices.Equal(m.batches, []int{1, 2, 2, 1}) {
			t.Errorf("commits of %v, want two at most", m.batches)
		}
		if err := errors.Join(in.Close(t.Context()), in.Close(t.Context())); err != nil {
			t.Errorf("closed twice: %v", err)
		}
		closed := time.Now()
		if _, err := in.Submit(t.Context(), answer("")); !errors.As(err, &e) || e.Code != survey.Unavailable || e.RetryAfter != 5*time.Second || time.Since(closed) != 0 {
			t.Errorf("after Close: %v after %s, want Unavailable for five seconds at once", err, time.Since(closed))
		}
		if s := in.Stats(); s != (QueueStats{Committed: 6, Groups: 4}) {
			t.Errorf("%+v", s)
		}
	})
}

// slow is a store that takes as long as its context lasts.
type slow struct{}

func (slow) Append(ctx context.Context, _ []*survey.Response) ([]survey.Outcome, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func TestNobodyWaitsLongerThanACommitMay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		in := NewQueue(slow{}, QueueOptions{})
		began := time.Now()
		var wg sync.WaitGroup
		for range 2 { // one in the commit, one behind it
			wg.Go(func() {
				_, err := in.Submit(t.Context(), answer(""))
				if took := time.Since(began); err == nil || took != 15*time.Second {
					t.Errorf("%v after %s, want an error after 15 seconds", err, took)
				}
			})
			synctest.Wait()
		}
		wg.Wait()
		hurry, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := in.Close(hurry); survey.CodeOf(err) != survey.Unavailable {
			t.Errorf("closed before all is stored: %v, want Unavailable", err)
		}
		// The store gives up by itself, and each commit has a time of its own.
		if err := in.Close(t.Context()); err != nil || time.Since(began) != 30*time.Second {
			t.Errorf("%v after %s, want the end of the second commit after 30 seconds", err, time.Since(began))
		}
	})
}

func TestWhatIsStoredIsCountedOnce(t *testing.T) {
	t.Parallel()
	in := NewQueue(&memory{stored: map[uuid.UUID]*survey.Response{}}, QueueOptions{})
	r := answer("a")
	for range 3 {
		if o, err := in.Submit(t.Context(), r); err != nil || !o.ReceivedAt.Equal(r.ReceivedAt) {
			t.Errorf("%+v, %v", o, err)
		}
	}
	if o, err := in.Submit(t.Context(), other(r)); survey.CodeOf(err) != survey.Conflict || o.Result != survey.Differs || !o.ReceivedAt.Equal(r.ReceivedAt) {
		t.Errorf("%+v, %v, want Conflict with the moment of the stored one", o, err)
	}
	if err := in.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := in.Stats(); s.Committed != 1 || s.Groups != 4 {
		t.Errorf("%+v, want one stored in four commits", s)
	}
}

func TestEachOfACommitIsToldWhatBecameOfItself(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		old := answer("a")
		m := &memory{stored: map[uuid.UUID]*survey.Response{old.ID: old}, hold: make(chan struct{})}
		in := NewQueue(m, QueueOptions{})
		var wg sync.WaitGroup
		for i, r := range []*survey.Response{answer("first"), answer("new"), old, other(old)} {
			wg.Go(func() {
				o, err := in.Submit(t.Context(), r)
				if want := []survey.Result{survey.Stored, survey.Stored, survey.Duplicate, survey.Differs}[i]; o.Result != want || (err != nil) != (want == survey.Differs) {
					t.Errorf("%d: %+v, %v, want %d", i, o, err, want)
				}
			})
			synctest.Wait()
		}
		close(m.hold)
		wg.Wait()
		if !slices.Equal(m.batches, []int{1, 3}) {
			t.Errorf("commits of %v, want three together", m.batches)
		}
		if err := in.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// Tickets are used again, but for those that the queue still has.
func TestNoSubmissionIsToldOfAnotherOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		old, lost := answer("a"), answer("b")
		m := &memory{stored: map[uuid.UUID]*survey.Response{old.ID: old}}
		in := NewQueue(m, QueueOptions{})
		m.fail = errors.New("the disk is full")
		if o, err := in.Submit(t.Context(), old); !errors.Is(err, m.fail) {
			t.Errorf("%+v, %v, want the store's error", o, err)
		}
		m.fail = nil
		if o, err := in.Submit(t.Context(), old); err != nil || o.Result != survey.Duplicate {
			t.Errorf("%+v, %v, want a duplicate", o, err)
		}
		time.Sleep(10 * time.Second)
		m.hold = make(chan struct{})
		begun := time.Now()
		if o, err := in.Submit(t.Context(), lost); err == nil || time.Since(begun) != 15*time.Second {
			t.Errorf("%+v, %v after %s, want an error after 15 seconds", o, err, time.Since(begun))
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		_, _ = in.Submit(gone, answer("c"))
		var wg sync.WaitGroup
		wg.Go(func() {
			if o, err := in.Submit(t.Context(), old); err != nil || o.Result != survey.Duplicate {
				t.Errorf("%+v, %v, want a duplicate", o, err)
			}
		})
		synctest.Wait()
		close(m.hold)
		wg.Wait()
		if err := in.Close(t.Context()); err != nil || m.stored[lost.ID] == nil || len(m.stored) != 3 {
			t.Errorf("%d are stored, %v, want all three", len(m.stored), err)
		}
	})
}
